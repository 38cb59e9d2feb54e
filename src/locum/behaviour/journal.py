"""What happened: one request and what became of it, and how to look for some among many.

An `Interaction` only refers to what was at hand when it happened; what people read is made when they ask:
`retelling.py` tells it, `redaction.py` keeps secrets out, `har.py` exports it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from locum.behaviour.model import Outcome, RawRequest
from locum.contract.model import Route, Violation

__all__ = ["Interaction", "Wanted", "matching"]


class Interaction(NamedTuple):
    """One request and its outcome; bodies may be cut, *request_size* and *reply_size* count whole ones.

    *number* grows by one from each to the next. *at_s* is the real time at which it began, in seconds since
    the epoch, *session_time* that of the session; *took_s* is the time until the reply was decided.
    *contract* is `""` outside of all, *route* `None` where no operation was reached.
    """

    number: int
    session: str
    at_s: float
    session_time: datetime
    took_s: float
    request: RawRequest
    request_size: int
    outcome: Outcome
    reply_size: int
    contract: str = ""
    route: Route | None = None

    @property
    def status(self) -> int:
        """The status that was decided."""
        return self.outcome.reply.status

    @property
    def url(self) -> str:
        """The address as the client wrote it."""
        return f"{self.request.base_url}{self.target}"

    @property
    def target(self) -> str:
        """Path and query below the contract's base."""
        return f"{self.request.path}?{self.request.query}" if self.request.query else self.request.path

    @property
    def path(self) -> str:
        """The whole path, percent-encoded as it was sent."""
        base = self.request.base_url.partition("://")[2]
        return f"{base[base.find('/') :] if '/' in base else ''}{self.request.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which interactions are looked for; `""` and `None` ask for nothing.

    *status* is a number or a range such as `4xx`; *path* a prefix of the whole path or of the path below the
    contract's base; *violation* a part of a violation's place, such as `query.limit`, or its keyword.
    *before* and *after* are numbers of interactions, themselves left out.
    *refused* tells refusals from the rest.
    """

    session: str = ""
    contract: str = ""
    operation: str = ""
    status: str = ""
    method: str = ""
    path: str = ""
    violation: str = ""
    refused: bool | None = None
    before: int | None = None
    after: int | None = None


def matching(interactions: Iterable[Interaction], wanted: Wanted) -> list[Interaction]:
    """Return those of *interactions* that are looked for, in their order."""
    return [each for each in interactions if _is_wanted(each, wanted)]


def _is_wanted(each: Interaction, wanted: Wanted) -> bool:
    return (
        (not wanted.session or each.session == wanted.session)
        and (not wanted.contract or each.contract == wanted.contract)
        and (not wanted.operation or (each.route is not None and each.route.operation_id == wanted.operation))
        and (not wanted.status or _has_status(each.status, wanted.status))
        and (not wanted.method or each.request.method == wanted.method.upper())
        and (
            not wanted.path or each.path.startswith(wanted.path) or each.request.path.startswith(wanted.path)
        )
        and (wanted.refused is None or (each.outcome.refusal is not None) == wanted.refused)
        and (wanted.before is None or each.number < wanted.before)
        and (wanted.after is None or each.number > wanted.after)
        and (not wanted.violation or any(_speaks(one, wanted.violation) for one in each.outcome.violations))
    )


def _has_status(status: int, wanted: str) -> bool:
    return str(status) == wanted or (wanted[1:].lower() == "xx" and str(status)[0] == wanted[0])


def _speaks(violation: Violation, text: str) -> bool:
    return violation.keyword == text or text in ".".join(map(str, violation.location))
