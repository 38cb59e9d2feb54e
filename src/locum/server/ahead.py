"""Bodies that take long to be read and checked, before their turn and beside the loop."""

from __future__ import annotations

from functools import partial

from locum.aside import LIGHT, Aside
from locum.behaviour import RawRequest, Refusal
from locum.behaviour.stand_in import StandIn
from locum.contract import Route
from locum.errors import ContractError

__all__ = ["read_ahead"]


async def read_ahead(stand_in: StandIn, route: Route, raw: RawRequest, aside: Aside) -> RawRequest:
    """Return *raw* with its body read and checked beside the loop, if that takes long and is asked for.

    The plan is compiled on the loop, and whoever is refused for his credentials has nothing read.
    """
    is_packed = bool(raw.body) and raw.header("content-encoding") is not None
    if len(raw.body) <= LIGHT and not is_packed:
        return raw
    try:
        plan = stand_in.plan(route)
        checker = plan.checker
        if isinstance(plan.authorize(raw), Refusal) and not plan.manners.tells_all:
            return raw
        return await aside(partial(checker.read_ahead, raw))
    except ContractError:  # told when the request is answered
        return raw
