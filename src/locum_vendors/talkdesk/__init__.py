"""Handlers for Talkdesk Billing Insights: usage of an organisation's accounts, by month and product.

What lives here: who may read what, and the order of decisions. Read `filters.py` for what narrows a list,
`estate.py` for accounts and rates, `ledger.py` for where usage comes from, `pages.py` for how it is cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from locum.behaviour import Cause, Refusal, Request, World, judged
from locum.contract import JsonObject, JsonValue, Violation
from locum_vendors.talkdesk.estate import Caller, Estate, caller_of, estate_of
from locum_vendors.talkdesk.filters import Filter, FilterError, read_filter
from locum_vendors.talkdesk.ledger import list_rows
from locum_vendors.talkdesk.pages import asked_of, write_page

__all__ = ["HANDLERS"]

#: Text that can be nothing but the id of one account, however it is compared.
_WHOLE_ID: Final = re.compile("[0-9a-f]{24}")


def _judge_filter(value: JsonValue) -> str:
    """Tell what is wrong with a filter, and where; parentheses may nest deeper than the document says."""
    try:
        read_filter(str(value))
    except FilterError as error:
        return str(error)
    return ""


@judged({"filter": _judge_filter})
def _list_monthly_usage(request: Request, world: World) -> JsonObject | Refusal:
    """Answer one page of the usage of every account that the caller may read and the filter lets pass."""
    if world.now.date() < date.fromisoformat(str(world.settings.get("available_from", date.min))):
        return Refusal(cause=Cause.UNKNOWN_PATH, status=404, detail="the API is not available yet")
    estate, caller = estate_of(world), caller_of(request)
    if caller.organization in estate.not_entitled:
        return Refusal(cause=Cause.WRONG_KIND, status=403, detail="the organization is not entitled")
    wanted = read_filter(str(request.query["filter"])) if "filter" in request.query else None
    refusal = _named_by_others(wanted, estate, caller) if wanted else None
    if refusal:
        return refusal
    asked = asked_of(request, world)
    rows = list_rows(caller, estate, world, wanted.accepts if wanted else None)
    return write_page(
        rows[::-1] if asked.is_ascending else rows,
        asked,
        is_hal_only=bool(world.settings.get("hal_only", False)),
    )


HANDLERS: Final[Mapping[str, Callable[..., object]]] = {"listMonthlyUsage": _list_monthly_usage}


def _named_by_others(wanted: Filter, estate: Estate, caller: Caller) -> Refusal | None:
    """Refuse a filter that names an account outside of the caller's reach, wherever it stands (R3-05).

    An account nobody has is told as a foreign one is, so that nobody can find out which ones exist (E3-05).
    """
    named = {
        each.text
        for each in wanted.comparisons
        if each.field == "account_id" and (each.operator == "eq" or _WHOLE_ID.fullmatch(each.text))
    }
    known = [estate.accounts.get(each) for each in sorted(named)]
    if any(each is None or each.organization != caller.organization for each in known):
        return _refused(Cause.FOREIGN_RESOURCE, "names accounts outside of the organization")
    if any(each and not caller.may_read(each) for each in known):
        return _refused(Cause.WRONG_KIND, "names accounts that the token does not open")
    return None


def _refused(cause: Cause, message: str) -> Refusal:
    violation = Violation(location=("request", "query", "filter"), keyword="account_id", message=message)
    detail = f"query parameter 'filter' {message}"
    return Refusal(cause=cause, status=403, detail=detail, violations=(violation,))
