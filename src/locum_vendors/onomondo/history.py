"""Makes the history of a SIM: sessions, and in each a record every fifteen minutes (V1-11).

Everything is derived from the seed, the SIM and the day, so that any part of a history is the same however
it is asked for. What the session's clock has not reached yet does not exist.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import MAXYEAR, UTC, datetime
from itertools import chain, islice
from operator import attrgetter
from typing import Final

from locum.behaviour import World
from locum_vendors.onomondo.estate import Habit, Reader, Sim, Usage, estate_of

__all__ = ["list_all", "list_history", "merge_histories"]

_DAY_S: Final = 86_400
_INTERIM_S: Final = 900
#: Interim records come up to so many seconds late (07:49:13, 08:04:14, 08:19:13 in V1-11).
_LATE_S: Final = 5
_DECEMBER: Final = 12
_AT: Final = attrgetter("at")


def list_history(sim: Sim, world: World) -> Sequence[Usage]:
    """Return the records of *sim* up to the world's time, by time."""
    return _until_now(_history(sim, world), world)


def merge_histories(sims: Iterable[Sim], world: World) -> Sequence[Usage]:
    """Return the records of *sims* up to the world's time, by time and SIM."""
    return _until_now(_merged(sims, world), world)


def list_all(reader: Reader, world: World) -> Sequence[Usage]:
    """Return the records of all SIMs that *reader* opens, up to the world's time, by time and SIM."""
    estate = estate_of(world)
    key = ("onomondo", "histories", estate, reader, _horizon(world.now))
    merged = world.once(key, lambda: _merged(estate.readable_by(reader).values(), world))
    return _until_now(merged, world)


def _merged(sims: Iterable[Sim], world: World) -> Sequence[Usage]:
    # The sort finds the runs that are sorted already and merges them.
    return sorted(chain.from_iterable(_history(sim, world) for sim in sims))


def _until_now(records: Sequence[Usage], world: World) -> Sequence[Usage]:
    now = int(world.now.timestamp())
    if not records or records[-1].at <= now:
        return records
    return records[: bisect_right(records, now, key=_AT)]


def _history(sim: Sim, world: World) -> Sequence[Usage]:
    """Return the records of *sim* up to the end of the month, which many clocks have in common."""
    horizon = _horizon(world.now)
    key = ("onomondo", "history", sim, horizon)
    return world.once(key, lambda: sorted(chain(sim.listed, _made(sim, world, horizon))))


def _horizon(now: datetime) -> int:
    """Return the end of the month of *now*, in Unix seconds."""
    years, last = divmod(now.month, _DECEMBER)
    if now.year + years > MAXYEAR:
        return int(now.timestamp()) + _DAY_S
    return int(datetime(now.year + years, last + 1, 1, tzinfo=UTC).timestamp())


def _made(sim: Sim, world: World, horizon: int) -> Iterator[Usage]:
    habit = sim.habit
    if habit is None:
        return iter(())
    made = (usage for start in _days(habit, horizon) for usage in _day(sim.sim_id, habit, start, world))
    return islice(made, habit.count)


def _days(habit: Habit, horizon: int) -> range:
    return range(habit.first, min(habit.end, horizon), habit.every_days * _DAY_S)


def _day(sim_id: str, habit: Habit, day: int, world: World) -> Iterator[Usage]:
    """Yield the records of one day, its sessions in slots of equal length so that none meets another.

    The day of a SIM begins at an hour of its own, so that sessions cross midnight.
    """
    slot_s = _DAY_S // habit.sessions
    begin = day + world.number("onomondo", "begin", sim_id) % _DAY_S
    sessions = 1 + world.number("onomondo", "sessions", sim_id, day) % habit.sessions
    for index in range(habit.sessions if habit.is_steady else sessions):
        drawn = world.number("onomondo", "session", sim_id, day, index)
        length = habit.records if habit.is_steady else 1 + drawn % habit.records
        spare_s = slot_s - length * _INTERIM_S
        started = begin + index * slot_s + (drawn >> 16) % (spare_s + 1)
        # Three sessions of four are at home.
        network = habit.networks[(drawn >> 42) % len(habit.networks) if drawn >> 40 & 3 == 0 else 0]
        for number in range(length):
            moved = world.number("onomondo", "bytes", sim_id, started, number)
            late_s = moved % _LATE_S if number else 0
            yield Usage(started + number * _INTERIM_S + late_s, sim_id, started, network, _bytes(moved >> 8))


def _bytes(drawn: int) -> int:
    """Return from nothing to 16 MiB, small and large ones equally often."""
    return (drawn >> 8) % (1 << drawn % 25)
