"""Parameters of 2.0 in the words of 3.0: those beside the body, the body, and the fields of a form.

Source: OpenAPI 2.0, Parameter Object.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from locum.contract.model import Location
from locum.contract.node import Node
from locum.contract.origins import IMPLIED, Made, Part, Written
from locum.contract.swagger_values import (
    FORM_FIELD,
    base_name,
    collection_style,
    extensions,
    is_array,
    is_file,
    named_examples,
    value_schema,
)

__all__ = ["Declared", "read_level", "translate_body", "translate_parameter"]

_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"
_JSON: Final = "application/json"
_KEPT: Final = ("name", "in", "required", "description", "allowEmptyValue")


@dataclass(frozen=True, slots=True)
class Declared:
    """The parameters of one level, the path item's or the operation's, by what becomes of them."""

    plain: tuple[Node, ...]
    bodies: tuple[Node, ...]
    fields: tuple[Node, ...]


def read_level(node: Node) -> Declared:
    """Sort a list of parameters, following references; what cannot be followed is reported and left out."""
    found = [each for element in node.elements() for each in _followed(element)]
    return Declared(
        plain=tuple(each for each in found if _location(each) not in ("body", "formData")),
        bodies=tuple(each for each in found if _location(each) == "body"),
        fields=tuple(each for each in found if _location(each) == "formData"),
    )


def _followed(node: Node) -> Iterable[Node]:
    found = node.reached()
    return [] if found is None else [found]


def _location(node: Node) -> object:
    return node.value.get("in") if isinstance(node.value, dict) else None


def translate_parameter(node: Node) -> Made | Written:
    """Return a parameter that is neither body nor form field."""
    if not isinstance(node.value, dict):
        return node.written
    parts: dict[str, Part] = {key: node.get(key).written for key in _KEPT if key in node}
    parts |= extensions(node) | named_examples(node) | {"schema": value_schema(node)}
    written = _location(node)
    if is_array(node) and isinstance(written, str) and written in set(Location):
        parts["style"], parts["explode"] = collection_style(node, Location(written))
    return Made(parts, node.place)


def translate_body(levels: Iterable[Declared], consumes: list[str]) -> Made | None:
    """Return the request body: the form, if there is one, else the last body parameter."""
    fields = {each.text("name"): each for level in levels for each in level.fields if _is_named(each)}
    bodies = [each for level in levels for each in level.bodies]
    if not fields:
        return _plain_body(bodies[-1], consumes) if bodies else None
    for each in bodies:
        message = "an operation cannot have both a body and form fields; the body is ignored"
        each.library.note(each.place, "parameter", message)
    return _form_body(list(fields.values()), consumes)


def _is_named(node: Node) -> bool:
    if not node.text("name"):
        node.library.note(node.place, "parameter", "a parameter needs a name; it is ignored")
    return bool(node.text("name"))


def _plain_body(node: Node, consumes: list[str]) -> Made:
    schema: dict[str, Part] = {"schema": node.get("schema").written} if "schema" in node else {}
    if not schema and "type" in node:
        node.library.warn(node.at("type"), "dialect", "a body has a schema, not a type; it is taken as such")
        schema = {"schema": value_schema(node)}
    schema |= {} if consumes else {IMPLIED: True}
    content = {
        name: Made({**schema, **_body_examples(node, name)}, node.place) for name in consumes or [_JSON]
    }
    parts: dict[str, Part] = {"required": node.get("required").written, "content": content}
    return Made(parts | extensions(node), node.place)


def _body_examples(node: Node, media_type: str) -> dict[str, Part]:
    """Return the examples of a body; `x-examples` names them, or has one for each media type."""
    examples = node.get("x-examples")
    if not isinstance(examples.value, dict) or not any("/" in key for key in examples.value):
        return named_examples(node)
    wanted = base_name(media_type)
    same = [each for key, each in examples.items() if base_name(key) == wanted]
    return {"example": same[0].written} if same else {}


def _form_body(fields: list[Node], consumes: list[str]) -> Made:
    place = fields[0].place
    required = [each.text("name") for each in fields if each.flag("required")]
    schema: dict[str, Part] = {
        "type": "object",
        "properties": {each.text("name"): _field_schema(each) for each in fields},
        **({"required": required} if required else {}),
    }
    encoding = {each.text("name"): _encoding(each) for each in fields if is_array(each)}
    media: dict[str, Part] = {"schema": Made(schema, place), "encoding": encoding}
    media |= {} if consumes else {IMPLIED: True}
    content = {name: Made(media, place) for name in _form_types(fields, consumes)}
    return Made({"required": bool(required), "content": content}, place)


def _form_types(fields: list[Node], consumes: list[str]) -> list[str]:
    """Return what a form may be sent as: a file needs parts, and only these two types are forms at all."""
    allowed = (_MULTIPART,) if any(is_file(each) for each in fields) else (_FORM, _MULTIPART)
    return [each for each in consumes if base_name(each) in allowed] or list(allowed)


def _encoding(node: Node) -> Made:
    style, explode = collection_style(node, FORM_FIELD)
    return Made({"style": style, "explode": explode}, node.place)


def _field_schema(node: Node) -> Part:
    """Return the schema of a field; a field that may be empty takes the empty text beside its type.

    Text that is said not to be empty is not; where nothing is said, nobody means it.
    """
    schema = value_schema(node)
    if node.get("allowEmptyValue").value is False and node.text("type") == "string":
        return Made({"allOf": [schema, {"minLength": 1}]}, node.place)
    if not node.flag("allowEmptyValue") or node.text("type") in ("string", "array", "file"):
        return schema
    return Made({"anyOf": [schema, {"type": "string", "maxLength": 0}]}, node.place)
