"""What reading lists finds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.verify import desk
from tests.verify.conftest import Answer, Asked, Serve, Told
from tests.verify.desk import Desk

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.model import Report, Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
Verify = Callable[[Answer], Report]
LISTS = [each for each in SUITES if each.name == "lists"]


@pytest.fixture
def verify(written: Written, serve: Serve) -> Verify:
    """Return a function that has the lists of a desk read, and nothing written."""
    entry = written(desk.DOCUMENT)
    return lambda answer: run(prepare(entry, Wish(url=serve(answer))), LISTS, JUDGES)


FAULTS = {
    "pages are not turned": "list.pages",
    "a page has one too many": "list.size",
    "pages overlap": "list.duplicates",
    "pages have gaps": "list.gaps",
    "the total is wrong": "list.total",
    "next leads back": "list.next",
    "the filter is ignored": "list.filter",
    "the list says otherwise": "list.item",
    "the order changes": "list.steady",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_a_list_is_found_by_its_rule(verify: Verify, fault: str) -> None:
    """Pages, sizes, totals, links, filters and entries are held against each other without any rule."""
    report = verify(Desk(fault))

    assert FAULTS[fault] in {each.rule for each in report.findings}


def test_a_correct_list_is_left_alone(verify: Verify) -> None:
    """Every check is evaluated, and none finds anything."""
    report = verify(Desk())

    assert [each.identity for each in report.findings] == []
    assert {each.rule for each in report.results if each.evaluated} >= {*FAULTS.values()}


def test_only_reading_is_done(verify: Verify) -> None:
    """Without `--allow-writes` nothing but GET is sent."""
    methods: list[str] = []
    server = Desk()

    def answer(asked: Asked) -> Told:
        methods.append(asked.method)
        return server(asked)

    verify(answer)

    assert {*methods} == {"GET"}


def test_a_list_that_grows_meanwhile_raises_no_alarm(verify: Verify) -> None:
    """A server that is in use takes in new entries between any two calls."""
    server = Desk()

    def answer(asked: Asked) -> Told:
        if asked.method == "GET" and server.calls in {3, 9, 14, 22}:
            server.add({"title": "Another", "kind": "errand"})
        return server(asked)

    assert verify(answer).findings == ()


def test_an_order_that_changes_warns_and_fails_nothing(verify: Verify) -> None:
    """No document promises an order unless it says so."""
    report = verify(Desk("the order changes"))

    assert {each.severity for each in report.findings if each.rule == "list.steady"} == {Severity.WARNING}


def test_elsewhere_what_is_derived_only_warns(written: Written, serve: Serve) -> None:
    """A server that is not this machine is not failed for what its document has not said in words."""
    wish = Wish(url=serve(Desk("the total is wrong")), is_strict=False)

    report = run(prepare(written(desk.DOCUMENT), wish), LISTS, JUDGES)

    assert [(each.rule, each.severity) for each in report.findings] == [("list.total", Severity.WARNING)]
