"""Checks a request against its operation: one `Request`, or one `Refusal` with everything that is wrong.

`compile_checker` looks at the operation once. The road of a valid request asks yes-or-no questions only;
what is wrong in detail is looked for when an answer was no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final, NamedTuple

from locum.behaviour.bodies import NOTHING_TAKEN, BodyReader, Decoded, compile_body
from locum.behaviour.body_errors import BodyError
from locum.behaviour.judges import Judge
from locum.behaviour.model import Cause, Identity, Preferences, RawRequest, Refusal, Request
from locum.behaviour.parameter_faults import (
    MISSING_BODY,
    deprecated_parameter,
    undecodable_in_path,
)
from locum.behaviour.parameter_rules import ParameterRules, compile_rules
from locum.behaviour.preferences import NO_PREFERENCES
from locum.behaviour.problems import describe
from locum.behaviour.requirements import Asked, Requirement, broken_by, unmet
from locum.contract.model import HttpMethod, JsonValue, Location, Operation, Parameter, Schema, Violation
from locum.contract.styles import ParameterReader, Sent, compile_parameters

__all__ = ["Checker", "FormFaults", "compile_checker", "no_form_faults"]

#: Tells what is wrong with a form beside its schema.
FormFaults = Callable[[RawRequest, Decoded], tuple[Violation, ...]]

#: Methods whose body means nothing (RFC 9110, 9.3).
_BODILESS: Final = frozenset({HttpMethod.GET, HttpMethod.HEAD, HttpMethod.TRACE})
_STATUS: Final[Mapping[Cause, int]] = {
    Cause.UNSUPPORTED_MEDIA_TYPE: 415,
    Cause.BODY_TOO_LARGE: 413,
    Cause.MALFORMED_BODY: 400,
}
_NOBODY: Final = Identity()
_NO_SETTINGS: Final[Mapping[str, JsonValue]] = {}
#: Statuses by which a request is refused for what it says, whatever there is behind it.
_UNMET: Final = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})


def no_form_faults(_raw: RawRequest, _decoded: Decoded) -> tuple[Violation, ...]:
    """Find nothing: a form is judged by its schema."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """Checks the requests of one operation; made by `compile_checker`."""

    operation: Operation
    reader: ParameterReader
    path: ParameterRules
    query: ParameterRules
    headers: ParameterRules
    cookies: ParameterRules
    body: BodyReader | None
    needs_body: bool
    deprecated: tuple[Parameter, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    form_faults: FormFaults = no_form_faults

    def check(
        self,
        raw: RawRequest,
        *,
        identity: Identity = _NOBODY,
        preferences: Preferences = NO_PREFERENCES,
        now: datetime | None = None,
        settings: Mapping[str, JsonValue] = _NO_SETTINGS,
    ) -> Request | Refusal:
        """Return the request understood, or the refusal that tells all violations at once."""
        sent = self.reader.read(raw.path_values, raw.query, raw.headers)
        unread = (*sent.violations, *undecodable_in_path(raw, self.operation.parameters))
        wrong = [(Cause.INVALID_PARAMETER, each) for each in unread]
        path = self.path.judge(sent.path, wrong)
        query = self.query.judge(sent.query, wrong)
        headers = self.headers.judge(sent.headers, wrong)
        cookies = self.cookies.judge(sent.cookies, wrong)
        ahead = raw.ahead
        found = ahead if isinstance(ahead, _Found) and ahead.checker is self else self._look_into(raw)
        wrong += found.wrong
        if wrong:
            return _refusal(wrong, found.headers)
        if self.requirements:
            unkept = broken_by(self.requirements, self._asked(sent, found.value, now, settings))
            if unkept:
                return _unkept(unkept)
        return Request(
            operation=self.operation,
            raw=raw,
            path=path,
            query=query,
            headers=headers,
            cookies=cookies,
            body=found.value,
            media_type=found.media_type,
            identity=identity,
            preferences=preferences,
            violations=self._outdated(sent) if self.deprecated else (),
        )

    def _outdated(self, sent: Sent) -> tuple[Violation, ...]:
        """Return a warning for each deprecated parameter that was sent."""
        values = {
            Location.PATH: sent.path,
            Location.QUERY: sent.query,
            Location.HEADER: sent.headers,
            Location.COOKIE: sent.cookies,
        }
        return tuple(
            deprecated_parameter(each) for each in self.deprecated if each.name in values[each.location]
        )

    def _asked(
        self,
        sent: Sent,
        body: JsonValue | bytes,
        now: datetime | None,
        settings: Mapping[str, JsonValue],
    ) -> Asked:
        """Return what was sent, without defaults, as requirements see it."""
        return Asked(
            operation=self.operation.operation_id,
            query=sent.query,
            path=sent.path,
            headers={name.lower(): value for name, value in sent.headers.items()},
            cookies=sent.cookies,
            body=None if isinstance(body, bytes) else _with_text(body),
            now=now,
            settings=settings,
        )

    def read_ahead(self, raw: RawRequest) -> RawRequest:
        """Return *raw* with all that is found out about its body, so that `check` takes no time for it."""
        return replace(raw, ahead=self._look_into(raw))

    def _look_into(self, raw: RawRequest) -> _Found:
        """Read the body and judge it; the only part of a check that may take long."""
        if self.body is None or not raw.body:
            return _Found(self, wrong=((Cause.MISSING_BODY, MISSING_BODY),) if self.needs_body else ())
        try:
            decoded = self.body.read(raw)
        except BodyError as error:
            violations = tuple((error.cause, each) for each in error.violations)
            return _Found(self, wrong=violations, headers=error.headers)
        faults = self.form_faults(raw, decoded)
        schema = decoded.media.schema if all(each.keyword != "reserved" for each in faults) else None
        judged: list[tuple[Cause, Violation]] = []
        if schema is not None and not isinstance(decoded.value, bytes):
            judged = _judge_body(schema, decoded.value)
        wrong = (*judged, *((Cause.INVALID_BODY, each) for each in faults))
        return _Found(self, value=decoded.value, media_type=decoded.media_type, wrong=wrong)


class _Found(NamedTuple):
    """What *checker* has found out about a body: its value and type, or what is wrong with it."""

    checker: Checker
    value: JsonValue | bytes = None
    media_type: str = ""
    wrong: tuple[tuple[Cause, Violation], ...] = ()
    #: What a refusal says besides.
    headers: tuple[tuple[str, str], ...] = ()


def compile_checker(  # noqa: PLR0913 -- all that a judgement depends on is an argument
    operation: Operation,
    judges: Mapping[str, Judge],
    requirements: Iterable[Requirement] = (),
    form_faults: FormFaults = no_form_faults,
    *,
    refuses_surplus: bool = False,
    takes_akin: bool = False,
) -> Checker:
    """Compile what *operation* asks of requests; raises `ContractError` as `Schema.bundle` does.

    A parameter that has a judge is left to it. Of *requirements*, those count that a request is refused for
    whatever there is behind it: one that asks for 404 speaks of what exists. *refuses_surplus* refuses a body
    where none is declared; otherwise it is passed over. *takes_akin* takes media types of the same syntax.
    """
    declared = operation.request_body
    nothing = NOTHING_TAKEN if refuses_surplus and not (declared and declared.content) else None
    takes_body = declared is not None and bool(declared.content) and operation.route.method not in _BODILESS
    return Checker(
        operation=operation,
        deprecated=tuple(each for each in operation.parameters if each.deprecated),
        reader=compile_parameters(operation.parameters),
        path=compile_rules(operation, Location.PATH, judges),
        query=compile_rules(operation, Location.QUERY, judges),
        headers=compile_rules(operation, Location.HEADER, judges),
        cookies=compile_rules(operation, Location.COOKIE, judges),
        body=compile_body(declared, takes_akin=takes_akin)
        if declared is not None and takes_body
        else nothing,
        needs_body=(takes_body or nothing is not None) and declared is not None and declared.required,
        requirements=tuple(each for each in requirements if not each.statuses or each.statuses & _UNMET),
        form_faults=form_faults,
    )


def _judge_body(schema: Schema, value: JsonValue) -> list[tuple[Cause, Violation]]:
    if schema.is_valid(value):
        return []
    found = schema.violations(_with_text(value), "request", "body")
    return [(Cause.INVALID_BODY, each) for each in found]


def _with_text(value: JsonValue) -> JsonValue:
    """Put text in place of the files of a form, which are no JSON."""
    if not isinstance(value, dict):
        return value
    return {
        name: [_text(each) for each in part] if isinstance(part, list) else _text(part)
        for name, part in value.items()
    }


def _text(value: JsonValue | bytes) -> JsonValue:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _refusal(wrong: list[tuple[Cause, Violation]], headers: tuple[tuple[str, str], ...]) -> Refusal:
    """Return one refusal for everything; an unreadable body is named first, then what was found first."""
    causes = [cause for cause, _ in wrong]
    first = next((cause for cause in causes if cause in _STATUS), causes[0])
    told = [violation for cause, violation in wrong if cause is first]
    others = len(wrong) - 1
    more = (
        "" if not others else " (and 1 more violation)" if others == 1 else f" (and {others} more violations)"
    )
    return Refusal(
        cause=first,
        status=_STATUS.get(first, 422),
        detail=f"{describe(told[0])}{more}",
        violations=tuple(violation for _, violation in wrong),
        headers=headers,
    )


def _unkept(requirements: Sequence[Requirement]) -> Refusal:
    """Return one refusal for all of *requirements*, with the status that the first one asks for."""
    first = requirements[0]
    cause = Cause.INVALID_PARAMETER if first.location else Cause.INVALID_BODY
    refusal = _refusal([(cause, unmet(each)) for each in requirements], ())
    return replace(refusal, asked_status=min(first.statuses & _UNMET, default=None))
