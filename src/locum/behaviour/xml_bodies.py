"""Reads XML bodies into values by the `xml` object of their schema; the way back from `generation/xml.py`.

A document type declaration is refused, so that no entity is ever expanded. Source: OpenAPI 3.1.1, 4.8.26.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from locum.behaviour.body_errors import malformed, wrong_root
from locum.behaviour.media_ranges import MediaRange
from locum.contract.coercion import Shape, coercer, shape_of
from locum.contract.model import JsonObject, JsonValue
from locum.generation.xml import item_name, naming

__all__ = ["compile_xml"]

_DEEPEST: Final = 200


@dataclass(slots=True)
class _Element:
    """One element while it is being read, its name and those of its attributes without prefix."""

    name: str
    attributes: dict[str, str]
    children: list[_Element] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.texts).strip() if self.children else "".join(self.texts)


def compile_xml(bundle: JsonObject) -> Callable[[bytes, MediaRange], JsonValue]:
    """Compile the way to read XML of a schema; raises `BodyError` while reading."""
    shape = shape_of(bundle)
    # Only a name the author wrote is insisted on; what a root is called otherwise is a habit.
    expected = naming(shape).name

    def read(body: bytes, sent: MediaRange) -> JsonValue:
        root = _parse(body, sent.parameter("charset"))
        if expected and root.name != expected:
            raise wrong_root(root.name, expected)
        if shape.types <= {"string"}:
            return body.decode("utf-8", "replace")
        if "array" in shape.types and "object" not in shape.types:
            return [_value(child, shape.item(index)) for index, child in enumerate(root.children)]
        return _value(root, shape)

    return read


def _parse(body: bytes, charset: str | None) -> _Element:
    top = _Element(name="", attributes={})
    open_elements = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_elements) > _DEEPEST:
            raise malformed("XML", f"elements nest deeper than {_DEEPEST}")
        own = {_local(key): text for key, text in attributes.items() if not key.startswith("xmlns")}
        element = _Element(name=_local(name), attributes=own)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def add_text(text: str) -> None:
        open_elements[-1].texts.append(text)

    def forbid(*_: object) -> None:
        raise malformed("XML without a document type declaration", "entities are not expanded here")

    try:
        parser = expat.ParserCreate(charset)
        parser.StartElementHandler = start
        parser.EndElementHandler = lambda _: open_elements.pop()
        parser.CharacterDataHandler = add_text
        parser.StartDoctypeDeclHandler = forbid
        parser.Parse(body, True)  # noqa: FBT003 -- expat takes it by position
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise malformed("XML", f"{reason}, line {error.lineno} column {error.offset + 1}") from error
    except (ValueError, LookupError) as error:
        raise malformed("XML", str(error)[:120]) from error
    return top.children[0]


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _value(element: _Element, shape: Shape) -> JsonValue:
    is_composite = "object" in shape.types and (bool(shape.properties) or bool(element.children))
    if not is_composite:
        return (
            _empty(shape)
            if not element.text and "string" not in shape.types
            else coercer(shape)(element.text)
        )
    if element.text.strip() and not element.children and not element.attributes:
        return element.text  # text where members belong: what it is, so that the schema can refuse it
    names = _names(shape)
    value: JsonObject = {}
    for key, text in element.attributes.items():
        member = names.get(key, key)
        value[member] = coercer(shape.member(member))(text)
    for name, group in _grouped(element.children).items():
        member = names.get(name, name)
        value[member] = _member(group, shape.member(member))
    return value


def _empty(shape: Shape) -> JsonValue:
    """Return what an element without content stands for."""
    for name, value in (("null", None), ("object", {}), ("array", [])):
        if name in shape.types:
            return value if value is None else type(value)()
    return ""


def _names(shape: Shape) -> dict[str, str]:
    """Map the names of elements and attributes to those of members."""
    found: dict[str, str] = {}
    for key in shape.properties:
        member = shape.member(key)
        how = naming(member)
        is_plain_array = "array" in member.types and not how.is_wrapped
        found[item_name(member, key) if is_plain_array else how.name or key] = key
    return found


def _grouped(children: list[_Element]) -> dict[str, list[_Element]]:
    groups: dict[str, list[_Element]] = {}
    for child in children:
        groups.setdefault(child.name, []).append(child)
    return groups


def _member(group: list[_Element], shape: Shape) -> JsonValue:
    if "array" not in shape.types:
        return _value(group[0], shape) if len(group) == 1 else [_value(each, shape) for each in group]
    items = [item for wrapper in group for item in wrapper.children] if naming(shape).is_wrapped else group
    return [_value(item, shape.item(index)) for index, item in enumerate(items)]
