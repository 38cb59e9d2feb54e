"""What it does to the verdict when an answer has a status that the document does not declare.

Documents that people have often forget how a request is refused. What HTTP itself says to a request that was
wrong on purpose needs no declaration; what else such a request is told is told on, and fails nothing, unless
the document says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from locum.contract.model import Operation
from locum.verify.model import Result, Severity
from locum.verify.seen import GONE, Seen
from locum.verify.telling import Rule

__all__ = ["STATUS", "severity_of_undeclared", "undeclared"]

STATUS: Final = Rule(
    id="status.undeclared",
    promise="Every answer has a status that the contract declares",
    suite="conformance",
)
#: Whoever must be kept out is, also where a document forgets to say how.
_KEPT_OUT: Final = frozenset({401, 403})
#: What HTTP itself answers to a request, before anybody looks at what it means (RFC 9110, 15.5; RFC 6585).
_OF_THE_PROTOCOL: Final = frozenset({405, 406, 411, 413, 414, 415, 417, 431})
#: Two ways to say that what was sent is wrong: a document that declares one of them has chosen.
_WRONGLY_SENT: Final = frozenset({400, 422})
#: What was asked for on purpose is not there, or not for the one who asks (RFC 9110, 15.5.5, 15.5.11).
_NOT_THERE: Final = GONE | {403}
#: The server is busy, whoever asks and whatever for (RFC 6585, 4).
_TOO_MANY: Final = 429


def undeclared(seen: Seen, operation: Operation) -> Iterator[Result]:
    """Tell of a status that *operation* does not declare, where that is worth telling."""
    severity = severity_of_undeclared(seen, operation)
    if severity is None:
        return
    kind = "server-error" if seen.status >= 500 else str(seen.status)  # noqa: PLR2004 -- RFC 9110 section 15.6
    is_forgotten = severity is Severity.WARNING and seen.status in _WRONGLY_SENT
    yield STATUS.broken(
        operation.operation_id,
        seen.step,
        # How what is wrong is refused is forgotten once, whatever it is refused by.
        kind="refusal" if is_forgotten else kind,
        expected=f"one of {', '.join(each.status for each in operation.responses)}",
        received=str(seen.status),
        severity=severity,
    )


def severity_of_undeclared(seen: Seen, operation: Operation) -> Severity | None:
    """Return how severe an undeclared status of an answer to *operation* is, `None` if it is none of ours."""
    if operation.security and seen.status in _KEPT_OUT:
        return Severity.WARNING
    if seen.is_wrong and seen.status in _OF_THE_PROTOCOL:
        return None
    is_forgotten = _is_often_forgotten(seen, operation) or (seen.is_wrong and seen.status in _NOT_THERE)
    has_chosen = any(operation.response_for(each) is not None for each in _WRONGLY_SENT)
    if is_forgotten or (seen.is_wrong and seen.status in _WRONGLY_SENT and not has_chosen):
        return Severity.WARNING
    return Severity.FAILURE


def _is_often_forgotten(seen: Seen, operation: Operation) -> bool:
    """Tell whether a call that is right may well be answered so, though documents seldom say it."""
    # Something may be kept by what is below it.
    is_kept = seen.status == HTTPStatus.CONFLICT and seen.call.method == "DELETE"
    # What a path names need not be there: ids of examples seldom are on a server with data of its own.
    is_elsewhere = seen.is_gone and "{" in operation.route.path
    return seen.status == _TOO_MANY or is_kept or is_elsewhere
