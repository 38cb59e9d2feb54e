"""Filters and pages of Onomondo's lists."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from servers.exchange import Call, JsonObject, Reply, Site
from servers.onomondo_view import Row, by_hour

LIMIT = re.compile(r"[1-9][0-9]{0,2}|1000")
OFFSET = re.compile(r"0|[1-9][0-9]*")
TIME = re.compile(r"([1-9][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
Test = Callable[[Row], bool]


class BadRequestError(Exception):
    """A parameter that cannot be used; *code* is what the client is told."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def page(call: Call, rows: list[Row], site: Site, check: Callable[[str], None] | None) -> Reply:
    """Return one page of *rows*; *check* is asked whether a SIM may be filtered by; None refuses all."""
    limit, offset = _limit(call, site), _offset(call, site)
    is_grouped = _is_grouped(call, site)
    everything = by_hour(rows, site) if is_grouped else rows
    kept = _filtered(call, rows, site, check)
    listed = by_hour(kept, site) if is_grouped else kept
    if site.has("C31"):
        listed = listed[::-1]
    token = _single(call, "next_page", "next_page_invalid")
    if token is None:
        return _cut(listed, _from_offset(offset, listed, site), limit, site)
    start = _after(token, listed, everything, site)
    if site.has("C27"):
        return _cut(everything, _after(token, everything, everything, site), limit, site)
    return _cut(listed, start, limit, site)


def _from_offset(offset: int, listed: list[Row], site: Site) -> int:
    if site.has("C28"):
        return 0
    if site.has("C29") and offset:
        return offset - 1
    if site.has("C30") and offset >= len(listed):
        return max(0, len(listed) - 1)
    return offset


def _cut(listed: list[Row], start: int, limit: int, site: Site) -> Reply:
    if site.has("C20"):
        limit += 1
    end = start + limit
    rows = listed[start:end]
    has_more = end < len(listed)
    if site.has("C25") and rows:
        has_more = end <= len(listed)
    if site.has("C26"):
        has_more = end + limit < len(listed)
    if site.has("C24") and rows:
        has_more = True
    pagination: JsonObject = {"has_more": "true" if site.has("A20") and has_more else has_more}
    if has_more:
        pagination["next_page"] = _token(_last(listed, rows, end, site), site)
    elif site.has("A19"):
        pagination["next_page"] = None
    return Reply(content={"pagination": pagination, "usage": [row.content for row in rows]})


def _last(listed: list[Row], rows: list[Row], end: int, site: Site) -> Row:
    """Return the row that the next page comes after."""
    if site.has("C22") and len(rows) > 1:
        return rows[-2]
    if site.has("C23") and end + 1 < len(listed):
        return listed[end]
    if site.has("C24") and end >= len(listed) and len(listed) > len(rows):
        return listed[-len(rows) - 1]
    return rows[-1]


def _token(row: Row, site: Site) -> str:
    text = f"{row.time:%Y-%m-%dT%H:%M:%S}.000Z@{row.sim_id}"
    if site.has("E14"):
        return text.encode().hex()
    return base64.b64encode(text.encode()).decode()


def _after(token: str, listed: list[Row], everything: list[Row], site: Site) -> int:
    """Return the place in *listed* behind the row that *token* names, which the caller may read."""
    if site.has("B29") and not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", token):
        return 0
    try:
        raw = bytes.fromhex(token) if site.has("E14") else base64.b64decode(token, validate=True)
        text, _, sim_id = raw.decode("ascii").partition("@")
        key = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.000Z").replace(tzinfo=UTC), sim_id
    except (binascii.Error, ValueError) as error:
        raise (LookupError if site.has("B30") else BadRequestError)("next_page_invalid") from error
    if key not in {row.key for row in everything}:
        raise BadRequestError("next_page_invalid")
    if site.has("C31"):
        return sum(row.key >= key for row in listed)
    return sum(row.key <= key for row in listed)


def _single(call: Call, name: str, code: str) -> str | None:
    values = call.values(name)
    if len(values) > 1:
        raise BadRequestError(code)
    return values[0] if values else None


