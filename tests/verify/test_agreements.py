"""What is found where an answer contradicts itself, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest
from tests.verify import shop
from tests.verify.conftest import Answer, Asked, Serve, Told
from tests.verify.shop import Shop

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.model import Report, Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
Verify = Callable[..., Report]
READING = [each for each in SUITES if each.name in {"examples", "lists"}]


@pytest.fixture
def verify(written: Written, serve: Serve) -> Verify:
    """Return a function that has a shop read."""

    def verified(
        answer: Answer, document: Mapping[str, Any] = shop.DOCUMENT, *, is_strict: bool | None = None
    ) -> Report:
        return run(prepare(written(document), Wish(url=serve(answer), is_strict=is_strict)), READING, JUDGES)

    return verified


def told(report: Report) -> list[tuple[str, str, str, Severity]]:
    """Return what a report says of answers that contradict themselves."""
    return [
        (each.operation, each.rule, each.location, each.severity)
        for each in report.findings
        if each.rule.startswith("agree.")
    ]


def test_a_right_shop_is_looked_at_and_held(verify: Verify) -> None:
    """Every total is the sum of its lines, and that is told."""
    report = verify(Shop())

    assert told(report) == []
    assert sum(each.evaluated for each in report.results if each.rule == "agree.sum") > 0


def test_a_total_that_is_no_sum_is_found(verify: Verify) -> None:
    """Wherever it is shown; the document has not said so, and its names have."""
    failure = Severity.FAILURE

    assert told(verify(Shop("a total is wrong"))) == [
        ("listOrders", "agree.sum", "body/*/total", failure),
        ("getOrder", "agree.sum", "body/total", failure),
    ]


def test_elsewhere_it_only_warns(verify: Verify) -> None:
    """It follows from names, which another server need not have meant so."""
    report = verify(Shop("a total is wrong"), is_strict=False)

    assert {each[3] for each in told(report)} == {Severity.WARNING}


def test_examples_of_the_document_say_what_a_name_means(verify: Verify) -> None:
    """Where the document itself shows a total that is no sum, totals are something else."""
    document = deepcopy(dict(shop.DOCUMENT))
    for path in document["paths"].values():
        content = path["get"]["responses"]["200"]["content"]["application/json"]
        shown = {**Shop().orders[0], "total": 14.89}
        content["example"] = [shown] if content["schema"]["type"] == "array" else shown

    assert told(verify(Shop("totals mean something else"), document)) == []


def test_what_clients_may_say_only_warns(verify: Verify) -> None:
    """Who may send a total may have sent a wrong one."""
    document = deepcopy(dict(shop.DOCUMENT))
    document["paths"]["/orders"]["post"] = {
        "operationId": "order",
        "requestBody": {"content": {"application/json": {"schema": shop.ORDER}}},
        "responses": {"201": {"description": "made"}},
    }

    assert {each[3] for each in told(verify(Shop("a total is wrong"), document))} == {Severity.WARNING}


def test_a_count_that_goes_on_elsewhere_is_left_alone(verify: Verify) -> None:
    """A list that can be turned over may have more than one page shows; without pages it may not."""
    page = {
        "type": "object",
        "required": ["orders", "count"],
        "properties": {
            "orders": {"type": "array", "items": shop.ORDER},
            "count": {"type": "integer"},
        },
    }
    whole = deepcopy(dict(shop.DOCUMENT))
    listing = whole["paths"]["/orders"]["get"]
    listing["responses"]["200"]["content"]["application/json"]["schema"] = page
    turned = deepcopy(whole)
    turned["paths"]["/orders"]["get"]["parameters"] = [
        {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}}
    ]
    server = Shop()

    def answer(asked: Asked) -> Told:
        return Told(body={"orders": server.orders, "count": 9}) if asked.path == "/orders" else server(asked)

    assert told(verify(answer, whole)) == [
        ("listOrders", "agree.count", "body/count", Severity.FAILURE),
    ]
    assert told(verify(answer, turned)) == []
