"""What playing the life of a thing finds, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tests.verify import desk
from tests.verify.conftest import Answer, Asked, Serve, Told
from tests.verify.desk import Desk

from locum.catalog import Entry
from locum.verify.bench import Profile
from locum.verify.engine import run
from locum.verify.model import Report, Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
Verify = Callable[[Answer], Report]
RESOURCES = [each for each in SUITES if each.name == "resources"]


@pytest.fixture
def verify(written: Written, serve: Serve) -> Verify:
    """Return a function that has things made, changed and deleted on a desk."""
    entry = written(desk.DOCUMENT)
    return lambda answer: run(prepare(entry, Wish(url=serve(answer), allow_writes=True)), RESOURCES, JUDGES)


FAULTS = {
    "nothing is kept": "resource.created",
    "a member is lost": "resource.kept",
    "a member is changed": "resource.kept",
    "Location leads nowhere": "resource.location",
    "keys come twice": "resource.distinct",
    "replacing does nothing": "resource.replaced",
    "all are replaced": "resource.apart",
    "a patch does nothing": "resource.patched",
    "a patch forgets the rest": "resource.patched",
    "what is refused is done": "resource.refused",
    "what is refused is kept": "resource.refused",
    "conditions are ignored": "resource.condition",
    "the tag stays": "resource.etag",
    "nothing is deleted": "resource.deleted",
    "the list is old": "resource.listed",
    "what is gone is listed": "resource.unlisted",
    "all are deleted": "resource.spared",
    "letters are mangled": "resource.kept",
    "a text is cut": "resource.kept",
    "what is gone is replaced": "resource.raised",
    "replacing makes anew": "resource.replaced",
    "the newest is not listed": "resource.listed",
    "the newest is listed otherwise": "list.item",
    "keys are used again": "resource.distinct",
    "letters of a note are mangled": "resource.kept",
    "changing what is gone is confirmed": "resource.raised",
    "deleting nothing is confirmed": "resource.deleted-unknown",
    "a default is another": "resource.default",
    "what is left out stays": "resource.default",
    "two are made": "resource.once",
    "replacing only adds": "resource.whole",
    "a patch is done in part": "resource.atomic",
    "replacing gives another key": "resource.replaced",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_what_calls_leave_behind_is_found(verify: Verify, fault: str) -> None:
    """Made, read, listed, changed and deleted are held against each other without any rule."""
    report = verify(Desk(fault))

    assert FAULTS[fault] in {each.rule for each in report.findings}


def test_a_correct_life_is_left_alone(verify: Verify) -> None:
    """Every check is evaluated, and none finds anything."""
    report = verify(Desk())

    assert [each.identity for each in report.findings] == []
    assert {each.rule for each in report.results if each.evaluated} >= {*FAULTS.values()}


def merged(written: Written, serve: Serve, answer: Answer) -> Report:
    """Return what is told of a desk whose patches are merge patches."""
    document = deepcopy(dict(desk.DOCUMENT))
    body = document["paths"]["/tasks/{taskId}"]["patch"]["requestBody"]
    body["content"] = {"application/merge-patch+json": body["content"].pop("application/json")}
    return run(prepare(written(document), Wish(url=serve(answer), allow_writes=True)), RESOURCES, JUDGES)


def test_a_list_in_a_merge_patch_is_not_added(written: Written, serve: Serve) -> None:
    """It takes the place of the one there was (RFC 7396); of other patches the document says nothing."""
    report = merged(written, serve, Desk("a patch adds to lists"))

    assert [each.rule for each in report.findings] == ["resource.merged"]


def test_a_list_in_a_merge_patch_may_be_put_in_other_words(written: Written, serve: Serve) -> None:
    """Who writes labels in capitals has taken the list all the same."""
    server = Desk()

    def answer(asked: Asked) -> Told:
        told = server(asked)
        for task in server.tasks.values():
            task["tags"] = [each.upper() for each in task.get("tags", [])]
        return told

    report = merged(written, serve, answer)

    assert [each.rule for each in report.findings if each.rule == "resource.merged"] == []
    assert sum(each.evaluated for each in report.results if each.rule == "resource.merged") == 1


@pytest.mark.parametrize(
    ("kind", "found"), [("it goes on", set()), ("it stays", {"resource.moved"}), ("clocks stand", set())]
)
def test_the_time_of_the_last_change_goes_on(
    written: Written, serve: Serve, kind: str, found: set[str]
) -> None:
    """It only warns, and says nothing of a server whose clock stands still."""
    document, server = deepcopy(dict(desk.DOCUMENT)), Desk()
    shown = document["paths"]["/tasks/{taskId}"]["get"]["responses"]["200"]["content"]["application/json"]
    shown["schema"]["properties"]["updated_at"] = {"type": "string", "format": "date-time", "readOnly": True}
    times: dict[int, str] = {}

    def answer(asked: Asked) -> Told:
        told = server(asked)
        second = 0 if kind == "clocks stand" else server.calls
        now = f"2024-02-15T{12 + second // 3600}:{second // 60 % 60:02}:{second % 60:02}Z"
        if kind == "it goes on" and asked.method in {"PUT", "PATCH"} and told.status == 200:
            times.pop(int(asked.path[7:]), None)
        for number, task in server.tasks.items():
            task["updated_at"] = times.setdefault(number, now)
        return told

    report = run(prepare(written(document), Wish(url=serve(answer), allow_writes=True)), RESOURCES, JUDGES)

    assert {each.rule for each in report.findings} == found
    assert {each.severity for each in report.findings} <= {Severity.WARNING}


def test_what_was_there_before_is_there_afterwards(verify: Verify) -> None:
    """Only what was made for it is changed and deleted, and nothing is left behind."""
    server = Desk()
    before = {number: dict(task) for number, task in server.tasks.items()}

    verify(server)

    assert server.tasks == before


def test_a_list_that_must_be_narrowed_need_not_show_it(written: Written, serve: Serve) -> None:
    """Who has to ask by a span of time is not shown what was made outside of it."""
    document = deepcopy(dict(desk.DOCUMENT))
    document["paths"]["/tasks"]["get"]["parameters"].append(
        {
            "name": "since",
            "in": "query",
            "required": True,
            "schema": {"type": "string", "format": "date"},
            "example": "2020-01-01",
        }
    )
    wish = Wish(url=serve(Desk("the newest is not listed")), allow_writes=True)
    report = run(prepare(written(document), wish), RESOURCES, JUDGES)

    assert [each.identity for each in report.findings if each.rule == "resource.listed"] == []


def test_a_server_that_finishes_a_little_later_is_given_time(verify: Verify) -> None:
    """What was made is read again before it is missed."""
    server, waits = Desk(), [1, 1]

    def answer(asked: Asked) -> Told:
        is_read = asked.method == "GET" and asked.path != "/tasks" and asked.path[7:].isdigit()
        if is_read and int(asked.path[7:]) > 7 and waits:
            waits.pop()
            return desk.refused(404, "not yet")
        return server(asked)

    assert verify(answer).findings == ()


def test_what_is_deleted_may_be_kept_in_another_state(verify: Verify) -> None:
    """Whoever marks as deleted what is deleted has not kept it."""
    server = Desk()

    def answer(asked: Asked) -> Told:
        if asked.method != "DELETE" or int(asked.path[7:]) not in server.tasks:
            return server(asked)
        server.tasks[int(asked.path[7:])]["deleted"] = True
        return Told(status=204)

    assert verify(answer).findings == ()


def test_without_leave_to_write_nothing_is_sent(written: Written, serve: Serve) -> None:
    """`--allow-writes` is what it takes."""
    server = Desk()

    run(prepare(written(desk.DOCUMENT), Wish(url=serve(server))), RESOURCES, JUDGES)

    assert server.calls == 0


def test_every_suite_leaves_a_correct_server_alone_that_is_written_to(
    written: Written, serve: Serve, tmp_path: Path
) -> None:
    """What is deleted can be deleted once, and an entity tag may be there for changes alone."""
    refusal = {"401": {"description": "who", "headers": {"WWW-Authenticate": {"schema": {"type": "string"}}}}}
    paths = {
        path: {
            verb: {**each, "responses": {**each["responses"], **refusal}} if verb != "parameters" else each
            for verb, each in here.items()
        }
        for path, here in desk.DOCUMENT["paths"].items()
    }
    schemes = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
    entry = written({**desk.DOCUMENT, "paths": paths, "security": [{"token": []}], "components": schemes})
    server = Desk()
    before = {number: dict(task) for number, task in server.tasks.items()}

    def answer(asked: Asked) -> Told:
        word, _, token = asked.headers.get("authorization", "").partition(" ")
        if (word.lower(), token) != ("bearer", "token-of-ann-12345"):
            return Told(status=401, headers={"WWW-Authenticate": "Bearer", "Content-Type": ""})
        return server(asked)

    people = tmp_path / "people.yaml"
    people.write_text("good: token-of-ann-12345\n")
    wish = Wish(url=serve(answer), credentials=people, allow_writes=True, profile=Profile.QUICK)
    planner = [each for each in SUITES if each.name != "generated"]

    report = run(prepare(entry, wish), planner, JUDGES)

    assert [each.identity for each in report.findings if each.severity is Severity.FAILURE] == []
    assert server.tasks == before
