"""Shows a thing that was made to those it does not belong to: other tenants, and other parents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.behaviour.resources.templates import above, variables
from locum.contract.coercion import shape_of
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.identities import Identity, Part
from locum.verify.model import Result
from locum.verify.suites.identities import without_credentials
from locum.verify.telling import Rule
from locum.verify.things.agreeing import differences
from locum.verify.things.bodies import media_of, values_for, with_value
from locum.verify.things.kinds import entity_of, key_in
from locum.verify.things.looking import listed, read, settled
from locum.verify.things.making import Thing, values_of_own

__all__ = ["estranged"]

SUITE: Final = "resources"
FOREIGN: Final = Rule(
    id="tenant.thing",
    promise="Nobody reads, changes or deletes what another tenant has made",
    suite=SUITE,
    source="OWASP API1:2023",
)
PARENT: Final = Rule(
    id="resource.parent", promise="What was made below one thing is not below another", suite=SUITE
)
_TENANTS: Final = 1


def estranged(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Play strangers: other tenants with every operation on *thing*, and the parent that it does not have."""
    for other in bench.identities.of(Part.OTHER_TENANT)[:_TENANTS]:
        for role in (Role.READ, Role.REPLACE, Role.PATCH, Role.DELETE):
            yield from _as_tenant(bench, thing, other, role)
    yield from _below_another(bench, thing)


def _as_tenant(bench: Bench, thing: Thing, other: Identity, role: Role) -> Iterator[Result]:
    deed = thing.kind.deed(role)
    call = composed(bench, deed.operation, thing.values) if deed is not None else None
    first, before = read(bench, thing)
    if deed is None or call is None or not deed.operation.security or first is None or before is None:
        return
    media = media_of(deed.operation)
    value = next(values_for(bench, media, salt="tenant"), None) if media is not None else None
    if media is not None and value is not None:
        call = with_value(call, media, value)
    seen = bench.send(
        without_credentials(call, bench), deed.operation, identity=other.credential.id, is_wrong=True
    )
    if not seen.is_looked_at:
        return
    name = deed.operation.operation_id
    again, after = read(bench, thing)
    if role is Role.READ:
        is_done = key_in(entity_of(seen, deed.part), thing.kind.resource) == thing.key
    else:
        # Who says yes and does nothing gives nothing away.
        has_changed = after is not None and next(differences(before, after, shape_of({})), None) is not None
        is_done = seen.is_success and again is not None and (again.is_gone or has_changed)
    if not is_done:
        yield FOREIGN.held(name)
        return
    yield FOREIGN.broken(
        name,
        thing.seen.step,
        seen.step,
        *([again.step] if again is not None and role is not Role.READ else []),
        location="path",
        kind=role.value,
        expected="a refusal",
        received=f"{seen.status}, and it was {'shown' if role is Role.READ else 'done'}",
    )


def _below_another(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Look for *thing* below another parent of the same kind, made for that."""
    maker = thing.kind.deed(Role.CREATE)
    path = above(thing.kind.resource.item)
    outer = values_of_own(bench, path) if variables(path) else None
    if maker is None or outer is None or all(thing.values.get(name) == text for name, text in outer.items()):
        return
    moved = replace(thing, values={**thing.values, **outer})
    yield from settled(bench, partial(_not_there, bench, moved))


def _not_there(bench: Bench, moved: Thing) -> Iterator[Result]:
    reader = moved.kind.deed(Role.READ)
    seen, entity = read(bench, moved, is_gone=True)
    found = listed(bench, moved)
    shown = entity is not None and key_in(entity, moved.kind.resource) == moved.key
    for deed, step, is_there in (
        (reader, seen.step if seen else None, shown),
        (
            found[0] if found else None,
            found[1].pages[0].seen.step if found else None,
            found is not None and moved.key in found[1].keys,
        ),
    ):
        if deed is None or step is None:
            continue
        name = deed.operation.operation_id
        if not is_there:
            yield PARENT.held(name)
            continue
        yield PARENT.broken(
            name,
            moved.seen.step,
            step,
            location="path",
            kind=deed.part.role.value,
            expected=f"no {moved.key} below another",
            received=f"{moved.key}",
        )
