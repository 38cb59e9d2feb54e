from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.verify.generated.conftest import Serve, Verify


def test_nothing_is_found_at_a_server_that_keeps_its_contract(serve: Serve, verify: Verify) -> None:
    """Broken dependencies and invented tokens are refused, and that is right; so is a lone declared refusal.

    By default it is only read.
    """
    report = verify(serve())
    methods = {each.step.sent.method for each in report.traffic}

    assert [each.identity for each in report.findings] == []
    assert report.statuses["listCellars"]["400"] > 0
    assert report.statuses["listRooms"]["200"] > 10
    held = {each.rule for each in report.results}
    assert {"parameter.accepted", "request.refused", "counted", "schema.body"} <= held
    assert "DELETE" not in methods
    assert "TRACE" in methods


def test_each_fault_is_found_by_its_own_identity(serve: Serve, verify: Verify) -> None:
    """Operation, rule, place and kind: none of them hides another."""
    url = serve("large-size", "backwards", "any-token", "crash", "wrong-count", "text-floor", "any-method")

    report = verify(url)

    assert {each.identity for each in report.findings} == {
        "listCellars method.trace TRACE accepted",
        "listRooms answer.server-error - 500",
        "listRooms counted body -",
        "listRooms forward query.start broken",
        "listRooms method.trace TRACE accepted",
        "listRooms opaque.token query.token made-up",
        "listRooms parameter.accepted query.size maximum",
        "listRooms schema.body 200 body/rooms/*/floor type",
        "listRooms status.undeclared - server-error",
    }
    for each in report.findings:
        assert each.steps[-1].sent.url.startswith(url)
        assert each.steps[-1].received is not None
    by_rule = {each.rule: each for each in report.findings}
    assert by_rule["forward"].where.line == 10
    assert by_rule["parameter.accepted"].engine == "schemathesis"


def test_the_same_seed_finds_the_same_in_the_same_order(serve: Serve, verify: Verify) -> None:
    """Requests too: nothing depends on the process."""
    url = serve("large-size", "crash")

    reports = [verify(url) for _ in range(2)]

    first, second = reports
    assert first.findings
    assert [each.identity for each in first.findings] == [each.identity for each in second.findings]
    assert [each.step.sent.url for each in first.traffic] == [each.step.sent.url for each in second.traffic]


def test_methods_that_change_something_are_tried_where_allowed(serve: Serve, verify: Verify) -> None:
    """A server under development is tried with all of them."""
    report = verify(serve(), allow_writes=True)

    methods = {each.step.sent.method for each in report.traffic}

    assert {"DELETE", "TRACE"} <= methods


def test_what_cannot_run_is_told(serve: Serve, verify: Verify, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that fails is among what was not tested, with the reason."""
    monkeypatch.setattr("locum.verify.generated.process.HOOKS", "locum.no_such_module")

    report = verify(serve())

    (told,) = [each for each in report.untested if "generated.run" in each.what]
    assert "locum.no_such_module" in told.reason
