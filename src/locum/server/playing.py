"""Plays one request at the place it was sent to: an operation, what stands beside it, or nothing at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from starlette.types import Receive

from locum.aside import Aside
from locum.behaviour import Fixtures, Outcome, RawRequest, Refusal, Reply, refuse
from locum.behaviour.relays import Relay
from locum.behaviour.session import Snapshot
from locum.contract import Route
from locum.errors import ContractError
from locum.server.ahead import read_ahead
from locum.server.documents import document_reply
from locum.server.door import BodyTooLarge, read_body
from locum.server.index import index_reply
from locum.server.misses import too_large, undeclared_method, unknown_path, unknown_place
from locum.server.mounts import Found, Mount, Mounts
from locum.server.routing import Match

__all__ = ["Played", "play", "play_outside", "route_of"]


class Played(NamedTuple):
    """An outcome with what the journal wants to know of it; what *is_aside* never was a call of an API.

    *relay* is there where the real API was asked.
    """

    outcome: Outcome
    request: RawRequest
    contract: str = ""
    route: Route | None = None
    is_aside: bool = False
    relay: Relay | None = None


async def play(  # noqa: PLR0913 -- the same as for relaying
    found: Found,
    head: RawRequest,
    receive: Receive,
    *,
    largest_body: int,
    aside: Aside,
    take_snapshot: Callable[[], Snapshot],
) -> Played:
    """Return the outcome of a request below a contract's prefix; *largest_body* is in bytes.

    What takes long is done *aside*, before the snapshot is taken.

    The snapshot is taken when the request is complete: between it and the outcome of a plain handler
    nothing else is served.
    """
    if found.match is None:
        return _beside(found, head)
    mount, base_url = found.mount, f"{head.base_url}{found.prefix}"
    name, route = mount.stand_in.contract.name, _route_of(mount, found.match, head.method)
    if route is None:
        outcome = _without_operation(mount, found.match, head)
        return Played(outcome, replace(head, path=found.rest, base_url=base_url), name)
    try:
        body = await read_body(head, receive, limit=largest_body)
    except BodyTooLarge:
        outcome = _refuse(mount, route, too_large(largest_body), head)
        return Played(outcome, replace(head, path=found.rest, base_url=base_url), name, route)
    is_whole = found.rest == head.path and not found.match.values and not body
    raw = head if is_whole else _below(found, found.match, head, body)
    ready = await read_ahead(mount.stand_in, route, raw, aside) if body else raw
    snapshot = take_snapshot()
    played = Played(await _answered(mount, found.match, route, ready, snapshot), raw, name, route)
    return await _meant(played, mount, found.match.twins, snapshot) if found.match.twins else played


async def _answered(mount: Mount, match: Match, route: Route, raw: RawRequest, snapshot: Snapshot) -> Outcome:
    answered = mount.stand_in.respond(route, raw, snapshot)
    return _allowing(answered if isinstance(answered, Outcome) else await answered, match)


def _allowing(outcome: Outcome, match: Match) -> Outcome:
    """Return *outcome* with `Allow`, which a 405 must have even if asked for (RFC 9110, 15.5.6)."""
    reply = outcome.reply
    if reply.status != 405 or any(name.lower() == "allow" for name, _ in reply.headers):  # noqa: PLR2004
        return outcome
    return replace(outcome, reply=replace(reply, headers=(*reply.headers, ("allow", match.allow))))


def _below(found: Found, match: Match, head: RawRequest, body: bytes) -> RawRequest:
    """Return the whole request as it is below the prefix."""
    return RawRequest(
        method=head.method,
        path=found.rest,
        path_values=match.values,
        query=head.query,
        headers=head.headers,
        body=body,
        base_url=f"{head.base_url}{found.prefix}",
    )


async def _meant(played: Played, mount: Mount, twins: tuple[Match, ...], snapshot: Snapshot) -> Played:
    """Return *played*, or what a twin makes of the request, if its values are none of the first's."""
    for twin in twins:
        route = route_of(twin, played.request.method)
        if route is None or not _is_another_path(played.outcome):
            continue
        raw = replace(played.request, path_values=twin.values)
        outcome = await _answered(mount, twin, route, raw, snapshot)
        if not _is_another_path(outcome):
            return Played(outcome, raw, played.contract, route)
    return played


def _is_another_path(outcome: Outcome) -> bool:
    """Tell whether a request was refused for what its path says, and for nothing else."""
    places = {each.location[:2] for each in outcome.violations}
    return outcome.refusal is not None and places == {("request", "path")}


def play_outside(mounts: Mounts, head: RawRequest) -> Played:
    """Answer outside every contract: with the list of contracts at the root, else with a refusal."""
    if head.path == "/" and head.method in {"GET", "HEAD"}:
        outcome = Outcome(reply=index_reply(mounts), because=("the list of contracts",))
        return Played(outcome, head, is_aside=True)
    return Played(
        refuse(unknown_place(head, mounts), fixtures=Fixtures(), accept=head.header("accept")), head
    )


def route_of(match: Match, method: str) -> Route | None:
    """Return the route that answers *method*: a HEAD is answered as GET where only that is declared."""
    return match.routes.get(method) or (match.routes.get("GET") if method == "HEAD" else None)


def _route_of(mount: Mount, match: Match, method: str) -> Route | None:
    implies = mount.stand_in.options.manners.implies_methods
    return route_of(match, method) if implies else match.routes.get(method)


def _without_operation(mount: Mount, match: Match, head: RawRequest) -> Outcome:
    """Answer `OPTIONS` for every path, and refuse any other method that the path does not declare."""
    if head.method == "OPTIONS" and mount.stand_in.options.manners.implies_methods:
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


def _beside(found: Found, head: RawRequest) -> Played:
    """Answer with what stands beside the operations of a contract, else refuse."""
    contract = found.mount.stand_in.contract
    offered = document_reply(contract, found.prefix, found.rest)
    if offered is not None and head.method in {"GET", "HEAD"}:
        return Played(Outcome(reply=offered, because=("the document itself",)), head, is_aside=True)
    below = replace(head, path=found.rest, base_url=f"{head.base_url}{found.prefix}")
    outcome = found.mount.stand_in.refuse_beside(unknown_path(head, found.rest, found.mount.router), below)
    return Played(outcome, below, contract.name)
