"""Relays one request: checks it, sends it on, checks the answer, and falls back to the stand-in for a 501.

What is wrong with either side goes into the header of our manners; with `--errors` it is refused instead.
Source: Prism 5.14, core/factory and http/forwarder.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from inspect import isawaitable
from typing import Final

from locum.aside import Aside, one_at_a_time
from locum.behaviour import Cause, Fixtures, Outcome, Refusal, Reply, refuse
from locum.behaviour.preferences import read_preferences
from locum.behaviour.relays import Passage, Relay
from locum.behaviour.reply_judging import JudgeReply, is_readable, undeclared_status
from locum.contract.model import Violation
from locum.errors import ContractError
from locum.proxy.compacting import compacted
from locum.proxy.forwarding import Answer, Forwarder, UpstreamError
from locum.proxy.recording import Keep, keep_nothing
from locum.proxy.weighing import is_bearable, is_heavy

__all__ = ["Proxy"]

_log = logging.getLogger("locum.proxy")
_NOT_IMPLEMENTED: Final = 501
_BODILESS_METHODS: Final = frozenset({"GET", "HEAD"})
_SECURITY: Final = frozenset({Cause.MISSING_CREDENTIAL, Cause.INVALID_CREDENTIAL})
_OWN_AFFAIRS: Final = frozenset(
    {Cause.NOT_ACCEPTABLE, Cause.UNUSABLE_OPERATION, Cause.UNKNOWN_PREFERENCE}
    | {Cause.UNKNOWN_SERVER, Cause.NO_SERVER}
)
_NO_ROUTE: Final = Violation(
    location=("request",), keyword="route", message="Selected route not found", is_warning=True
)
_BODY_REFUSED: Final = Refusal(
    cause=Cause.UNFORWARDABLE, status=501, detail="a GET or HEAD request with a body is not sent on"
)


@dataclass(slots=True, kw_only=True, eq=False)
class Proxy:
    """An `Upstream`: the real API behind *forwarder*, watched by the contract.

    *errors* refuses what is wrong instead of telling it; *checks_requests* looks at more than credentials.
    *keep* is given each passage with what became of it. *aside* is where heavy answers are judged and kept,
    so that others are served meanwhile.
    """

    forwarder: Forwarder
    errors: bool = False
    checks_requests: bool = True
    keep: Keep = keep_nothing
    aside: Aside = field(default_factory=one_at_a_time)

    async def relay(self, passage: Passage) -> Relay:
        """Return what became of *passage*; never raises."""
        at_s, began = time.time(), time.perf_counter()
        relayed = await self._relay(passage)
        took_s = time.perf_counter() - began
        await self.keep(passage, relayed, at_s=at_s, took_s=took_s, aside=self.aside)
        return relayed

    async def close(self) -> None:
        """Let go of all connections."""
        await self.forwarder.close()

    async def _relay(self, passage: Passage) -> Relay:
        fault = self._fault_of(passage)
        refusal = self._kept_back(passage, fault)
        if refusal is not None:
            return _refused(passage, refusal)
        try:
            answer = await self.forwarder.send(passage.raw, passage.path)
        except UpstreamError as error:
            _log.warning("%s", error)
            return _refused(passage, Refusal(cause=Cause.UNREACHABLE, status=500, detail=str(error)))
        if answer.status == _NOT_IMPLEMENTED:
            return await self._stood_in(passage, answer)
        reply, judge = _reply(answer), _judge_of(passage, answer.status)
        judged = partial(self._judged, passage, answer, reply, fault, judge)
        is_apart = answer.rest is None and is_heavy(reply)
        return await self.aside(judged) if is_apart else judged()

    def _kept_back(self, passage: Passage, fault: Refusal | None) -> Refusal | None:
        """Return why a request is not sent on at all, or `None`."""
        asked = read_preferences(passage.raw)
        if isinstance(asked, Refusal):
            return asked
        if self.errors and (passage.miss or fault):
            return passage.miss or fault
        is_odd = bool(passage.raw.body) and passage.raw.method in _BODILESS_METHODS
        return _BODY_REFUSED if is_odd else None

    def _fault_of(self, passage: Passage) -> Refusal | None:
        """Return what the contract has against the request, if it is to be checked."""
        if passage.route is None:
            return None
        found = passage.stand_in.understand(passage.route, passage.raw, snapshot=passage.snapshot)
        refusal = found.refusal if isinstance(found, Outcome) else None
        if refusal is None or refusal.cause in _OWN_AFFAIRS:
            return self._without_accept(passage) if refusal is not None else None
        if refusal.cause in _SECURITY:
            return refusal if self.checks_requests else replace(refusal, further=())
        if not self.checks_requests:
            return None
        # Prism answers every fault of a request alike here, also that of its media type.
        return Refusal(
            cause=Cause.INVALID_BODY, status=422, detail=refusal.detail, violations=refusal.violations
        )

    def _without_accept(self, passage: Passage) -> Refusal | None:
        """Look again at a request that was refused for what it accepts: that is for the real API to say."""
        raw = passage.raw
        if raw.header("accept") is None:
            return None
        headers = tuple(pair for pair in raw.headers if pair[0] != "accept")
        return self._fault_of(replace(passage, raw=replace(raw, headers=headers)))

    async def _stood_in(self, passage: Passage, answer: Answer) -> Relay:
        """Answer in the place of a real API that says it cannot yet."""
        if answer.rest is not None:
            await _drop(answer)
        if passage.route is None:
            return _refused(passage, Refusal(cause=Cause.NOT_IMPLEMENTED, status=501, detail=""))
        played = passage.stand_in.respond(passage.route, passage.raw, passage.snapshot)
        outcome = await played if isawaitable(played) else played
        return Relay(
            outcome=replace(outcome, because=("the upstream answered 501; stood in for", *outcome.because))
        )

    def _judged(
        self, passage: Passage, answer: Answer, reply: Reply, fault: Refusal | None, judge: JudgeReply
    ) -> Relay:
        wrong = (_NO_ROUTE,) if passage.route is None else ()
        is_seen = answer.rest is None and is_bearable(reply, self.forwarder.bound)
        found = _faults(judge, reply, is_seen=is_seen)
        if self.errors and any(not each.is_warning for each in found):
            return _refused(
                passage, Refusal(cause=Cause.INVALID_REPLY, status=500, detail="", violations=found)
            )
        headers = reply.headers
        is_deprecated = passage.route is not None and passage.route.deprecated
        if is_deprecated and not answer.header("deprecation"):
            headers = (*headers, ("deprecation", "true"))
        if is_seen:
            reply = compacted(reply)
        told = passage.stand_in.options.manners.relayed(fault, (*wrong, *found))
        outcome = Outcome(
            reply=replace(reply, headers=(*headers, *told)),
            because=(f"the upstream answered {answer.status}",),
            violations=(*(fault.violations if fault else ()), *wrong, *found),
        )
        return Relay(outcome=outcome, rest=answer.rest, length=answer.length, is_seen=is_seen)


def _judge_of(passage: Passage, status: int) -> JudgeReply:
    """Return what judges replies with *status*; compiled now, since it may be called beside the loop."""
    if passage.route is None:
        return _nothing_against
    try:
        plan = passage.stand_in.plan(passage.route)
        spec = plan.operation.response_for(status)
        if spec is not None:
            return plan.judge_reply(spec)
    except ContractError:  # the document does not describe it well enough to judge by
        return _nothing_against
    return lambda _: iter((undeclared_status(plan.operation, status),))


def _nothing_against(_: Reply) -> Iterator[Violation]:
    return iter(())


def _faults(judge: JudgeReply, reply: Reply, *, is_seen: bool) -> tuple[Violation, ...]:
    """Return what the contract has against *reply*; a body that is not seen is passed over."""
    is_seen = is_seen and is_readable(reply)
    try:
        found = tuple(judge(reply if is_seen else replace(reply, body=b"")))
    except ContractError:
        return ()
    return found if is_seen else tuple(each for each in found if each.location[1:2] != ("body",))


def _reply(answer: Answer) -> Reply:
    return Reply(
        status=answer.status,
        body=answer.body,
        media_type=answer.header("content-type"),
        headers=tuple(pair for pair in answer.headers if pair[0] != "content-type"),
    )


def _refused(passage: Passage, refusal: Refusal) -> Relay:
    """Tell *refusal* as a problem: what the contract declares is the real API's to say."""
    outcome = refuse(
        refusal,
        fixtures=Fixtures(),
        accept=passage.raw.header("accept"),
        realm=passage.stand_in.contract.name,
        manners=passage.stand_in.options.manners,
    )
    return Relay(outcome=outcome)


async def _drop(answer: Answer) -> None:
    if answer.rest is not None and hasattr(answer.rest, "aclose"):
        await answer.rest.aclose()
