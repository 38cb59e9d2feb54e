"""Makes an outcome of what a handler gave, held to the contract like every other reply."""

from __future__ import annotations

from locum.behaviour.handlers import Given, understand_result
from locum.behaviour.model import Cause, Outcome, Refusal, Reply, Request
from locum.behaviour.negotiation import is_bodiless
from locum.behaviour.plans import Answerable, Plan
from locum.behaviour.problems import describe
from locum.contract.model import Violation
from locum.errors import ContractError

__all__ = ["conclude", "failed", "unusable"]

_FROM_HANDLER = "answered by the handler"


def conclude(
    result: object, request: Request, *, plan: Plan, accept: str | None, stream: int
) -> Outcome | Refusal:
    """Return the outcome of *result*; what breaks the contract is a refusal that says so.

    A `Reply` is taken as it is. A body is written in the declared media type that the caller likes best.
    """
    try:
        given = understand_result(result)
    except (TypeError, ValueError) as error:
        return _wrong(f"the handler of {request.operation.operation_id} gave something else: {error}")
    if isinstance(given, Refusal | Outcome):
        return given
    if isinstance(given, Reply):
        return Outcome(reply=given, because=(_FROM_HANDLER,))
    chosen = plan.choose(given.status, accept)
    if isinstance(chosen, Refusal):
        return _wrong(chosen.detail) if chosen.cause is Cause.UNKNOWN_PREFERENCE else chosen
    wrong = _violations(given, chosen)
    if wrong:
        told = "; ".join(describe(each) for each in wrong[:5])
        return _wrong(f"the handler of {request.operation.operation_id} breaks the contract: {told}", wrong)
    return Outcome(
        reply=_reply(given, chosen, stream),
        because=(f"status {chosen.status}", _FROM_HANDLER),
        changes=given.changes,
    )


def failed(request: Request) -> Refusal:
    """Return the refusal of a request whose handler raised an error, which is the shell's to log."""
    return _wrong(f"the handler of {request.operation.operation_id} failed; the log of the stand-in says how")


def _wrong(detail: str, violations: tuple[Violation, ...] = ()) -> Refusal:
    return Refusal(cause=Cause.INVALID_REPLY, status=500, detail=detail, violations=violations)


def _violations(given: Given, chosen: Answerable) -> tuple[Violation, ...]:
    content = chosen.content
    if content is None or content.schema is None or isinstance(given.body, bytes):
        return ()
    if content.schema.is_valid(given.body):
        return ()
    return content.schema.violations(given.body, "response", "body")


def _reply(given: Given, chosen: Answerable, stream: int) -> Reply:
    named = {name.lower() for name, _ in given.headers}
    made = tuple((name, text) for name, text in chosen.make_headers(stream) if name.lower() not in named)
    headers = tuple(pair for pair in given.headers if pair[0].lower() != "content-type") + made
    asked = next((text for name, text in given.headers if name.lower() == "content-type"), "")
    content = chosen.content
    if content is None or is_bodiless(chosen.status):
        return Reply(status=chosen.status, headers=headers)
    body = given.body if isinstance(given.body, bytes) else content.write(given.body)
    return Reply(status=chosen.status, body=body, media_type=asked or content.content_type, headers=headers)


def unusable(error: ContractError) -> Refusal:
    """Return the refusal of a call to an operation that cannot be used."""
    told = "; ".join(each.message for each in error.diagnostics)
    return Refusal(cause=Cause.UNUSABLE_OPERATION, status=501, detail=told)
