"""Refuses callers at paths of a vendor's other APIs, which no document of ours describes.

A credential of the wrong kind is told so there, instead of hearing that there is no such path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from locum.behaviour.authorization import compile_security
from locum.behaviour.model import Fixtures, RawRequest, Refusal
from locum.contract.model import SecurityRequirement, SecurityScheme

__all__ = ["refusal_beside"]


def refusal_beside(
    raw: RawRequest, *, schemes: Mapping[str, SecurityScheme], fixtures: Fixtures, realm: str
) -> Refusal | None:
    """Return the refusal of a caller whose credential does not open the sibling at the path of *raw*.

    `None` where there is no sibling, and for callers who might have been answered there.
    """
    sibling = next((each for each in fixtures.siblings if each.path == raw.path), None)
    if sibling is None:
        return None
    alternatives = [SecurityRequirement(schemes={name: ()}) for name in sibling.accepts]
    there = replace(fixtures, accepts=sibling.accepts)
    verdict = compile_security(alternatives, schemes, there, realm=realm)(raw)
    return verdict if isinstance(verdict, Refusal) else None
