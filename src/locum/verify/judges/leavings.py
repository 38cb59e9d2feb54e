"""Notes what calls have made on the server, whoever has sent them, so that it can be taken away at the end.

Judges nothing: it only looks at the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from locum.behaviour.resources.model import Role
from locum.behaviour.resources.templates import fill_template
from locum.verify.bench import Bench
from locum.verify.exchanging import path_values
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.things.kinds import entity_of, key_in

__all__ = ["leavings"]

_MADE: Final = 201


def leavings(bench: Bench, seen: Seen) -> Iterator[Result]:
    """Note what *seen* has made, and forget what it has deleted; yields nothing."""
    operation = seen.operation
    if operation is None or not bench.options.allow_writes or not seen.is_success:
        return
    found = (
        bench.recognition.of(operation.route) if seen.call.method == operation.route.method.value else None
    )
    if found is None:
        return
    resource, part = found
    outer = path_values(operation.route.path, seen.call.path)
    if part.role is Role.DELETE:
        bench.made.pop(fill_template(resource.item, outer), None)
    elif part.role is Role.CREATE or (part.role is Role.REPLACE and seen.status == _MADE):
        key = outer.get(resource.variable) or key_in(entity_of(seen, part), resource)
        if key is not None and resource.variable:
            values = {**outer, resource.variable: key}
            bench.made[fill_template(resource.item, values)] = (resource, values)
    yield from ()
