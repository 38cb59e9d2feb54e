"""Handlers for Senet's Usage API: the summary of one Application for one month.

What lives here: who may read what, and the order of decisions (R0-14). Read `applications.py` for
Applications and their devices, `months.py` for when a month can be read, `summary.py` for the counters.
"""

from __future__ import annotations

from typing import Final

from locum.behaviour import Cause, Refusal, Request, World
from locum.contract import JsonObject, Violation
from locum_vendors.senet.applications import Application, devices_of, find_application
from locum_vendors.senet.months import month_of
from locum_vendors.senet.summary import summarise

__all__ = ["HANDLERS"]


def _get_usage_summary(request: Request, world: World) -> JsonObject | Refusal:
    """Answer the twelve counters of an Application and a month."""
    application = find_application(world, str(request.query["eui"]))
    if application is None:
        return _unknown("eui", "names no Application", "Application not found")
    if not _may_read(request, application):
        return Refusal(
            cause=Cause.FOREIGN_RESOURCE,
            status=403,
            detail="the Application is neither owned nor managed by the company of the key",
        )
    month = month_of(request.query["year"], request.query["month"], world)
    if isinstance(month, str):
        return _unknown("month", month, "File not found")
    if month.index < application.created:
        return _unknown("month", "lies before the Application was created", "File not found")
    return summarise(devices_of(world, application), application, month)


def _may_read(request: Request, application: Application) -> bool:
    """Tell whether the caller's company owns or manages *application* (S0-03, R0-13).

    A caller of whom nothing is known is foreign to nobody: that happens only without any credentials.
    """
    companies = {each.attributes.get("organization") for each in request.identity.credentials}
    return not companies or bool(companies & {application.owner, application.manager})


def _unknown(parameter: str, message: str, detail: str) -> Refusal:
    """Return the refusal of what is not there; *parameter* tells the fixtures which of two (S0-21)."""
    violation = Violation(location=("request", "query", parameter), keyword="unknown", message=message)
    return Refusal(cause=Cause.UNKNOWN_RESOURCE, status=404, detail=detail, violations=(violation,))


HANDLERS: Final = {"getUsageSummary": _get_usage_summary}
