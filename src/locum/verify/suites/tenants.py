"""Calls as another tenant, and for another tenant's things: nobody sees what belongs to somebody else.

Source: OWASP API Security Top 10 2023, API1 (broken object level authorization).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import orjson

from locum.behaviour.calls import Call
from locum.contract.model import JsonValue, Location, Operation, Parameter
from locum.verify.bases import base_of, is_supplied
from locum.verify.bench import Bench
from locum.verify.composing import is_playable
from locum.verify.editing import texts_in, with_texts
from locum.verify.exchanging import call_of
from locum.verify.identities import Identity, Part
from locum.verify.model import Result
from locum.verify.seen import Seen, Undecoded
from locum.verify.suites.identities import without_credentials
from locum.verify.telling import Rule

__all__ = ["tenants"]

SUITE: Final = "tenants"
SHARED: Final = Rule(
    id="tenant.shared",
    promise="Two tenants are not shown the same thing",
    suite=SUITE,
    source="OWASP API1:2023",
)
FOREIGN: Final = Rule(
    id="tenant.foreign",
    promise="Nobody is shown a thing by asking for another tenant's",
    suite=SUITE,
    source="OWASP API1:2023",
)
#: Tenants that are tried, those that a server does not know left aside, and things of each.
_TENANTS: Final = 2
_MOST_TENANTS: Final = 8
_THINGS: Final = 2
#: Calls of the rules as another tenant that are sent as the good one as well.
_CALLS: Final = 3


def tenants(bench: Bench) -> Iterator[Result]:
    """Play other tenants against every operation that asks who calls."""
    operations = [each for each in bench.operations if each.security and is_playable(bench, each)]
    others = _known(bench, operations)
    heard: dict[str, list[Seen]] = {each.credential.id: [] for each in others}
    for operation in operations:
        base = base_of(bench, operation)
        if base is None:
            continue
        if not others:
            yield SHARED.unseen(operation.operation_id, "no other tenant's credential is known")
        for other in others:
            seen = _as(bench, operation, base, other)
            if seen.is_success:
                heard[other.credential.id].append(seen)
            yield from _shared(operation, base, seen)
    for other in others:
        for operation in operations:
            yield from _foreign(bench, operation, heard[other.credential.id])
            yield from _lent(bench, operation, other)


def _known(bench: Bench, operations: list[Operation]) -> tuple[Identity, ...]:
    """Return the tenants to be tried, those first who are let in: a server need not know all of them."""
    everybody = bench.identities.of(Part.OTHER_TENANT)
    if len(everybody) <= _TENANTS:
        return everybody
    called = ((each, base) for each in operations if (base := base_of(bench, each)) is not None)
    first = next(called, None)
    if first is None:
        return everybody[:_TENANTS]
    known: list[Identity] = []
    for other in everybody[:_MOST_TENANTS]:
        if len(known) < _TENANTS and _as(bench, *first, other).is_success:
            known.append(other)
    return tuple([*known, *(each for each in everybody if each not in known)][:_TENANTS])


def _as(bench: Bench, operation: Operation, base: Seen, other: Identity) -> Seen:
    call = without_credentials(base.call, bench)
    return bench.send(call, operation, identity=other.credential.id)


def _shared(operation: Operation, base: Seen, seen: Seen) -> Iterator[Result]:
    """Judge whether what is told to one is told to another as well."""
    if not seen.is_success or isinstance(base.value, Undecoded) or isinstance(seen.value, Undecoded):
        return
    own = {*_things(base.value)}
    same = own & {*_things(seen.value)}
    if not same:
        yield SHARED.held(operation.operation_id)
        return
    yield SHARED.broken(
        operation.operation_id,
        base.step,
        seen.step,
        location="body",
        kind="same-thing",
        expected="a refusal, nothing, or things of its own",
        received=min(same).decode()[:200],
    )


def _things(value: JsonValue) -> Iterator[bytes]:
    """Yield what a body tells: the objects of its lists, or itself where it has none."""
    listed = [*_listed(value)]
    for each in listed or ([value] if isinstance(value, dict) and len(value) > 1 else []):
        yield orjson.dumps(each, option=orjson.OPT_SORT_KEYS)


def _listed(value: JsonValue) -> Iterator[JsonValue]:
    """Yield the objects in the lists of *value* that have a name of their own: an id or the like."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _listed(each)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict) and any(map(_is_id, each)):
                yield each


