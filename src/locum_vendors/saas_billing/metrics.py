"""The metrics there are, and which of them a query chooses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from locum.behaviour import World
from locum.contract import JsonValue
from locum.errors import nearest
from locum_vendors.saas_billing.problems import Problem

__all__ = ["Metric", "choose_metrics", "metrics_of"]

_SNAKE: Final = re.compile(r"_([a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """Something that is metered: a counter that starts anew with each period, or a level that stays."""

    id: str
    name: str
    unit: str
    is_level: bool


def metrics_of(world: World) -> Mapping[str, Metric]:
    """Return all metrics by id, in the order of the records."""
    return {
        str(each["id"]): Metric(
            id=str(each["id"]),
            name=str(each["name"]),
            unit=str(each["unit"]),
            is_level=each.get("kind") == "level",
        )
        for each in world.all("metrics")
    }


def choose_metrics(query: Mapping[str, JsonValue], world: World) -> frozenset[str] | Problem | None:
    """Return the ids that `metrics` names in either spelling, or `None` for all (R2-02, R2-03)."""
    written = str(query.get("metrics") or "")
    if not written:
        return None
    known = metrics_of(world)
    asked = {each: _SNAKE.sub(lambda found: found[1].upper(), each) for each in written.split(",")}
    unknown = next((each for each, name in asked.items() if name not in known), None)
    if unknown is not None and world.settings.get("unknown_metric") != "ignore":
        close = nearest(unknown, known)
        hint = f"; did you mean {close}?" if close else f"; known are {', '.join(known)}"
        return Problem(
            keyword="enum",
            detail=f"Unknown metric: {unknown}{hint}",
            message=f"must name known metrics only, which {unknown!r} is not",
        )
    return frozenset(name for name in asked.values() if name in known)
