"""Deletes a thing below which another was made, and sees that what was below it is not shown any more.

A pair is made for it: a server that keeps what has something below it refuses, and nothing is said of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.behaviour.resources.templates import variables
from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.seen import Seen, absences_of
from locum.verify.telling import Rule
from locum.verify.things.kinds import Kind, kinds_of
from locum.verify.things.looking import read, settled
from locum.verify.things.making import Thing, made, removed

__all__ = ["orphaned"]

ORPHANED: Final = Rule(
    id="resource.orphaned",
    promise="What was below a thing that was deleted is not shown, where its absence is declared",
    suite="resources",
)


def orphaned(bench: Bench, kind: Kind, outer: Mapping[str, str]) -> Iterator[Result]:
    """Play that for every kind of which one can be made and read right below a thing of *kind*."""
    if kind.deed(Role.DELETE) is None or kind.deed(Role.READ) is None:
        return
    for child in kinds_of(bench):
        reader = child.deed(Role.READ)
        if reader is None or child.deed(Role.CREATE) is None or not _is_right_below(child, kind):
            continue
        if absences_of(reader.operation):
            yield from _below(bench, kind, child, outer)


def _is_right_below(child: Kind, kind: Kind) -> bool:
    """Tell whether one of *child* is named by one of *kind* and its own key, and nothing between them."""
    own, inner = kind.resource.item, child.resource.item
    return inner.startswith(f"{own}/") and variables(inner)[:-1] == variables(own)


def _below(bench: Bench, kind: Kind, child: Kind, outer: Mapping[str, str]) -> Iterator[Result]:
    parent = made(bench, kind, outer, salt="with something below")[0]
    inner = made(bench, child, parent.values)[0] if parent is not None else None
    if parent is None or inner is None or parent.seen.is_postponed or read(bench, inner)[1] is None:
        _tidied(bench, inner, parent)
        return
    done = removed(bench, parent)
    above = read(bench, parent, is_gone=True)[0]
    is_done = done is not None and done.is_success and not done.is_postponed
    if done is None or not is_done or above is None or not above.is_gone:
        _tidied(bench, inner, parent)
        return
    yield from settled(bench, partial(_shown, bench, inner, done))


def _tidied(bench: Bench, *things: Thing | None) -> None:
    for each in things:
        if each is not None:
            removed(bench, each, is_gone=True)


def _shown(bench: Bench, inner: Thing, done: Seen) -> Iterator[Result]:
    seen, entity = read(bench, inner, is_gone=True)
    reader = inner.kind.deed(Role.READ)
    if seen is None or reader is None or not seen.is_looked_at:
        return
    if seen.is_refusal:
        yield ORPHANED.held(reader.operation.operation_id)
    elif entity is not None:
        yield ORPHANED.broken(
            reader.operation.operation_id,
            inner.seen.step,
            done.step,
            seen.step,
            location="path",
            kind="still-there",
            expected="404 or 410",
            received=str(seen.status),
        )
