"""How severe it is to answer with a status that the document does not declare.

Documents that people have often forget how a request is refused: what HTTP itself says of a request that
was wrong on purpose is told, and fails nothing, unless the document says otherwise.
"""

from __future__ import annotations

from typing import Final

from locum.contract.model import Operation
from locum.verify.model import Severity
from locum.verify.seen import Seen

__all__ = ["severity_of_undeclared"]

#: Whoever must be kept out is, also where a document forgets to say how.
_KEPT_OUT: Final = frozenset({401, 403})
#: What HTTP itself answers to a request, before anybody looks at what it means (RFC 9110, 15.5; RFC 6585).
_OF_THE_PROTOCOL: Final = frozenset({405, 406, 411, 413, 414, 415, 417, 431})
#: Two ways to say that what was sent is wrong: a document that declares one of them has chosen.
_WRONGLY_SENT: Final = frozenset({400, 422})
#: What was asked for on purpose is not there, or not for the one who asks (RFC 9110, 15.5.5, 15.5.11).
_NOT_THERE: Final = frozenset({403, 404, 410})
#: The server is busy, whoever asks and whatever for (RFC 6585, 4).
_TOO_MANY: Final = 429


def severity_of_undeclared(seen: Seen, operation: Operation) -> Severity:
    """Return what an undeclared status of an answer to *operation* does to the verdict."""
    if operation.security and seen.status in _KEPT_OUT:
        return Severity.WARNING
    if seen.status == _TOO_MANY or (seen.is_wrong and seen.status in _OF_THE_PROTOCOL | _NOT_THERE):
        return Severity.WARNING
    has_chosen = any(operation.response_for(each) is not None for each in _WRONGLY_SENT)
    if seen.is_wrong and seen.status in _WRONGLY_SENT and not has_chosen:
        return Severity.WARNING
    return Severity.FAILURE
