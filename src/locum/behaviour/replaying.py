"""Gives a recorded reply again, judged by what the document declares."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import orjson

from locum.behaviour.answer import Options
from locum.behaviour.faults import Delay, Fault
from locum.behaviour.grafting import laid_over
from locum.behaviour.model import Cause, Outcome, Refusal, Reply, Request
from locum.behaviour.plans import Answerable, Plan
from locum.behaviour.recordings import Recording
from locum.behaviour.reply_judging import undeclared_status
from locum.contract.model import Violation
from locum.errors import ContractError, GenerationError
from locum.generation.media import is_json
from locum.generation.model import Variant
from locum.generation.streams import stable_seed

__all__ = ["replayed"]

_OWN: Final = frozenset({"sl-violations", "deprecation"})


def replayed(recording: Recording, request: Request, plan: Plan, options: Options) -> Outcome | Refusal:
    """Return the recorded reply, with what is wrong with it told, or refused where *options* say so."""
    reply = _completed(recording, request, plan)
    kept = tuple(pair for pair in reply.headers if pair[0].lower() not in _OWN)
    reply = replace(reply, headers=kept)
    wrong = _faults(reply, plan)
    serious = tuple(each for each in wrong if not each.is_warning)
    if serious and options.errors:
        detail = f"the recording {recording.name!r} is not what the document declares"
        return Refusal(cause=Cause.INVALID_REPLY, status=500, detail=detail, violations=serious)
    deprecated = (("deprecation", "true"),) if request.operation.deprecated else ()
    told = options.manners.broken(wrong) if wrong else ()
    return Outcome(
        reply=replace(reply, headers=(*kept, *deprecated, *told)),
        because=(f"the recording {recording.name!r}",),
        violations=wrong,
        fault=Fault(delay=Delay(median_ms=recording.delay_ms)) if recording.delay_ms else None,
    )


def _completed(recording: Recording, request: Request, plan: Plan) -> Reply:
    """Return the recorded reply, with the members that answers require and a partial one lacks."""
    reply = recording.reply
    chosen = plan.choose(reply.status, request.raw.header("accept")) if recording.is_partial else None
    if not isinstance(chosen, Answerable) or chosen.content is None or not is_json(reply.media_type):
        return reply
    stream = stable_seed(0, "recording", recording.name, request.raw.path)
    try:
        whole = chosen.content.generate(stream, Variant.MINIMAL)
        return replace(reply, body=orjson.dumps(laid_over(orjson.loads(reply.body), whole)))
    except (GenerationError, orjson.JSONDecodeError):
        return reply


def _faults(reply: Reply, plan: Plan) -> tuple[Violation, ...]:
    spec = plan.operation.response_for(reply.status)
    if spec is None:
        return (undeclared_status(plan.operation, reply.status),)
    try:
        return tuple(plan.judge_reply(spec)(reply))
    except ContractError:
        return ()
