"""Writes records as the API words them (V1-05)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import md5
from typing import Final
from uuid import NAMESPACE_URL

from locum.contract import JsonObject, JsonValue
from locum_vendors.onomondo.estate import Sim, Usage
from locum_vendors.onomondo.paging import Page
from locum_vendors.onomondo.tokens import write_token

__all__ = ["write_page"]

_NAMESPACE: Final = NAMESPACE_URL.bytes + b"https://api.onomondo.com"


def write_page(page: Page, sims: Mapping[str, Sim], *, seed: str, is_grouped: bool) -> JsonObject:
    """Return the body of a page; *seed* makes the ids that the records do not have already."""
    pagination: JsonObject = {"has_more": page.end is not None}
    if page.end is not None:
        pagination["next_page"] = write_token(page.end)
    usage: list[JsonValue] = [
        _write(each, sims[each.sim_id].iccid, None if is_grouped else seed) for each in page.records
    ]
    return {"pagination": pagination, "usage": usage}


def _write(usage: Usage, iccid: str, seed: str | None) -> JsonObject:
    """Return one record; without a *seed* it is an hourly sum, which has no bill and no session."""
    sim_id, network = usage.sim_id, usage.network
    what: JsonObject = {
        "bytes": usage.bytes,
        "country_code": network.country_code,
        "network_type": network.network_type,
        "network": {"mcc": network.mcc, "mnc": network.mnc},
    }
    time = datetime.fromtimestamp(usage.at, UTC).isoformat(" ")[:19]
    if seed is None:
        return {"time": time, "sim_id": sim_id, "iccid": iccid, **what}
    return {
        "time": time,
        "bill_id": usage.bill_id or _name(seed, "bill", sim_id, usage.at),
        "sim_id": sim_id,
        "iccid": iccid,
        "session_id": usage.session_id or _name(seed, "session", sim_id, usage.started),
        **what,
    }


def _name(seed: str, kind: str, sim_id: str, at: int) -> str:
    """Return a UUID of version 3, as the vendor's ids are (V1-12; RFC 9562, 5.3).

    It is `str(uuid3(NAMESPACE_URL, …))` without the objects in between, which cost more than all the rest
    of a page.
    """
    name = f"/{seed}/{kind}/{sim_id}/{at}".encode("utf-8", "surrogatepass")
    digits = md5(_NAMESPACE + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-3{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
