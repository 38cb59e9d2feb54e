"""What the catalogue hands out: a contract together with what lies beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from locum.behaviour.model import Fixtures
from locum.behaviour.recordings import Recording
from locum.contract.contract import Contract
from locum.errors import Diagnostic

__all__ = ["Entry", "Handler"]

#: A plain function that answers one operation; what it takes and gives is told in `behaviour/handlers.py`.
Handler: TypeAlias = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One contract, ready to be served.

    *name* is unique among the entries served together. *origin* is the document's path or address.
    *fixtures_origin* is the path of its `contract.yaml`, `""` without one.
    *handlers* maps operation ids of this contract to functions.
    """

    name: str
    origin: str
    contract: Contract
    #: Where it is served: the path of its first server when it is alone, else `/<name>`; no slash at the end.
    base_path: str = ""
    fixtures: Fixtures = Fixtures()
    fixtures_origin: str = ""
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    #: Replies that were seen before, given again to the same requests.
    recordings: tuple[Recording, ...] = ()
    #: What was noticed while it was read, beside the document's own faults.
    warnings: tuple[Diagnostic, ...] = ()
    #: Every local file looked at so far, missing ones included; grows as operations are read.
    list_files: Callable[[], frozenset[Path]] = frozenset
