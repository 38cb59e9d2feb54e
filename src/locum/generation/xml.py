"""Writes values as XML by the `xml` object of their schemas.

The names made here are the names `behaviour/xml_bodies.py` reads. Source: OpenAPI 3.1.1, section 4.8.26.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from locum.contract.coercion import Shape, shape_of
from locum.contract.model import JsonObject, JsonValue
from locum.contract.writing import write_text

__all__ = ["DECLARATION", "Naming", "item_name", "naming", "root_name", "xml_encoder"]

#: What every document that is made begins with.
DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
#: Characters no XML 1.0 document may hold (XML 1.0, 2.2).
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]")
_QUOTES: Final = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a schema says about its element; *name* `""` when it names none."""

    name: str = ""
    prefix: str = ""
    namespace: str = ""
    is_attribute: bool = False
    is_wrapped: bool = False


def naming(shape: Shape) -> Naming:
    """Read the `xml` object of *shape*, that of the place itself before those it refers to."""
    found = shape.find("xml")
    xml: JsonObject = found if isinstance(found, dict) else {}
    # 3.2 says the same by `nodeType`.
    return Naming(
        name=_text(xml.get("name")),
        prefix=_text(xml.get("prefix")),
        namespace=_text(xml.get("namespace")),
        is_attribute=xml.get("attribute") is True or xml.get("nodeType") == "attribute",
        is_wrapped=xml.get("wrapped") is True or xml.get("nodeType") == "element",
    )


def root_name(shape: Shape, name: str = "") -> str:
    """Return the name of the root element: declared, else the definition's, else *name*, else `root`."""
    declared = naming(shape).name
    if declared:
        return declared
    reference = shape.find("$ref")
    return _valid_name(reference.rpartition("/")[2]) if isinstance(reference, str) else name or "root"


def item_name(array: Shape, property_name: str) -> str:
    """Return the name of an item's element within, or in place of, the array's own."""
    own = naming(array)
    return naming(array.item()).name or (own.name if own.is_wrapped else "") or property_name


def xml_encoder(bundle: JsonObject, *, name: str = "") -> Callable[[JsonValue], bytes]:
    """Compile the way to write values of a schema; text that is XML already is taken as it is.

    *name* is the name of the root where the schema says none.
    """
    shape = shape_of(bundle)
    root = root_name(shape, name)

    def write(value: JsonValue) -> bytes:
        if isinstance(value, str) and value.lstrip().startswith("<"):
            return value.encode("utf-8", "replace")
        out: list[str] = []
        if isinstance(value, list):
            _open_list(out, root, value, shape)
        else:
            _element(out, root, value, shape)
        return DECLARATION + "".join(out).encode()

    return write


def _open_list(out: list[str], name: str, items: list[JsonValue], shape: Shape) -> None:
    """Write an array that is the whole body: one root is needed, wrapped or not."""
    inner = naming(shape.item()).name or root_name(shape.item())
    tag = _tag(name, naming(shape))
    out.append(f"<{tag}{_declaration(naming(shape))}>")
    for index, item in enumerate(items):
        _element(out, inner if inner != "root" else "item", item, shape.item(index))
    out.append(f"</{tag}>")


def _element(out: list[str], name: str, value: JsonValue, shape: Shape) -> None:
    how = naming(shape)
    tag = _tag(name, how)
    if not isinstance(value, dict):
        out.append(f"<{tag}{_declaration(how)}>{_content(value)}</{tag}>")
        return
    attributes = [key for key in value if naming(shape.member(key)).is_attribute]
    written = "".join(_attribute(key, value[key], shape.member(key)) for key in attributes)
    out.append(f"<{tag}{_declaration(how)}{written}>")
    for key, part in value.items():
        if key not in attributes:
            _member(out, key, part, shape.member(key))
    out.append(f"</{tag}>")


def _member(out: list[str], key: str, value: JsonValue, shape: Shape) -> None:
    how = naming(shape)
    if not isinstance(value, list):
        _element(out, how.name or key, value, shape)
        return
    tag = _tag(how.name or key, how)
    if how.is_wrapped:
        out.append(f"<{tag}{_declaration(how)}>")
    inner = item_name(shape, key)
    for index, item in enumerate(value):
        _element(out, inner, item, shape.item(index))
    if how.is_wrapped:
        out.append(f"</{tag}>")


def _attribute(key: str, value: JsonValue, shape: Shape) -> str:
    how = naming(shape)
    return f' {_tag(how.name or key, how)}="{escape(_legal(_plain(value)), _QUOTES)}"'


def _content(value: JsonValue) -> str:
    return escape(_legal(_plain(value)), {"\r": "&#13;"})


def _plain(value: JsonValue) -> str:
    return "" if value is None else write_text(value)


def _tag(name: str, how: Naming) -> str:
    return f"{_valid_name(how.prefix)}:{_valid_name(name)}" if how.prefix else _valid_name(name)


def _declaration(how: Naming) -> str:
    if not how.namespace:
        return ""
    prefix = f":{_valid_name(how.prefix)}" if how.prefix else ""
    return f' xmlns{prefix}="{escape(how.namespace, _QUOTES)}"'


def _valid_name(name: str) -> str:
    """Make an XML name (XML 1.0, 2.3) out of any member name."""
    clean = _NOT_IN_NAMES.sub("_", name)
    return clean if clean[:1].isalpha() or clean[:1] == "_" else f"_{clean}"


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