def _limit(call: Call, site: Site) -> int:
    text = _single(call, "limit", "limit_invalid")
    if text is None:
        return 5000 if site.has("C21") else 1000
    if LIMIT.fullmatch(text):
        return int(text)
    if re.fullmatch(r"[0-9]{1,9}", text):
        if site.has("E06"):
            return min(max(1, int(text)), 1000)
        if site.has("B22") and int(text) == 0:
            return 1000
        if site.has("B23") and int(text) > 1000:
            return int(text)
    raise BadRequestError("limit_invalid")


def _offset(call: Call, site: Site) -> int:
    text = _single(call, "offset", "offset_invalid")
    if text is None:
        return 0
    if OFFSET.fullmatch(text):
        return int(text) if len(text) < 10 else 10**9
    if site.has("B24") and text.startswith("-"):
        raise LookupError(text)
    if site.has("B39") and text.isalpha():
        return 0
    raise BadRequestError("offset_invalid")


def _is_grouped(call: Call, site: Site) -> bool:
    text = _single(call, "group", "group_invalid")
    if text not in (None, "hours") and not site.has("B32"):
        raise BadRequestError("group_invalid")
    return text == "hours" and not site.has("C55")


def _filtered(call: Call, rows: list[Row], site: Site, check: Callable[[str], None] | None) -> list[Row]:
    one, several = call.values("filter"), call.values("filter[]")
    if site.has("C42") and "filter%5B%5D" in call.raw_query:
        several = []
    if len(one) > 1 or (one and several):
        raise BadRequestError("filter_invalid")
    tests: dict[str, list[Test]] = {}
    for text in [*one, *several]:
        key, test = _test(text, site, check)
        tests.setdefault(key, []).append(test)
    if site.has("C35") and len(tests) > 1:
        tests = dict([tests.popitem()])
    if site.has("C36") and tests:
        return [row for row in rows if any(test(row) for each in tests.values() for test in each)]
    return [row for row in rows if all(any(test(row) for test in each) for each in tests.values())]


def _test(text: str, site: Site, check: Callable[[str], None] | None) -> tuple[str, Test]:
    key, colon, value = text.partition(":")
    if site.has("B37") and not colon:
        return key, lambda _: True
    if key == "time":
        return key, _time_test(value, site)
    if key == "country_code" and re.fullmatch("[A-Za-z]{2}", value):
        return key, _country_test(value, site)
    if key == "sim_id" and re.fullmatch("[0-9]{9}", value) and check is not None:
        check(value)
        return key, lambda row: row.sim_id == value
    if site.has("B40") and colon and key not in {"time", "country_code", "sim_id"}:
        return key, lambda _: True
    raise BadRequestError("filter_invalid")


def _country_test(value: str, site: Site) -> Test:
    if site.has("C37"):
        return lambda row: row.country == value
    if site.has("C40"):
        return lambda row: row.home == value.lower()
    return lambda row: row.country == value.lower()


def _time_test(value: str, site: Site) -> Test:
    """Return a test for the half-open interval of a day, a month or a year in UTC."""
    match = TIME.fullmatch(value)
    if match is None:
        raise BadRequestError("filter_invalid")
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = datetime(year or 1, month or 1, day or 1, tzinfo=UTC)
    except ValueError as error:
        if site.has("B38") and (month or 0) <= 12:
            return lambda _: False
        if site.has("B20"):
            raise
        raise BadRequestError("filter_invalid") from error
    if site.has("C33") and month and not day:
        return lambda row: row.time.month == month
    if site.has("C34") and not month:
        return lambda row: row.time >= first
    step = 1 if day else 31 if month else 366
    last = _next(first, step, year, month)
    shift = timedelta(hours=1) if site.has("C32") else timedelta()
    return lambda row: first <= row.time + shift < last


def _next(first: datetime, step: int, year: int | None, month: int | None) -> datetime:
    """Return where the interval that begins at *first* ends, never behind the last year there is."""
    if (year or 0) >= 9999:
        return datetime.max.replace(tzinfo=UTC)
    later = first + timedelta(days=step)
    if step == 1:
        return later
    return later.replace(day=1) if month else datetime((year or 1) + 1, 1, 1, tzinfo=UTC)
