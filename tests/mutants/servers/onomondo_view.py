"""How a record of Onomondo looks to a client: as it was billed, or added up by the hour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from servers.exchange import JsonObject, Site
from servers.onomondo_world import Record, luhn

FORMAT = "%Y-%m-%d %H:%M:%S"
#: The network code of the neighbour, as a server that mixes up its tables would send it.
NEIGHBOUR = {"238": "240", "240": "238"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One entry of a list: what it is sorted and filtered by, and its JSON."""

    time: datetime
    sim_id: str
    country: str
    home: str
    content: JsonObject = field(repr=False)

    @property
    def key(self) -> tuple[datetime, str]:
        """What the list is sorted by, and what a page token names."""
        return self.time, self.sim_id


def visible(seen: Iterable[Record], site: Site) -> list[Row]:
    """Return the records as rows."""
    return [_row(record, site) for record in seen]


def _row(record: Record, site: Site) -> Row:
    return Row(
        time=record.time,
        sim_id=record.sim.sim_id,
        country=record.network.country,
        home=record.sim.networks[0].country,
        content=_spoilt(_content(record), record, site),
    )


def _content(record: Record) -> JsonObject:
    return {
        "time": record.time.strftime(FORMAT),
        "bill_id": record.bill_id,
        "sim_id": record.sim.sim_id,
        "iccid": record.sim.iccid,
        "session_id": record.session_id,
        "bytes": record.bytes,
        "country_code": record.network.country,
        "network_type": record.network.radio,
        "network": {"mcc": record.network.mcc, "mnc": record.network.mnc},
    }


def _spoilt(content: JsonObject, record: Record, site: Site) -> JsonObject:
    match site.fault:
        case "A11":
            content["bytes"] = str(record.bytes)
        case "A12":
            content["network"]["mnc"] = int(record.network.mnc)
        case "A13":
            content["time"] = record.time.strftime("%Y-%m-%dT%H:%M:%SZ")
        case "A14":
            content["country_code"] = record.network.country.upper()
        case "A15":
            del content["session_id"]
        case "A16":
            content["network_type"] = {"4G": "LTE"}.get(record.network.radio, record.network.radio)
        case "A17":
            content["iccid"] = f"{record.sim.iccid[:10]} {record.sim.iccid[10:]}"
        case "A18" if record.bytes == 0:
            content["bytes"] = None
        case "C49":
            content["network"]["mcc"] = NEIGHBOUR.get(record.network.mcc, record.network.mcc)
        case "C50":
            wrong = (int(luhn(record.sim.iccid[:-1])) + 3) % 10
            content["iccid"] = record.sim.iccid[:-1] + str(wrong)
        case "C51":
            content["bill_id"] = record.session_id
        case "C52":
            content["time"] = (record.time + timedelta(hours=1)).strftime(FORMAT)
    return content


def by_hour(rows: Iterable[Row], site: Site) -> list[Row]:
    """Add rows up by hour, SIM, country and network; rows are sorted, and so are the sums."""
    ordered = sorted(rows, key=_group)
    return [_sum(list(rows), site) for _, rows in groupby(ordered, key=_group)]


def _group(row: Row) -> tuple[datetime, str, str, str, str, str]:
    hour = row.time.replace(minute=0, second=0)
    network = row.content["network"]
    return hour, row.sim_id, row.country, row.content["network_type"], network["mcc"], str(network["mnc"])


def _sum(rows: list[Row], site: Site) -> Row:
    first = rows[0]
    hour = first.time.replace(minute=0, second=0)
    if site.has("C54"):
        hour += timedelta(hours=1)
    left_out = () if site.has("A21") else ("bill_id", "session_id")
    content = {name: value for name, value in first.content.items() if name not in left_out}
    content["time"] = hour.strftime(FORMAT)
    if site.has("A23"):
        content["time"] = hour.strftime("%Y-%m-%d %H:%M")
    added = rows[:1] if site.has("C53") else rows
    content["bytes"] = sum(int(row.content["bytes"] or 0) for row in added)
    return Row(time=hour, sim_id=first.sim_id, country=first.country, home=first.home, content=content)
