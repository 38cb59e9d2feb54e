"""Makes requests that keep a requirement and requests that break it, out of one that is answered well.

Values are documented ones, generated ones, and those of the other parameters that the rule speaks of; a rule
that is met by none of them needs `kept` and `broken` beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, product
from typing import Final
from urllib.parse import unquote

import orjson

from locum.behaviour.calls import Call
from locum.behaviour.contents import Generates
from locum.behaviour.exchanges import Judgement
from locum.behaviour.requirements import Asked, Requirement, judge_request
from locum.contract.model import JsonValue, Location, Operation, Parameter
from locum.contract.styles import compile_parameters
from locum.contract.writing import write_parameter
from locum.errors import ContractError, GenerationError
from locum.generation.media import encode, is_json
from locum.generation.streams import stable_seed

__all__ = ["Cases", "make_cases"]

#: Values made up for one parameter, and combinations tried of all.
_MADE: Final = 6
_MOST: Final = 600
_BODIES: Final = 64
_NAMES: Final = re.compile(r"(?:query|headers)\.([A-Za-z_]\w*)|'([^']+)'")
_MADE_UP: Final = (GenerationError, ContractError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """The first request found that keeps a requirement, and the first that breaks it, if there is one."""

    kept: Call | None = None
    broken: Call | None = None

    @property
    def are_whole(self) -> bool:
        """Whether both are there."""
        return self.kept is not None and self.broken is not None


def make_cases(  # noqa: PLR0913 -- everything a decision depends on is an argument
    requirement: Requirement,
    operation: Operation,
    base: Call,
    *,
    generator: Generates,
    now: datetime | None = None,
    settings: Mapping[str, JsonValue] | None = None,
) -> Cases:
    """Return what was found among the changes of *base*, a request to *operation* with valid values."""
    found = Cases()
    changed = _with_bodies if requirement.subjects and not requirement.location else _with_values
    for call in islice(changed(requirement, operation, base, generator), _MOST):
        asked = _asked(call, operation, now, settings or {})
        ((_, verdict),) = judge_request([requirement], asked)
        if verdict.judgement is Judgement.HELD and found.kept is None:
            found = replace(found, kept=call)
        if verdict.judgement is Judgement.BROKEN and found.broken is None:
            found = replace(found, broken=call)
        if found.are_whole:
            break
    return found


def _with_values(
    requirement: Requirement, operation: Operation, base: Call, generator: Generates
) -> Iterator[Call]:
    named = _named(requirement, operation)
    own = [list(_values(each, generator)) for each in named]
    shared = [value for values in own for value in values]
    choices = [
        [*([None] if not each.required else []), *_valid(each, [*values, *shared])]
        for each, values in zip(named, own, strict=True)
    ]
    for chosen in product(*choices):
        call = base
        for parameter, value in zip(named, chosen, strict=True):
            call = _with_value(call, parameter, value)
        yield call


def _named(requirement: Requirement, operation: Operation) -> list[Parameter]:
    """Return the parameters that a rule speaks of, of those that can be exchanged one by one."""
    text = f"{requirement.expression.text} {requirement.when.text if requirement.when else ''}"
    names = {name for found in _NAMES.findall(text) for name in found if name} | {requirement.name}
    return [
        each
        for each in operation.parameters
        if each.location in {Location.QUERY, Location.HEADER}
        and (each.name in names or each.name.lower() in names)
    ]


def _values(parameter: Parameter, generator: Generates) -> Iterator[JsonValue]:
    yield from (each.value for each in parameter.examples)
    if parameter.schema is None:
        return
    schema = parameter.schema.bundle()
    yield from (schema[key] for key in ("minimum", "maximum", "default") if key in schema)
    listed = schema.get("enum")
    yield from listed if isinstance(listed, list) else ()
    try:
        produce = generator.producer(schema)
        yield from (produce(stable_seed("case", parameter.name, turn)) for turn in map(str, range(_MADE)))
    except _MADE_UP:
        return


def _valid(parameter: Parameter, values: Iterable[JsonValue]) -> list[JsonValue]:
    """Return the values that *parameter* takes, each once, the first few."""
    known = {orjson.dumps(value): value for value in values if value is not None}
    taken = (each for each in known.values() if parameter.schema is None or parameter.schema.is_valid(each))
    return [*islice(taken, 2 * _MADE)]


def _with_value(call: Call, parameter: Parameter, value: JsonValue) -> Call:
    if parameter.location is Location.HEADER:
        pairs = write_parameter(parameter, value) if value is not None else ()
        return call.with_header(parameter.name, pairs[0][1] if pairs else None)
    bare = call.with_query(parameter.name, ())
    if value is None:
        return bare
    return replace(bare, query=(*bare.query, *write_parameter(parameter, value)))


def _with_bodies(_: Requirement, operation: Operation, base: Call, generator: Generates) -> Iterator[Call]:
    media = operation.request_body.content if operation.request_body is not None else ()
    for each in media:
        if each.schema is None or not is_json(each.name):
            continue
        bundle = each.schema.bundle()
        for example in each.examples:
            yield replace(base, body=encode(example.value, each.name, bundle))
        try:
            produce = generator.producer(bundle)
            made = [produce(stable_seed("case", "body", str(turn))) for turn in range(_BODIES)]
        except _MADE_UP:
            continue
        for value in made:
            headers = base.with_header("Content-Type", each.name)
            yield replace(headers, body=encode(value, each.name, bundle))


def _asked(
    call: Call, operation: Operation, now: datetime | None, settings: Mapping[str, JsonValue]
) -> Asked:
    query = "&".join(f"{name}={text}" for name, text in call.query)
    headers = tuple((name.lower(), text) for name, text in call.headers)
    sent = compile_parameters(operation.parameters).read(_path_values(operation, call), query, headers)
    return Asked(
        operation=operation.operation_id,
        query=sent.query,
        path=sent.path,
        headers={name.lower(): value for name, value in sent.headers.items()},
        cookies=sent.cookies,
        body=_json(call.body),
        now=now,
        settings=settings,
    )


def _path_values(operation: Operation, call: Call) -> dict[str, str]:
    parts = re.split(r"\{([^{}]+)\}", operation.route.path)
    pattern = "".join("([^/]*)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    found = re.fullmatch(pattern, call.path)
    return dict(zip(parts[1::2], map(unquote, found.groups()), strict=True)) if found else {}


def _json(body: bytes) -> JsonValue:
    try:
        found: JsonValue = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return found
