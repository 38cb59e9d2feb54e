"""Bodies: Media Type, Encoding, Header and Example Objects (3.1.1, 4.8.14, 4.8.15, 4.8.21, 4.8.19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from locum.contract.misplaced import BODY, VALUE, report_misplaced
from locum.contract.model import Direction, Encoding, Example, Header, MediaType, RequestBody, Style
from locum.contract.node import Node
from locum.contract.origins import IMPLIED, Made
from locum.contract.schema import DocumentSchema, Schemas
from locum.errors import ContractError, Severity, nearest

__all__ = ["read_content", "read_examples", "read_headers", "read_request_body", "read_schema", "read_style"]

#: Members of an Example Object; one that has none of them is a bare value.
EXAMPLE_MEMBERS = frozenset(
    {"value", "externalValue", "summary", "description", "dataValue", "serializedValue"}
)
#: What a document may write; the translation of 2.0 says more, and says it by a `Style` itself.
STYLES = tuple(style.value for style in Style if style not in (Style.COMMA_DELIMITED, Style.TAB_DELIMITED))
#: Media types that are often called by their second part alone.
SUBTYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "form-data": "multipart/form-data",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "text": "text/plain",
    "xml": "application/xml",
    "yaml": "application/yaml",
}
#: The style of cookies since 3.2, read as `form` is here: cookies stand in pairs in their header in any case.
COOKIE_STYLE = "cookie"


def read_schema(node: Node, schemas: Schemas, direction: Direction) -> DocumentSchema | None:
    """Return the schema of a media type, parameter or header, if it has one."""
    if "schema" in node:
        return schemas.at(node.at("schema"), direction)
    report_misplaced(node, VALUE)
    return None


def read_content(node: Node, schemas: Schemas, direction: Direction) -> tuple[MediaType, ...]:
    """Read a `content` map, in document order; text in it, such as a `description`, is no media type."""
    return tuple(
        read_media_type(name, member, schemas, direction)
        for name, member in node.entries()
        if is_media_type(member)
    )


def is_media_type(node: Node) -> bool:
    """Tell whether a member of `content` may stand for a media type, and report one that may not."""
    if node.value is not None and not isinstance(node.value, dict):
        node.complain("a media type")
        return False
    return True


def report_name(name: str, node: Node) -> None:
    """Report a media type that lacks one of its two parts (RFC 9110, 8.3.1)."""
    if "/" in name:
        return
    guess = SUBTYPES.get(name.lower(), "")
    hint = f"did you mean {guess}?" if guess else "name one such as application/json"
    if name == "schema":
        hint = "put it below a media type such as application/json"
    node.library.warn(node.place, "media-type", f"{name!r} is no media type", hint=hint)


def read_media_type(name: str, node: Node, schemas: Schemas, direction: Direction) -> MediaType:
    """Read one media type; with an unusable reference it stays as one whose body is unknown."""
    report_name(name, node)
    try:
        node = node.follow()
    except ContractError as error:
        return MediaType(name=name, schema=schemas.broken(node.place, direction, error), place=node.place)
    encoding = {
        key: read_encoding(member, schemas, direction) for key, member in node.get("encoding").entries()
    }
    return MediaType(
        name=name,
        schema=read_schema(node, schemas, direction) or read_items(node, schemas, direction),
        examples=tuple(read_examples(node)),
        encoding=encoding,
        is_implied=IMPLIED in node,
        place=node.place,
    )


def read_items(node: Node, schemas: Schemas, direction: Direction) -> DocumentSchema | None:
    """Return the schema of a sequence from that of its items (3.2.0, 4.14.2), if it has one."""
    if "itemSchema" not in node:
        return None
    sequence = Made({"type": "array", "items": node.get("itemSchema").written}, node.place)
    return schemas.at(node.derive("sequence", sequence).place, direction)


def read_encoding(node: Node, schemas: Schemas, direction: Direction) -> Encoding:
    """Read how one property of a form is written."""
    return Encoding(
        content_type=node.text("contentType") or None,
        style=read_style(node, None),
        explode=node.flag("explode") if "explode" in node else None,
        allow_reserved=node.flag("allowReserved"),
        headers=read_headers(node.get("headers"), schemas, direction),
    )


def read_style(node: Node, default: Style | None) -> Style | None:
    """Read a `style`, reporting one that does not exist."""
    written = node.text("style")
    if not written:
        return default
    if isinstance(written, Style) or written in STYLES:
        return Style(written)
    if written == COOKIE_STYLE:
        return Style.FORM
    guess = nearest(written, STYLES)
    hint = f"did you mean {guess}?" if guess else f"one of {', '.join(STYLES)}"
    node.library.note(node.at("style"), "style", f"there is no style {written!r}", hint=hint)
    return default


def read_examples(node: Node) -> Iterator[Example]:
    """Yield the single `example`, then those of `examples`."""
    if "example" in node:
        yield Example(name="", value=node.get("example").value, place=node.at("example"))
        yield from read_referred(node.get("example"))
    examples = node.get("examples")
    if isinstance(examples.value, list):
        node.library.warn(examples.place, "examples", "examples must be an object; a list is taken by number")
        for index, member in enumerate(examples.elements()):
            yield Example(name=str(index), value=member.value, place=member.place)
        return
    for name, member in examples.items():
        if name == "$ref":
            message = "examples is a map of examples, not a reference; it is ignored"
            node.library.warn(member.place, "examples", message)
            continue
        example = read_example(name, member)
        if example is not None:
            yield example


def read_referred(node: Node) -> Iterator[Example]:
    """Yield what an example refers to: in a value `$ref` is data, but few authors mean that."""
    if not isinstance(node.value, dict) or node.value.keys() != {"$ref"}:
        return
    try:
        target = node.follow()
    except ContractError:  # data after all
        return
    found = target.get("value") if "value" in target else target
    yield Example(name="", value=found.value, place=node.place)


def read_example(name: str, node: Node) -> Example | None:
    """Read one named example; `None` when its value is elsewhere."""
    found = node.reached()
    if found is None:
        return None
    node = found
    summary = node.text("summary") if isinstance(node.value, dict) else ""
    for key in ("value", "dataValue"):
        if key in node:
            value, ids = node.get(key).value, read_ids(node)
            return Example(name=name, value=value, summary=summary, ids=ids, place=node.at(key))
    if "externalValue" in node:
        return read_external(name, node, summary)
    if isinstance(node.value, dict) and EXAMPLE_MEMBERS & node.value.keys():
        hint = "give it by value" if "externalValue" in node else "add value"
        message = f"the example {name!r} holds no value and is skipped"
        node.library.note(node.place, "example-value", message, hint=hint, severity=Severity.HINT)
        return None
    message = f"the example {name!r} is a bare value; it is taken as such"
    node.library.warn(node.place, "example-value", message, hint="write it below value")
    return Example(name=name, value=node.value, place=node.place)


def read_ids(node: Node) -> tuple[str, ...]:
    """Return what else an example is asked for by, as the identifiers of saved answers of Postman."""
    written = node.get("x-mock-response-id").value
    return tuple(str(each) for each in (written if isinstance(written, list) else [written]) if each)


def read_external(name: str, node: Node, summary: str) -> Example | None:
    """Read an example that stands in a file of its own; `None` when it cannot be read."""
    place = node.at("externalValue")
    try:
        target = node.library.resolve(node.text("externalValue"), place)
        return Example(name=name, value=node.library.value(target), summary=summary, place=place)
    except (ContractError, LookupError):
        message = f"the example {name!r} cannot be read from {node.text('externalValue')!r} and is skipped"
        node.library.note(place, "example-value", message, hint="give it by value", severity=Severity.HINT)
        return None


def read_headers(node: Node, schemas: Schemas, direction: Direction) -> tuple[Header, ...]:
    """Read a map of headers; `Content-Type` is described by the content (3.1.1, 4.8.17.1)."""
    headers = (
        read_header(name, member, schemas, direction)
        for name, member in node.entries()
        if name.lower() != "content-type"
    )
    return tuple(header for header in headers if header is not None)


def read_header(name: str, node: Node, schemas: Schemas, direction: Direction) -> Header | None:
    """Read one header; `None` when its reference cannot be followed."""
    found = node.reached()
    if found is None:
        return None
    node = found
    if node.value is not None and not isinstance(node.value, dict):
        node.complain("an object")
        return None
    content = read_content(node.get("content"), schemas, direction)
    return Header(
        name=name,
        required=node.flag("required"),
        schema=content[0].schema if content else read_schema(node, schemas, direction),
        style=chosen if isinstance(chosen := node.get("style").value, Style) else Style.SIMPLE,
        explode=node.flag("explode"),
        examples=content[0].examples if content else tuple(read_examples(node)),
        media_type=content[0].name if content else None,
        place=node.place,
    )


def read_request_body(node: Node, schemas: Schemas) -> RequestBody | None:
    """Read a Request Body Object (3.1.1, 4.8.13); a reference that leads nowhere leaves the body open."""
    if node.value is None:
        return None
    found = node.reached()
    if found is None:
        return None
    node = found
    if not isinstance(node.value, dict):
        node.complain("an object")
        return None
    report_misplaced(node, BODY)
    return RequestBody(
        required=node.flag("required"),
        content=read_content(node.get("content"), schemas, Direction.REQUEST),
        place=node.place,
    )
