"""How the client under test broke the contract, out of what it sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from locum.behaviour.causes import Cause
from locum.behaviour.journal import Interaction
from locum.behaviour.problems import describe
from locum.behaviour.redaction import Redaction

__all__ = ["Breach", "breaches", "journal_lines", "told"]

#: Refusals that no correct client runs into; what a credential is worth, or what is there, is no fault of it.
_FAULTS: Final = frozenset(
    {
        Cause.UNKNOWN_PATH,
        Cause.UNKNOWN_METHOD,
        Cause.NOT_ACCEPTABLE,
        Cause.UNSUPPORTED_MEDIA_TYPE,
        Cause.MISSING_CREDENTIAL,
        Cause.MISSING_PARAMETER,
        Cause.INVALID_PARAMETER,
        Cause.MISSING_BODY,
        Cause.MALFORMED_BODY,
        Cause.INVALID_BODY,
        Cause.INVALID_PREFERENCE,
        Cause.UNKNOWN_PREFERENCE,
        Cause.UNKNOWN_SERVER,
        Cause.NO_SERVER,
        Cause.INVALID_SESSION,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One request that the contract does not allow, and why."""

    request: str
    answer: str
    reasons: tuple[str, ...]


def breaches(interactions: Iterable[Interaction], redaction: Redaction) -> Iterator[Breach]:
    """Yield what a client did wrong; what a scenario brought about was not its doing."""
    for each in interactions:
        refusal, violations = each.outcome.refusal, each.outcome.violations
        is_refused = refusal is not None and refusal.cause in _FAULTS
        if each.outcome.scenario or not (is_refused or (violations and refusal is None)):
            continue
        reasons = [describe(one) for one in violations] or [refusal.detail if refusal else ""]
        yield Breach(
            request=f"{each.request.method} {redaction.target(each.url)}",
            answer=f"{each.contract or 'no contract'}: {each.status}",
            reasons=tuple(redaction.text(reason) for reason in reasons),
        )


def told(found: Iterable[Breach]) -> str:
    """Return what is shown of breaches when a test fails because of them."""
    lines = ["the client broke the contract:"]
    for each in found:
        lines.append(f"  {each.request}  ({each.answer})")
        lines += [f"    {reason}" for reason in each.reasons]
    lines.append("  meant so? `@pytest.mark.locum(check=False)`, or `with locum.forgiving():` around it")
    return "\n".join(lines)


def journal_lines(interactions: Iterable[Interaction], redaction: Redaction) -> Iterator[str]:
    """Yield a line for each interaction: what was asked, what was answered, and why."""
    for each in interactions:
        because = "; ".join(each.outcome.because)
        yield redaction.text(
            f"{each.request.method} {redaction.target(each.url)} -> {each.status}  ({because})"
        )
