"""Handlers for Onomondo's usage API: usage of all SIMs, of one SIM, and the total of a tag.

What lives here: the order of decisions, from parameters over ownership and existence to the answer.
Read `estate.py` for SIMs and who may read them, `history.py` for where usage comes from, `asked.py`,
`filters.py` and `paging.py` for what a caller may ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from locum.behaviour import Request, World, judged
from locum.contract import JsonObject, JsonValue
from locum_vendors.onomondo.asked import Asked, read_asked
from locum_vendors.onomondo.estate import Sim, Usage, estate_of, reader_of
from locum_vendors.onomondo.history import list_all, list_history, merge_histories
from locum_vendors.onomondo.paging import cut_page, is_issued
from locum_vendors.onomondo.refusals import forbidden, invalid, refusing, unauthorized, unknown
from locum_vendors.onomondo.writing import write_page

__all__ = ["HANDLERS", "get_tag_total_usage", "list_sim_usage", "list_usage"]

_Answer = tuple[JsonObject, int, Mapping[str, str]]
_SIM_ID_DIGITS: Final = 9
_SIM_ID_OR_ICCID: Final = re.compile(r"[0-9]{9}|89[0-9]{17,18}")
_MINUTE_S: Final = 60
_CALLS_PER_MINUTE: Final = 600


def _judge_sim_id(value: JsonValue) -> str:
    """Take the ICCID too, of which the document does not speak (V1-07)."""
    return "" if _SIM_ID_OR_ICCID.fullmatch(str(value)) else "must be the nine digits of a SIM id"


@refusing
def list_usage(request: Request, world: World) -> _Answer:
    """Answer the records of every SIM the caller may read, or of those that are filtered for."""
    _insist_on_bearer(request, world)
    asked, estate, reader = read_asked(request, world), estate_of(world), reader_of(request)
    named = [estate.sims[each] for each in sorted(asked.filters.sim_ids) if each in estate.sims]
    # A foreign SIM is refused, an unknown one has no usage (E1-09, I1-21).
    if not all(map(reader.may_read, named)):
        raise forbidden("the key may not read a SIM that is filtered for")
    records = merge_histories(named, world) if asked.filters.sim_ids else list_all(reader, world)
    return _page(records, estate.readable_by(reader), asked, world)


@judged({"sim_id": _judge_sim_id})
@refusing
def list_sim_usage(request: Request, world: World) -> _Answer:
    """Answer the records of the SIM that the path names, by its id or by its ICCID (V1-07)."""
    _insist_on_bearer(request, world)
    name = str(request.path["sim_id"])
    if len(name) != _SIM_ID_DIGITS and not world.settings.get("resolve_iccid", True):
        raise invalid("path", "sim_id", "must be the nine digits of a SIM id")
    asked = read_asked(request, world)
    if asked.filters.sim_ids:
        raise invalid("query", "filter", "must not name a SIM, for the path has chosen one")
    sim = estate_of(world).find_sim(name)
    if sim is None:
        raise unknown(f"no SIM is called {name}")
    if not reader_of(request).may_read(sim):
        raise forbidden(f"the key may not read SIM {name}")
    return _page(list_history(sim, world), {sim.sim_id: sim}, asked, world)


@refusing
def get_tag_total_usage(request: Request, world: World) -> _Answer:
    """Answer the bytes of all SIMs with a tag, over everything that is kept (R1-07, R1-08)."""
    _insist_on_bearer(request, world)
    sent = str(request.path["tag_id"])
    tag_id, estate = sent.lower(), estate_of(world)
    organization = estate.tags.get(tag_id)
    if organization is None:
        raise unknown(f"no tag has the id {sent}")
    if not reader_of(request).may_total(tag_id, organization):
        raise forbidden(f"the key may not read tag {sent}")
    carriers = [sim for sim in estate.sims.values() if tag_id in sim.tags]
    total = sum(usage.bytes for sim in carriers for usage in list_history(sim, world))
    return {"tag_id": tag_id, "usage": total}, 200, _rate_headers(world)


#: By operation id, for those are no Python names.
HANDLERS: Final[Mapping[str, Callable[[Request, World], object]]] = {
    "listUsage": list_usage,
    "listSimUsage": list_sim_usage,
    "getTagTotalUsage": get_tag_total_usage,
}


def _page(records: Sequence[Usage], readable: Mapping[str, Sim], asked: Asked, world: World) -> _Answer:
    """Answer the page of *records* that is asked for; *readable* are the SIMs a token may name."""
    if not is_issued(asked.position, readable, world):
        raise invalid("query", "next_page", "must be a token that this list has given")
    page = cut_page(records, asked)
    body = write_page(page, readable, seed=world.seed, is_grouped=asked.is_grouped)
    return body, 200, _rate_headers(world)


def _insist_on_bearer(request: Request, world: World) -> None:
    """Refuse a key without the word Bearer, where the settings are as strict (R1-01)."""
    sent = request.raw.header("authorization") or ""
    if not world.settings.get("accept_raw_key", True) and not sent.lower().startswith("bearer "):
        raise unauthorized("the key must be sent as `Bearer <key>`")


def _rate_headers(world: World) -> Mapping[str, str]:
    """Return the state of the caller's minute where no call is counted (V1-03); the limiter tells its own."""
    limit = world.settings.get("rate_limit_per_minute", _CALLS_PER_MINUTE)
    calls = limit if isinstance(limit, int) else _CALLS_PER_MINUTE
    now = int(world.now.timestamp())
    return {
        "x-ratelimit-limit": str(calls),
        "x-ratelimit-remaining": str(max(calls, 0)),
        "x-ratelimit-reset": str(now - now % _MINUTE_S + _MINUTE_S),
    }
