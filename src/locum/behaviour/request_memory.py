"""Remembers requests that were understood, since a client that asks again asks the same.

Only what the request alone decides is remembered: no refusals, which speak of the session's switches too, and
nothing in which the time has a say. Requests with bodies are left out: a body is a value that may be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Final

from locum.behaviour.body_memory import BodyMemory
from locum.behaviour.model import Outcome, Preferences, RawRequest, Refusal, Request
from locum.behaviour.plans import Plan
from locum.behaviour.preferences import NO_PREFERENCES
from locum.contract.model import Route

__all__ = ["key_of", "remember"]

#: What a request takes beside its texts, and each of its headers; measured, rounded up.
_OVERHEAD: Final = 2048
_PER_HEADER: Final = 160


def key_of(route: Route, raw: RawRequest, asked: Preferences | Refusal) -> Hashable | None:
    """Return what decides how *raw* is understood, `None` where that is not to be remembered."""
    if raw.body or asked is not NO_PREFERENCES:
        return None
    values = tuple(raw.path_values.items()) if raw.path_values else ()
    return (route.path, raw.method, raw.path, values, raw.query, raw.headers, raw.base_url)


def remember(
    memory: BodyMemory, key: Hashable | None, made: Request | Outcome, plan_of: Callable[[Route], Plan]
) -> None:
    """Let *memory* know by *key* how a request was understood, if nothing else had a say in it."""
    if key is None or isinstance(made, Outcome):
        return
    plan, raw = plan_of(made.operation.route), made.raw
    if plan.requirements:
        return
    texts = sum(len(name) + len(text) + _PER_HEADER for name, text in raw.headers)
    memory.keep(key, made, _OVERHEAD + len(raw.path) + len(raw.query) + len(raw.base_url) + texts)
