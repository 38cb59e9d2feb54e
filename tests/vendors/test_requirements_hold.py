"""The handlers of the built-in APIs and their declared requirements say the same of every request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from locum.behaviour.exchanges import Call, Judgement
from locum.behaviour.requirements import Asked, Requirement, judge_request
from locum.contract.styles import compile_parameters

if TYPE_CHECKING:
    from tests.vendors.conftest import Asked as Server

CLOCKS = (
    datetime(2024, 2, 15, 12, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC),
    datetime(2024, 3, 1, tzinfo=UTC),
    datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC),
)
#: Ends of ranges, around the ends of months, of the current period, and of what is kept.
DAYS = (
    "2001-01-01",
    "2023-02-15",
    "2023-12-31",
    "2024-02-01",
    "2024-02-29",
    "2024-03-01",
    "2024-12-31",
    "2100-01-01",
)
INSTANTS = (
    "2024-02-01T00:00:00Z",
    "2024-02-29T23:59:59Z",
    "2024-02-29T23:59:59.9Z",
    "2024-03-01T02:00:00+02:00",
)


def judgement(server: Server, requirement: Requirement, call: Call) -> Judgement:
    """Return what *call* makes of *requirement*, with the clock and the switches of *server*."""
    (route,) = (each for each in server.entry.contract.routes if each.operation_id == call.operation)
    reader = compile_parameters(server.entry.contract.operation(route).parameters)
    sent = reader.read(call.path, call.query, ())
    asked = Asked(
        operation=call.operation,
        query=sent.query,
        path=sent.path,
        now=server.now,
        settings=server.entry.fixtures.settings,
    )
    ((_, verdict),) = judge_request([requirement], asked)
    return verdict.judgement


def test_requests_that_keep_a_requirement_are_not_refused_for_it(asked: Server) -> None:
    """Each has one that keeps it and is answered, and one that breaks it and is refused with its status."""
    for requirement in asked.promises.requirements:
        assert requirement.kept
        assert requirement.broken
        for call in requirement.kept:
            assert judgement(asked, requirement, call) is Judgement.HELD
            assert asked(call).status not in requirement.statuses
        for call in requirement.broken:
            assert judgement(asked, requirement, call) is Judgement.BROKEN
            assert asked(call).status in requirement.statuses


def test_ranges_are_refused_exactly_if_a_requirement_is_broken(asked_of: object) -> None:
    """Whatever start and end: one clock, one answer, by the handler and by the rules."""
    for now in CLOCKS:
        server: Server = asked_of("saas-billing").at("0", now)  # type: ignore[operator]  # a fixture
        for start in ("", *DAYS, *INSTANTS):
            for end in ("", *DAYS, *INSTANTS):
                pairs = {"startDate": start, "endDate": end}
                query = "&".join(f"{name}={quote(text)}" for name, text in pairs.items() if text)
                call = Call(operation="getBillingUsage", query=query)
                is_broken = any(
                    judgement(server, each, call) is Judgement.BROKEN for each in server.promises.requirements
                )

                assert (server(call).status == 400) is is_broken, f"{query} at {now}"


def test_months_are_told_exactly_if_they_are_over(asked_of: object) -> None:
    """Around the current month, by the handler and by the rule."""
    for now in CLOCKS:
        server: Server = asked_of("senet").at("0", now)  # type: ignore[operator]  # a fixture
        (rule,) = server.promises.requirements
        for year, month in ((2024, 1), (2024, 2), (2024, 3), (2024, 11), (2024, 12), (2025, 1)):
            call = Call(operation="getUsageSummary", query=f"eui=00005EEF10000001&year={year}&month={month}")
            is_broken = judgement(server, rule, call) is Judgement.BROKEN

            assert (server(call).status == 404) is is_broken, f"{year}-{month} at {now}"
