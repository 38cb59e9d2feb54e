"""How usage grows: what a counter shows in its month, and what a range therefore used.

A counter is a function of time that never falls: a month's amount, spread over the month by weights that the
seed draws. What was used in a range is a difference of two readings, so ranges that adjoin add up (I2-16),
and events are counted with the next multiple of five minutes (I2-14). All amounts here are whole steps.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final, TypeAlias

from locum.behaviour import World
from locum_vendors.calendar_months import DAY_S, index_at, start_of, until_of
from locum_vendors.saas_billing.accounts import Account, Habit
from locum_vendors.saas_billing.ranges import Range

__all__ = ["Meter", "level_at"]

#: Events become visible at multiples of this.
_DELAY_S: Final = 300
_HOUR_S: Final = 3600
#: How much of a working day's usage each hour brings, in UTC.
_HOURS: Final = (1, 1, 1, 1, 1, 2, 3, 5, 8, 10, 10, 9, 8, 9, 10, 9, 8, 6, 4, 3, 2, 2, 1, 1)
_BEFORE_HOUR: Final = tuple(sum(_HOURS[:hour]) * _HOUR_S for hour in range(25))
_DAY_WEIGHT: Final = _BEFORE_HOUR[-1]
_WEEKEND: Final = 5
#: The days of the longest month, and the instant that it ends at.
_DAYS: Final = 32
_MASK: Final = (1 << 64) - 1
_ODD: Final = 0x9E3779B97F4A7C15  # 2**64 divided by the golden ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """Reads one counter of one account, at the world's time."""

    world: World
    account: Account
    metric: str
    habit: Habit

    def used(self, asked: Range) -> Decimal:
        """Return what was used within a range, as far as it can be seen by now."""
        now = int(self.world.now.timestamp())
        until = min(asked.until, now // _DELAY_S * _DELAY_S)
        if until <= asked.start:
            return Decimal(0)
        months = range(index_at(asked.start), index_at(until - 1) + 1)
        readings = (self._read(index, until) - self._read(index, asked.start) for index in months)
        return sum(readings) * self.habit.step

    def _read(self, index: int, instant: int) -> int:
        """Return what the counter of a month shows at *instant*: 0 before the month, the total after it."""
        start, until = start_of(index), until_of(index)
        origin = max(start, self.account.created)
        if instant <= origin or until <= origin:
            return 0
        draw = self.world.number("saas-billing", self.account.id, self.metric, index)
        if instant >= until and origin == start and not self.habit.marks:
            return self._total(draw)
        weigh = partial(_PROFILES.get(self.habit.profile, _office), draw=draw, start=start)
        points = self._points(weigh, draw, origin=origin, until=until)
        weight = weigh(min(instant, until))
        return _between(points, weight)

    def _points(self, weigh: _Weigh, draw: int, *, origin: int, until: int) -> list[_Point]:
        """Return where the counter passes through: nothing at *origin*, its marks, the total at *until*."""
        points = [(weigh(origin), 0)]
        for mark in self.habit.marks:
            if origin < mark.at < until:
                points.append((weigh(mark.at), max(points[-1][1], self._steps(mark.amount))))
        share, (last, reached) = weigh(until) - points[0][0], points[-1]
        if reached and last > points[0][0]:
            # A month that has a mark goes on as it began.
            total = reached * share // (last - points[0][0])
        else:
            total = self._total(draw) * share // weigh(until)
        return [*points, (weigh(until), max(reached, total))]

    def _total(self, draw: int) -> int:
        """Return what the counter reaches in a whole month without marks."""
        spread = self.habit.variation_percent
        return self._steps(self.habit.amount) * (100 - spread + draw % (2 * spread + 1)) // 100

    def _steps(self, amount: Decimal) -> int:
        return int(amount / self.habit.step)


def level_at(habit: Habit, account: Account, instant: int) -> Decimal:
    """Return a level as it was at *instant*."""
    if instant < account.created:
        return Decimal(0)
    return next((mark.amount for mark in habit.marks if instant < mark.at), habit.amount)


_Weigh: TypeAlias = Callable[[int], int]
#: A weight of time gone by, and the steps counted by then.
_Point: TypeAlias = tuple[int, int]


def _between(points: list[_Point], weight: int) -> int:
    """Return the steps at *weight*, in proportion between two points."""
    after = bisect_right(points, weight, key=lambda point: point[0])
    if after == len(points):
        return points[-1][1]
    (low, reached), (high, goal) = points[after - 1], points[after]
    return reached + (goal - reached) * (weight - low) // (high - low)


def _steady(instant: int, *, draw: int, start: int) -> int:  # noqa: ARG001 -- one of several profiles
    """Weigh each second alike."""
    return instant - start


def _batch(instant: int, *, draw: int, start: int) -> int:  # noqa: ARG001 -- one of several profiles
    """Weigh the seconds of the first hour alone."""
    return min(instant - start, _HOUR_S)


def _office(instant: int, *, draw: int, start: int) -> int:
    """Weigh the seconds by hour of the day, by weekday, and by a draw for each day."""
    day, second = divmod(instant - start, DAY_S)
    hour, rest = divmod(second, _HOUR_S)
    weights, gone_by = _days(draw, start // DAY_S)
    return gone_by[day] * _DAY_WEIGHT + weights[day] * (_BEFORE_HOUR[hour] + _HOURS[hour] * rest)


@lru_cache(maxsize=512)
def _days(draw: int, first: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the weights of the days from *first* on, and their sums up to each; more than any month has."""
    weights = tuple(_weight_of_day(draw, first + each) for each in range(_DAYS))
    return weights, (0, *accumulate(weights))


def _weight_of_day(draw: int, day: int) -> int:
    # Day 0, 1970-01-01, was a Thursday.
    usual = 20 if (day + 3) % 7 >= _WEEKEND else 80
    return usual + (((draw ^ day * _ODD) * _ODD & _MASK) >> 40) % 41


_PROFILES: Final[Mapping[str, Callable[..., int]]] = {"batch": _batch, "office": _office, "steady": _steady}
