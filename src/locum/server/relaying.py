"""Relays one request to the real API: finds what the contract says of it, and hands both on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.types import Receive

from locum.aside import Aside
from locum.behaviour import RawRequest, Refusal
from locum.behaviour.relays import Passage, Upstream
from locum.behaviour.session import Snapshot
from locum.server.ahead import read_ahead
from locum.server.door import BodyTooLarge, read_body
from locum.server.misses import too_large, undeclared_method, unknown_path
from locum.server.mounts import Found
from locum.server.playing import Played, route_of

__all__ = ["relay"]


async def relay(  # noqa: PLR0913 -- the same as for playing, and who is asked
    found: Found,
    head: RawRequest,
    receive: Receive,
    *,
    upstream: Upstream,
    largest_body: int,
    aside: Aside,
    take_snapshot: Callable[[], Snapshot],
) -> Played:
    """Return what became of a request at the real API; *largest_body* is in bytes."""
    stand_in = found.mount.stand_in
    name, route = stand_in.contract.name, route_of(found.match, head.method) if found.match else None
    raw = replace(
        head,
        path=found.rest,
        base_url=f"{head.base_url}{found.prefix}",
        path_values=found.match.values if found.match else {},
    )
    try:
        raw = replace(raw, body=await read_body(head, receive, limit=largest_body))
    except BodyTooLarge:
        return Played(stand_in.refuse(too_large(largest_body), head), raw, name, route)
    passage = Passage(
        stand_in=stand_in,
        raw=await read_ahead(stand_in, route, raw, aside) if route is not None else raw,
        path=head.path,
        route=route,
        miss=_miss(found, head) if route is None else None,
        snapshot=take_snapshot(),
    )
    relayed = await upstream.relay(passage)
    return Played(relayed.outcome, raw, name, route, relay=relayed)


def _miss(found: Found, head: RawRequest) -> Refusal:
    if found.match is None:
        return unknown_path(head, found.rest, found.mount.router)
    return undeclared_method(head, found.match)
