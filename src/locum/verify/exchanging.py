"""Between calls as promises name them (`behaviour/exchanges.py`) and calls as they are sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, unquote

from locum.behaviour import exchanges
from locum.behaviour.calls import Call, encoded
from locum.contract.model import Operation
from locum.verify.seen import Seen, Undecoded

__all__ = ["call_of", "exchange_of", "path_values"]


def call_of(promised: exchanges.Call, operation: Operation) -> Call:
    """Return what is sent for a call that a promise names, without a credential."""
    path = operation.route.path
    for name, text in promised.path.items():
        path = path.replace(f"{{{name}}}", encoded(text))
    pairs = (pair.partition("=") for pair in promised.query.split("&") if pair)
    return Call(
        method=operation.route.method.value,
        path=path,
        query=tuple((_sendable(name), _sendable(text)) for name, _, text in pairs),
    )


def exchange_of(seen: Seen, *, now: datetime | None = None, is_valid: bool = True) -> exchanges.Exchange:
    """Return what was seen as promises look at it; the body of one that is no JSON is `None`."""
    operation = seen.operation
    call = exchanges.Call(
        operation=seen.operation_id,
        path=path_values(operation.route.path, seen.call.path) if operation is not None else {},
        query="&".join(f"{name}={text}" for name, text in seen.call.query),
        credential=seen.identity,
    )
    return exchanges.Exchange(
        call=call,
        status=seen.status,
        body=None if isinstance(seen.value, Undecoded) else seen.value,
        headers=seen.headers,
        now=now,
        is_valid=is_valid,
    )


def path_values(template: str, path: str) -> Mapping[str, str]:
    """Return the values of a path's parameters, decoded; none where it is not of the template.

    >>> path_values("/a/{b}/c", "/a/x%20y/c")
    {'b': 'x y'}
    """
    pattern, names = _pattern(template)
    found = pattern.fullmatch(path)
    return dict(zip(names, map(unquote, found.groups()), strict=True)) if found else {}


@lru_cache(maxsize=1024)
def _pattern(template: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    parts = re.split(r"\{([^{}]+)\}", template)
    text = "".join("([^/]*)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(text), tuple(parts[1::2])


def _sendable(text: str) -> str:
    """Encode what cannot stand in a request line, and nothing else."""
    return quote(text, safe="%!$'()*,:@;/?[]~+{}|\\^`")
