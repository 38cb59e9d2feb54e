"""Calls handlers: plain functions by `operationId`, as Connexion users write them.

A function takes what it names: parameters of the operation by name (as written, or as a Python name),
`body`, `identity`, `request` for everything, `world` for the records behind it. It gives the body, or
(body, status), or (body, status, headers), or a `Reply`, a `Refusal`, an `Outcome`. A coroutine function
gives an awaitable; whoever calls awaits it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from locum.behaviour.changes import Change
from locum.behaviour.model import Outcome, Refusal, Reply, Request
from locum.behaviour.world import World
from locum.contract.model import JsonValue, Operation

__all__ = ["Given", "Handler", "adapt_handler", "understand_result"]

#: A function ready to be called; gives whatever the user's function gives.
Handler = Callable[[Request, World], object]

_HEADERS_AT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A body that a handler gave, to be written in a media type the response declares.

    *changes* are made in the session before the reply leaves, and not at all if the body breaks the contract.
    """

    body: JsonValue | bytes = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    changes: tuple[Change, ...] = ()


def adapt_handler(function: Callable[..., Any], operation: Operation) -> Handler:
    """Return *function* as something that is called with a request and its world.

    An argument is found by name among the parameters; one that was not sent and has no default gets `None`.
    """
    asked = _parameters(function)
    takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in asked)
    if [each.name for each in asked] == ["request", "world"]:
        return function
    names = {_python_name(each.name): each.name for each in operation.parameters}
    plain = [each for each in asked if each.kind is not inspect.Parameter.VAR_KEYWORD]

    def call(request: Request, world: World) -> object:
        values = _values(request, world)
        arguments: dict[str, Any] = {}
        for each in plain:
            key = each.name if each.name in values else names.get(each.name, each.name.rstrip("_"))
            if key in values:
                arguments[each.name] = values[key]
            elif each.default is inspect.Parameter.empty:
                arguments[each.name] = None
        if takes_all:
            arguments |= {
                _python_name(key): value for key, value in values.items() if key not in _RESERVED
            } | arguments
        return function(**arguments)

    return call


_RESERVED: Final = frozenset({"request", "world", "body", "identity"})


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return [
        each
        for each in inspect.signature(function).parameters.values()
        if each.kind is not inspect.Parameter.VAR_POSITIONAL
    ]


def _values(request: Request, world: World) -> dict[str, Any]:
    """Return what a handler may ask for by name; the path wins over the query, and so on."""
    return {
        **request.cookies,
        **request.headers,
        **request.query,
        **request.path,
        "body": request.body,
        "identity": request.identity,
        "request": request,
        "world": world,
    }


def _python_name(name: str) -> str:
    """Return the Python name of a parameter, as Connexion makes it.

    >>> _python_name("X-Request-ID"), _python_name("filter[]")
    ('x_request_id', 'filter')
    """
    snake = re.sub(r"[^0-9A-Za-z_]+", "_", name).strip("_")
    return snake.lower() if "-" in name else snake


def understand_result(result: object) -> Given | Reply | Refusal | Outcome:
    """Return what a handler gave in one of our own shapes; raises `TypeError` for anything else."""
    if isinstance(result, Given | Reply | Refusal | Outcome):
        return result
    if not isinstance(result, tuple):
        return Given(body=_plain(result))
    body, *rest = result
    status = int(rest[0]) if rest and rest[0] is not None else None
    headers = rest[1] if len(rest) == _HEADERS_AT else {}
    if len(rest) > _HEADERS_AT or not isinstance(headers, Mapping):
        message = "a handler gives body, status and headers at most"
        raise TypeError(message)
    pairs = tuple((str(name), str(text)) for name, text in headers.items())
    return Given(body=_plain(body), status=status, headers=pairs)


def _plain(body: Any) -> JsonValue | bytes:  # noqa: ANN401 -- whatever a user's function gave
    if body is None or isinstance(body, bytes | str | bool | int | float | list | dict):
        return body
    if isinstance(body, Mapping):
        return dict(body)
    if isinstance(body, tuple):
        return list(body)
    message = f"a handler gave a {type(body).__name__}, which is no JSON value"
    raise TypeError(message)
