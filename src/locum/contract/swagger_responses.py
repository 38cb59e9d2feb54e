"""Responses of 2.0 in the words of 3.0: one schema for all media types, headers with a type of their own.

Source: OpenAPI 2.0, Responses, Response, Header and Example Objects.
"""

from __future__ import annotations

from typing import Final

from locum.contract.misplaced import RESPONSE_OF_2, report_misplaced
from locum.contract.model import Location
from locum.contract.node import Node
from locum.contract.origins import IMPLIED, Made, Part, Written
from locum.contract.swagger_values import (
    base_name,
    collection_style,
    extensions,
    is_array,
    is_file,
    named_examples,
    value_schema,
)
from locum.errors import ContractError, Severity

__all__ = ["translate_responses"]

_ANY: Final = "*/*"
_JSON: Final = "application/json"
_BYTES: Final = "application/octet-stream"


def translate_responses(node: Node, produces: list[str]) -> Made | Written:
    """Return the responses of an operation; *produces* is `[]` where the document does not say."""
    if not isinstance(node.value, dict):
        return node.written
    return Made({key: _response(each, produces) for key, each in node.fields()}, node.place)


def _response(start: Node, produces: list[str]) -> Made | Written:
    try:
        node = start.follow()
    except ContractError:
        # The reader of 3.x reports the reference, and keeps the status.
        return start.written
    if not isinstance(node.value, dict):
        return node.written
    report_misplaced(node, RESPONSE_OF_2)
    headers = node.get("headers")
    parts: dict[str, Part] = {
        "headers": Made({name: _header(each) for name, each in headers.entries()}, headers.place),
        "content": _content(node, produces),
    }
    if "description" in node:
        parts["description"] = node.get("description").written
    return Made(parts | extensions(node), node.place)


def _content(node: Node, produces: list[str]) -> dict[str, Part]:
    """Return what a response may carry by media type: without a schema, only what has an example."""
    examples, schema = _examples(node), node.get("schema")
    named = [key for key in examples if "/" in key]
    names = produces or ([_BYTES] if is_file(schema) else named or [_JSON])
    content: dict[str, Part] = {}
    for name in names:
        told = {key: _example(each) for key, each in examples.items() if name in _homes(key, names)}
        if schema.value is None and not told:
            continue
        media: dict[str, Part] = {"schema": schema.written} if schema.value is not None else {}
        media |= {"examples": told} if told else {}
        content[name] = Made(media if produces else media | {IMPLIED: True}, node.place)
    _report_unused(examples, names)
    return content


def _homes(key: str, names: list[str]) -> list[str]:
    """Return the media types at which the example *key* stands: its own, or the first written as it is.

    One that is called like no media type, or like any, stands at the first.
    """
    if "/" not in key or base_name(key) == _ANY:
        return names[:1]
    own = [name for name in names if base_name(name) == base_name(key)]
    return own or [name for name in names if _syntax(name) == _syntax(key)][:1]


def _syntax(media_type: str) -> str:
    """Return what values are written in: `json` for `application/hal+json`."""
    return base_name(media_type).partition("/")[2].rpartition("+")[2]


def _examples(node: Node) -> dict[str, Node]:
    """Return the examples by media type; names that are none are reported.

    Where there are none, the schema may have some in `x-examples`, by names of any kind.
    """
    found: dict[str, Node] = {}
    for name, each in node.get("examples").items():
        if "/" in name:
            found[name] = each
        elif not name.startswith("x-"):
            message = f"examples are named by media type, which {name!r} is not; it is ignored"
            each.library.warn(each.place, "example-value", message)
    return found or _schema_examples(node.get("schema"))


def _schema_examples(start: Node) -> dict[str, Node]:
    try:
        named = start.follow().get("x-examples")
    except ContractError:  # whoever reads the schema reports it
        return {}
    return dict(named.items()) if isinstance(named.value, dict) else {}


def _example(node: Node) -> Made:
    return Made({"value": node.written}, node.place)


def _report_unused(examples: dict[str, Node], names: list[str]) -> None:
    """Say which examples are of a media type that the operation does not produce, as they must be."""
    for name, each in examples.items():
        homes = _homes(name, names)
        if "/" in name and base_name(name) not in map(base_name, homes):
            what = f"stands for {homes[0]}" if homes else "is ignored"
            message = f"the operation does not produce {name}; the example {what}"
            each.library.note(each.place, "example-value", message, severity=Severity.HINT)


def _header(start: Node) -> Made | Written:
    try:
        node = start.follow()
    except ContractError:
        return start.written
    if not isinstance(node.value, dict):
        return node.written
    parts: dict[str, Part] = {"schema": value_schema(node), **named_examples(node), **extensions(node)}
    if is_array(node):
        parts["style"], parts["explode"] = collection_style(node, Location.HEADER)
    return Made(parts, node.place)
