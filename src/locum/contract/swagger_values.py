"""What 2.0 says of values outside schemas: types, collection formats, examples, media types.

Source: OpenAPI 2.0, Parameter, Items and Header Objects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from locum.contract.model import JsonValue, Location, Style
from locum.contract.node import Node
from locum.contract.origins import Made, Part
from locum.errors import nearest

__all__ = [
    "FORM_FIELD",
    "base_name",
    "collection_style",
    "extensions",
    "is_array",
    "is_file",
    "media_types",
    "named_examples",
    "value_schema",
]

#: Members of a parameter or a header that are not keywords of its schema.
_ABOUT: Final = frozenset(
    {
        "allowEmptyValue",
        "collectionFormat",
        "description",
        "explode",
        "in",
        "name",
        "required",
        "schema",
        "style",
        "x-example",
        "x-examples",
    }
)
_DELIMITED: Final[dict[str, tuple[Style, bool]]] = {
    "ssv": (Style.SPACE_DELIMITED, False),
    "tsv": (Style.TAB_DELIMITED, False),
    "pipes": (Style.PIPE_DELIMITED, False),
}
_PAIRWISE: Final[Mapping[str, tuple[Style, bool]]] = _DELIMITED | {
    "csv": (Style.COMMA_DELIMITED, False),
    "multi": (Style.FORM, True),
}
_SINGLE: Final[Mapping[str, tuple[Style, bool]]] = _DELIMITED | {"csv": (Style.SIMPLE, False)}
#: Form fields are written as query parameters are.
FORM_FIELD: Final = Location.QUERY


def value_schema(node: Node) -> Part:
    """Return the schema of a parameter or header, whose keywords stand beside its name."""
    if "schema" in node and "type" not in node:
        node.library.warn(node.at("schema"), "dialect", "schema is for bodies in OpenAPI 2.0; it is taken")
        return node.get("schema").written
    members = node.value if isinstance(node.value, dict) else {}
    keywords: dict[str, Part] = {key: node.get(key).written for key in members if key not in _ABOUT}
    items = node.get("items")
    if is_array(items):
        message = "an array inside an array cannot be told apart when it is sent; its items are taken as text"
        node.library.warn(items.place, "collection-format", message)
        keywords["items"] = Made({}, items.place)
    return Made(keywords, node.place)


def collection_style(node: Node, location: Location) -> tuple[Style, bool]:
    """Return style and explode for the `collectionFormat` of an array, reporting what is odd."""
    allowed = _PAIRWISE if location in {Location.QUERY, Location.COOKIE} else _SINGLE
    written = node.text("collectionFormat", "csv")
    if written in allowed:
        return allowed[written]
    guess = nearest(written, allowed)
    hint = f"did you mean {guess}?" if guess else f"one of {', '.join(sorted(allowed))}"
    message = f"there is no collectionFormat {written!r} here; csv is used"
    node.library.note(node.at("collectionFormat"), "collection-format", message, hint=hint)
    return allowed["csv"]


def named_examples(node: Node) -> dict[str, Part]:
    """Return the `x-example` and `x-examples` of a parameter, as 3.x has them."""
    found: dict[str, Part] = {}
    if "x-example" in node:
        found["example"] = node.get("x-example").written
    examples = node.get("x-examples")
    if isinstance(examples.value, dict):
        found["examples"] = {key: Made({"value": each.written}, each.place) for key, each in examples.items()}
    return found


def media_types(operation: Node, root: Node, key: str) -> list[str]:
    """Return `consumes` or `produces`; those of an operation replace those of the document."""
    node = operation.get(key) if key in operation else root.get(key)
    if isinstance(node.value, str):
        node.library.warn(
            node.place, "wrong-type", f"{key} must be a list; the text is taken as its only item"
        )
        return [node.value]
    return list(dict.fromkeys(_texts(node)))


def _texts(node: Node) -> Iterator[str]:
    for each in node.elements():
        if isinstance(each.value, str) and each.value.strip():
            yield each.value
        else:
            each.complain("a media type")


def base_name(media_type: str) -> str:
    """Return a media type without its parameters.

    >>> base_name("Application/JSON; charset=utf-8")
    'application/json'
    """
    return media_type.partition(";")[0].strip().lower()


def is_array(node: Node) -> bool:
    """Tell whether a value is declared as an array."""
    return _type_of(node) == "array"


def is_file(node: Node) -> bool:
    """Tell whether a value is declared as a file."""
    return _type_of(node) == "file"


def _type_of(node: Node) -> JsonValue:
    return node.value.get("type") if isinstance(node.value, dict) else None


def extensions(node: Node) -> dict[str, Part]:
    """Return the `x-` members as parts."""
    return {key: node.get(key).written for key in node.extensions()}
