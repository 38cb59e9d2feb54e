"""The values an OpenAPI document is read into.

Plain frozen values, the same for every version of the specification: what differs between 2.0, 3.0
and 3.1 has been translated away by the reader. No value here keeps a reference (`$ref`) unresolved,
except inside schemas, which stay lazy and are looked at through `Schema`.

Names follow the OpenAPI Specification 3.1.1, section 4.8; read `reader.py` next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

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

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = "dict[str, JsonValue]"


class HttpMethod(StrEnum):
    """The methods a Path Item may declare (3.2.0, 4.9.1)."""

    GET = "GET"
    PUT = "PUT"
    POST = "POST"
    DELETE = "DELETE"
    OPTIONS = "OPTIONS"
    HEAD = "HEAD"
    PATCH = "PATCH"
    TRACE = "TRACE"
    QUERY = "QUERY"
    #: Below `additionalOperations` (3.2.0, 4.9.1): registered methods that HTTP servers can read.
    COPY = "COPY"
    LINK = "LINK"
    LOCK = "LOCK"
    MKCOL = "MKCOL"
    MOVE = "MOVE"
    PROPFIND = "PROPFIND"
    PROPPATCH = "PROPPATCH"
    PURGE = "PURGE"
    REPORT = "REPORT"
    SEARCH = "SEARCH"
    UNLINK = "UNLINK"
    UNLOCK = "UNLOCK"


class Direction(StrEnum):
    """Which way a body travels: `readOnly` members are absent from requests, `writeOnly` from answers."""

    REQUEST = "request"
    RESPONSE = "response"


class Location(StrEnum):
    """Where a parameter is sent."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"


class Style(StrEnum):
    """How a parameter is written down (3.1.1, 4.8.12.3)."""

    MATRIX = "matrix"
    LABEL = "label"
    SIMPLE = "simple"
    FORM = "form"
    SPACE_DELIMITED = "spaceDelimited"
    PIPE_DELIMITED = "pipeDelimited"
    DEEP_OBJECT = "deepObject"
    #: `collectionFormat` `csv` and `tsv` of 2.0, which no style of 3.x means; documents cannot name them.
    COMMA_DELIMITED = "commaDelimited"
    TAB_DELIMITED = "tabDelimited"


class SecurityType(StrEnum):
    """The kinds of Security Scheme Object (3.1.1, 4.8.27)."""

    API_KEY = "apiKey"
    HTTP = "http"
    MUTUAL_TLS = "mutualTLS"
    OAUTH2 = "oauth2"
    OPENID_CONNECT = "openIdConnect"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in one of the files a contract is made of.

    *uri* names the file as the reader was told it; *pointer* is a JSON Pointer (RFC 6901).
    Lines and columns cost a second look at the text: ask the `Contract` for them.
    """

    uri: str
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One way in which a request or a reply breaks its contract.

    *location* starts with `request` or `response`, then the part, then the way into it:
    `("request", "query", "limit")`, `("response", "body", "items", 3, "id")`.
    *keyword* is the JSON Schema keyword that speaks, or one of `required`, `style`, `content-type`, `syntax`.
    *expected* and *received* are short texts for people; *place* is where the rule stands.
    *asked* is what the keyword asks for, as the schema has it: a limit, the choices, a pattern, a name.
    *parts*, unless `None`, is the same told error by error, as the validator found it: one sentence may sum
    up the alternatives of a choice, and where several sentences do, the first has all the parts.
    """

    location: tuple[str | int, ...]
    keyword: str
    message: str
    expected: str = ""
    received: str = ""
    place: Place | None = None
    asked: JsonValue = None
    parts: tuple[Violation, ...] | None = None
    #: Worth telling, and no reason to refuse.
    is_warning: bool = False


class Schema(Protocol):
    """One schema of a document, seen in one direction; everything costly is done on first use."""

    @property
    def place(self) -> Place:
        """Where the schema stands; schemas that only refer to another stand where that one does."""
        ...

    @property
    def direction(self) -> Direction:
        """Which way the values it judges travel."""
        ...

    def bundle(self) -> JsonObject:
        """Return the schema as one self-contained JSON Schema 2020-12.

        Every `$ref` in it is local (`#/$defs/…`), circular ones included; OpenAPI 3.0 dialect is
        translated; the direction is applied (`required` without members that may not travel this way).
        The annotations `discriminator`, `xml`, `example`, `examples`, `default`, `readOnly`,
        `writeOnly` and `x-*` are kept. Shared and read-only: do not change it.
        Raises `ContractError` when the schema or something it refers to cannot be used.
        """
        ...

    def is_valid(self, value: JsonValue) -> bool:
        """Tell whether *value* satisfies the schema, formats asserted. Raises as `bundle`."""
        ...

    def violations(self, value: JsonValue, *location: str | int) -> tuple[Violation, ...]:
        """Return every violation, each located below *location*. Raises as `bundle`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A named example; *name* is `""` for the single `example`."""

    name: str
    value: JsonValue
    summary: str = ""
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
    """A declared response; *status* is `"200"`, a range such as `"4XX"`, or `"default"`."""

    status: str
    description: str = ""
    headers: tuple[Header, ...] = ()
    content: tuple[MediaType, ...] = ()
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
    """

    route: Route
    parameters: tuple[Parameter, ...]
    request_body: RequestBody | None
    responses: tuple[ResponseSpec, ...]
    security: tuple[SecurityRequirement, ...]
    servers: tuple[Server, ...] = ()
    callbacks: tuple[Callback, ...] = ()
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
