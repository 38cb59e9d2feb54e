"""Deletes what this verification has made and not deleted itself, where the contract has a way to."""

from __future__ import annotations

from collections.abc import Iterator

from locum.behaviour.resources.model import Role
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.model import Result
from locum.verify.things.kinds import kinds_of

__all__ = ["tidying"]


def tidying(bench: Bench) -> Iterator[Result]:
    """Delete it, the last one made first."""
    kinds = {each.resource.item: each for each in kinds_of(bench)} if bench.made else {}
    for resource, values in reversed([*bench.made.values()]):
        kind = kinds.get(resource.item)
        deed = kind.deed(Role.DELETE) if kind is not None else None
        call = composed(bench, deed.operation, values) if deed is not None else None
        if deed is not None and call is not None:
            # A thing may be gone already, with what it was below.
            bench.send(call, deed.operation, is_wrong=True)
    yield from ()
