"""Plays a scenario: puts it in the place of the usual outcome, or does it to that outcome.

The order of decisions is one for natural and forced refusals: what a request would be refused for earlier is
told first, so that a call without a credential hears of that and not of the outage behind it. A fault of the
wire alone comes before everything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import orjson

from locum.behaviour.causes import Cause
from locum.behaviour.edits import edit
from locum.behaviour.faults import settle
from locum.behaviour.model import Fixtures, Outcome, RawRequest, Refusal, Reply
from locum.behaviour.negotiation import is_bodiless
from locum.behaviour.plans import Answerable, Plan
from locum.behaviour.refusals import refuse
from locum.behaviour.scenarios import Force, Scenario
from locum.behaviour.spoiling import spoil
from locum.contract.model import Violation
from locum.generation.media import is_json

__all__ = ["Stage", "default_status", "play_scenario", "rank"]

#: Causes in the order in which they are decided.
_ORDER: Final = (
    (
        *(Cause.INVALID_PREFERENCE, Cause.UNKNOWN_PREFERENCE, Cause.INVALID_SESSION),
        *(Cause.UNUSABLE_OPERATION, Cause.UNKNOWN_SERVER, Cause.NO_SERVER),
    ),
    (Cause.UNKNOWN_PATH,),
    (Cause.UNKNOWN_METHOD,),
    (Cause.NOT_ACCEPTABLE, Cause.UNSUPPORTED_MEDIA_TYPE, Cause.BODY_TOO_LARGE),
    (Cause.RATE_LIMITED,),
    (Cause.MISSING_CREDENTIAL, Cause.INVALID_CREDENTIAL),
    (Cause.WRONG_KIND, Cause.INSUFFICIENT_SCOPE),
    (
        *(Cause.MISSING_PARAMETER, Cause.INVALID_PARAMETER),
        *(Cause.MISSING_BODY, Cause.MALFORMED_BODY, Cause.INVALID_BODY),
    ),
    (Cause.FOREIGN_RESOURCE,),
    (Cause.UNKNOWN_RESOURCE, Cause.CONFLICT),
    (Cause.SERVER_ERROR, Cause.UNAVAILABLE, Cause.UNSATISFIABLE_SCHEMA, Cause.INVALID_REPLY),
)
_RANKS: Final = {cause: index for index, causes in enumerate(_ORDER) for cause in causes}
_LAST: Final = len(_ORDER)
#: The status of a refusal whose scenario names none; a rule of the fixtures or the document may say another.
_STATUS: Final[Mapping[Cause, int]] = {
    Cause.UNKNOWN_PATH: 404,
    Cause.UNKNOWN_METHOD: 405,
    Cause.NOT_ACCEPTABLE: 406,
    Cause.UNSUPPORTED_MEDIA_TYPE: 415,
    Cause.BODY_TOO_LARGE: 413,
    Cause.RATE_LIMITED: 429,
    Cause.MISSING_CREDENTIAL: 401,
    Cause.INVALID_CREDENTIAL: 401,
    Cause.WRONG_KIND: 403,
    Cause.INSUFFICIENT_SCOPE: 403,
    Cause.FOREIGN_RESOURCE: 403,
    Cause.UNKNOWN_RESOURCE: 404,
    Cause.CONFLICT: 409,
    Cause.SERVER_ERROR: 500,
    Cause.UNAVAILABLE: 503,
    Cause.MALFORMED_BODY: 400,
}
_BAD_REQUEST: Final = 400
_INVALID: Final = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a scenario is played: the request, what is compiled for its operation, and the session's time.

    *why* says who asked for it. *until* is when it will be over, if that is known. *draw* names this one
    request of the session, so that what is drawn for it is drawn again in the same run.
    """

    raw: RawRequest
    plan: Plan
    fixtures: Fixtures
    realm: str
    now: datetime
    why: str
    stream: int
    draw: str
    until: datetime | None = None


def default_status(cause: Cause) -> int:
    """Return the status of a refusal for *cause* where nobody says another."""
    return _STATUS.get(cause, _INVALID)


def rank(cause: Cause) -> int:
    """Return the place of *cause* in the order of decisions; the first is 0."""
    return _RANKS.get(cause, _LAST)


def play_scenario(scenario: Scenario, usual: Outcome, stage: Stage) -> Outcome:
    """Return what becomes of *usual* under *scenario*."""
    force = scenario.force or Force()
    earlier = usual.refusal is not None and rank(usual.refusal.cause) < _rank_of(force)
    if earlier or (usual.refusal is not None and force.edits):
        told = f"scenario {scenario.id} was {stage.why}; the request is refused before that"
        return replace(usual, because=(*usual.because, told))
    outcome = _answer(force, usual, stage)
    reply = _edited(_with_headers(outcome.reply, force, stage), force)
    fault = settle(force.fault, stage.draw) if force.fault else None
    if fault is not None:
        reply = spoil(reply, fault.spoils)
    name = f"scenario {scenario.id} ({scenario.name}) was {stage.why}"
    meant = ("the reply is spoilt on purpose",) if fault or force.edits else ()
    return replace(
        outcome, reply=reply, because=(name, *outcome.because, *meant), scenario=scenario.id, fault=fault
    )


