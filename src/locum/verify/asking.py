"""What a call asks, decoded by its operation, as requirements look at it."""

from __future__ import annotations

import orjson

from locum.behaviour.calls import Call
from locum.behaviour.requirements import Asked, Requirement, broken_by
from locum.contract.model import JsonValue, Operation, Parameter
from locum.contract.styles import UNREADABLE, compile_parameters
from locum.verify.bench import Bench
from locum.verify.exchanging import path_values

__all__ = ["asked_of", "breaks", "is_opaque"]


def asked_of(call: Call, operation: Operation, bench: Bench) -> Asked:
    """Return what *call* asks of *operation*; what cannot be read is left out."""
    sent = compile_parameters(operation.parameters).read(
        path_values(operation.route.path, call.path),
        "&".join(f"{name}={text}" for name, text in call.query),
        tuple((name.lower(), text) for name, text in call.headers),
    )
    return Asked(
        operation=operation.operation_id,
        query=_readable(sent.query),
        path=_readable(sent.path),
        headers=_readable(sent.headers),
        cookies=_readable(sent.cookies),
        body=_json(call.body),
        now=bench.options.now,
    )


def breaks(call: Call, operation: Operation, bench: Bench) -> list[Requirement]:
    """Return the requirements that *call* does not keep: it is rightly refused."""
    concerned = [each for each in bench.promises.requirements if operation.operation_id in each.operations]
    return broken_by(concerned, asked_of(call, operation, bench)) if concerned else []


def is_opaque(bench: Bench, operation: Operation, parameter: Parameter) -> bool:
    """Tell whether values of *parameter* are good only if an answer has given them."""
    return any(
        each.name == parameter.name
        and each.location is parameter.location
        and operation.operation_id in each.operations
        for each in bench.promises.opaque
    )


def _readable(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in values.items() if value is not UNREADABLE}


def _json(body: bytes) -> JsonValue:
    try:
        found: JsonValue = orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        return None
    return found
