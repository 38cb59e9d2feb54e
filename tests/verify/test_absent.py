"""What is found where something is asked for that is not there, and what is left alone."""

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
from locum.verify.things.unknown import unlike

Written = Callable[[Mapping[str, Any]], Entry]
Verify = Callable[..., Report]
LISTS = [each for each in SUITES if each.name == "lists"]


@pytest.fixture
def verify(written: Written, serve: Serve) -> Verify:
    """Return a function that has the lists of a shop read, and nothing written."""

    def verified(
        answer: Answer, document: Mapping[str, Any] = shop.DOCUMENT, *, is_strict: bool | None = None
    ) -> Report:
        return run(prepare(written(document), Wish(url=serve(answer), is_strict=is_strict)), LISTS, JUDGES)

    return verified


def told(report: Report) -> list[tuple[str, str, Severity]]:
    """Return what a report says of things that are not there."""
    return [
        (each.operation, each.kind, each.severity) for each in report.findings if each.rule == "list.absent"
    ]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("another is shown", "another"),
        ("nothing is shown", "nothing"),
        ("an error is shown", "nothing"),
    ],
)
def test_success_for_what_no_list_shows_is_found(verify: Verify, fault: str, kind: str) -> None:
    """Where the document declares 404, an id that nothing has is not answered with success."""
    assert told(verify(Shop(fault))) == [("getOrder", kind, Severity.FAILURE)]


def test_elsewhere_it_only_warns(verify: Verify) -> None:
    """It follows from the document, which has not said it in words."""
    report = verify(Shop("another is shown"), is_strict=False)

    assert told(report) == [("getOrder", "another", Severity.WARNING)]


@pytest.mark.parametrize("fault", ["", "it is forbidden"])
def test_a_refusal_is_looked_at_and_held(verify: Verify, fault: str) -> None:
    """404, and 403 as well: who may not know whether something is there is told nothing."""
    report = verify(Shop(fault))

    assert told(report) == []
    assert {each.evaluated for each in report.results if each.rule == "list.absent"} == {1}


def test_a_server_that_makes_up_what_is_asked_for_is_not_faulted(verify: Verify) -> None:
    """A stand-in shows each id its own thing; that this is no verdict on unknown ids is told."""
    report = verify(Shop("whatever is asked for is made up"))
    (result,) = [each for each in report.results if each.rule == "list.absent"]

    assert told(report) == []
    assert (result.evaluated, "made up" in result.reason) == (0, True)


def test_one_fixed_answer_for_every_id_only_warns(verify: Verify) -> None:
    """A stand-in that has one example for all ids may be meant so: it tells no two things apart."""
    server = Shop()

    def answer(asked: Asked) -> Told:
        return Told(body=server.orders[0] if asked.path != "/orders" else [server.orders[0]])

    assert told(verify(answer)) == [("getOrder", "another", Severity.WARNING)]


def test_nothing_is_said_where_no_absence_is_declared(verify: Verify) -> None:
    """A document without 404 and 410 has not said how it answers, and nothing is asked."""
    document = deepcopy(dict(shop.DOCUMENT))
    del document["paths"]["/orders/{orderId}"]["get"]["responses"]["404"]

    report = verify(Shop("another is shown"), document)

    assert [each for each in report.results if each.rule == "list.absent"] == []


@pytest.mark.parametrize(
    "known",
    ["7", "b12", "cus_Nf4aXk2", "blue-shirt", "X9"],
)
def test_an_unknown_id_looks_like_the_known_ones(known: str) -> None:
    """Letters stay letters and digits digits; short numbers get longer."""
    one, other = unlike(known, 1), unlike(known, 2)

    assert len({known, one, other}) == 3
    assert one == unlike(known, 1)
    assert [each for each in one if not each.isalnum()] == [each for each in known if not each.isalnum()]
    assert one[0].isdigit() == known[0].isdigit()


def test_an_unknown_uuid_keeps_version_and_variant() -> None:
    """What is well-formed stays so, and hexadecimal."""
    made = unlike("3f2504e0-4f89-41d3-9a0c-0305e82c3301", 5)

    assert (made[14], made[19]) == ("4", "9")
    assert {*made} <= {*"0123456789abcdef-"}
