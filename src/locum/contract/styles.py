"""Reads parameters as they were sent, by location, style, explode and schema.

`compile_parameters` looks at the declarations once; `ParameterReader.read` then takes one pass over what
one request sent. Values come out typed where their text allows it, and as text where it does not: saying
so is the schema's business. Next: `delimiting.py`, `coercion.py`; the way back is `writing.py`.

Source: OpenAPI 3.1.1, sections 4.8.12.2 to 4.8.12.6; RFC 6570.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from locum.contract.coercion import ANYTHING, Shape, shape_of
from locum.contract.delimiting import (
    Read,
    StyleError,
    Texts,
    array_reader,
    content_reader,
    decode,
    object_reader,
    scalar_reader,
)
from locum.contract.model import JsonValue, Location, Parameter, Style, Violation

__all__ = [
    "UNREADABLE",
    "FieldReader",
    "ParameterReader",
    "Sent",
    "compile_fields",
    "compile_parameters",
    "read_pairs",
]

#: Stands for a value that could not be read; compare by identity.
UNREADABLE: Final[JsonValue] = {}
#: Headers that other parts of a request's declaration speak of (3.1.1, 4.8.12.1).
_SPOKEN_FOR: Final = frozenset({"accept", "content-type", "authorization"})


class Sent(NamedTuple):
    """The parameters of one request: values by declared name, and what could not be read.

    What could not be read is there as `UNREADABLE`.
    """

    path: dict[str, JsonValue]
    query: dict[str, JsonValue]
    headers: dict[str, JsonValue]
    cookies: dict[str, JsonValue]
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldReader:
    """Reads the parameters of one location, or the fields of a form.

    *below* is where violations are located. *names* maps a sent name to the declared one; *members* those of
    exploded objects to their owner; *open_to* is the parameter that takes every name nobody else knows.
    """

    below: tuple[str, ...]
    readers: Mapping[str, tuple[Parameter, Read]]
    names: Mapping[str, str]
    members: Mapping[str, str]
    nested: frozenset[str]
    open_to: str | None

    def read(
        self,
        pairs: Iterable[tuple[str, str]],
        wrong: list[Violation],
        rest: list[tuple[str, str]] | None = None,
    ) -> dict[str, JsonValue]:
        """Return values by declared name; add to *wrong* what cannot be read, to *rest* what is not known."""
        sent: dict[str, Texts] = {}
        for name, text in pairs:
            known = self.names.get(name)
            if known is not None:
                sent.setdefault(known, []).append(((), text))
            elif place := _place(self, name):
                sent.setdefault(place[0], []).append((place[1], text))
            elif rest is not None:
                rest.append((name, text))
        values: dict[str, JsonValue] = {}
        for name, texts in sent.items():
            parameter, read = self.readers[name]
            try:
                values[name] = read(texts)
            except StyleError as error:
                wrong.append(_violation(self.below, parameter, str(error), texts))
                values[name] = UNREADABLE
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterReader:
    """Reads the parameters of one operation; made by `compile_parameters`."""

    path: FieldReader
    query: FieldReader
    headers: FieldReader
    cookies: FieldReader

    def read(self, path_values: Mapping[str, str], query: str, headers: Iterable[tuple[str, str]]) -> Sent:
        """Read what one request sent: decoded path texts, the raw query, headers with lower-case names."""
        wrong: list[Violation] = []
        in_path = self.path.read(path_values.items(), wrong) if self.path.readers else {}
        in_query = self.query.read(read_pairs(query), wrong) if query and self.query.readers else {}
        in_headers = self.headers.read(_joined(headers), wrong) if self.headers.readers else {}
        in_cookies = self.cookies.read(_cookie_pairs(headers), wrong) if self.cookies.readers else {}
        return Sent(
            path=in_path, query=in_query, headers=in_headers, cookies=in_cookies, violations=tuple(wrong)
        )


def compile_parameters(parameters: Iterable[Parameter]) -> ParameterReader:
    """Compile *parameters* of one operation into a reader; raises as `Schema.bundle`."""
    declared = [each for each in parameters if not _is_spoken_for(each)]
    groups = {place: _group(place, declared) for place in Location}
    return ParameterReader(
        path=groups[Location.PATH],
        query=groups[Location.QUERY],
        headers=groups[Location.HEADER],
        cookies=groups[Location.COOKIE],
    )


def _group(location: Location, parameters: Iterable[Parameter]) -> FieldReader:
    here = [each for each in parameters if each.location is location]
    return compile_fields(
        [(each, shape_of(each.schema.bundle()) if each.schema else None) for each in here],
        below=("request", location.value),
    )


def compile_fields(
    fields: Iterable[tuple[Parameter, Shape | None]], *, below: tuple[str, ...]
) -> FieldReader:
    """Compile the fields of one location, each with the shape of its values, into a reader."""
    shapes = {parameter.name: (parameter, shape) for parameter, shape in fields}
    exploded = {
        name: shape for name, (each, shape) in shapes.items() if shape and _is_exploded_object(each, shape)
    }
    # An object that is sent member by member never shows its own name.
    unseen = {name for name, shape in exploded.items() if shape.types <= {"object", "null"}}
    names = {_wire_name(each): name for name, (each, _) in shapes.items() if name not in unseen}
    members = {
        part: name for name, shape in exploded.items() for part in shape.properties if part not in names
    }
    return FieldReader(
        below=below,
        readers={name: (parameter, _reader(parameter, shape)) for name, (parameter, shape) in shapes.items()},
        names=names,
        members=members,
        nested=frozenset(name for name, (each, _) in shapes.items() if each.style is Style.DEEP_OBJECT),
        open_to=next((name for name, shape in exploded.items() if shape.is_open), None),
    )


def read_pairs(query: str) -> list[tuple[str, str]]:
    """Split a raw query or form into names and texts, still encoded."""
    return [(name, text) for pair in query.split("&") for name, _, text in (pair.partition("="),) if name]


def _is_spoken_for(parameter: Parameter) -> bool:
    return parameter.location is Location.HEADER and parameter.name.lower() in _SPOKEN_FOR


def _wire_name(parameter: Parameter) -> str:
    return parameter.name.lower() if parameter.location is Location.HEADER else parameter.name


def _is_exploded_object(parameter: Parameter, shape: Shape) -> bool:
    """Tell whether the members of an object are sent each under their own name."""
    is_pairwise = parameter.location in {Location.QUERY, Location.COOKIE} and parameter.media_type is None
    is_form = parameter.explode and parameter.style is not Style.DEEP_OBJECT
    return is_pairwise and is_form and "object" in shape.types and shape.types < ANYTHING


def _place(fields: FieldReader, raw: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the parameter that a name not declared as such belongs to, and the way into it."""
    try:
        name = decode(raw)
    except StyleError:
        return None
    if name in fields.names:
        return fields.names[name], ()
    prefix, bracket, rest = name.partition("[")
    if bracket and rest.endswith("]") and prefix in fields.nested:
        return prefix, tuple(rest[:-1].split("]["))
    owner = fields.members.get(name, fields.open_to)
    return (owner, (name,)) if owner is not None and not name.startswith("__") else None


