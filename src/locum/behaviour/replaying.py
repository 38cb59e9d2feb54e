"""Gives a recorded reply again, judged by what the document declares."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from locum.behaviour.answer import Options
from locum.behaviour.model import Cause, Outcome, Refusal, Request
from locum.behaviour.plans import Plan
from locum.behaviour.recordings import Recording
from locum.behaviour.reply_judging import undeclared_status
from locum.contract.model import Violation
from locum.errors import ContractError

__all__ = ["replayed"]

_OWN: Final = frozenset({"sl-violations", "deprecation"})


def replayed(recording: Recording, request: Request, plan: Plan, options: Options) -> Outcome | Refusal:
    """Return the recorded reply, with what is wrong with it told, or refused where *options* say so."""
    reply = recording.reply
    kept = tuple(pair for pair in reply.headers if pair[0].lower() not in _OWN)
    reply = replace(reply, headers=kept)
    wrong = _faults(recording, plan)
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
    )


def _faults(recording: Recording, plan: Plan) -> tuple[Violation, ...]:
    spec = plan.operation.response_for(recording.reply.status)
    if spec is None:
        return (undeclared_status(plan.operation, recording.reply.status),)
    try:
        return tuple(plan.judge_reply(spec)(recording.reply))
    except ContractError:
        return ()