def _is_id(name: str) -> bool:
    return name.lower() in {"id", "uuid"} or name.endswith(("_id", "-id", "Id", "ID", "_uuid", "Uuid"))


def _foreign(bench: Bench, operation: Operation, heard: list[Seen]) -> Iterator[Result]:
    """Ask, as the good one, for things that only another tenant has been shown."""
    base = bench.bases.get(operation.operation_id)
    if base is None:
        return
    for parameter in operation.parameters:
        if parameter.location not in {Location.PATH, Location.QUERY} or not _is_id(parameter.name):
            continue
        own = {*texts_in(base.call, operation, parameter), *_texts(base.value, parameter.name)}
        theirs = dict.fromkeys(text for seen in heard for text in _texts(seen.value, parameter.name))
        for text in [each for each in theirs if each not in own][:_THINGS]:
            call = without_credentials(with_texts(base.call, operation, parameter, [text]), bench)
            seen = bench.send(call, operation)
            yield from _judged(operation, seen, parameter, text)


def _judged(operation: Operation, seen: Seen, parameter: Parameter, text: str) -> Iterator[Result]:
    if not seen.is_looked_at:
        return
    shows = seen.is_success and (
        text in _texts(seen.value, parameter.name) or parameter.location is Location.PATH
    )
    if not shows or isinstance(seen.value, Undecoded) or not _tells(seen.value):
        yield FOREIGN.held(operation.operation_id)
        return
    yield FOREIGN.broken(
        operation.operation_id,
        seen.step,
        location=f"{parameter.location.value}.{parameter.name}",
        kind="foreign-thing",
        expected="a refusal, or nothing",
        received=f"{seen.status}, with what belongs to another tenant",
    )


def _tells(value: JsonValue) -> bool:
    """Tell whether a body says anything of a thing: an empty list in an envelope does not."""
    lists = [*_lists(value)]
    return any(lists) if lists else bool(value)


def _lists(value: JsonValue) -> Iterator[list[JsonValue]]:
    if isinstance(value, list):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _lists(each)


def _lent(bench: Bench, operation: Operation, other: Identity) -> Iterator[Result]:
    """Ask, as the good one, what the rules ask as another tenant: its things are not told to both."""
    named = {call.target: call for call in _asked_by(bench, operation, other)}
    for call in [*named.values()][:_CALLS]:
        theirs = bench.send(call, operation, identity=other.credential.id)
        if theirs.is_success and not isinstance(theirs.value, Undecoded) and _tells(theirs.value):
            yield from _shared(operation, theirs, bench.send(call, operation))


def _asked_by(bench: Bench, operation: Operation, other: Identity) -> Iterator[Call]:
    promised = (*bench.promises.calls, *(call for each in bench.promises.relations for call in each.calls))
    for each in promised:
        texts = (each.query, *each.path.values())
        is_theirs = each.operation == operation.operation_id and each.credential == other.credential.id
        if is_theirs and any(texts) and all(map(is_supplied, texts)):
            yield without_credentials(call_of(each, operation), bench)


def _texts(value: JsonValue | Undecoded, name: str) -> Mapping[str, None]:
    """Return the texts of every member *name* anywhere in *value*, in order."""
    found: dict[str, None] = {}

    def look(each: JsonValue) -> None:
        if isinstance(each, dict):
            said = each.get(name)
            if isinstance(said, str | int) and not isinstance(said, bool):
                found[str(said)] = None
            for inner in each.values():
                look(inner)
        elif isinstance(each, list):
            for inner in each:
                look(inner)

    if not isinstance(value, Undecoded):
        look(value)
    return found
