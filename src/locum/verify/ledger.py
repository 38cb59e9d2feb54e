"""Makes one result of all that was said of a rule on an operation, and one finding of those that are one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from locum.behaviour.exchanges import Judgement
from locum.verify.model import Finding, Result, Severity

__all__ = ["Ledger"]

#: What counts for more when two results are made one.
_WEIGHT: Final[Mapping[Judgement, int]] = {
    Judgement.NOT_APPLICABLE: 0,
    Judgement.NOT_EVALUATED: 1,
    Judgement.HELD: 2,
    Judgement.BROKEN: 3,
}
_ORDER: Final = tuple(Severity)


class Ledger:
    """Keeps results by operation and rule, in the order in which they first came. Mutable."""

    def __init__(self) -> None:
        self._results: dict[tuple[str, str], Result] = {}

    def add(self, result: Result) -> tuple[Finding, ...]:
        """Add *result*; return those of its findings that were not known before, or not as severe."""
        key = (result.operation, result.rule)
        before = self._results.get(key)
        known = {each.identity: each for each in before.findings} if before else dict[str, Finding]()
        fresh = tuple({each.identity: each for each in reversed(result.findings)}.values())[::-1]
        fresh = tuple(each for each in fresh if _is_news(each, known.get(each.identity)))
        if before is None:
            self._results[key] = replace(result, findings=fresh)
            return fresh
        strongest = max((before, result), key=lambda each: _WEIGHT[each.judgement])
        self._results[key] = replace(
            before,
            judgement=strongest.judgement,
            reason="" if strongest.judgement is Judgement.HELD else strongest.reason or before.reason,
            evaluated=before.evaluated + result.evaluated,
            findings=tuple({**known, **{each.identity: each for each in fresh}}.values()),
            took_s=before.took_s + result.took_s,
        )
        return fresh

    def __iter__(self) -> Iterator[Result]:
        return iter(self._results.values())

    def findings(self) -> tuple[Finding, ...]:
        """Return every finding, the severest first, otherwise in the order in which they came."""
        found = (each for result in self._results.values() for each in result.findings)
        return tuple(sorted(found, key=lambda each: _ORDER.index(each.severity)))


def _is_news(finding: Finding, known: Finding | None) -> bool:
    return known is None or _ORDER.index(finding.severity) < _ORDER.index(known.severity)
