"""Form bodies: `application/x-www-form-urlencoded` by style, `multipart/form-data` part by part.

Sources: OpenAPI 3.1.1, 4.8.15; RFC 7578; RFC 1866, 8.2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from locum.contract.coercion import Shape, shape_of
from locum.contract.model import Encoding, JsonObject, JsonValue, Location, Parameter, Place, Style
from locum.contract.writing import to_json, write_parameter, write_text

__all__ = ["BOUNDARY", "field_parameter", "form_encoder", "multipart_encoder"]

#: Always the same, so that an equal value gives equal bytes.
BOUNDARY: Final = "----locum-7d8c1f0e5b2a49d3b6c4"
_NOWHERE: Final = Place(uri="", pointer="")
_BINARY: Final = "application/octet-stream"


def field_parameter(name: str, encoding: Encoding | None, shape: Shape) -> Parameter:
    """Return a form field as if it were a query parameter: the styles are the same (3.1.1, 4.8.15.1.2).

    A member that is an object is written in brackets where no style is given.
    """
    given = encoding or Encoding()
    is_object = "object" in shape.types and "string" not in shape.types
    style = given.style or (Style.DEEP_OBJECT if is_object else Style.FORM)
    return Parameter(
        name=name,
        location=Location.QUERY,
        required=False,
        style=style,
        explode=given.explode if given.explode is not None else style in {Style.FORM, Style.DEEP_OBJECT},
        schema=None,
        place=_NOWHERE,
    )


def form_encoder(bundle: JsonObject, encoding: Mapping[str, Encoding]) -> Callable[[JsonValue], bytes]:
    """Compile the way to write an object as name and value pairs; anything else is written as text."""
    shape = shape_of(bundle)

    def write(value: JsonValue) -> bytes:
        if not isinstance(value, dict):
            return write_text(value).encode()
        pairs = [
            f"{key}={text}"
            for name, member in value.items()
            for key, text in write_parameter(
                field_parameter(name, encoding.get(name), shape.member(name)), _writable(member)
            )
        ]
        return "&".join(pairs).encode()

    return write


def _writable(member: JsonValue) -> JsonValue:
    """Write what no style can say, arrays of objects and the like, as JSON text."""
    if isinstance(member, list):
        return [write_text(item) if isinstance(item, list | dict) else item for item in member]
    return member


def multipart_encoder(bundle: JsonObject, encoding: Mapping[str, Encoding]) -> Callable[[JsonValue], bytes]:
    """Compile the way to write an object as parts, one for each member and each item of an array."""
    shape = shape_of(bundle)

    def write(value: JsonValue) -> bytes:
        members: JsonObject = value if isinstance(value, dict) else {"value": value}
        parts = [
            part
            for name, member in members.items()
            for part in _parts(name, member, encoding.get(name), shape.member(name))
        ]
        return b"".join(parts) + b"--" + BOUNDARY.encode() + b"--\r\n"

    return write


def _parts(name: str, member: JsonValue, encoding: Encoding | None, shape: Shape) -> Iterator[bytes]:
    for index, item in enumerate(member if isinstance(member, list) else [member]):
        inner = shape.item(index) if isinstance(member, list) else shape
        declared = encoding.content_type if encoding else None
        content_type = (declared or "").partition(",")[0].strip() or _default_type(item, inner)
        disposition = f'form-data; name="{_escape(name)}"'
        if content_type == _BINARY:
            disposition += f'; filename="{_escape(name)}"'
        head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\nContent-Type: {content_type}\r\n\r\n"
        text = write_text(item).encode() if isinstance(item, str) else to_json(item)
        yield head.encode() + text + b"\r\n"


def _default_type(value: JsonValue, shape: Shape) -> str:
    """Return the type of a part whose encoding says nothing (3.1.1, 4.8.15.1.1)."""
    if isinstance(value, dict | list):
        return "application/json"
    is_binary = shape.find("format") == "binary" or shape.has("contentEncoding")
    return _BINARY if is_binary else "text/plain"


def _escape(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
