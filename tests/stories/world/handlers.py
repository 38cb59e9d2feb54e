"""Handlers that show what they see of their session, and one that writes slowly."""

from __future__ import annotations

import asyncio
from typing import Any

from locum.behaviour.changes import AmendRecord
from locum.behaviour.handlers import Given


def lookAround(world: Any) -> dict[str, Any]:  # noqa: ANN401, N802 -- named as the operation is
    """Tell all there is."""
    counts = world.find("counts", id="visits") or {"n": 0}
    return {
        "now": world.now.isoformat(),
        "seed": world.seed,
        "colour": world.settings["colour"],
        "things": [each["id"] for each in world.all("things")],
        "visits": counts["n"],
    }


async def visit() -> Given:
    """Wait for others to overtake, then count."""
    await asyncio.sleep(0.005)
    return Given(
        status=204,
        changes=(AmendRecord(contract="world", collection="counts", key="visits", amend=_counted),),
    )


def _counted(record: Any) -> Any:  # noqa: ANN401 -- a record
    return {"id": "visits", "n": (record or {"n": 0})["n"] + 1}
