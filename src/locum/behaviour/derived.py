"""Derives scenarios from a document alone: every declared status, and every way a request can be wrong.

Only requests that are wrong for certain are offered: a value is one that the schema refuses.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from locum.behaviour.causes import Cause
from locum.behaviour.forcing import default_status
from locum.behaviour.model import Fixtures, Refusal
from locum.behaviour.plans import Plan
from locum.behaviour.refusals import refuse
from locum.behaviour.scenarios import Force, Natural, Scenario
from locum.contract.contract import Contract
from locum.contract.model import HttpMethod, JsonObject, JsonValue, Location, Operation, Parameter, Violation
from locum.contract.styles import UNREADABLE, compile_parameters
from locum.contract.writing import to_json

__all__ = ["derived_scenarios"]

_SOURCE: Final = "the document"
#: Texts that are wrong for many schemas, each with what is wrong about it.
_WRONG_TEXTS: Final = (
    ("wrong-type", "not-a-number"),
    ("wrong-format", "not a date"),
    ("pattern", "!"),
    ("unknown-word", "unknown-word"),
    ("empty", ""),
)
_WRONG_BODIES: Final[tuple[JsonValue, ...]] = ([], {}, "text", 0, None)
_VARIABLE: Final = re.compile(r"\{[^}]*\}")
_SENDS_BODY: Final = frozenset({HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH})
#: Headers that are no parameters, whatever the document says (3.1.1, 4.8.12.1).
_SPOKEN_FOR: Final = frozenset({"accept", "content-type", "authorization"})
_OTHERS: Final = ("DELETE", "PATCH", "PUT", "POST", "GET")


def derived_scenarios(plan: Plan, *, contract: Contract, fixtures: Fixtures) -> Iterator[Scenario]:
    """Yield what can happen to the operation of *plan*; raises `ContractError` where it cannot be used."""
    operation = plan.operation
    yield from _declared(operation, contract.name)
    for cause, name, title, natural in _wrong(plan, contract, fixtures):
        yield _natural(plan, cause, name, title, natural, contract=contract, fixtures=fixtures)


def _declared(operation: Operation, contract: str) -> Iterator[Scenario]:
    """Yield each declared status, forced; a range and `default` by a status of theirs."""
    exact = {int(each.status) for each in operation.responses if each.status.isdigit()}
    for response in operation.responses:
        status = _status_of(response.status, exact)
        if status is None or status < HTTPStatus.OK:
            continue
        yield Scenario(
            id=f"{operation.operation_id}.{response.status}",
            name=f"status-{response.status.lower()}",
            title=response.description.strip().partition("\n")[0] or f"the declared {response.status}",
            contract=contract,
            operations=frozenset({operation.operation_id}),
            status=status,
            force=Force(status=status),
            is_derived=True,
            source=_SOURCE,
        )


def _status_of(declared: str, exact: set[int]) -> int | None:
    if declared.isdigit():
        return int(declared)
    first = 500 if declared.lower() == "default" else int(declared[0]) * 100 if declared[:1].isdigit() else 0
    return next((status for status in range(first, first + 100) if first and status not in exact), None)


_Wrong = tuple[Cause, str, str, Natural]


def _wrong(plan: Plan, contract: Contract, fixtures: Fixtures) -> Iterator[_Wrong]:
    operation = plan.operation
    usual = Natural(operation=operation.operation_id)
    yield from _wrong_callers(operation, contract, fixtures, usual)
    yield from _wrong_parameters(operation, plan.judges, usual)
    yield from _wrong_bodies(operation, usual)
    yield from _wrong_places(operation, contract, usual)
    successes = [each for each in operation.responses if each.status.startswith("2") and each.content]
    if successes and not any(media.name.startswith("*") for media in successes[0].content):
        accept = replace(usual, headers={"accept": "application/x-nobody-has-this"})
        yield Cause.NOT_ACCEPTABLE, "not-acceptable", "A media type is asked for that is not there", accept


def _wrong_callers(
    operation: Operation, contract: Contract, fixtures: Fixtures, usual: Natural
) -> Iterator[_Wrong]:
    schemes = [contract.security_schemes.get(name) for each in operation.security for name in each.schemes]
    if not operation.security or not all(each.schemes for each in operation.security) or None in schemes:
        return
    yield (
        Cause.MISSING_CREDENTIAL,
        "no-credential",
        "Nobody says who calls",
        replace(usual, credential=""),
    )
    if fixtures.credentials and all(scheme and scheme.http_scheme != "basic" for scheme in schemes):
        scheme = schemes[0]
        if scheme and scheme.location is Location.HEADER and scheme.parameter:
            header, text = scheme.parameter, "nobody-has-this"
        elif scheme and scheme.parameter is None:
            header, text = "authorization", f"{(scheme.http_scheme or 'bearer').capitalize()} nobody-has-this"
        else:
            return
        natural = replace(usual, headers={header.lower(): text})
        yield Cause.INVALID_CREDENTIAL, "unknown-credential", "A credential that nobody has", natural


def _wrong_parameters(operation: Operation, judged: Container[str], usual: Natural) -> Iterator[_Wrong]:
    for parameter in operation.parameters:
        name, location = parameter.name, parameter.location
        if location is Location.HEADER and name.lower() in _SPOKEN_FOR:
            continue
        if parameter.required and location is Location.QUERY:
            without = replace(usual, query={name: None})
            yield Cause.MISSING_PARAMETER, f"no-{name}", f"{name} is missing", without
        if parameter.required and location is Location.HEADER:
            without = replace(usual, headers={name.lower(): None})
            yield Cause.MISSING_PARAMETER, f"no-{name}", f"{name} is missing", without
        # What a handler judges may take more than the schema says.
        for fault, text in () if name in judged else _wrong_texts(parameter):
            if location is Location.QUERY:
                natural = replace(usual, query={name: text})
            elif location is Location.HEADER:
                natural = replace(usual, headers={name.lower(): text})
            elif location is Location.PATH and text:
                natural = replace(usual, path_values={name: text})
            else:
                continue
            yield Cause.INVALID_PARAMETER, f"{fault}-{name}", f"{name} is {text!r}", natural


def _wrong_texts(parameter: Parameter) -> Iterator[tuple[str, str]]:
    """Yield texts that the schema of *parameter* refuses, one for each fault."""
    if parameter.schema is None or parameter.media_type is not None or parameter.style.value == "deepObject":
        return
    schema = parameter.schema
    for fault, text in [*_beyond(schema.bundle()), *_WRONG_TEXTS]:
        if fault == "empty" and parameter.allow_empty:
            continue
        if _is_refused(parameter, text):
            yield fault, text
            if fault in dict(_WRONG_TEXTS) and fault != "empty":
                return


def _beyond(schema: JsonObject) -> Iterator[tuple[str, str]]:
    """Yield values just outside of the limits of *schema*."""
    for keyword, step, fault in (
        ("minimum", -1, "too-small"),
        ("exclusiveMinimum", 0, "too-small"),
        ("maximum", 1, "too-large"),
        ("exclusiveMaximum", 0, "too-large"),
    ):
        limit = schema.get(keyword)
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            yield fault, str(limit + step)
    longest = schema.get("maxLength")
    if isinstance(longest, int) and longest < 4000:  # noqa: PLR2004 -- what fits into a request line
        yield "too-long", "x" * (longest + 1)


def _is_refused(parameter: Parameter, text: str) -> bool:
    """Tell whether *text* cannot be a value of *parameter*."""
    sent = compile_parameters([parameter]).read(
        {parameter.name: text} if parameter.location is Location.PATH else {},
        f"{quote(parameter.name, safe='')}={quote(text, safe='')}",
        ((parameter.name.lower(), text),),
    )
    if sent.violations:
        return True
    values = {**sent.path, **sent.query} if parameter.location is not Location.HEADER else sent.headers
    value = values.get(parameter.name, UNREADABLE)
    return value is not UNREADABLE and parameter.schema is not None and not parameter.schema.is_valid(value)


def _wrong_bodies(operation: Operation, usual: Natural) -> Iterator[_Wrong]:
    body = operation.request_body
    if body is None or operation.route.method not in _SENDS_BODY:
        return
    if body.required:
        natural = replace(usual, body="", headers={"content-type": None})
        yield Cause.MISSING_BODY, "no-body", "The body is missing", natural
    if any(media.name.startswith("*") for media in body.content):
        return
    other = replace(usual, body="text", headers={"content-type": "application/x-nobody-has-this"})
    yield Cause.UNSUPPORTED_MEDIA_TYPE, "other-media-type", "A body of an undeclared media type", other
    media = next((each for each in body.content if each.name == "application/json"), None)
    if media is None:
        return
    typed = replace(usual, headers={"content-type": "application/json"})
    yield Cause.MALFORMED_BODY, "malformed-body", "JSON that ends too early", replace(typed, body="{")
    if media.schema is not None:
        wrong = next((value for value in _WRONG_BODIES if not media.schema.is_valid(value)), "")
        if wrong != "":
            natural = replace(typed, body=to_json(wrong).decode())
            yield Cause.INVALID_BODY, "invalid-body", "A body that breaks its schema", natural


def _wrong_places(operation: Operation, contract: Contract, usual: Natural) -> Iterator[_Wrong]:
    unknown = replace(usual, path="/nobody-has-this/path", method="GET")
    yield Cause.UNKNOWN_PATH, "unknown-path", "A path that is not there", unknown
    # Templates that differ in the names of their variables are one path.
    path = _VARIABLE.sub("{}", operation.route.path)
    taken = {each.method.value for each in contract.routes if _VARIABLE.sub("{}", each.path) == path}
    other = next((method for method in _OTHERS if method not in taken), None)
    if other is not None:
        natural = replace(usual, method=other)
        yield Cause.UNKNOWN_METHOD, "other-method", f"{other} on a path that does not take it", natural


def _natural(  # noqa: PLR0913 -- one value for each thing that is told of a scenario
    plan: Plan,
    cause: Cause,
    name: str,
    title: str,
    natural: Natural,
    *,
    contract: Contract,
    fixtures: Fixtures,
) -> Scenario:
    operation = plan.operation.operation_id
    return Scenario(
        id=f"{operation}.{name}",
        name=name,
        title=title,
        contract=contract.name,
        operations=frozenset({operation}),
        status=_expected(plan, cause, natural, contract=contract, fixtures=fixtures),
        naturals=(natural,),
        is_derived=True,
        source=_SOURCE,
    )


def _expected(plan: Plan, cause: Cause, natural: Natural, *, contract: Contract, fixtures: Fixtures) -> int:
    """Return the status in which the contract words a refusal for *cause*."""
    named: Iterable[str] = (*natural.query, *natural.path_values, *natural.headers)
    wrong = tuple(
        Violation(location=("request", "query", name), keyword="scenario", message="") for name in named
    )
    refusal = Refusal(cause=cause, status=default_status(cause), detail="", violations=wrong)
    reached = None if cause is Cause.UNKNOWN_PATH else plan
    return refuse(refusal, fixtures=fixtures, plan=reached, realm=contract.name).reply.status
