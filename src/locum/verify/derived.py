"""Rules that nobody has written: they follow from what the document's operations are for.

`DERIVED` is what they are labelled with. On this machine they fail as a rule of the contract does; elsewhere
they warn, since the document has not said them in so many words (`severities.py`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from locum.verify.bench import Bench
from locum.verify.model import Result, Severity
from locum.verify.severities import severity_of

__all__ = ["DERIVED", "derived"]

DERIVED: Final = "DERIVED"


def derived(bench: Bench, result: Result, *, most: Severity = Severity.FAILURE) -> Result:
    """Return *result*, its findings as severe as what is derived is, and no more than *most*."""
    found = severity_of(DERIVED, is_strict=bench.options.is_strict, has_assumptions=False)
    severity = most if most is not Severity.FAILURE or found is None else found
    return replace(
        result,
        findings=tuple(replace(each, severity=severity, confidence=DERIVED) for each in result.findings),
    )
