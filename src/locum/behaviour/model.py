"""The values a request passes through, from what was sent to what is sent back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from locum.behaviour.causes import Cause
from locum.behaviour.changes import Change
from locum.behaviour.corrections import Correction
from locum.behaviour.faults import Fault
from locum.behaviour.rate_limits import RateLimit
from locum.behaviour.requirements import Requirement
from locum.behaviour.scenarios import Natural, Scenario
from locum.contract.model import JsonObject, JsonValue, Operation, SecurityScheme, Violation
from locum.generation.model import Variant

__all__ = [
    "Callout",
    "Cause",
    "Credential",
    "CredentialStatus",
    "Fixtures",
    "Identity",
    "Outcome",
    "Preferences",
    "RawRequest",
    "Refusal",
    "RefusalMembers",
    "RefusalRule",
    "Reply",
    "Request",
    "Sibling",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRequest:
    """A request as it was sent; nothing decoded but the path.

    *path* is what stands below the contract's base, percent-encoded, so that a request is the same wherever
    the contract is served; *base_url* is that base as the client wrote it, without a slash at its end.
    *headers* are in order, names in lower case, values as ISO 8859-1 text. *path_values* holds the
    percent-decoded text behind each template variable. *query* is the raw query string without `?`.
    *ahead* is what a checker has found out about the body beforehand, and says nothing to anybody else.
    """

    method: str
    path: str
    path_values: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    base_url: str = ""
    ahead: object = field(default=None, compare=False, repr=False)

    def header(self, name: str) -> str | None:
        """Return the value of header *name* (lower case), several joined by a comma (RFC 9110, 5.3)."""
        found = None
        for key, value in self.headers:
            if key == name:
                found = value if found is None else f"{found}, {value}"
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What one request asked for, by `Prefer` (RFC 7240) or by the `__` query forms.

    *scenario* is the id or the name of one; it has its say before the others.
    """

    code: int | None = None
    example: str | None = None
    dynamic: bool | None = None
    seed: str | None = None
    scenario: str | None = None
    #: Which optional members a generated body has.
    variant: Variant | None = None
    #: `""` or `true` for every callback of the operation, `false` for none, else the name of one.
    callback: str | None = None


