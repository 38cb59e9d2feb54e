"""How many calls are let through in a window of time, and the headers that tell how many are left.

Windows are fixed and aligned to the session's clock, so that moving the clock opens the next one. What was
counted is part of the session's state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from locum.contract.model import JsonValue

__all__ = ["Count", "RateLimit", "Window", "count_call"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """So many *calls* in *window_s* seconds; *calls* is a number or the name of a switch that holds one.

    It counts while *switch*, a switch of the contract, is on. *by_caller*, or the switch that it names,
    counts each credential apart, else all calls of a session together, which to a tester is one address.
    In *headers* the words `{limit}`, `{remaining}`, `{reset}` (seconds since the epoch) and `{wait}`
    (seconds) are filled in; they are sent with every reply.
    """

    calls: int | str
    window_s: int
    switch: str
    by_caller: bool | str = True
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The calls counted since *start*, in seconds since the epoch."""

    start: int
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What became of one call: *counted* are its windows; *wait_s* is not 0 when it is too many."""

    counted: tuple[tuple[str, int], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    wait_s: int = 0


def count_call(  # noqa: PLR0913 -- everything a decision depends on is an argument
    limits: Iterable[RateLimit],
    *,
    contract: str,
    caller: str,
    now_s: float,
    windows: Mapping[str, Window],
    settings: Mapping[str, JsonValue],
) -> Count:
    """Return what becomes of a call of *caller*: one that any limit refuses is counted by none."""
    counted: list[tuple[str, int]] = []
    headers: dict[str, str] = {}
    wait_s = 0
    for index, limit in enumerate(limits):
        calls = settings.get(limit.calls) if isinstance(limit.calls, str) else limit.calls
        if settings.get(limit.switch) is not True or not isinstance(calls, int | float):
            continue
        apart = (
            limit.by_caller if isinstance(limit.by_caller, bool) else settings.get(limit.by_caller) is True
        )
        key = f"{contract}/{index}/{caller if apart is True else ''}"
        start = int(now_s) // limit.window_s * limit.window_s
        window = windows.get(key)
        before = window.calls if window and window.start == start else 0
        left = start + limit.window_s - int(now_s)
        words = {
            "limit": int(calls),
            "remaining": max(int(calls) - before - 1, 0),
            "reset": start + limit.window_s,
            "wait": left,
        }
        headers |= {name.lower(): text.format_map(words) for name, text in limit.headers.items()}
        counted.append((key, start))
        wait_s = max(wait_s, left if before >= calls else 0)
    return Count(counted=() if wait_s else tuple(counted), headers=tuple(headers.items()), wait_s=wait_s)
