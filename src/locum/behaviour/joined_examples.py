"""Joins examples by their names: the reply whose example is called like those that the request says.

A parameter or a body may have named examples, and so may responses; a request that says what all those of
one name say is answered by the response example of that name, whatever its status. Source: Microcks,
OpenAPI conventions. A name that the document's authors gave to one side alone joins nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from locum.behaviour.model import Request
from locum.contract.model import Example, JsonValue, Location, Operation

__all__ = ["Join", "Joins", "compile_joins", "is_called", "joined", "status_of"]

_SUCCESS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What a request must say to be answered by the example *name* of the response *status*."""

    name: str
    status: int
    #: Values by location and parameter.
    said: tuple[tuple[Location, str, JsonValue], ...]
    #: Bodies of which one must be sent; empty where any may be.
    bodies: tuple[JsonValue, ...] = ()


Joins = tuple[Join, ...]


def compile_joins(operation: Operation) -> Joins:
    """Return the joins of *operation*, those that ask most first."""
    found = [join for name, status in _answers(operation) for join in _join(operation, name, status)]
    if not any(join.status // 100 == _SUCCESS for join in found):
        # Names that lead to errors alone are chance: authors call everything `example`.
        return ()
    return tuple(sorted(found, key=lambda each: -len(each.said) - bool(each.bodies)))


def joined(joins: Joins, request: Request) -> Join | None:
    """Return the first of *joins* that *request* fulfils."""
    sent: Mapping[Location, Mapping[str, JsonValue]] = {
        Location.PATH: request.path,
        Location.QUERY: request.query,
        Location.HEADER: request.headers,
        Location.COOKIE: request.cookies,
    }
    return next((each for each in joins if _is_fulfilled(each, request, sent)), None)


def is_called(example: Example, name: str) -> bool:
    """Tell whether *example* is meant by *name*; Prism calls the one that has no name `default`."""
    return (example.name or "default") == name or name in example.ids


def status_of(name: str, operation: Operation) -> int | None:
    """Return the status of the first response with an example called *name*; `None` where there is none."""
    for response in operation.responses:
        status = response.status.upper().replace("XX", "00")
        examples = (each for media in response.content for each in media.examples)
        if status.isdigit() and any(is_called(each, name) for each in examples):
            return int(status)
    return None


def _answers(operation: Operation) -> Iterable[tuple[str, int]]:
    """Yield each name of a response example with its status, the first status of a name alone."""
    known: dict[str, int] = {}
    for response in operation.responses:
        status = response.status.replace("XX", "00").replace("xx", "00")
        for media in response.content:
            for example in media.examples:
                if example.name and status.isdigit():
                    known.setdefault(example.name, int(status))
    return known.items()


def _join(operation: Operation, name: str, status: int) -> Iterable[Join]:
    said = tuple(
        (parameter.location, parameter.name, example.value)
        for parameter in operation.parameters
        for example in parameter.examples
        if example.name == name
    )
    content = operation.request_body.content if operation.request_body else ()
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
