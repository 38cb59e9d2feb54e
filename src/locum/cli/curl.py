"""Composes a curl line that works: the first thing a newcomer runs.

An operation is chosen whose required parameters all have a documented value, and a credential that opens
it. Nothing is generated: a line is offered only when everything in it is known to be right.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final
from urllib.parse import quote

from locum.behaviour.model import Credential, CredentialStatus, Fixtures
from locum.catalog import Entry
from locum.contract.contract import Contract
from locum.contract.model import (
    HttpMethod,
    JsonValue,
    Location,
    Operation,
    Parameter,
    Route,
    SecurityRequirement,
    SecurityScheme,
    SecurityType,
)
from locum.contract.writing import write_parameter
from locum.errors import ContractError

__all__ = ["curl_line"]

#: How many operations are looked into before giving up; each look costs a reading.
_LOOKS: Final = 20
_PLAIN: Final[dict[str, JsonValue]] = {"string": "a", "integer": 1, "number": 1, "boolean": True}


@dataclass(frozen=True, slots=True)
class _Call:
    """The parts of a curl line."""

    path: str
    query: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    user: str = ""


def curl_line(entry: Entry, base_url: str) -> str:
    """Return a curl line that is answered well below *base_url*, `""` when none can be vouched for."""
    for operation in islice(_readable(entry.contract), _LOOKS):
        if operation.request_body is not None and operation.request_body.required:
            continue
        call = _with_parameters(operation)
        call = call and _with_credentials(call, operation, entry)
        if call:
            return _written(call, base_url)
    return ""


def _readable(contract: Contract) -> Iterator[Operation]:
    """Yield the operations that only read, those with the fewest path variables first."""
    reading = [route for route in contract.routes if route.method is HttpMethod.GET and not route.deprecated]
    for route in sorted(reading, key=_variables):
        try:
            yield contract.operation(route)
        except ContractError:
            continue


def _variables(route: Route) -> int:
    return route.path.count("{")


def _with_parameters(operation: Operation) -> _Call | None:
    """Return the call with every required parameter, `None` when one has no value to vouch for."""
    call = _Call(operation.route.path)
    for parameter in operation.parameters:
        if parameter.required:
            value = _documented_value(parameter)
            if value is None:
                return None
            call = _with_parameter(call, parameter, value)
    return call if "{" not in call.path else None


def _with_parameter(call: _Call, parameter: Parameter, value: JsonValue) -> _Call:
    pairs = write_parameter(parameter, value)
    if parameter.location is Location.PATH:
        return replace(call, path=call.path.replace(f"{{{parameter.name}}}", pairs[0][1]))
    if parameter.location is Location.QUERY:
        return replace(call, query=(*call.query, *(f"{name}={text}" for name, text in pairs)))
    if parameter.location is Location.COOKIE:
        pairs = tuple(("Cookie", f"{name}={text}") for name, text in pairs)
    return replace(call, headers=(*call.headers, *pairs))


def _documented_value(parameter: Parameter) -> JsonValue:
    try:
        return next((value for value in _candidates(parameter) if _fits(parameter, value)), None)
    except ContractError:
        return None


def _candidates(parameter: Parameter) -> Iterator[JsonValue]:
    yield from (example.value for example in parameter.examples)
    if parameter.schema is None:
        return
    schema = parameter.schema.bundle()
    yield from (schema[key] for key in ("example", "default", "const") if key in schema)
    for key in ("examples", "enum"):
        listed = schema.get(key)
        yield from listed if isinstance(listed, list) else ()
    if isinstance(kind := schema.get("type"), str):
        yield _PLAIN.get(kind)


def _fits(parameter: Parameter, value: JsonValue) -> bool:
    return value is not None and (parameter.schema is None or parameter.schema.is_valid(value))


def _with_credentials(call: _Call, operation: Operation, entry: Entry) -> _Call | None:
    """Return the call with the first set of credentials that opens *operation*."""
    if not operation.security:
        return call
    opened = (_opened(call, requirement, entry) for requirement in operation.security)
    return next((found for found in opened if found), None)


def _opened(call: _Call, requirement: SecurityRequirement, entry: Entry) -> _Call | None:
    found: _Call | None = call
    for name, scopes in requirement.schemes.items():
        scheme = entry.contract.security_schemes.get(name)
        secret = _secret(name, scopes, entry.fixtures, scheme)
        if found is None or scheme is None or secret is None:
            return None
        found = _with_secret(found, scheme, secret)
    return found


def _secret(
    name: str, scopes: Iterable[str], fixtures: Fixtures, scheme: SecurityScheme | None
) -> str | None:
    if not fixtures.credentials:
        # Without fixtures any well-formed credential opens an operation.
        return "user:password" if scheme and scheme.http_scheme == "basic" else "anything"
    opening = (each for each in fixtures.credentials if _opens(each, name, frozenset(scopes), fixtures))
    return next((each.secret for each in opening), None)


def _opens(credential: Credential, scheme: str, scopes: frozenset[str], fixtures: Fixtures) -> bool:
    kinds = fixtures.accepts.get(scheme)
    return (
        credential.scheme == scheme
        and credential.status is CredentialStatus.ACTIVE
        and (kinds is None or credential.kind in kinds)
        and scopes <= credential.scopes
    )


def _with_secret(call: _Call, scheme: SecurityScheme, secret: str) -> _Call | None:
    if scheme.type is SecurityType.MUTUAL_TLS or scheme.http_scheme not in {None, "basic", "bearer"}:
        return None
    if scheme.http_scheme == "basic":
        return replace(call, user=secret)
    if scheme.type is not SecurityType.API_KEY:
        return replace(call, headers=(*call.headers, ("Authorization", f"Bearer {secret}")))
    name = scheme.parameter or ""
    if scheme.location is Location.QUERY:
        return replace(call, query=(*call.query, f"{quote(name)}={quote(secret)}"))
    header = ("Cookie", f"{name}={secret}") if scheme.location is Location.COOKIE else (name, secret)
    return replace(call, headers=(*call.headers, header))


def _written(call: _Call, base_url: str) -> str:
    query = f"?{'&'.join(call.query)}" if call.query else ""
    words = ["curl"]
    if call.user:
        words += ["-u", call.user]
    for name, text in call.headers:
        words += ["-H", f"{name}: {text}"]
    # Without -g curl takes brackets for a range.
    words += ["-g"] if "[" in query or "{" in query else []
    return shlex.join([*words, f"{base_url}{call.path}{query}"])
