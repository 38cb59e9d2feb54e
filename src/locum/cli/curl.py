"""Composes curl lines: for the banner one that works, the first thing a newcomer runs; for a catalogue any.

For the banner an operation is chosen whose required parameters all have a documented value, and a credential
that opens it. Nothing is made up: a line is offered only when everything in it is known to be right.
Requests are composed by `behaviour/calls.py`; here they are written.
"""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from locum.behaviour.calls import Call, compose
from locum.behaviour.scenarios import Natural
from locum.catalog import Entry
from locum.contract.contract import Contract
from locum.contract.model import HttpMethod, JsonObject, JsonValue, Operation, Route, SecurityScheme
from locum.errors import ContractError
from locum.generation.bundle import compile_check, unmet
from locum.generation.model import Producer, Variant

__all__ = ["curl_line", "write_curl"]

#: How many operations are looked into before giving up; each look costs a reading.
_LOOKS: Final = 20
#: What stands for a value where the schema names no more than a type.
_PLAIN: Final[dict[JsonValue, JsonValue]] = {"string": "a", "integer": 1, "number": 1, "boolean": True}
#: Schemes that need no exchange of messages before (RFC 7617, RFC 6750).
_AT_ONCE: Final = frozenset({None, "basic", "bearer"})
_BASIC: Final = "Basic "


class _Plain:
    """Makes the plain value of a type where the schema asks no more, and nothing else."""

    def producer(self, schema: JsonObject, /, *, variant: Variant = Variant.FULL) -> Producer:  # noqa: ARG002 -- as any generator
        kind = schema.get("type")
        value = _PLAIN.get(kind) if isinstance(kind, str) else None
        if value is None or not compile_check(schema, "")(value):
            raise unmet("type", "", "no value is documented")
        return lambda _: value


def curl_line(entry: Entry, base_url: str) -> str:
    """Return a curl line that is answered well below *base_url*, `""` when none can be vouched for."""
    # Nobody wants to type what the catalogue narrows its calls by.
    fixtures = replace(entry.fixtures, calls={})
    for operation in islice(_readable(entry.contract), _LOOKS):
        if operation.request_body is not None and operation.request_body.required:
            continue
        call = compose(
            Natural(operation=operation.operation_id),
            operation,
            contract=entry.contract,
            fixtures=fixtures,
            generator=_Plain(),
        )
        if call is not None and "{" not in call.path:
            return write_curl(call, base_url)
    return ""


def write_curl(call: Call, base_url: str, options: Sequence[str] = ()) -> str:
    """Return the line that sends *call* to the contract at *base_url*; *options* of curl come first."""
    words = ["curl", *options]
    if call.method != "GET":
        words += ["-X", call.method]
    for name, text in call.headers:
        is_basic = name == "Authorization" and text.startswith(_BASIC)
        words += _user(text) if is_basic else ["-H", f"{name}: {text}"]
    if call.body:
        words += ["--data-binary", call.body.decode("utf-8", "replace")]
    # Without -g curl takes brackets for a range.
    words += ["-g"] if any(each in call.target for each in "[]{}") and "-g" not in options else []
    return shlex.join([*words, f"{base_url}{call.target}"])


def _user(text: str) -> list[str]:
    return ["-u", base64.b64decode(text.removeprefix(_BASIC)).decode("utf-8", "replace")]


def _readable(contract: Contract) -> Iterator[Operation]:
    """Yield the operations that only read and can be opened, those with the fewest path variables first."""
    reading = [route for route in contract.routes if route.method is HttpMethod.GET and not route.deprecated]
    for route in sorted(reading, key=_variables):
        try:
            yield from _within_reach(contract.operation(route), contract.security_schemes)
        except ContractError:
            continue


def _within_reach(operation: Operation, schemes: Mapping[str, SecurityScheme]) -> Iterator[Operation]:
    """Yield *operation* with the alternatives of its security that one request can meet, if there are any."""
    kept = tuple(
        each
        for each in operation.security
        if all(name in schemes and schemes[name].http_scheme in _AT_ONCE for name in each.schemes)
    )
    if kept or not operation.security:
        yield replace(operation, security=kept)


def _variables(route: Route) -> int:
    return route.path.count("{")
