"""What the records say: SIMs with their cards, tags and habits, and who may read them.

Records become values once; a SIM is the same object as long as the records are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from locum.behaviour import Request, World

__all__ = ["Estate", "Habit", "Network", "Reader", "Sim", "Usage", "estate_of", "reader_of"]

_COLLECTIONS: Final = ("organizations", "tags", "networks", "sims", "usage")
#: Issuer of most cards; the SIM id and a check digit follow (V1-13).
_ICCID_PREFIX: Final = "8945738730"
#: An ICCID without its check digit (ITU-T E.118).
_BARE_ICCID_DIGITS: Final = 19
_SIM_ID_DIGITS: Final = 9
_DAY_S: Final = 86_400
#: A card lasts ten years, so that a clock far ahead asks for no endless history.
_LIFETIME_S: Final = 3650 * _DAY_S


class Network(NamedTuple):
    """A visited network (ITU-T E.212), and the radio technology it was used by."""

    country_code: str
    mcc: str
    mnc: str
    network_type: str


class Usage(NamedTuple):
    """What a SIM used from *at* (Unix seconds) on; sorts by time, then by SIM (I1-06).

    *started* is the start of the session. Ids are `""` where they are made from what else is known.
    """

    at: int
    sim_id: str
    started: int
    network: Network
    bytes: int
    bill_id: str = ""
    session_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """When a SIM is online, from *first* until *end* (Unix seconds): the rule its history is made by.

    On each *every_days*-th day up to *sessions* sessions, each of up to *records* records of 15 minutes;
    exactly so many when *is_steady*. *count* is the most records in all.
    """

    first: int
    end: int
    every_days: int
    sessions: int
    records: int
    is_steady: bool
    count: int | None
    networks: tuple[Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sim:
    """A SIM; *listed* is usage that stands in the records as it is, beside that of its *habit*."""

    sim_id: str
    iccid: str
    organization: str
    tags: frozenset[str]
    habit: Habit | None = None
    listed: tuple[Usage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What a key opens: the SIMs of *organization*, only those with one of *tags* unless that is `None`."""

    organization: str
    tags: frozenset[str] | None = None

    def may_read(self, sim: Sim) -> bool:
        """Tell whether the key opens *sim* (I1-12)."""
        return sim.organization == self.organization and (self.tags is None or bool(self.tags & sim.tags))

    def may_total(self, tag_id: str, organization: str) -> bool:
        """Tell whether the key opens the tag of *organization*."""
        return organization == self.organization and (self.tags is None or tag_id in self.tags)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estate:
    """All SIMs and tags there are; *tags* maps a tag to its organisation."""

    sims: Mapping[str, Sim]
    tags: Mapping[str, str]
    by_iccid: Mapping[str, Sim] = field(repr=False)

    def find_sim(self, name: str) -> Sim | None:
        """Return the SIM with this id or ICCID, whose check digit may be left out."""
        if len(name) == _SIM_ID_DIGITS:
            return self.sims.get(name)
        return self.by_iccid.get(name if len(name) > _BARE_ICCID_DIGITS else name + luhn_digit(name))

    def readable_by(self, reader: Reader) -> Mapping[str, Sim]:
        """Return the SIMs that *reader* opens, by id."""
        return {name: sim for name, sim in self.sims.items() if reader.may_read(sim)}


def reader_of(request: Request) -> Reader:
    """Return what the caller's key opens."""
    attributes: Mapping[str, Any] = next((each.attributes for each in request.identity.credentials), {})
    tags = attributes.get("tags")
    return Reader(
        organization=str(attributes.get("organization", "")),
        tags=None if tags is None else frozenset(str(each).lower() for each in tags),
    )


def estate_of(world: World) -> Estate:
    """Return the estate that the world's records describe."""
    records = tuple(world.all(name) for name in _COLLECTIONS)
    # What is kept holds the records too, so that nothing else can take over their identities.
    key = ("onomondo", "estate", *map(id, records))
    estate, _ = world.once(key, lambda: (_read_estate(world), records))
    return estate


def luhn_digit(digits: str) -> str:
    """Return the check digit that follows *digits* (ISO/IEC 7812-1, annex B).

    >>> luhn_digit("8945738730000000001")
    '1'
    """
    doubled = (int(each) * 2 for each in digits[-1::-2])
    total = sum(each - 9 if each > 9 else each for each in doubled) + sum(map(int, digits[-2::-2]))  # noqa: PLR2004 -- decimal digits
    return str(-total % 10)


def _read_estate(world: World) -> Estate:
    networks = {str(each["id"]): _network(each) for each in world.all("networks")}
    listed: dict[str, list[Usage]] = {}
    for each in world.all("usage"):
        usage = _usage(each, networks)
        listed.setdefault(usage.sim_id, []).append(usage)
    sims = [_sim(each, networks, listed) for each in world.all("sims")]
    return Estate(
        sims={sim.sim_id: sim for sim in sims},
        tags={str(each["id"]).lower(): str(each["organization"]) for each in world.all("tags")},
        by_iccid={sim.iccid: sim for sim in sims},
    )


def _network(record: Mapping[str, Any]) -> Network:
    return Network(*(str(record[name]) for name in Network._fields))


def _usage(record: Mapping[str, Any], networks: Mapping[str, Network]) -> Usage:
    at = _seconds(record["time"])
    return Usage(
        at=at,
        sim_id=str(record["sim_id"]),
        started=_seconds(record.get("session_start", record["time"])),
        network=networks[record["network"]],
        bytes=int(record["bytes"]),
        bill_id=str(record.get("bill_id", "")),
        session_id=str(record.get("session_id", "")),
    )


def _sim(
    record: Mapping[str, Any], networks: Mapping[str, Network], listed: Mapping[str, Iterable[Usage]]
) -> Sim:
    sim_id = str(record["sim_id"])
    number = f"{record.get('iccid_prefix', _ICCID_PREFIX)}{sim_id}"
    return Sim(
        sim_id=sim_id,
        iccid=number + luhn_digit(number),
        organization=str(record["organization"]),
        tags=frozenset(str(each).lower() for each in record.get("tags", ())),
        habit=_habit(record["habit"], networks) if "habit" in record else None,
        listed=tuple(sorted(listed.get(sim_id, ()))),
    )


def _habit(record: Mapping[str, Any], networks: Mapping[str, Network]) -> Habit:
    first = _seconds(record["from"])
    return Habit(
        first=first,
        end=_seconds(record["until"]) if "until" in record else first + _LIFETIME_S,
        every_days=int(record.get("every_days", 1)),
        sessions=int(record.get("sessions", 1)),
        records=int(record.get("records", 1)),
        is_steady=bool(record.get("steady", False)),
        count=record.get("count"),
        networks=tuple(networks[each] for each in record["networks"]),
    )


def _seconds(text: str) -> int:
    """Return a time of the records as Unix seconds; what names no zone is UTC."""
    read = datetime.fromisoformat(text)
    return int(read.timestamp() if read.tzinfo else read.replace(tzinfo=UTC).timestamp())
