"""The one road of every request, valid or refused, as a layer in Connexion's application.

Nothing is decided here: a request is taken in, its operation found, the outcome asked of `behaviour`, and
the reply given out. Read `routing.py` and `mounts.py` for where, `behaviour/stand_in.py` for what.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from inspect import isawaitable
from typing import Any, Final

from connexion.middleware import SpecMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from locum.behaviour import Fixtures, Outcome, RawRequest, Refusal, Reply, refuse
from locum.contract import Route
from locum.errors import ContractError
from locum.server.cors import cors_headers, is_preflight, preflight_reply
from locum.server.documents import document_reply
from locum.server.door import BodyTooLarge, ClientGone, read_body, send_reply, take_in
from locum.server.index import index_reply
from locum.server.misses import too_large, undeclared_method, unknown_path, unknown_place
from locum.server.mounts import Found, Mount, Mounts
from locum.server.routing import Match

__all__ = ["StandInLayer", "Terms"]

_log = logging.getLogger("locum.requests")
_LARGEST_BODY: Final = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for every contract served: *largest_body* in bytes."""

    cors: bool = True
    largest_body: int = _LARGEST_BODY


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
        head = take_in(scope)
        try:
            outcome = await self._outcome(head, receive)
        except ClientGone:
            return
        if _log.isEnabledFor(logging.INFO):
            _tell(head, outcome)
        extra = cors_headers(head) if self.terms.cors else ()
        await send_reply(outcome.reply, send, head=head.method == "HEAD", extra=extra)

    async def _outcome(self, head: RawRequest, receive: Receive) -> Outcome:
        if self.terms.cors and is_preflight(head):
            return Outcome(reply=preflight_reply(head), because=("a CORS preflight",))
        found = self.mounts.find(head.header("host") or "", head.path, head.method)
        if found is None:
            return _outside(self.mounts, head)
        if found.match is None:
            return _beside(found, head)
        route = found.match.routes.get(head.method) or _get_for_head(found.match, head.method)
        if route is None:
            return _without_operation(found.mount, found.match, head)
        return await self._play(found, found.match, route, head, receive)

    async def _play(
        self, found: Found, match: Match, route: Route, head: RawRequest, receive: Receive
    ) -> Outcome:
        try:
            body = await read_body(head, receive, limit=self.terms.largest_body)
        except BodyTooLarge:
            return _refuse(found.mount, route, too_large(self.terms.largest_body), head)
        base_url = f"{head.base_url}{found.prefix}"
        raw = replace(head, path=found.rest, path_values=match.values, body=body, base_url=base_url)
        outcome = found.mount.stand_in.respond(route, raw)
        return await outcome if isawaitable(outcome) else outcome


def _get_for_head(match: Match, method: str) -> Route | None:
    return match.routes.get("GET") if method == "HEAD" else None


def _without_operation(mount: Mount, match: Match, head: RawRequest) -> Outcome:
    """Answer `OPTIONS` for every path, and refuse any other method that the path does not declare."""
    if head.method == "OPTIONS":
        reply = Reply(status=204, headers=(("allow", match.allow),))
        return Outcome(reply=reply, because=("OPTIONS of a known path",))
    return _refuse(mount, next(iter(match.routes.values())), undeclared_method(head, match), head)


def _refuse(mount: Mount, route: Route, refusal: Refusal, head: RawRequest) -> Outcome:
    """Refuse in the words of the operation behind *route*, or of the contract if it cannot be used."""
    try:
        plan = mount.stand_in.plan(route)
    except ContractError:
        plan = None
    return mount.stand_in.refuse(refusal, head, plan)


def _beside(found: Found, head: RawRequest) -> Outcome:
    """Answer with what stands beside the operations of a contract, else refuse."""
    stand_in = found.mount.stand_in
    offered = document_reply(stand_in.contract, found.prefix, found.rest)
    if offered is not None and head.method in {"GET", "HEAD"}:
        return Outcome(reply=offered, because=("the document itself",))
    return stand_in.refuse(unknown_path(head, found.rest, stand_in.contract.routes), head)


def _outside(mounts: Mounts, head: RawRequest) -> Outcome:
    """Answer outside every contract: with the list of contracts at the root, else with a refusal."""
    if head.path == "/" and head.method in {"GET", "HEAD"}:
        return Outcome(reply=index_reply(mounts), because=("the list of contracts",))
    return refuse(unknown_place(head, mounts), fixtures=Fixtures(), accept=head.header("accept"))


def _tell(head: RawRequest, outcome: Outcome) -> None:
    _log.info("%s %s -> %d (%s)", head.method, head.path, outcome.reply.status, "; ".join(outcome.because))
    for violation in outcome.violations:
        _log.info("  %s: %s", ".".join(map(str, violation.location)), violation.message)