class CredentialStatus(StrEnum):
    """Whether a known credential still opens anything."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A secret the stand-in knows.

    *secret* is what is sent: the key itself, the bearer token, or `user:password` for HTTP Basic.
    *kind* is free text of the contract; operations list the kinds they accept.
    """

    id: str
    scheme: str
    secret: str
    kind: str = ""
    scopes: frozenset[str] = frozenset()
    status: CredentialStatus = CredentialStatus.ACTIVE
    description: str = ""
    #: Whatever else the contract's handlers want to know: organisation, tags, …
    attributes: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who calls: the credentials that satisfied the operation; empty for an anonymous call."""

    credentials: tuple[Credential, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalRule:
    """How a contract words a refusal; the first rule that matches is used.

    *causes* empty matches every cause; *parameter* narrows to violations of one parameter, *when* to
    settings of these values. *body* is a template: see `refusals.py` for its grammar.
    """

    causes: frozenset[Cause] = frozenset()
    parameter: str | None = None
    when: Mapping[str, JsonValue] = field(default_factory=dict)
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JsonValue = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalMembers:
    """Members that every worded refusal has beside its own, *when* settings have these values."""

    when: Mapping[str, JsonValue]
    members: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """A path of another API of the vendor, at the same host; *accepts* maps schemes to the kinds it takes."""

    path: str
    accepts: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixtures:
    """What a document cannot say: credentials and how refusals are worded.

    With no credentials at all, any well-formed credential opens an operation.
    *accepts* maps a scheme to the kinds it takes; a scheme that is not named takes every kind.
    *bare* names the HTTP schemes that also take the secret without its scheme word.
    *realm* is the realm of challenges (RFC 9110, 11.5).
    """

    credentials: tuple[Credential, ...] = ()
    accepts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    bare: frozenset[str] = frozenset()
    realm: str = ""
    refusals: tuple[RefusalRule, ...] = ()
    refusal_members: tuple[RefusalMembers, ...] = ()
    #: Extra `Host` names under which the contract is served, beside those of its servers.
    hosts: tuple[str, ...] = ()
    #: Switches of the contract's handlers, with their defaults.
    settings: Mapping[str, JsonValue] = field(default_factory=dict)
    #: What is there from the start, by collection; see `World`.
    records: Mapping[str, tuple[JsonObject, ...]] = field(default_factory=dict)
    #: What can be asked for by name: errors, faults, drift.
    scenarios: tuple[Scenario, ...] = ()
    #: By operation id, what makes a request that is answered well.
    calls: Mapping[str, Natural] = field(default_factory=dict)
    #: Paths of the vendor's other APIs; see `siblings.py`.
    siblings: tuple[Sibling, ...] = ()
    #: How many calls are let through; see `rate_limits.py`.
    rate_limits: tuple[RateLimit, ...] = ()
    #: What requests to an operation have to keep beyond its schemas; found out when first asked.
    requirements: Callable[[Operation], tuple[Requirement, ...]] = field(
        default=lambda _: (), compare=False, repr=False
    )
    #: What the document tells wrongly, or not at all, of its resources.
    resources: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request that was understood: every value decoded by its parameter's style and schema.

    *headers* and *cookies* hold declared parameters only, under their declared names.
    *query* holds declared parameters, with defaults of the schema filled in where nothing was sent.
    *body* is decoded JSON, form fields, text or bytes; *media_type* is `""` without a body.
    *violations* are warnings: deprecated parameters that were sent.
    """

    operation: Operation
    raw: RawRequest
    path: Mapping[str, JsonValue] = field(default_factory=dict)
    query: Mapping[str, JsonValue] = field(default_factory=dict)
    headers: Mapping[str, JsonValue] = field(default_factory=dict)
    cookies: Mapping[str, JsonValue] = field(default_factory=dict)
    body: JsonValue | bytes = None
    media_type: str = ""
    identity: Identity = Identity()
    preferences: Preferences = Preferences()
    violations: tuple[Violation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is sent: *body* is the very bytes, *media_type* goes into `Content-Type` unless empty."""

    status: int
    body: bytes = b""
    media_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """A request that the stand-in sends of its own accord: a callback of *operation*, or a webhook."""

    name: str
    operation: Operation
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A request that is not served, before it wears the contract's error shape.

    *status* is a wish; the contract's fixtures may say otherwise. *asked_status* is what the rule that was
    broken asks for, if it does. *detail* is one true sentence; *facts* are the words it speaks of, by name,
    for whoever tells it differently.
    """

    cause: Cause
    status: int
    detail: str
    facts: Mapping[str, str] = field(default_factory=dict)
    violations: tuple[Violation, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    #: The scopes that a token lacks, as `WWW-Authenticate` lists them.
    scope: str = ""
    asked_status: int | None = None
    #: The schemes for which nothing was presented, in the order they were tried.
    unmet: tuple[SecurityScheme, ...] = ()
    #: What else is wrong with the request, where that was looked at.
    further: tuple[Violation, ...] = ()
    #: The example of the declared error that the client asked for.
    example: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was decided, and why; *because* lists the choices in the order they were made.

    *changes* are made in the session before the reply leaves. *scenario* is the id of the one that was
    played, *fault* what is spoilt on the way out: both only where somebody asked for it.
    """

    reply: Reply
    because: tuple[str, ...] = ()
    refusal: Refusal | None = None
    violations: tuple[Violation, ...] = ()
    changes: tuple[Change, ...] = ()
    scenario: str = ""
    fault: Fault | None = None
    #: What is sent once the reply has left.
    callouts: tuple[Callout, ...] = ()
