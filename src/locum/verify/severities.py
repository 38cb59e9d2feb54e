"""How sure a promise is decides what breaking it does to the verdict."""

from __future__ import annotations

from typing import Final

from locum.verify.model import Severity

__all__ = ["severity_of"]

#: What the contract's source says, and what follows from it.
_SURE: Final = frozenset({"", "SEED", "CALC"})
#: What the vendor's other pages, or others, say; and what follows from the document (`derived.py`).
_TOLD: Final = frozenset({"V-H", "V-M", "DERIVED"})
#: What examples and wording make likely.
_READ: Final = "INFER"


def severity_of(confidence: str, *, is_strict: bool, has_assumptions: bool) -> Severity | None:
    """Return how severe it is to break a promise of that *confidence*, `None` if it is not to be looked at.

    >>> severity_of("SEED", is_strict=False, has_assumptions=False).value
    'failure'
    >>> severity_of("INFER", is_strict=True, has_assumptions=False).value
    'warning'
    >>> severity_of("ASSUMED", is_strict=True, has_assumptions=False) is None
    True
    """
    if confidence in _SURE:
        return Severity.FAILURE
    if confidence in _TOLD:
        return Severity.FAILURE if is_strict else Severity.WARNING
    if not has_assumptions:
        return Severity.WARNING if confidence == _READ else None
    return Severity.FAILURE if is_strict else Severity.WARNING