def _violation(below: tuple[str, ...], parameter: Parameter, reason: str, texts: Texts) -> Violation:
    explode = "exploded" if parameter.explode else "not exploded"
    return Violation(
        location=(*below, parameter.name),
        keyword="style",
        message=reason,
        expected=parameter.media_type or f"style {parameter.style.value}, {explode}",
        received="&".join(text for _, text in texts)[:100],
        place=parameter.place,
    )


def _joined(headers: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Join the values of a header that is sent several times (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for name, text in headers:
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found.items()


def _cookie_pairs(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    pairs = (pair.partition("=") for name, text in headers if name == "cookie" for pair in text.split(";"))
    return [(name.strip(), text.strip().strip('"')) for name, _, text in pairs if name.strip()]


def _reader(parameter: Parameter, shape: Shape | None) -> Read:
    if shape is None or parameter.media_type is not None:
        return content_reader(parameter)
    reads = [make(parameter, shape) for make in _makers(shape)]
    is_ambiguous = len(reads) > 1 or ("string" in shape.types < ANYTHING and len(shape.types) > 1)
    return _first_valid(reads, parameter) if is_ambiguous else reads[0]


def _makers(shape: Shape) -> list[_Make]:
    """Return the ways to read a value of *shape*, the most natural first."""
    if shape.types >= ANYTHING:
        return [scalar_reader]
    composite: list[_Make] = [make for name, make in _COMPOSITE.items() if name in shape.types]
    scalars = shape.types - _COMPOSITE.keys()
    if not scalars:
        # A schema that contradicts itself leaves no type at all: it refuses whatever is read.
        return composite or [scalar_reader]
    return [*composite, scalar_reader] if scalars == {"null"} else [scalar_reader, *composite]


_Make = Callable[[Parameter, Shape], Read]
_COMPOSITE: Final[Mapping[str, _Make]] = {"array": array_reader, "object": object_reader}


def _first_valid(reads: list[Read], parameter: Parameter) -> Read:
    """Try each way to read until one gives what the schema takes; the text as it is comes last."""
    schema = parameter.schema
    attempts = [*reads, content_reader(parameter)]

    def read(texts: Texts) -> JsonValue:
        for attempt in attempts:
            try:
                value = attempt(texts)
            except StyleError:
                continue
            if schema is None or schema.is_valid(value):
                return value
        return reads[0](texts)

    return read
