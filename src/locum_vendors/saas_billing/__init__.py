"""Handlers for the SaaS billing API: usage, outlook and cost of an account in a range of time.

What lives here: the order of decisions. Read `ranges.py` for which time is asked for, `accounts.py` for who
has which plan, `counters.py` for how usage grows, `statement.py` for how it is told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from locum.behaviour import Cause, Refusal, Request, World
from locum.contract import JsonObject, Violation
from locum_vendors.saas_billing.accounts import find_account
from locum_vendors.saas_billing.metrics import choose_metrics
from locum_vendors.saas_billing.problems import Problem
from locum_vendors.saas_billing.ranges import read_range
from locum_vendors.saas_billing.statement import state_usage

__all__ = ["HANDLERS"]


def _get_billing_usage(request: Request, world: World) -> JsonObject | Refusal:
    """Answer what the caller's account used in a range of time, else in the current period."""
    asked = read_range(request.query, world)
    chosen = choose_metrics(request.query, world)
    problems = [each for each in (asked, chosen) if isinstance(each, Problem)]
    if isinstance(asked, Problem) or isinstance(chosen, Problem):
        return _refused(problems)
    account = find_account(request.identity, world)
    if account is None:
        return Refusal(cause=Cause.UNKNOWN_RESOURCE, status=404, detail="No subscription found")
    answer: JsonObject = {"success": True, "data": state_usage(account, asked, chosen, world)}
    # R2-12: the other form has the empty member too.
    return {**answer, "error": None} if world.settings.get("envelope") == "overview" else answer


def _refused(problems: Iterable[Problem]) -> Refusal:
    """Return the refusal of a query whose parts are well formed and cannot be used."""
    problems = tuple(problems)
    violations = tuple(
        Violation(location=("request", "query"), keyword=each.keyword, message=each.message)
        for each in problems
    )
    return Refusal(
        cause=Cause.INVALID_PARAMETER, status=400, detail=problems[0].detail, violations=violations
    )


HANDLERS: Final = {"getBillingUsage": _get_billing_usage}