def _rank_of(force: Force) -> int:
    """Return where *force* stands in the order: a mere fault before all, an edit behind."""
    if force.cause is not None:
        return rank(force.cause)
    if force.status is None:
        return _LAST if force.edits or not (force.fault and force.fault.needs_wire) else 0
    same = [rank(cause) for cause, status in _STATUS.items() if status == force.status]
    if same:
        return min(same)
    return rank(Cause.INVALID_PARAMETER) if force.status // 100 == _BAD_REQUEST // 100 else _LAST


def _answer(force: Force, usual: Outcome, stage: Stage) -> Outcome:
    if force.cause is not None:
        return _refused(force.cause, force, stage)
    if force.status is None:
        return usual
    chosen = stage.plan.choose(force.status, stage.raw.header("accept"))
    declared = None if isinstance(chosen, Refusal) else chosen
    headers = declared.make_headers(stage.stream) if declared else ()
    body, media_type = _body(force, declared)
    if is_bodiless(force.status):
        body, media_type = b"", ""
    reply = Reply(status=force.status, body=body, media_type=media_type, headers=headers)
    return Outcome(reply=reply, because=(f"status {force.status}",))


def _body(force: Force, declared: Answerable | None) -> tuple[bytes, str]:
    """Return the body that is forced: a text as it stands, an example of the document, or a value."""
    content = declared.content if declared else None
    media_type = force.media_type or (content.content_type if content else "application/json")
    if force.text:
        return force.text.encode(), force.media_type or media_type
    if force.example and content is not None:
        found = next((each for each in content.choice.media.examples if each.name == force.example), None)
        if found is not None:
            return content.write(found.value), media_type
    if force.body is None:
        return b"", force.media_type
    return orjson.dumps(force.body), media_type


def _refused(cause: Cause, force: Force, stage: Stage) -> Outcome:
    status = force.status or default_status(cause)
    detail = force.detail or f"{cause.value.replace('-', ' ')}, on purpose"
    wrong = (
        (Violation(location=("request", "query", force.parameter), keyword="scenario", message=detail),)
        if force.parameter
        else ()
    )
    refusal = Refusal(cause=cause, status=status, detail=detail, violations=wrong)
    challenge = stage.plan.authorize(replace(stage.raw, headers=(), query=""))
    if isinstance(challenge, Refusal) and cause in {Cause.MISSING_CREDENTIAL, Cause.INVALID_CREDENTIAL}:
        refusal = replace(refusal, headers=challenge.headers)
    outcome = refuse(
        refusal,
        fixtures=stage.fixtures,
        plan=stage.plan,
        accept=stage.raw.header("accept"),
        stream=stage.stream,
        realm=stage.realm,
    )
    if force.status is None:
        return outcome
    return replace(outcome, reply=replace(outcome.reply, status=force.status))


def _with_headers(reply: Reply, force: Force, stage: Stage) -> Reply:
    """Put the headers of *force* in the place of those that *reply* has, and the time until the end."""
    words = _words(stage)
    own = {name.lower(): _filled(text, words) for name, text in force.headers.items()}
    if stage.until is not None:
        own.setdefault("retry-after", str(max(1, math.ceil((stage.until - stage.now).total_seconds()))))
    if "retry-after" in own and not own["retry-after"]:
        # An empty text takes the header away.
        reply = replace(
            reply, headers=tuple(pair for pair in reply.headers if pair[0].lower() != "retry-after")
        )
    kept = tuple(pair for pair in reply.headers if pair[0].lower() not in own)
    media_type = force.media_type or reply.media_type
    return replace(
        reply, media_type=media_type, headers=(*kept, *((name, text) for name, text in own.items() if text))
    )


def _words(stage: Stage) -> Mapping[str, str]:
    """Return the words of a header: `{url}`, `{base_url}`, `{host}`, `{target}`, `{now_s}`."""
    raw = stage.raw
    target = f"{raw.path}?{raw.query}" if raw.query else raw.path
    # Not by `urlsplit`: the client wrote the host, and a bracket that does not close would raise.
    host, slash, below = raw.base_url.partition("://")[2].partition("/")
    return {
        "{url}": f"{raw.base_url}{target}",
        "{base_url}": raw.base_url,
        "{host}": host,
        "{target}": f"{slash}{below}{target}",
        "{now_s}": str(int(stage.now.timestamp())),
        "{reset_s}": str(int(stage.now.timestamp()) + 60),
    }


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, meaning in words.items():
        text = text.replace(word, meaning)
    return text


def _edited(reply: Reply, force: Force) -> Reply:
    """Return *reply* with the edits made in its body, if that is JSON."""
    if not force.edits or not is_json(reply.media_type):
        return reply
    try:
        value = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return reply
    return replace(reply, body=orjson.dumps(edit(value, force.edits)))
