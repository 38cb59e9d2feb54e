"""OpenAPI 2.0 in the words of 3.0, tree by tree: the root at once, an operation when it is read.

Schemas stay where they are: the reader looks at them in the dialect of 2.0, and references to `definitions`
lead where they always did. `origins.py` keeps every place; next: `swagger_parameters.py`,
`swagger_responses.py`. Source: OpenAPI 2.0, https://spec.openapis.org/oas/v2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from locum.contract.misplaced import OPERATION_OF_2, report_misplaced
from locum.contract.node import Node
from locum.contract.origins import PRODUCES, Made, Part, Written
from locum.contract.swagger_parameters import read_level, translate_body, translate_parameter
from locum.contract.swagger_responses import translate_responses
from locum.contract.swagger_values import extensions, media_types
from locum.errors import nearest

__all__ = ["translate_operation", "translate_root"]

#: The names of 3.x for the flows of 2.0.
_FLOWS: Final[Mapping[str, str]] = {
    "implicit": "implicit",
    "password": "password",
    "application": "clientCredentials",
    "accessCode": "authorizationCode",
}
_FLOW_MEMBERS: Final = ("authorizationUrl", "tokenUrl", "scopes")


def translate_root(root: Node) -> Node:
    """Return the root as 3.0 would have it, without `paths`."""
    definitions = root.get("securityDefinitions")
    schemes = Made({name: _scheme(each) for name, each in definitions.entries()}, definitions.place)
    parts: dict[str, Part] = {
        "info": root.get("info").written,
        "servers": _servers(root, root.get("schemes")),
        "components": {"securitySchemes": schemes},
        **extensions(root),
    }
    if "security" in root:
        parts["security"] = root.get("security").written
    return root.derive("OpenAPI 3", Made(parts, root.place))


def translate_operation(item: Node, operation: Node, root: Node) -> tuple[Node, Node]:
    """Return path item and operation, whose reference has been followed, as 3.0 would have them."""
    if not isinstance(operation.value, dict):
        return item, operation
    report_misplaced(operation, OPERATION_OF_2)
    levels = read_level(item.get("parameters")), read_level(operation.get("parameters"))
    produces = media_types(operation, root, "produces")
    shared: list[Part] = [translate_parameter(each) for each in levels[0].plain]
    parts: dict[str, Part] = {
        "parameters": [translate_parameter(each) for each in levels[1].plain],
        "responses": translate_responses(operation.get("responses"), produces),
        PRODUCES: list(produces),
        **extensions(operation),
    }
    body = translate_body(levels, media_types(operation, root, "consumes"))
    if body is not None:
        parts["requestBody"] = body
    if "security" in operation:
        parts["security"] = operation.get("security").written
    if "schemes" in operation:
        parts["servers"] = _servers(root, operation.get("schemes"))
    return (
        item.derive("parameters", Made({"parameters": shared}, item.place)),
        # Two path items may refer to one operation, and give it different parameters.
        operation.derive(f"operation in {item.place}", Made(parts, operation.place)),
    )


def _servers(root: Node, schemes: Node) -> Part:
    """Return one server for each scheme; without a host, wherever the document comes from."""
    host, base = root.text("host").strip().rstrip("/"), root.text("basePath").strip()
    base = f"/{base.strip('/')}" if base.strip("/") else ""
    if not host:
        return [Made({"url": base or "/"}, root.at("basePath"))] if "basePath" in root else []
    if "://" in host or host.startswith("//"):
        message = f"host must be a name without a scheme, but is {host!r}"
        root.library.warn(root.at("host"), "server", message, hint="write the scheme below schemes")
        return [Made({"url": f"{host}{base}"}, root.at("host"))]
    urls = [f"{scheme}://{host}{base}" for scheme in _names(schemes)] or [f"//{host}{base}"]
    return [Made({"url": url}, root.at("host")) for url in urls]


def _names(schemes: Node) -> list[str]:
    found: list[str] = []
    for each in schemes.elements():
        if isinstance(each.value, str) and each.value.isalnum():
            found.append(each.value.lower())
        else:
            each.complain("http, https, ws or wss")
    return found


def _scheme(node: Node) -> Made | Written:
    """Return a security scheme; those that mean the same in 3.0 are taken as they are."""
    kind = node.value.get("type") if isinstance(node.value, dict) else None
    if kind == "basic":
        return Made({"type": "http", "scheme": "basic", **extensions(node)}, node.place)
    if kind != "oauth2":
        return node.written
    flow = node.text("flow")
    if flow not in _FLOWS:
        guess = nearest(flow, _FLOWS)
        hint = f"did you mean {guess}?" if guess else f"one of {', '.join(_FLOWS)}"
        node.library.note(node.at("flow"), "security-scheme", f"there is no flow {flow!r}", hint=hint)
        return Made({"type": "oauth2", "flows": {}}, node.place)
    members = {key: node.get(key).written for key in _FLOW_MEMBERS if key in node}
    flows = {_FLOWS[flow]: Made(members, node.place)}
    return Made({"type": "oauth2", "flows": flows, **extensions(node)}, node.place)
