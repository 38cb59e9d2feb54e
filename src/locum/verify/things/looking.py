"""Looks at what was made: reads it, finds it in its list, and looks again before anything is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from locum.behaviour.exchanges import Judgement
from locum.behaviour.resources.bodies import answer_shape, follow
from locum.behaviour.resources.model import Paging, Role
from locum.contract.coercion import Shape, shape_of
from locum.contract.model import JsonObject, Location
from locum.contract.writing import write_text
from locum.errors import ContractError
from locum.verify.bases import base_of
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.derived import derived
from locum.verify.editing import texts_in
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.things.kinds import Deed, entity_of
from locum.verify.things.making import Thing
from locum.verify.things.walking import Walk, as_sent, walk

__all__ = ["is_narrowed", "listed", "read", "settled", "shape_shown"]

#: Seconds that a server is given before it is looked at again; some finish what they do a little later.
_RESTS_S: Final = (0.2, 0.8)
_LARGE: Final = 100


def settled(bench: Bench, look: Callable[[], Iterator[Result]]) -> Iterator[Result]:
    """Yield what *look* finds; what is broken only if it stays broken."""
    found = [*look()]
    for rest_s in _RESTS_S:
        if not any(each.judgement is Judgement.BROKEN for each in found):
            break
        bench.target.rest(rest_s)
        found = [*look()]
    yield from (derived(bench, each) for each in found)


def read(bench: Bench, thing: Thing, *, is_gone: bool = False) -> tuple[Seen | None, JsonObject | None]:
    """Return the answer to reading *thing*, and what it shows of it; `None` where nothing reads it.

    *is_gone* says that it should be refused.
    """
    deed = thing.kind.deed(Role.READ)
    call = composed(bench, deed.operation, thing.values) if deed is not None else None
    if deed is None or call is None:
        return None, None
    seen = bench.send(call, deed.operation, is_wrong=is_gone)
    return seen, entity_of(seen, deed.part)


def listed(bench: Bench, thing: Thing) -> tuple[Deed, Walk] | None:
    """Return the pages of the list that *thing* stands in, in the largest pages there are."""
    deed = thing.kind.deed(Role.LIST)
    if deed is None:
        return None
    call = composed(bench, deed.operation, thing.values)
    base = base_of(bench, deed.operation)
    if call is None or base is None:
        return None
    size = deed.part.paging.usual if deed.part.paging.size else None
    found = walk(bench, thing.kind, deed, call, size=size and min(size, _LARGE))
    return (deed, found) if found.pages else None


def is_narrowed(deed: Deed, walked: Walk, thing: Thing) -> bool:
    """Tell whether a list can be asked for only by what may leave *thing* out, such as a span of time."""
    told, paging = thing.entity or {}, {as_sent(each) for each in _words(deed.part.paging)}
    narrowing = [
        each
        for each in deed.operation.parameters
        if each.required and each.location is Location.QUERY and each.name not in paging
    ]
    asked = {
        each.name: texts_in(page.seen.call, deed.operation, each)
        for page in walked.pages[:1]
        for each in narrowing
    }
    return any(texts and texts != (write_text(told.get(name)),) for name, texts in asked.items())


def _words(paging: Paging) -> tuple[str, ...]:
    return (paging.size, paging.page, paging.offset, paging.cursor, paging.after, paging.before)


def shape_shown(deed: Deed | None) -> Shape:
    """Return what the document says of the entity that an operation shows."""
    try:
        answer = answer_shape(deed.operation) if deed is not None else None
    except ContractError:
        answer = None
    if deed is None or answer is None or deed.part.answer is None:
        return shape_of({})
    shape = follow(answer[2], deed.part.answer)
    return follow(shape.item(), deed.part.element) if deed.part.role is Role.LIST else shape
