"""What the fixtures say of resources where the document says too little; see `resources/`."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Correction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What the fixtures say of one resource, known by the template of its entities or of its list.

    *key* names the member that is the key. *population* counts the entities that are there from the start.
    *invents* says whether an entity nobody has created is made up when it is asked for.
    """

    path: str
    ignore: bool = False
    key: str = ""
    population: int | None = None
    invents: bool = True
