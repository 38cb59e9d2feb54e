"""What the SIMs of two organisations used: records made by rule, the same in every process.

A SIM speaks in sessions, each over one network; a session writes a record at most every fifteen minutes.
On one day a SIM keeps to one network, so that an hour of a SIM is one group.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple

METERS = "036eb4b3-4f6a-4a9a-b10c-6306ac5088a3"
ROAD = "cd613e30-d8f1-4adf-91b7-584a2265b1f5"
SPARE = "1e2feb89-414c-443c-9027-c4d1c386bbc4"
TRUCKS = "78e51061-7311-48a3-82ce-6f447ed4d57b"
TAG_OWNERS = {METERS: "fjordlight", ROAD: "fjordlight", SPARE: "fjordlight", TRUCKS: "quarry"}

NAMES = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


class Network(NamedTuple):
    """A visited network (ITU-T E.212)."""

    country: str
    mcc: str
    mnc: str
    radio: str


DK, DK_M, DK_3 = (
    Network("dk", "238", "20", "4G"),
    Network("dk", "238", "01", "LTE-M"),
    Network("dk", "238", "06", "3G"),
)
SE, NO, FI = (
    Network("se", "240", "01", "4G"),
    Network("no", "242", "01", "4G"),
    Network("fi", "244", "05", "5G"),
)
DE, NL, US = (
    Network("de", "262", "01", "4G"),
    Network("nl", "204", "08", "LTE-M"),
    Network("us", "310", "410", "LTE-M"),
)
GB = Network("gb", "234", "30", "4G")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sim:
    """A SIM, whose it is, and how much it speaks: every so many days, a number of sessions and of records."""

    sim_id: str
    organization: str = "fjordlight"
    tags: frozenset[str] = frozenset()
    first_day: str = ""
    days: int = 0
    every_days: int = 1
    sessions: int = 1
    records: int = 4
    networks: tuple[Network, ...] = (DK,)
    prefix: str = "8945738730"

    @property
    def iccid(self) -> str:
        """Prefix, SIM id and the check digit of Luhn (ITU-T E.118)."""
        body = self.prefix + self.sim_id
        return body + luhn(body)


class Record(NamedTuple):
    """One record as it was billed."""

    time: datetime
    sim: Sim
    network: Network
    bytes: int
    bill_id: str
    session_id: str

    @property
    def key(self) -> tuple[datetime, str]:
        """What the list is sorted by, and what a page token names; no two records share it."""
        return self.time, self.sim.sim_id


def luhn(digits: str) -> str:
    """Return the check digit that makes *digits* and itself pass the test of Luhn.

    >>> luhn("8945738730000000001")
    '1'
    """
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


SIMS = (
    Sim(sim_id="000000001", tags=frozenset({METERS}), first_day="2020-01-31", days=200, every_days=11,
        sessions=2, records=3, networks=(DK, DK_3, SE)),
    Sim(sim_id="000000002", tags=frozenset({METERS, ROAD}), first_day="2023-12-20", days=56, every_days=4,
        sessions=2, records=3, networks=(DK, DE, NL)),
    Sim(sim_id="000000003", tags=frozenset({ROAD}), first_day="2023-12-01", days=60, every_days=6,
        sessions=3, records=4, networks=(DE, NL, SE)),
    Sim(sim_id="000000004", first_day="2023-11-01", days=100, every_days=9, records=6, networks=(NO, SE, FI)),
    Sim(sim_id="000000005", tags=frozenset({ROAD}), first_day="2023-12-05", days=60, every_days=7,
        sessions=2, records=3, networks=(US, GB), prefix="8945730000"),
    Sim(sim_id="000000006", tags=frozenset({METERS}), first_day="2022-01-01", days=700, every_days=60,
        records=1, networks=(NO, DE, DK_M)),
    Sim(sim_id="000000007", first_day="2024-02-08", days=7, sessions=2, records=3, networks=(DK_M, SE)),
    Sim(sim_id="002464999", first_day="2024-01-10", days=30, every_days=5, records=2),
    Sim(sim_id="000002500", first_day="2024-01-20", days=8, records=90, networks=(DK, SE, NO)),
    Sim(sim_id="000001001", first_day="2023-11-05", days=4, records=90, networks=(FI,)),
    Sim(sim_id="000001000", first_day="2023-10-05", days=2, records=90, networks=(SE,)),
    Sim(sim_id="000000010", tags=frozenset({METERS})),
    Sim(sim_id="000000011"),
    Sim(sim_id="000000020"),
    Sim(sim_id="000000021"),
    Sim(sim_id="000700001", organization="quarry", tags=frozenset({TRUCKS}), first_day="2023-11-20", days=60,
        every_days=10, records=4, networks=(SE, NO, FI)),
    Sim(sim_id="000700002", organization="quarry", first_day="2024-01-02", days=40, every_days=10, records=4,
        networks=(DE,)),
)  # fmt: skip
BY_ID = {sim.sim_id: sim for sim in SIMS}

#: Records as they are: time, SIM, network, bytes, bill, session.
SESSION = "e8b0613a-58c3-34ba-91bb-473aa93be165"
GIVEN = (
    ("2020-01-30 07:49:13", "000000001", DK, 1_424_843, "6671f7dc-180c-3efb-8b03-eb5b6116fb3b", SESSION),
    ("2020-01-30 08:04:14", "000000001", DK, 1_103, "a978fc29-0eea-3903-980c-a58f99902c4d", SESSION),
    ("2024-01-17 21:00:05", "000000011", DK_3, 52_881, "", ""),
    ("2023-12-31 23:59:59", "000000020", DK, 0, "", "silence"),
    ("2024-01-01 00:14:59", "000000020", DK, 0, "", "silence"),
    ("2020-02-29 12:00:00", "000000021", GB, 4_398_046_511_104, "", ""),
    ("2024-02-14 09:30:00", "000000021", GB, 4_294_967_296, "", ""),
    # On the edges of days, months and a year, where a wrong time zone shows.
    ("2024-01-31 23:30:00", "000000002", DK, 7_001, "", ""),
    ("2024-02-01 00:30:00", "000000002", DK, 7_002, "", ""),
    ("2020-01-29 23:20:00", "000000001", SE, 640, "", ""),
    ("2020-01-31 00:10:00", "000000001", DK, 512, "", ""),
)


def named(*parts: str) -> str:
    """Return a UUID of version 3, made from a name."""
    return str(uuid.uuid3(NAMES, "/".join(parts)))


@cache
def records(organization: str) -> tuple[Record, ...]:
    """Return every record of *organization*, sorted by time and then by SIM."""
    mine = [sim for sim in SIMS if sim.organization == organization]
    found = {record.key: record for sim in mine for record in _made(sim)}
    found |= {record.key: record for record in _given() if record.sim.organization == organization}
    return tuple(sorted(found.values(), key=lambda record: record.key))


def _given() -> Iterator[Record]:
    for text, sim_id, network, size, bill, session in GIVEN:
        time = datetime.fromisoformat(text).replace(tzinfo=UTC)
        bill_id = bill or named("bill", sim_id, text)
        session_id = session if "-" in session else named("session", sim_id, session or text)
        yield Record(time, BY_ID[sim_id], network, size, bill_id, session_id)


def _made(sim: Sim) -> Iterator[Record]:
    """Make the records of one SIM; sessions begin hours apart, and all end before midnight."""
    if not sim.first_day:
        return
    chance = Random(sim.sim_id)  # noqa: S311 - data of a test
    first = datetime.fromisoformat(sim.first_day).replace(tzinfo=UTC)
    for number, day in enumerate(range(0, sim.days, sim.every_days)):
        network = sim.networks[number % len(sim.networks)]
        for session in range(sim.sessions):
            opening = timedelta(days=day, hours=1 + session * 7, seconds=chance.randrange(60))
            session_id = named("session", sim.sim_id, str(day), str(session))
            for step in range(sim.records):
                time = first + opening + timedelta(minutes=15 * step, seconds=chance.randrange(2))
                size = 0 if chance.random() < 0.15 else chance.randrange(200, 2_000_000)
                bill_id = named("bill", sim.sim_id, time.isoformat())
                yield Record(time, sim, network, size, bill_id, session_id)
