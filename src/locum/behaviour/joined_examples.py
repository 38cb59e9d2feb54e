"""Joins examples by their names: the reply whose example is called like those that the request says.

A parameter or a body may have named examples, and so may responses; a request that says what all those of
one name say is answered by the response example of that name, whatever its status. Source: Microcks,
OpenAPI conventions. A name that the document's authors gave to one side alone joins nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from locum.behaviour.dispatching import NO_DISPATCH, Dispatch, DispatchError, read_dispatch
from locum.behaviour.model import Request
from locum.contract.model import Example, JsonValue, Location, Operation

__all__ = ["NO_JOINS", "Join", "Joins", "compile_joins", "is_called", "joined", "status_of"]

_SUCCESS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What a request must say to be answered by the example *name* of the response *status*."""

    name: str
    status: int
    #: Values by location and parameter.
    said: tuple[tuple[Location, str, JsonValue], ...] = ()
    #: Bodies of which one must be sent; empty where any may be.
    bodies: tuple[JsonValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Joins:
    """The *known* joins of an operation, those that ask most first, and what its dispatcher adds to them."""

    known: tuple[Join, ...] = ()
    dispatch: Dispatch = NO_DISPATCH
    statuses: Mapping[str, int] = field(default_factory=dict)


#: Of an operation whose requests choose no example; the one that has neither joins nor a dispatcher.
NO_JOINS: Final = Joins()


def compile_joins(operation: Operation) -> Joins:
    """Return the joins of *operation*, by its dispatcher if it has one that is read."""
    try:
        dispatch = read_dispatch(operation)
    except DispatchError:  # told by `locum check`
        dispatch = NO_DISPATCH
    statuses: dict[str, int] = {}
    for status, example in _answers(operation):
        if example.name:
            statuses.setdefault(example.name, status)
    found = [
        join
        for name, status in statuses.items()
        for join in _join(operation, name, status, dispatch.parameters)
    ]
    if dispatch is NO_DISPATCH and not any(join.status // 100 == _SUCCESS for join in found):
        # Names that lead to errors alone are chance: authors call everything `example`.
        return NO_JOINS
    known = sorted(found, key=lambda each: -len(each.said) - bool(each.bodies))
    return Joins(known=tuple(known), dispatch=dispatch, statuses=statuses)


def joined(joins: Joins, request: Request) -> Join | None:
    """Return the one of *joins* that *request* chooses by its dispatcher or what it says, or a fallback."""
    dispatch = joins.dispatch
    if dispatch.name_of is not None:
        name = dispatch.name_of(request)
        if name is not None and name in joins.statuses:
            body = () if isinstance(request.body, bytes) else (request.body,)
            return Join(name=name, status=joins.statuses[name], bodies=body)
        return _fallback(joins)
    sent: Mapping[Location, Mapping[str, JsonValue]] = {
        Location.PATH: request.path,
        Location.QUERY: request.query,
        Location.HEADER: request.headers,
        Location.COOKIE: request.cookies,
    }
    found = (each for each in joins.known if _is_fulfilled(each, request, sent))
    return next(found, None) or _fallback(joins)


def _fallback(joins: Joins) -> Join | None:
    name = joins.dispatch.fallback
    status = None if name is None else joins.statuses.get(name)
    return None if name is None or status is None else Join(name=name, status=status)


def is_called(example: Example, name: str) -> bool:
    """Tell whether *example* is meant by *name*; Prism calls the one that has no name `default`."""
    return (example.name or "default") == name or name in example.ids


def status_of(name: str, operation: Operation) -> int | None:
    """Return the status of the first response with an example called *name*; `None` where there is none."""
    return next((status for status, each in _answers(operation) if is_called(each, name)), None)


def _answers(operation: Operation) -> Iterator[tuple[int, Example]]:
    """Yield the examples of responses with their status, the first one of a range."""
    for response in operation.responses:
        status = response.status.upper().replace("XX", "00")
        if status.isdigit():
            yield from ((int(status), each) for media in response.content for each in media.examples)


def _join(operation: Operation, name: str, status: int, counting: frozenset[str] | None) -> Iterable[Join]:
    said = tuple(
        (parameter.location, parameter.name, example.value)
        for parameter in operation.parameters
        for example in parameter.examples
        if example.name == name and (counting is None or parameter.name in counting)
    )
    has_body = operation.request_body is not None and counting is None
    content = operation.request_body.content if operation.request_body and has_body else ()
    bodies = tuple(example.value for media in content for example in media.examples if example.name == name)
    if said or bodies:
        yield Join(name=name, status=status, said=said, bodies=bodies)


def _is_fulfilled(join: Join, request: Request, sent: Mapping[Location, Mapping[str, JsonValue]]) -> bool:
    says = all(
        name in sent[location] and _is_same(sent[location][name], value)
        for location, name, value in join.said
    )
    return says and (not join.bodies or any(_is_same(request.body, body) for body in join.bodies))


def _is_same(sent: JsonValue | bytes, example: JsonValue) -> bool:
    """Tell whether both are the same; an example of a number is often written as text."""
    return sent == example or (isinstance(example, str) and str(sent) == example)
