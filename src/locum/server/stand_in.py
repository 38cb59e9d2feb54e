"""The one road of every request, valid or refused, as a layer in Connexion's application.

Nothing is decided here: a request is taken in, its session and its place found, the outcome asked of
`behaviour`, its changes made, the whole written down, and the reply given out. Read `mounts.py` for where,
`playing.py` for how, `behaviour/stand_in.py` for what, `store/store.py` for what is kept.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

from connexion.middleware import SpecMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from locum.aside import Aside, one_at_a_time
from locum.behaviour import Callout, Fixtures, Outcome, RawRequest, Refusal, Reply, refuse
from locum.behaviour.bodies import LARGEST_BODY
from locum.behaviour.faults import Fault
from locum.behaviour.relays import Relay, Upstream
from locum.behaviour.session import NO_SNAPSHOT
from locum.server.asked import Asked, read_asked, reasons
from locum.server.control import ControlPlace
from locum.server.cors import Allow, cors_headers, is_preflight, preflight_reply
from locum.server.door import ClientGone, send_relay, send_reply, take_in
from locum.server.faults import send_spoilt
from locum.server.messenger import Delivery, Messenger
from locum.server.mounts import Mount, Mounts
from locum.server.playing import Played, play, play_outside
from locum.server.relaying import relay
from locum.store import Store

__all__ = ["StandInLayer", "Terms"]

_log = logging.getLogger("locum.requests")
_Headers: TypeAlias = "tuple[tuple[str, str], ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for every contract served.

    *cors* makes the headers that let pages of other origins read. *largest_body* is in bytes.
    *aside* is where bodies are read that take long. *control* is where the control API stands,
    *upstream* the real API that calls are relayed to, if any.
    *says_alive* tells clients that the connection is kept, which goes without saying since HTTP/1.1.
    """

    store: Store
    messenger: Messenger = field(default_factory=Messenger)
    cors: Allow | None = cors_headers
    largest_body: int = LARGEST_BODY
    aside: Aside = field(default_factory=one_at_a_time)
    control: ControlPlace | None = None
    upstream: Upstream | None = None
    says_alive: bool = False

    def added(self, request: RawRequest, http_version: str) -> _Headers:
        """Return the headers that every reply to *request* has for the sake of the connection."""
        is_kept = http_version == "1.1" and "close" not in (request.header("connection") or "").lower()
        return (("connection", "keep-alive"),) if self.says_alive and is_kept else ()


class StandInLayer(SpecMiddleware):  # type: ignore[misc]  # Connexion is not annotated
    """Answers for every contract registered on the application."""

    def __init__(self, app: ASGIApp, *, terms: Terms) -> None:
        self.app = app
        self.terms = terms
        self.mounts = Mounts()

    def add_api(self, specification: object, *, mount: Mount, **_: Any) -> None:  # noqa: ARG002, ANN401 -- Connexion hands in all its options
        """Register a contract; Connexion calls this for every API of the application."""
        self.mounts.add(mount)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything but HTTP is passed on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head, control = take_in(scope), self.terms.control
        try:
            if control is not None and control.holds(head, self.mounts):
                reply, extra = await self._control(control, head, receive)
                fault, then, relay = None, _nothing, None
            else:
                reply, extra, fault, then, relay = await self._serve(head, receive)
                extra = (*extra, *self.terms.added(head, scope["http_version"]))
        except ClientGone:
            return
        if relay is not None:
            await send_relay(relay, send, head=head.method == "HEAD", extra=extra)
        elif fault is None:
            await send_reply(reply, scope, send, head=head.method == "HEAD", extra=extra)
        else:
            await send_spoilt(reply, fault, scope, send, head=head.method == "HEAD", extra=extra)
        then()

    async def _serve(
        self, head: RawRequest, receive: Receive
    ) -> tuple[Reply, _Headers, Fault | None, Callable[[], None], Relay | None]:
        """Return the reply of a contract, the headers added to it, what is to be spoilt, and what follows.

        The relay is there where the reply came from the real API.
        """
        at_s, began = time.time(), time.perf_counter()
        asked = read_asked(head)
        if isinstance(asked, Refusal):
            played, asked = Played(_refused(asked, head), head), Asked()
        else:
            played = await self._play(head, asked.session, receive)
        extra = self.terms.cors(head) if self.terms.cors else ()
        if played.outcome.changes:
            self.terms.store.apply(asked.session, *played.outcome.changes)
        if _log.isEnabledFor(logging.INFO):
            _tell(head, played.outcome)
        if played.is_aside:
            return played.outcome.reply, extra, None, _nothing, None
        interaction = self.terms.store.record(
            asked.session,
            played.request,
            played.outcome,
            at_s=at_s,
            took_s=time.perf_counter() - began,
            contract=played.contract,
            route=played.route,
        )
        told = (*reasons(interaction), *extra) if asked.wants_reasons else extra
        callouts = played.outcome.callouts
        then = partial(self._call_out, callouts, asked.session, played.contract) if callouts else _nothing
        return played.outcome.reply, told, played.outcome.fault, then, played.relay

    def _call_out(self, callouts: tuple[Callout, ...], session: str, contract: str) -> None:
        """Send callbacks, and write down what becomes of them in the journal of the session."""

        def tell(delivery: Delivery) -> None:
            self.terms.store.record(
                session,
                delivery.request,
                delivery.outcome,
                at_s=delivery.at_s,
                took_s=delivery.took_s,
                contract=contract,
                route=delivery.callout.operation.route,
            )

        self.terms.messenger.send(callouts, tell)

    async def _play(self, head: RawRequest, session: str, receive: Receive) -> Played:
        if self.terms.cors and is_preflight(head):
            return Played(Outcome(reply=preflight_reply(head), because=("a CORS preflight",)), head)
        found = self.mounts.find(head.header("host") or "", head.path, head.method)
        if found is None:
            return play_outside(self.mounts, head)
        if self.terms.upstream is not None:
            return await relay(
                found,
                head,
                receive,
                upstream=self.terms.upstream,
                largest_body=self.terms.largest_body,
                aside=self.terms.aside,
                take_snapshot=partial(self.terms.store.snapshot, session),
            )
        return await play(
            found,
            head,
            receive,
            largest_body=self.terms.largest_body,
            aside=self.terms.aside,
            take_snapshot=partial(self.terms.store.snapshot, session),
        )

    async def _control(
        self, control: ControlPlace, head: RawRequest, receive: Receive
    ) -> tuple[Reply, _Headers]:
        """Answer for the control API: it belongs to no session, and the journal does not tell of it."""
        refusal = control.guard(head)
        if refusal is not None:
            return _refused(refusal, head).reply, ()
        played = await play(
            control.find(head),
            head,
            receive,
            largest_body=self.terms.largest_body,
            aside=self.terms.aside,
            take_snapshot=lambda: NO_SNAPSHOT,
        )
        return played.outcome.reply, ()


def _nothing() -> None:
    """Do what follows most replies."""


def _refused(refusal: Refusal, head: RawRequest) -> Outcome:
    return refuse(refusal, fixtures=Fixtures(), accept=head.header("accept"))


def _tell(head: RawRequest, outcome: Outcome) -> None:
    _log.info("%s %s -> %d (%s)", head.method, head.path, outcome.reply.status, "; ".join(outcome.because))
    for violation in outcome.violations:
        _log.info("  %s: %s", ".".join(map(str, violation.location)), violation.message)
