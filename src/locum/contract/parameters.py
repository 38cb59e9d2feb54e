"""Parameter Objects (3.1.1, 4.8.12): path-level ones, overrides, defaults, and what a template implies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from locum.contract.content import read_content, read_examples, read_schema, read_style
from locum.contract.diagnostics import describe
from locum.contract.model import Direction, Location, Parameter, Place, Style
from locum.contract.node import Node
from locum.contract.schema import Schemas, literal_schema
from locum.errors import nearest

__all__ = ["read_parameters"]

Key: TypeAlias = tuple[str, Location]

FORM = "application/x-www-form-urlencoded"
VARIABLE = re.compile(r"\{([^{}]+)\}")
#: Described elsewhere in the document, so parameters of these names count for nothing.
IGNORED_HEADERS = frozenset({"accept", "authorization", "content-type"})
STYLES: Mapping[Location, tuple[Style, ...]] = {
    Location.PATH: (Style.SIMPLE, Style.LABEL, Style.MATRIX),
    Location.QUERY: (Style.FORM, Style.SPACE_DELIMITED, Style.PIPE_DELIMITED, Style.DEEP_OBJECT),
    Location.HEADER: (Style.SIMPLE,),
    Location.COOKIE: (Style.FORM,),
}


def read_parameters(
    levels: Iterable[Node], path: str, place: Place, schemas: Schemas
) -> tuple[Parameter, ...]:
    """Read the parameters of an operation; those of a later level replace those of an earlier one."""
    found: dict[Key, Parameter] = {}
    for level in levels:
        own: dict[Key, Parameter] = {}
        for node in level.elements():
            parameter = read_parameter(node, schemas)
            if parameter is None:
                continue
            key = key_of(parameter)
            if key in own:
                message = f"the {parameter.location} parameter {parameter.name!r} is declared twice"
                node.library.warn(node.place, "duplicate-parameter", message, hint="the last one is used")
            own[key] = parameter
        found.update(own)
    return tuple(settle_path(found, path, place, schemas))


def key_of(parameter: Parameter) -> Key:
    """Return what makes a parameter unique; the names of headers have no case."""
    is_header = parameter.location is Location.HEADER
    return (parameter.name.lower() if is_header else parameter.name), parameter.location


def settle_path(
    found: dict[Key, Parameter], path: str, place: Place, schemas: Schemas
) -> Iterator[Parameter]:
    """Yield *found*, without path parameters the template lacks, with those it implies."""
    library = schemas.bundler.library
    variables = list(dict.fromkeys(VARIABLE.findall(path)))
    for parameter in found.values():
        if parameter.location is Location.PATH and parameter.name not in variables:
            guess = nearest(parameter.name, variables)
            hint = f"did you mean {{{guess}}}?" if guess else ""
            message = f"the path {path} has no variable {{{parameter.name}}}; the parameter is ignored"
            library.warn(parameter.place, "path-parameter", message, hint=hint)
        else:
            yield parameter
    for name in variables:
        if (name, Location.PATH) not in found:
            message = f"the variable {{{name}}} of the path {path} is not declared; any text is taken"
            library.warn(place, "path-parameter", message, hint="add a parameter with in: path")
            yield implied_parameter(name, place)


def implied_parameter(name: str, place: Place) -> Parameter:
    """Return the parameter a path variable stands for when nothing is said about it."""
    return Parameter(
        name=name,
        location=Location.PATH,
        required=True,
        style=Style.SIMPLE,
        explode=False,
        schema=literal_schema({"type": "string"}, place, Direction.REQUEST),
        place=place,
    )


def read_parameter(node: Node, schemas: Schemas) -> Parameter | None:
    """Read one parameter; `None` when it is unusable or says nothing."""
    found = node.reached()
    if found is None:
        return None
    node = found
    if not isinstance(node.value, dict):
        node.complain("an object")
        return None
    if node.get("in").value == "querystring":
        return read_whole_query(node, schemas)
    name, location = node.text("name"), read_location(node)
    if not name:
        node.library.note(node.place, "parameter", "a parameter needs a name; it is ignored")
    if not name or location is None:
        return None
    if location is Location.HEADER and name.lower() in IGNORED_HEADERS:
        return None
    return build_parameter(node, name, location, schemas)


def read_location(node: Node) -> Location | None:
    """Read `in`, reporting what it cannot be."""
    written = node.get("in").value
    if isinstance(written, str) and written in set(Location):
        return Location(written)
    guess = nearest(written, list(Location)) if isinstance(written, str) else ""
    hint = f"did you mean {guess}?" if guess else f"one of {', '.join(Location)}"
    if written in ("body", "formData"):
        hint = "OpenAPI 3 declares bodies by requestBody"
    message = f"a parameter cannot be in {describe(written)}; it is ignored"
    node.library.note(node.at("in"), "parameter", message, hint=hint)
    return None


def read_whole_query(node: Node, schemas: Schemas) -> Parameter | None:
    """Read a parameter that is the whole query (3.2.0, 4.12): of a form, each member is sent by itself."""
    content = read_content(node.get("content"), schemas, Direction.REQUEST)
    form = next((media for media in content if media.name.lower().startswith(FORM)), None)
    if form is None:
        message = f"a querystring parameter can only be read as {FORM}; it is ignored"
        node.library.note(node.place, "parameter", message)
        return None
    return Parameter(
        name=node.text("name", "querystring"),
        location=Location.QUERY,
        required=node.flag("required"),
        style=Style.FORM,
        explode=True,
        schema=form.schema,
        deprecated=node.flag("deprecated"),
        examples=form.examples,
        place=node.place,
    )


def build_parameter(node: Node, name: str, location: Location, schemas: Schemas) -> Parameter:
    """Read what is left of a parameter once name and location are known."""
    style = allowed_style(node, location)
    content = read_content(node.get("content"), schemas, Direction.REQUEST)
    if location is Location.PATH and node.get("required").value is not True:
        node.library.warn(
            node.place, "path-parameter", f"the path parameter {name!r} must say required: true"
        )
    return Parameter(
        name=name,
        location=location,
        required=location is Location.PATH or node.flag("required"),
        style=style,
        explode=node.flag("explode", default=style is Style.FORM),
        schema=content[0].schema if content else read_schema(node, schemas, Direction.REQUEST),
        media_type=content[0].name if content else None,
        allow_empty=node.flag("allowEmptyValue"),
        allow_reserved=node.flag("allowReserved"),
        deprecated=node.flag("deprecated"),
        examples=content[0].examples if content else tuple(read_examples(node)),
        extensions=node.extensions(),
        place=node.place,
    )


def allowed_style(node: Node, location: Location) -> Style:
    """Read the style, or take the default of the location where it has no such style."""
    chosen = node.get("style").value
    if isinstance(chosen, Style):  # by the translation of 2.0, which allows every delimiter everywhere
        return chosen
    allowed = STYLES[location]
    style = read_style(node, allowed[0]) or allowed[0]
    if style in allowed:
        return style
    message = f"a {location} parameter cannot have the style {style}; {allowed[0]} is used"
    node.library.note(node.at("style"), "style", message, hint=f"one of {', '.join(allowed)}")
    return allowed[0]
