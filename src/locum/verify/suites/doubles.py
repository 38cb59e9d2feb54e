"""Makes one thing and counts what has come into its list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.resources.model import Role
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.telling import Rule, place_of
from locum.verify.things.agreeing import is_senders, unkept
from locum.verify.things.changing import shape_sent
from locum.verify.things.looking import listed, shape_shown
from locum.verify.things.making import Thing
from locum.verify.things.walking import Walk

__all__ = ["doubled", "keys_beside"]

ONCE: Final = Rule(
    id="resource.once", promise="Who makes one thing finds one more in its list", suite="resources"
)


def keys_beside(bench: Bench, thing: Thing) -> frozenset[str] | None:
    """Return all keys of the list that *thing* is in, `None` where they are not known."""
    found = listed(bench, thing)
    if found is None or not found[1].is_whole or found[1].entry(thing.key) is None:
        return None
    return frozenset(found[1].keys)


def doubled(bench: Bench, thing: Thing, before: frozenset[str]) -> Iterator[Result]:
    """Look for another entry of what was sent of *thing*, that was not there *before*.

    Others may write at the same time, so that only what says all that was sent is one too many.
    """
    found, maker = listed(bench, thing), thing.kind.deed(Role.CREATE)
    if found is None or maker is None or not found[1].is_whole or found[1].entry(thing.key) is None:
        return
    deed, walked = found
    try:
        more = [
            key for key in walked.keys if key not in before | {thing.key} and _is_alike(thing, walked, key)
        ]
    except ContractError:
        return
    name = maker.operation.operation_id
    if not more:
        yield ONCE.held(name)
        return
    yield ONCE.broken(
        name,
        thing.seen.step,
        *(each.seen.step for each in walked.pages[:2]),
        kind="twice",
        expected=f"{thing.key}, and no other one like it",
        received=f"{more[0]} as well",
        where=place_of(bench.contract, deed.operation),
    )


def _is_alike(thing: Thing, walked: Walk, key: str) -> bool:
    """Tell whether the entry *key* says what was sent, in a text at least that only its sender decides."""
    maker, entry = thing.kind.deed(Role.CREATE), walked.entry(key)
    if maker is None or entry is None or not isinstance(thing.sent, dict):
        return False
    ours, theirs = shape_sent(maker), shape_shown(thing.kind.deed(Role.LIST))
    own = thing.kind.resource.key
    said = [
        name
        for name, value in thing.sent.items()
        if isinstance(value, str) and entry.get(name) == value and is_senders(name, ours, theirs, own)
    ]
    return bool(said) and next(unkept(thing.sent, entry, ours, theirs, own), None) is None
