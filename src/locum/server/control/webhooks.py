"""Sends webhooks: what a contract describes as coming from the API, at the moment a tester wants it."""

from __future__ import annotations

from locum.behaviour import Refusal
from locum.behaviour.callbacks import webhook_callout
from locum.behaviour.causes import Cause
from locum.contract import Callback, JsonObject
from locum.errors import ContractError, GenerationError
from locum.server.control.desk import Desk, conflict, missing
from locum.server.messenger import Delivery

__all__ = ["list_webhooks", "send_webhook"]


def list_webhooks(desk: Desk, contract: str) -> JsonObject | Refusal:
    """List the webhooks of a contract."""
    refusal = desk.no_contract(contract)
    if refusal is not None:
        return refusal
    found = desk.entries[contract].contract.webhooks
    return {"webhooks": [_described(each) for each in found]}


async def send_webhook(desk: Desk, contract: str, webhook: str, body: JsonObject) -> JsonObject | Refusal:
    """Send a webhook to the address given, and tell how it was taken."""
    refusal = desk.no_contract(contract)
    if refusal is not None:
        return refusal
    declared = desk.entries[contract].contract.webhooks
    callback = next((each for each in declared if each.name == webhook), None)
    if callback is None:
        return missing("webhook", webhook, [each.name for each in declared])
    url = str(body["url"])
    problem = desk.messenger.forbidden(url)
    if problem:
        return Refusal(cause=Cause.CONFLICT, status=409, detail=f"nothing is sent to {url[:200]}: {problem}")
    try:
        seed = str(body.get("seed", ""))
        callout = webhook_callout(callback, url, generator=desk.generator, seed=seed)
    except (ContractError, GenerationError) as error:
        return conflict(f"no body can be made: {error.diagnostics[0].message}")
    return _told(await desk.messenger.deliver(callout))


def _described(each: Callback) -> JsonObject:
    route = each.operation.route
    return {"webhook": each.name, "method": route.method.value, "summary": route.summary}


def _told(delivery: Delivery) -> JsonObject:
    outcome = delivery.outcome
    return {
        "status": outcome.reply.status or None,
        "because": list(outcome.because),
        "violations": [f"{'.'.join(map(str, each.location))}: {each.message}" for each in outcome.violations],
    }
