"""The values an OpenAPI document is read into.

Plain frozen values, the same for every version of the specification: what differs between 2.0, 3.0
and 3.1 has been translated away by the reader. No value here keeps a reference (`$ref`) unresolved,
except inside schemas, which stay lazy and are looked at through `Schema`.

Names follow the OpenAPI Specification 3.1.1, section 4.8. The words they choose among stand in `words.py`,
JSON and what is said of it in `values.py`; read `reader.py` next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from locum.contract.values import JsonObject, JsonValue, Place, Schema, Violation
from locum.contract.words import Direction, HttpMethod, Location, SecurityType, Style

__all__ = [
    "Callback",
    "Direction",
    "Encoding",
    "Example",
    "Header",
    "HttpMethod",
    "JsonObject",
    "JsonValue",
    "Link",
    "Location",
    "MediaType",
    "OAuthFlow",
    "Operation",
    "Parameter",
    "Place",
    "RequestBody",
    "ResponseSpec",
    "Route",
    "Schema",
    "SecurityRequirement",
    "SecurityScheme",
    "SecurityType",
    "Server",
    "Style",
    "Violation",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A named example; *name* is `""` for the single `example`, *ids* are what else it is asked for by."""

    name: str
    value: JsonValue
    summary: str = ""
    ids: tuple[str, ...] = ()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A header a reply declares; *name* as written in the document."""

    name: str
    required: bool = False
    schema: Schema | None = None
    style: Style = Style.SIMPLE
    explode: bool = False
    examples: tuple[Example, ...] = ()
    #: Media type when the header is declared by `content` instead of `schema`.
    media_type: str | None = None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How one property of a form or multipart body is written (3.1.1, 4.8.15)."""

    content_type: str | None = None
    style: Style | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaType:
    """One entry of a `content` map; *name* is the media type or range as written.

    *is_implied* says that the document names no media type at all, and this is the usual one.
    """

    name: str
    schema: Schema | None = None
    examples: tuple[Example, ...] = ()
    encoding: Mapping[str, Encoding] = field(default_factory=dict)
    is_implied: bool = False
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter, path-level ones included; *media_type* is set when it is declared by `content`.

    *extensions* holds the `x-` members as written.
    """

    name: str
    location: Location
    required: bool
    style: Style
    explode: bool
    schema: Schema | None
    media_type: str | None = None
    allow_empty: bool = False
    allow_reserved: bool = False
    deprecated: bool = False
    examples: tuple[Example, ...] = ()
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBody:
    """What a request may carry."""

    required: bool
    content: tuple[MediaType, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A design-time link from one answer to another operation (3.1.1, 4.8.20)."""

    name: str
    operation_id: str | None = None
    operation_ref: str | None = None
    parameters: Mapping[str, JsonValue] = field(default_factory=dict)
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSpec:
    """A declared response; *status* is `"200"`, a range such as `"4XX"`, or `"default"`.

    *unnamed* are usual media types that the document does not name, where they were left out of *content*.
    """

    status: str
    description: str = ""
    headers: tuple[Header, ...] = ()
    content: tuple[MediaType, ...] = ()
    unnamed: tuple[MediaType, ...] = ()
    links: tuple[Link, ...] = ()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthFlow:
    """One OAuth 2.0 flow; *kind* is `implicit`, `password`, `clientCredentials` or `authorizationCode`."""

    kind: str
    token_url: str | None = None
    authorization_url: str | None = None
    scopes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """A way to prove who calls.

    *parameter* and *location* speak of `apiKey`; *http_scheme* (lower case) of `http`.
    """

    name: str
    type: SecurityType
    location: Location | None = None
    parameter: str | None = None
    http_scheme: str | None = None
    bearer_format: str | None = None
    flows: tuple[OAuthFlow, ...] = ()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityRequirement:
    """Schemes that must all be satisfied together, each with its scopes; empty means anonymous."""

    schemes: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A base URL; *urls* holds it with its variables filled in, the default first, then each enum value.

    *open_url* still holds those variables whose values nothing lists, so that they may have any.
    """

    url: str
    urls: tuple[str, ...]
    open_url: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What is known of an operation without looking into it: enough to route and to list.

    *operation_id* is the declared one, or `METHOD /path` where none is declared. *greedy* names the variables
    that hold slashes too (`{+name}`, `{name*}`; RFC 6570). *servers* are the operation's own, if it has any.
    """

    method: HttpMethod
    path: str
    operation_id: str
    deprecated: bool = False
    summary: str = ""
    tags: tuple[str, ...] = ()
    greedy: frozenset[str] = frozenset()
    servers: tuple[Server, ...] = ()
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation, whole.

    *security* lists alternatives, any of which opens the operation; `()` means that nothing is asked.
    *responses* are in document order. *extensions* holds the `x-` members as written.
    *produces* are the media types of all answers, declared or not, where a document says so (2.0).
    """

    route: Route
    parameters: tuple[Parameter, ...]
    request_body: RequestBody | None
    responses: tuple[ResponseSpec, ...]
    security: tuple[SecurityRequirement, ...]
    servers: tuple[Server, ...] = ()
    callbacks: tuple[Callback, ...] = ()
    produces: tuple[str, ...] = ()
    extensions: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def operation_id(self) -> str:
        """The id of the route."""
        return self.route.operation_id

    @property
    def deprecated(self) -> bool:
        """Whether the document marks the operation as deprecated."""
        return self.route.deprecated

    def response_for(self, status: int) -> ResponseSpec | None:
        """Return the response that governs *status*: exact, then range, then `default` (3.1.1, 4.8.16)."""
        declared = {response.status.upper(): response for response in self.responses}
        return declared.get(str(status)) or declared.get(f"{status // 100}XX") or declared.get("DEFAULT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """A request that the API sends of its own accord: for a call (3.1.1, 4.8.18), or as a webhook.

    *expression* is the URL as a template of runtime expressions, `""` for a webhook, whose URL is agreed
    elsewhere. *operation* describes what is sent and what may come back; the path of its route is the
    expression.
    """

    name: str
    expression: str
    operation: Operation
