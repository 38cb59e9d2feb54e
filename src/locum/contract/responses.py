"""Response and Link Objects (3.1.1, 4.8.16, 4.8.17, 4.8.20)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from locum.contract.content import read_content, read_headers
from locum.contract.misplaced import BODY, report_misplaced
from locum.contract.model import Direction, Link, MediaType, ResponseSpec
from locum.contract.node import Node
from locum.contract.schema import Schemas
from locum.errors import ContractError

__all__ = ["read_responses"]

STATUS = re.compile(r"[1-5](?:[0-9]{2}|[xX]{2})")


def read_responses(node: Node, schemas: Schemas) -> tuple[ResponseSpec, ...]:
    """Read the responses of an operation, in document order."""
    if node.value is None:
        node.library.warn(node.place, "responses", "the operation declares no responses")
    return tuple(
        read_response(status, member, schemas)
        for key, member in node.fields()
        if (status := read_status(key, member))
    )


def read_status(key: str, node: Node) -> str:
    """Return the status a response is declared for, or `""` with a complaint."""
    if key.lower() == "default":
        return "default"
    if STATUS.fullmatch(key):
        return key.upper()
    message = f"{key!r} is no status; the response is ignored"
    node.library.note(node.place, "status", message, hint="three digits, a range such as 4XX, or default")
    return ""


def read_response(status: str, node: Node, schemas: Schemas) -> ResponseSpec:
    """Read one response; behind an unusable reference its status stays, its body cannot be used."""
    start = node
    try:
        node = node.follow()
    except ContractError as error:
        node.library.keep(error)
        unknown = MediaType(
            name="*/*", schema=schemas.broken(start.place, Direction.RESPONSE, error), place=start.place
        )
        return ResponseSpec(status=status, content=(unknown,), place=start.place)
    if not isinstance(node.value, dict) and node.value is not None:
        node.complain("an object")
    report_misplaced(node, BODY)
    return ResponseSpec(
        status=status,
        description=node.text("description"),
        headers=read_headers(node.get("headers"), schemas, Direction.RESPONSE),
        content=read_content(node.get("content"), schemas, Direction.RESPONSE),
        links=tuple(read_links(node.get("links"))),
        place=node.place,
    )


def read_links(node: Node) -> Iterator[Link]:
    """Yield the links of a response that can be read."""
    for name, member in node.entries():
        link = member.reached()
        if link is None:
            continue
        yield Link(
            name=name,
            operation_id=link.text("operationId") or None,
            operation_ref=link.text("operationRef") or None,
            parameters={key: value.value for key, value in link.get("parameters").items()},
            place=link.place,
        )
