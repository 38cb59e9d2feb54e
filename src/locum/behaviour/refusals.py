"""Dresses a refusal as a reply in the contract's own error shape.

First that applies: the rule of the fixtures, the response the operation declares for such an error, a
problem document (RFC 9457). An error is never answered by 406: a client that accepts nothing there is gets
what there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, NamedTuple

from locum.behaviour.contents import Content
from locum.behaviour.declared_errors import (
    content_of_error,
    content_with_example,
    lacking_example,
    written_headers,
)
from locum.behaviour.degrading import usable_schema
from locum.behaviour.joined_examples import is_called
from locum.behaviour.manners import OWN_MANNERS, Manners
from locum.behaviour.media_ranges import parse_accept, parse_media
from locum.behaviour.model import Cause, Fixtures, Outcome, Refusal, RefusalRule, Reply
from locum.behaviour.negotiation import is_bodiless
from locum.behaviour.plans import Plan
from locum.behaviour.problems import PROBLEM_TYPE
from locum.behaviour.templates import fill, words_of
from locum.behaviour.wording import put_truth
from locum.contract.model import JsonObject, JsonValue, ResponseSpec
from locum.errors import ContractError, GenerationError
from locum.generation.media import encode
from locum.generation.model import Variant

__all__ = ["refuse"]

_SECURITY: Final = {
    Cause.MISSING_CREDENTIAL: (401, 403),
    Cause.INVALID_CREDENTIAL: (401, 403),
    Cause.WRONG_KIND: (403, 401),
    Cause.INSUFFICIENT_SCOPE: (403, 401),
}
#: Statuses looked for among the declared ones, the best first; other causes look for their own alone.
_ORDER: Final[Mapping[Cause, tuple[int, ...]]] = {
    **_SECURITY,
    Cause.UNSUPPORTED_MEDIA_TYPE: (415, 422, 400),
    Cause.BODY_TOO_LARGE: (413, 422, 400),
    Cause.MALFORMED_BODY: (400, 422),
    Cause.MISSING_PARAMETER: (422, 400),
    Cause.INVALID_PARAMETER: (422, 400),
    Cause.MISSING_BODY: (422, 400),
    Cause.INVALID_BODY: (422, 400),
}
#: Causes that are the stand-in's own affair: told as they are, never in the contract's words.
_OWN: Final = frozenset(
    {
        Cause.FOREIGN_ORIGIN,
        Cause.INVALID_PREFERENCE,
        Cause.INVALID_SESSION,
        Cause.UNKNOWN_PREFERENCE,
        Cause.UNKNOWN_SERVER,
        Cause.NO_SERVER,
        Cause.NO_RESPONSE,
        Cause.UNUSABLE_OPERATION,
        Cause.UNSATISFIABLE_SCHEMA,
        Cause.INVALID_REPLY,
        Cause.NOT_IMPLEMENTED,
        Cause.UNFORWARDABLE,
        Cause.UNREACHABLE,
    }
)
_PLAIN: Final = "text/plain"
#: What a problem is written in, the best first, and the types by which a client asks for it.
_PROBLEM_TYPES: Final = (
    (PROBLEM_TYPE, (PROBLEM_TYPE, "application/json")),
    ("application/problem+xml", ("application/problem+xml", "application/xml", "text/xml")),
    (_PLAIN, (_PLAIN,)),
)
_CHALLENGE: Final = "www-authenticate"
_Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """One refusal, with whatever decides how it is told; *forced* is the status its rule asks for."""

    refusal: Refusal
    plan: Plan | None
    accept: str | None
    stream: int
    forced: int | None
    manners: Manners


class _Told(NamedTuple):
    """What a refusal is told by, why, and whether that is a problem document."""

    reply: Reply
    reason: str
    is_problem: bool = False


def refuse(  # noqa: PLR0913 -- everything a decision depends on is an argument
    refusal: Refusal,
    *,
    fixtures: Fixtures,
    plan: Plan | None = None,
    accept: str | None = None,
    stream: int = 0,
    realm: str = "",
    manners: Manners = OWN_MANNERS,
) -> Outcome:
    """Return the outcome that tells *refusal*; *plan* is that of the operation, if one was reached.

    *stream* seeds whatever must be made up. *realm* serves where the fixtures name none.
    """
    refusal = replace(refusal, headers=manners.challenge(refusal))
    rule = None if refusal.cause in _OWN else _rule(refusal, fixtures)
    forced = (rule.status if rule else None) or refusal.asked_status
    telling = _Telling(
        refusal=refusal, plan=plan, accept=accept, stream=stream, forced=forced, manners=manners
    )
    if rule is not None:
        told = _Told(_by_rule(telling, rule, fixtures, realm), "worded by a rule of the fixtures")
    else:
        told = _by_declaration(telling)
    reply = told.reply
    deprecated = (("deprecation", "true"),) if plan is not None and plan.operation.deprecated else ()
    own = _own_headers(refusal, reply.status, is_ruled=rule is not None)
    # A problem document of a broken reply leaves out what the request is warned of.
    is_listed = told.is_problem and refusal.cause is not Cause.INVALID_REPLY
    listed = () if manners.tells_once and is_listed else manners.refused(refusal)
    headers = _merged(reply.headers, own, deprecated, listed)
    return Outcome(
        reply=Reply(status=reply.status, body=reply.body, media_type=reply.media_type, headers=headers),
        because=(f"refused: {refusal.cause.value}", told.reason),
        refusal=refusal,
        violations=refusal.violations,
    )


def _rule(refusal: Refusal, fixtures: Fixtures) -> RefusalRule | None:
    """Return the first rule that speaks of the cause, a parameter that is wrong, the settings in force."""
    names = {str(each.location[2]) for each in refusal.violations if each.location[2:]}
    return next(
        (
            rule
            for rule in fixtures.refusals
            if (not rule.causes or refusal.cause in rule.causes)
            and (rule.parameter is None or rule.parameter in names)
            and _is_on(rule.when, fixtures)
        ),
        None,
    )


def _is_on(when: Mapping[str, JsonValue], fixtures: Fixtures) -> bool:
    """Tell whether every setting that is named has the value that is named."""
    return not when or when.items() <= fixtures.settings.items()


def _by_rule(telling: _Telling, rule: RefusalRule, fixtures: Fixtures, realm: str) -> Reply:
    refusal, found = telling.refusal, _declared(telling)
    status = found[0] if found else rule.status or refusal.status
    words = words_of(refusal, status=status, realm=fixtures.realm or realm)
    headers = tuple((name.lower(), str(fill(text, words, refusal))) for name, text in rule.headers.items())
    if rule.body is None:
        reply = _by_declaration(telling).reply
        return replace(reply, headers=_merged(headers, reply.headers))
    spec = found[1] if found else None
    choice = content_of_error(spec, telling.accept)
    media_type = choice.content_type if choice else "application/json"
    schema = usable_schema(choice.media.schema) if choice else None
    bundle = schema.bundle() if schema else None
    worded = fill(rule.body, words, refusal)
    if isinstance(worded, dict):
        for more in fixtures.refusal_members:
            worded = {**worded, **more.members} if _is_on(more.when, fixtures) else worded
    body = b"" if is_bodiless(status) else encode(worded, media_type, bundle)
    made = _own_headers(refusal, status, is_ruled=True)
    if telling.plan and spec:
        made = _merged(made, telling.plan.answerable(status, spec, None).make_headers(telling.stream))
    return Reply(status=status, body=body, media_type=media_type, headers=_merged(headers, made))


def _declared(telling: _Telling) -> tuple[int, ResponseSpec] | None:
    """Return the declared response for such an error, with the status it is sent with."""
    refusal, plan = telling.refusal, telling.plan
    is_known = telling.manners.is_truthful or refusal.cause in _ORDER
    if plan is None or refusal.cause in _OWN or not is_known:
        return None
    wished = (telling.forced,) if telling.forced else _ORDER.get(refusal.cause, (refusal.status,))
    declared = {each.status.upper(): each for each in plan.operation.responses}
    for status in wished:
        if str(status) in declared:
            return status, declared[str(status)]
    status = telling.forced or refusal.status
    spec = declared.get(f"{status // 100}XX") or declared.get("DEFAULT")
    return (status, spec) if spec else None


def _by_declaration(telling: _Telling) -> _Told:
    found = _declared(telling)
    if found is None or telling.plan is None:
        return _as_problem(telling, telling.forced or telling.refusal.status)
    status, spec = found
    try:
        return _by_response(telling, telling.plan, status, spec)
    except (ContractError, GenerationError):  # the declared error cannot be made; the refusal still stands
        return _as_problem(telling, status, f": the declared {spec.status} cannot be made")


def _as_problem(telling: _Telling, status: int, why: str = "") -> _Told:
    return _Told(_problem(telling, status), f"told as a problem document{why}", is_problem=True)


def _by_response(telling: _Telling, plan: Plan, status: int, spec: ResponseSpec) -> _Told:
    reason = f"told by the declared response {spec.status}"
    choose = content_of_error if telling.manners.is_truthful else content_with_example
    choice = None if is_bodiless(status) else choose(spec, telling.accept)
    chosen = plan.answerable(status, spec, choice)
    own, declared = _own_headers(telling.refusal, status, is_ruled=False), chosen.make_headers(telling.stream)
    first = () if telling.manners.is_truthful else written_headers(spec, declared)
    headers = _merged(first, own, declared)
    if chosen.content is None:
        return _Told(Reply(status=status, headers=headers), reason)
    unknown = lacking_example(telling.refusal.example, chosen.content)
    if unknown is not None:
        why = f": the declared {spec.status} lacks the example"
        return _as_problem(replace(telling, refusal=unknown), unknown.status, why)
    body, media_type = _error_body(telling, chosen.content, status), chosen.content.content_type
    return _Told(Reply(status=status, body=body, media_type=media_type, headers=headers), reason)


def _error_body(telling: _Telling, content: Content, status: int) -> bytes:
    """Write an example, or as little as the schema asks for, with the truth put in."""
    if content.schema is None and not content.examples:
        return content.write(telling.manners.problem(telling.refusal, status))
    examples = content.examples
    asked = telling.refusal.example
    wished = next((each for each in examples if asked and is_called(each, asked)), None)
    if wished is not None:
        return content.write(wished.value)
    if not telling.manners.is_truthful and (examples or content.static()):
        return content.example_body() if examples else content.static_body()
    value = examples[0].value if examples else content.generate(telling.stream, Variant.MINIMAL)
    if content.schema is not None:
        value = put_truth(value, telling.refusal, status=status, schema=content.schema, shape=content.shape)
    return content.write(value)


def _problem(telling: _Telling, status: int) -> Reply:
    document = telling.manners.problem(telling.refusal, status)
    accept = None if telling.manners.is_plain else telling.accept
    wanted = [each for each in parse_accept(accept or "") if each.quality > 0]
    media_type = next(
        (
            name
            for name, asked in _PROBLEM_TYPES
            if any(each.includes(parse_media(kind)) for each in wanted for kind in asked)
        ),
        PROBLEM_TYPE,
    )
    if media_type == _PLAIN:
        return Reply(
            status=status, body=f"{telling.refusal.detail}\n".encode(), media_type="text/plain; charset=utf-8"
        )
    if telling.plan is not None and not telling.manners.is_plain:
        media_type = _produced(media_type, telling.plan.operation.produces)
    # RFC 9457, appendix B: the root and its namespace.
    bundle: JsonObject = {"xml": {"name": "problem", "namespace": "urn:ietf:rfc:7807"}}
    return Reply(status=status, body=encode(document, media_type, bundle), media_type=media_type)


def _produced(problem_type: str, produces: Sequence[str]) -> str:
    """Return the type out of *produces* that a problem of *problem_type* can be told as, else that type."""
    if problem_type in produces:
        return problem_type
    syntax = problem_type.rpartition("+")[2]
    ranges = [parse_media(each) for each in produces]
    return next((each.name for each in ranges if each.subtype.rpartition("+")[2] == syntax), problem_type)


def _own_headers(refusal: Refusal, status: int, *, is_ruled: bool) -> _Headers:
    """Return the refusal's own headers; a challenge only where it has a meaning (RFC 9110, 11.6.1)."""
    asks = status == HTTPStatus.UNAUTHORIZED or (refusal.cause is Cause.INSUFFICIENT_SCOPE and not is_ruled)
    return tuple((name, text) for name, text in refusal.headers if asks or name != _CHALLENGE)


def _merged(*groups: _Headers) -> _Headers:
    """Join headers; a name that an earlier group has is not taken from a later one."""
    found: list[tuple[str, str]] = []
    for group in groups:
        taken = {name.lower() for name, _ in found}
        found.extend((name, text) for name, text in group if name.lower() not in taken)
    return tuple(found)
