"""States usage: amounts against what the plan includes, where counters are heading, and the cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from locum.behaviour import World
from locum.contract import JsonObject
from locum_vendors.saas_billing.accounts import Account, Habit
from locum_vendors.saas_billing.amounts import (
    LARGEST,
    number_of,
    percentage,
    round_half_up,
    round_money,
    write_money,
)
from locum_vendors.saas_billing.counters import Meter, level_at
from locum_vendors.saas_billing.metrics import Metric, metrics_of
from locum_vendors.saas_billing.ranges import Range, write_instant

__all__ = ["state_usage"]

_NO_HABIT: Final = Habit()
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One metric of a statement."""

    metric: Metric
    used: Decimal
    included: Decimal

    @property
    def overage(self) -> Decimal:
        """What was used beyond the included amount."""
        return max(_NOTHING, self.used - self.included)

    def write(self) -> JsonObject:
        """Return the line as the API tells it."""
        return {
            "name": self.metric.name,
            "unit": self.metric.unit,
            "included": number_of(self.included),
            "used": number_of(self.used),
            "overage": number_of(self.overage),
            "percentage": number_of(percentage(self.used, self.included)),
        }


def state_usage(account: Account, asked: Range, chosen: frozenset[str] | None, world: World) -> JsonObject:
    """Return what *account* used in a range; *chosen* narrows what is told, never the cost (R2-08)."""
    lines = {
        name: _line(metric, account, asked, world)
        for name, metric in metrics_of(world).items()
        if name in account.plan.included or (chosen and name in chosen)
    }
    told = {name: line for name, line in lines.items() if chosen is None or name in chosen}
    statement: JsonObject = {
        "period": {"start": write_instant(asked.start), "end": write_instant(asked.until - 1)},
        "metrics": {name: line.write() for name, line in told.items()},
        "estimatedCost": _cost(account, lines),
    }
    projected = _outlook(account, told, asked, world)
    return {**statement, "projectedUsage": projected} if projected else statement


def _line(metric: Metric, account: Account, asked: Range, world: World) -> _Line:
    habit = account.habits.get(metric.id, _NO_HABIT)
    now = int(world.now.timestamp())
    used = (
        level_at(habit, account, min(asked.until - 1, now))
        if metric.is_level
        else Meter(world=world, account=account, metric=metric.id, habit=habit).used(asked)
    )
    return _Line(metric=metric, used=used, included=account.plan.included.get(metric.id, _NOTHING))


def _cost(account: Account, lines: Mapping[str, _Line]) -> JsonObject:
    plan = account.plan
    charges = (line.overage * plan.prices.get(name, _NOTHING) for name, line in lines.items())
    base = round_money(plan.base, plan.currency)
    overage = round_money(sum(charges, _NOTHING), plan.currency)
    return {
        "base": write_money(base, plan.currency),
        "overage": write_money(overage, plan.currency),
        "total": write_money(base + overage, plan.currency),
        "currency": plan.currency,
    }


def _outlook(account: Account, lines: Mapping[str, _Line], asked: Range, world: World) -> JsonObject:
    """Return where counters are heading, in proportion to the time gone by; only of an open range (R2-05).

    A heading that clients could not count exactly is not told: a range may end in a hundred years.
    """
    now = int(world.now.timestamp())
    if not asked.is_open(now):
        return {}
    # To the end that is told, so that a client can follow the reckoning.
    length, elapsed = asked.until - 1 - asked.start, now - asked.start
    outlook: JsonObject = {}
    for name, line in lines.items():
        if line.metric.is_level or (account.projected is not None and name not in account.projected):
            continue
        step = account.habits.get(name, _NO_HABIT).step
        heading = round_half_up(line.used * length / elapsed, step) if elapsed else _NOTHING
        if heading > LARGEST:
            continue
        outlook[name] = {
            "projected": number_of(heading),
            "percentage": number_of(percentage(heading, line.included)),
        }
    return outlook
