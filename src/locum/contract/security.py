"""Security Scheme and Security Requirement Objects (3.1.1, 4.8.27 to 4.8.30)."""

from __future__ import annotations

from collections.abc import Mapping

from locum.contract.model import Location, OAuthFlow, SecurityRequirement, SecurityScheme, SecurityType
from locum.contract.node import Node
from locum.errors import nearest

__all__ = ["read_requirements", "read_schemes"]

FLOWS = ("implicit", "password", "clientCredentials", "authorizationCode")
#: Names other versions and other tools use.
TYPE_ALIASES: Mapping[str, SecurityType] = {
    "apikey": SecurityType.API_KEY,
    "openidconnect": SecurityType.OPENID_CONNECT,
    "mutualtls": SecurityType.MUTUAL_TLS,
}


def read_schemes(node: Node) -> Mapping[str, SecurityScheme]:
    """Read every scheme that can be read; the others are reported."""
    schemes = {name: read_scheme(name, member) for name, member in node.entries()}
    return {name: scheme for name, scheme in schemes.items() if scheme is not None}


def read_scheme(name: str, node: Node) -> SecurityScheme | None:
    """Read one scheme; `None` when nobody could satisfy it."""
    found = node.reached()
    if found is None:
        return None
    node = found
    if not isinstance(node.value, dict):
        node.complain("an object")
        return None
    kind = read_type(name, node)
    if kind is None or not is_complete(name, kind, node):
        return None
    http_scheme = node.text("scheme").lower()
    is_key = kind is SecurityType.API_KEY
    return SecurityScheme(
        name=name,
        type=kind,
        location=Location(node.text("in")) if is_key else None,
        parameter=node.text("name") if is_key else None,
        http_scheme=http_scheme if kind is SecurityType.HTTP else None,
        bearer_format=node.text("bearerFormat") or None,
        flows=read_flows(node.get("flows")) if kind is SecurityType.OAUTH2 else (),
        place=node.place,
    )


def read_type(name: str, node: Node) -> SecurityType | None:
    """Read the type of a scheme, in whatever case it is written."""
    written = node.text("type")
    if written in set(SecurityType):
        return SecurityType(written)
    kind = TYPE_ALIASES.get(written.lower())
    guess = kind or nearest(written, list(SecurityType))
    hint = f"did you mean {guess}?" if guess else f"one of {', '.join(SecurityType)}"
    message = f"the security scheme {name!r} has the unknown type {written!r}"
    node.library.note(node.at("type"), "security-scheme", message, hint=hint)
    return kind


def is_complete(name: str, kind: SecurityType, node: Node) -> bool:
    """Tell whether the scheme says enough to be satisfied, reporting what is missing."""
    if kind is SecurityType.HTTP and not node.text("scheme"):
        node.library.note(node.place, "security-scheme", f"the http scheme {name!r} lacks scheme")
        return False
    if kind is not SecurityType.API_KEY:
        return True
    if not node.text("name"):
        node.library.note(node.place, "security-scheme", f"the apiKey scheme {name!r} lacks name")
        return False
    if node.text("in") not in ("query", "header", "cookie"):
        message = f"the apiKey scheme {name!r} must be in query, header or cookie"
        node.library.note(node.at("in"), "security-scheme", message)
        return False
    return True


def read_flows(node: Node) -> tuple[OAuthFlow, ...]:
    """Read the OAuth 2.0 flows that exist."""
    return tuple(
        OAuthFlow(
            kind=kind,
            token_url=flow.text("tokenUrl") or None,
            authorization_url=flow.text("authorizationUrl") or None,
            scopes={name: str(scope.value or "") for name, scope in flow.get("scopes").items()},
        )
        for kind, flow in node.fields()
        if kind in FLOWS
    )


def read_requirements(node: Node, schemes: Mapping[str, SecurityScheme]) -> tuple[SecurityRequirement, ...]:
    """Read a list of alternatives; a scheme nobody defined is reported and asks for nothing."""
    if isinstance(node.value, dict):
        node.library.warn(
            node.place, "security", "security must be a list; the object is taken as its only item"
        )
        return (read_requirement(node, schemes),)
    return tuple(read_requirement(each, schemes) for each in node.elements())


def read_requirement(node: Node, schemes: Mapping[str, SecurityScheme]) -> SecurityRequirement:
    """Read one alternative."""
    needed: dict[str, tuple[str, ...]] = {}
    for name, scopes in node.items():
        if name in schemes:
            needed[name] = tuple(str(each.value) for each in scopes.elements())
            continue
        guess = nearest(name, schemes)
        hint = f"did you mean {guess}?" if guess else "define it below components/securitySchemes"
        message = f"the security scheme {name!r} is not defined or not usable; it asks for nothing"
        node.library.note(scopes.place, "undefined-scheme", message, hint=hint)
    return SecurityRequirement(schemes=needed)
