"""What is asked of the billing API: which range, which metrics."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from servers.exchange import Call, Site
from servers.saas_billing_world import UNITS

DAY = re.compile(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
NAMES = re.compile(r"[A-Za-z_]+(,[A-Za-z_]+)*")
RANGE = "Invalid date range: startDate must be before endDate"


class BadRequestError(Exception):
    """Something that cannot be answered, and why, for the client to read."""


class BrokenError(Exception):
    """What a faulty server did not think of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From the first second to the last, and whether the client chose it."""

    start: datetime
    end: datetime


def current_period(site: Site) -> Range:
    """Return the calendar month that is running, in UTC."""
    start = site.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if site.has("C66"):
        start = (start - timedelta(days=1)).replace(day=1)
    last = calendar.monthrange(start.year, start.month)[1]
    return Range(start=start, end=start.replace(day=last, hour=23, minute=59, second=59))


def range_of(call: Call, site: Site) -> Range:
    """Return the range of the answer; a side that is not given is that of the current period."""
    period = current_period(site)
    first, last = _given(call, "startDate", site), _given(call, "endDate", site)
    if first is not None and not site.has("C68"):
        period = replace(period, start=_moment(first, "startDate", site))
    if last is not None:
        end = _moment(last, "endDate", site)
        is_day = len(last) == 10 and not site.has("C67")
        period = replace(period, end=end + timedelta(days=1, seconds=-1) if is_day else end)
    if first is not None and first == last and not site.has("E24"):
        raise BadRequestError(RANGE)
    if period.start >= period.end:
        if not site.has("B44"):
            raise BadRequestError(RANGE)
        period = Range(start=period.end, end=period.start)
    _keep_to_retention(period, site)
    return period


def _keep_to_retention(period: Range, site: Site) -> None:
    day = min(site.now.day, 28)
    horizon = date(site.now.year - 1, site.now.month, day)
    if period.start.date() < horizon and not site.has("C78"):
        raise BadRequestError("Invalid date range: usage is retained for 12 months")


def _given(call: Call, name: str, site: Site) -> str | None:
    values = call.values(name)
    if len(values) > 1:
        raise BadRequestError(f"Invalid parameter {name}: given {len(values)} times")
    if values and site.has("B43") and not values[0][:4].isdigit():
        return None
    return values[0] if values else None


def _moment(text: str, name: str, site: Site) -> datetime:
    """Read a date or a date with time, to the second and in UTC."""
    if site.has("B42") and text[-5:] in {"02-30", "02-31", "04-31", "06-31"}:
        text = f"{text[:5]}{int(text[5:7]) + 1:02}-01"
    if site.has("B57"):
        text = text.replace("T24:", "T23:").replace("T25:", "T23:")
    if site.has("B58") and re.search(r"[+-][0-9]{2}:[0-9]{2}$", text):
        raise BrokenError
    try:
        if DAY.fullmatch(text):
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        if MOMENT.fullmatch(text):
            shortened = re.sub(r"\.[0-9]+", "", text)
            return datetime.fromisoformat(shortened).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise BadRequestError(f"Invalid parameter {name}: {text[:40]!r} is not a date")


def metrics_of(call: Call, site: Site) -> frozenset[str] | None:
    """Return the metrics that are asked for, or None for all."""
    values = call.values("metrics")
    if len(values) > 1:
        raise BadRequestError(f"Invalid parameter metrics: given {len(values)} times")
    text = values[0] if values else ""
    if text == "" and values and site.has("C73"):
        return frozenset()
    if text == "" or site.has("C69"):
        return None
    if site.has("B46"):
        text = re.sub(",,+", ",", text).strip(",")
    if site.has("C72") and "%2C" in call.raw_query.upper():
        raise BadRequestError(f"Unknown metric: {text}")
    if not NAMES.fullmatch(text):
        raise BadRequestError("Invalid parameter metrics: expected names separated by commas")
    names = [_name(each, site) for each in text.split(",")]
    return frozenset(names[:1] if site.has("C70") else names)


def _name(text: str, site: Site) -> str:
    name = text if site.has("C71") else re.sub(r"_([a-z])", lambda match: match[1].upper(), text)
    if name in UNITS:
        return name
    raise BrokenError if site.has("B55") else BadRequestError(f"Unknown metric: {text[:40]}")
