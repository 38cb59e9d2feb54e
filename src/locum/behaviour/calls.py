"""Composes requests: one that is answered well, and those that lead to a scenario.

Values are documented ones where there are any: of the fixtures, then of the document, then generated.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote

from locum.behaviour.contents import Generates
from locum.behaviour.model import Credential, CredentialStatus, Fixtures
from locum.behaviour.scenarios import Natural
from locum.contract.contract import Contract
from locum.contract.model import (
    JsonValue,
    Location,
    MediaType,
    Operation,
    Parameter,
    Schema,
    SecurityRequirement,
    SecurityScheme,
    SecurityType,
)
from locum.contract.writing import write_parameter
from locum.errors import ContractError, GenerationError
from locum.generation.media import complete_type, encode
from locum.generation.model import Variant
from locum.generation.streams import stable_seed

__all__ = ["Call", "authorized", "compose", "encoded"]

_TRIES: Final = 8
#: Characters that may stand in a path or a query as they are, beside letters and digits.
_SAFE: Final = ":@,~!*'()"


def encoded(text: str) -> str:
    """Percent-encode what cannot stand as it is in one segment of a path, or in a name or value of a query.

    >>> encoded("a b/c:d")
    'a%20b%2Fc:d'
    """
    return quote(text, safe=_SAFE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request below a contract's base; *path* and the pairs of *query* are percent-encoded."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query."""
        query = "&".join(f"{name}={text}" for name, text in self.query)
        return f"{self.path}?{query}" if query else self.path

    def with_header(self, name: str, text: str | None) -> Call:
        """Return the call with one header in the place of its own of that name, or without it."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=kept if text is None else (*kept, (name, text)))

    def with_query(self, name: str, texts: Iterable[str]) -> Call:
        """Return the call with one query parameter in the place of its own of that name."""
        key = encoded(name)
        kept = tuple(pair for pair in self.query if pair[0] not in {key, quote(name, safe="")})
        return replace(self, query=(*kept, *((key, encoded(text)) for text in texts)))


def compose(
    natural: Natural, operation: Operation, *, contract: Contract, fixtures: Fixtures, generator: Generates
) -> Call | None:
    """Return the request that *natural* describes, `None` when no request can be vouched for."""
    usual = fixtures.calls.get(operation.operation_id)
    try:
        call = _bare(operation, generator, usual, natural)
    except (ContractError, GenerationError):
        return None
    secrets = [each.credential for each in (natural, usual) if each and each.credential is not None]
    opened = authorized(call, operation, contract, fixtures, secrets[0] if secrets else None)
    if opened is None:
        return None
    call = _overridden(_overridden(opened, usual) if usual else opened, natural)
    if natural.path:
        call = replace(call, path=natural.path)
    return replace(call, method=natural.method or call.method)


def _bare(operation: Operation, generator: Generates, *overriding: Natural | None) -> Call:
    """Return a request with every required parameter and body; raises where one cannot be made."""
    said = {name: text for each in overriding if each for name, text in each.path_values.items()}
    path = operation.route.path
    for name, text in said.items():
        path = path.replace(f"{{{name}}}", encoded(text))
    call = Call(method=operation.route.method.value, path=path)
    for parameter in operation.parameters:
        is_open = parameter.location is Location.PATH and f"{{{parameter.name}}}" in call.path
        if is_open or (parameter.required and parameter.location is not Location.PATH):
            call = _with_parameter(call, parameter, _value(parameter, generator))
    body = operation.request_body
    if body is not None and body.required and body.content:
        call = _with_body(call, body.content[0], generator)
    return call


def _with_parameter(call: Call, parameter: Parameter, value: JsonValue) -> Call:
    pairs = write_parameter(parameter, value)
    if parameter.location is Location.PATH:
        return replace(call, path=call.path.replace(f"{{{parameter.name}}}", pairs[0][1] or "-"))
    if parameter.location is Location.QUERY:
        return replace(call, query=(*call.query, *pairs))
    if parameter.location is Location.COOKIE:
        pairs = tuple(("Cookie", f"{name}={text}") for name, text in pairs)
    return replace(call, headers=(*call.headers, *pairs))


def _with_body(call: Call, media: MediaType, generator: Generates) -> Call:
    name = media.name.replace("*/*", "application/json").replace("/*", "/plain")
    examples = [
        each.value for each in media.examples if media.schema is None or media.schema.is_valid(each.value)
    ]
    bundle = media.schema.bundle() if media.schema else None
    value = examples[0] if examples else _made(media.schema, generator, "body")
    content = encode(value, name, bundle, media.encoding)
    return replace(call, body=content, headers=(*call.headers, ("Content-Type", complete_type(name))))


def _value(parameter: Parameter, generator: Generates) -> JsonValue:
    schema = parameter.schema
    found = (each for each in _documented(parameter) if schema is None or schema.is_valid(each))
    for value in found:
        if value is not None:
            return value
    return _made(schema, generator, parameter.name)


def _documented(parameter: Parameter) -> Iterator[JsonValue]:
    yield from (example.value for example in parameter.examples)
    if parameter.schema is None:
        return
    schema = parameter.schema.bundle()
    yield from (schema[key] for key in ("example", "default", "const") if key in schema)
    for key in ("examples", "enum"):
        listed = schema.get(key)
        yield from listed if isinstance(listed, list) else ()


def _made(schema: Schema | None, generator: Generates, subject: str) -> JsonValue:
    """Return a value that is not empty, if one is made within a few tries."""
    if schema is None:
        return "a"
    produce = generator.producer(schema.bundle(), variant=Variant.MINIMAL)
    made = [produce(stable_seed("call", subject, attempt)) for attempt in range(_TRIES)]
    return next((value for value in made if value not in ("", [], {}, None)), made[0])


def authorized(
    call: Call, operation: Operation, contract: Contract, fixtures: Fixtures, wanted: str | None
) -> Call | None:
    """Return the call with the credential *wanted*, with none for `""`, with one that opens for `None`.

    `None` comes back where there is no such credential.
    """
    if wanted == "" or not operation.security:
        return call
    if wanted:
        credential = next((each for each in fixtures.credentials if each.id == wanted), None)
        scheme = contract.security_schemes.get(credential.scheme) if credential else None
        return _with_secret(call, scheme, credential.secret) if credential and scheme else None
    opened = (_opened(call, each, contract, fixtures) for each in operation.security)
    return next((found for found in opened if found), None)


def _opened(
    call: Call, requirement: SecurityRequirement, contract: Contract, fixtures: Fixtures
) -> Call | None:
    found: Call | None = call
    for name, scopes in requirement.schemes.items():
        scheme = contract.security_schemes.get(name)
        secret = _secret(name, frozenset(scopes), fixtures, scheme)
        if found is None or scheme is None or secret is None:
            return None
        found = _with_secret(found, scheme, secret)
    return found


def _secret(
    name: str, scopes: frozenset[str], fixtures: Fixtures, scheme: SecurityScheme | None
) -> str | None:
    if not fixtures.credentials:
        # Without fixtures any well-formed credential opens an operation.
        return "user:password" if scheme and scheme.http_scheme == "basic" else "anything"
    opening = (each for each in fixtures.credentials if _opens(each, name, scopes, fixtures))
    return next((each.secret for each in opening), None)


def _opens(credential: Credential, scheme: str, scopes: frozenset[str], fixtures: Fixtures) -> bool:
    kinds = fixtures.accepts.get(scheme)
    return (
        credential.scheme == scheme
        and credential.status is CredentialStatus.ACTIVE
        and (kinds is None or credential.kind in kinds)
        and scopes <= credential.scopes
    )


def _with_secret(call: Call, scheme: SecurityScheme, secret: str) -> Call | None:
    if scheme.type is SecurityType.MUTUAL_TLS:
        return None
    name = scheme.parameter or scheme.name
    if scheme.type is SecurityType.API_KEY and scheme.location is Location.QUERY:
        return call.with_query(name, [secret])
    if scheme.type is SecurityType.API_KEY and scheme.location is Location.COOKIE:
        return call.with_header("Cookie", f"{name}={secret}")
    if scheme.type is SecurityType.API_KEY:
        return call.with_header(name, secret)
    if scheme.http_scheme == "basic":
        return call.with_header("Authorization", f"Basic {base64.b64encode(secret.encode()).decode()}")
    return call.with_header("Authorization", f"{(scheme.http_scheme or 'bearer').capitalize()} {secret}")


def _overridden(call: Call, natural: Natural) -> Call:
    for name, text in natural.query.items():
        texts = () if text is None else text if isinstance(text, tuple) else (text,)
        call = call.with_query(name, texts)
    for name, text in natural.headers.items():
        call = call.with_header(name, text)
    return call if natural.body is None else replace(call, body=natural.body.encode())
