"""What happened: looked for, told, exported and forgotten."""

from __future__ import annotations

from dataclasses import fields, replace
from importlib.metadata import version
from typing import Any, Final

from locum.behaviour import Cause, Refusal
from locum.behaviour.har import har
from locum.behaviour.journal import Interaction, Wanted, matching
from locum.behaviour.near_misses import NearMiss, near_misses
from locum.behaviour.retelling import told_at_length, told_in_short
from locum.contract import JsonObject
from locum.server.control.desk import Desk, missing

__all__ = ["clear_journal", "export_journal", "get_interaction", "list_interactions"]

_FILTERS: Final = frozenset(each.name for each in fields(Wanted))
_UNMATCHED: Final = frozenset({Cause.UNKNOWN_PATH, Cause.UNKNOWN_METHOD})


def list_interactions(desk: Desk, limit: int, **filters: Any) -> JsonObject:  # noqa: ANN401 -- query parameters
    """List what happened, the newest first."""
    found = _found(desk, filters)
    page = found[:limit]
    return {
        "interactions": [told_in_short(each, desk.redaction) for each in page],
        "total": len(found),
        "before": str(page[-1].number) if len(found) > len(page) else None,
    }


def export_journal(desk: Desk, **filters: Any) -> JsonObject:  # noqa: ANN401 -- query parameters
    """Export what happened as an HTTP Archive, the oldest first."""
    return har(reversed(_found(desk, filters)), desk.redaction, version=version("locum"))


def get_interaction(desk: Desk, interaction: str) -> JsonObject | Refusal:
    """Tell all that is known of one interaction."""
    found = desk.store.rings.find(int(interaction))
    if found is None:
        return missing("interaction", interaction, ())
    return told_at_length(found, desk.redaction, _near(desk, found))


def clear_journal(desk: Desk, session: str | None) -> tuple[None, int]:
    """Forget what happened, in one session or in all."""
    desk.store.rings.clear(session or "")
    return None, 204


def _found(desk: Desk, filters: dict[str, Any]) -> list[Interaction]:
    given = {name: value for name, value in filters.items() if name in _FILTERS and value is not None}
    given |= {name: int(given[name]) for name in ("before", "after") if name in given}
    wanted = Wanted(**given)
    return matching(desk.store.rings.newest_first(wanted.session), wanted)


def _near(desk: Desk, each: Interaction) -> tuple[NearMiss, ...]:
    """Return what a request came near to that reached no operation: in its contract, else in all of them."""
    refusal = each.outcome.refusal
    if each.route is not None or refusal is None or refusal.cause not in _UNMATCHED:
        return ()
    if each.contract in desk.entries:
        return near_misses(each.request, [desk.entries[each.contract].contract])
    found = [
        miss
        for entry in desk.entries.values()
        for miss in near_misses(
            replace(each.request, path=each.request.path.removeprefix(entry.base_path)), [entry.contract]
        )
    ]
    return tuple(sorted(found, key=lambda miss: -miss.likeness)[:3])
