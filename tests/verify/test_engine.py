from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.verify.conftest import Asked, Serve, Told

from locum.behaviour.calls import Call
from locum.behaviour.exchanges import Call as Promised
from locum.behaviour.exchanges import Judgement
from locum.behaviour.relations import Kind, Relation
from locum.catalog import Entry
from locum.catalog.invariants import Promises
from locum.errors import Where
from locum.verify.bench import Bench, Options, SuiteEntry
from locum.verify.engine import Subject, run
from locum.verify.events import Event, EventKind
from locum.verify.identities import Identities
from locum.verify.model import ExitCode, Finding, Result
from locum.verify.plan import SUITES
from locum.verify.seen import Seen
from locum.verify.suites.relations import relations as play
from locum.verify.target import Limits, Target

DOCUMENT: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {"/things": {"get": {"operationId": "list", "responses": {"200": {"description": "ok"}}}}},
}
Written = Callable[[Mapping[str, Any]], Entry]


def subject(entry: Entry, url: str, limits: Limits = Limits()) -> Subject:
    """Return what is verified by the tests below."""
    return Subject(
        entry=entry,
        promises=Promises(unchecked={}),
        identities=Identities(),
        operations=tuple(entry.contract.operation(route) for route in entry.contract.routes),
        target=Target(url, limits=limits),
        options=Options(),
    )


def fault(kind: str) -> Finding:
    """Return a finding of one rule."""
    return Finding(operation="list", rule="rule", kind=kind, promise="something holds")


def broken(kind: str) -> Result:
    """Return a result with one finding."""
    return Result(
        operation="list",
        rule="rule",
        title="something holds",
        suite="own",
        judgement=Judgement.BROKEN,
        evaluated=1,
        findings=(fault(kind),),
    )


def asking(bench: Bench) -> Iterator[Result]:
    """Ask twice, and find two faults, one of them twice."""
    for kind in ("a", "b", "a"):
        bench.send(Call(method="GET", path="/things"), bench.operation("list"))
        yield broken(kind)


def test_a_run_goes_on_after_a_finding_and_makes_one_result_of_a_rule(written: Written, serve: Serve) -> None:
    """Every finding is reported once, with how often its rule was looked at."""
    report = run(subject(written(DOCUMENT), serve(lambda _: Told())), [SuiteEntry(name="own", play=asking)])

    assert [each.kind for each in report.findings] == ["a", "b"]
    assert [(each.rule, each.evaluated) for each in report.results] == [("rule", 3)]
    assert (report.requests, report.statuses) == (3, {"list": {"200": 3}})
    assert report.exit_code == ExitCode.NEW_FAILURES


def test_a_finding_is_at_its_operation_unless_it_says_where(written: Written, serve: Serve) -> None:
    """What names a place keeps it; all else leads to the operation in the document."""
    entry = written(DOCUMENT)
    there = Where(file="rules.yaml", line=7)

    def finding(_: Bench) -> Iterator[Result]:
        yield broken("here")
        yield replace(broken("there"), findings=(replace(fault("there"), where=there),))

    report = run(subject(entry, serve(lambda _: Told())), [SuiteEntry(name="own", play=finding)])
    route = entry.contract.routes[0]

    assert [each.where for each in report.findings] == [entry.contract.where(route.place), there]


def test_every_answer_goes_to_every_judge(written: Written, serve: Serve) -> None:
    """A judge sees what a suite has asked for, with its answer."""
    seen: list[Seen] = []

    def judge(_: Bench, each: Seen) -> Iterator[Result]:
        seen.append(each)
        return iter(())

    run(
        subject(written(DOCUMENT), serve(lambda _: Told(body={"a": [1]}))),
        [SuiteEntry(name="own", play=asking)],
        [judge],
    )

    assert [(each.status, each.value, each.operation_id) for each in seen] == [(200, {"a": [1]}, "list")] * 3


def test_a_suite_that_fails_takes_no_other_along(written: Written, serve: Serve) -> None:
    """What it found until then is kept, the next suite is played, and the report says what has failed."""

    def failing(bench: Bench) -> Iterator[Result]:
        yield broken("first")
        raise RuntimeError("a fault of ours")

    suites = [SuiteEntry(name="failing", play=failing), SuiteEntry(name="own", play=asking)]
    report = run(subject(written(DOCUMENT), serve(lambda _: Told())), suites)

    assert [each.kind for each in report.findings] == ["first", "a", "b"]
    assert any("a fault of ours" in each.reason for each in report.untested)


def test_a_suite_that_finds_nothing_to_play_says_so(written: Written, serve: Serve) -> None:
    """What was asked for and could not be played is the reason why nothing was tested, in words."""
    report = run(
        subject(written(DOCUMENT), serve(lambda _: Told())),
        [SuiteEntry(name="own", play=lambda _: iter(()), plays="things of its own")],
    )

    assert ("suite own", "what is tested has no things of its own") in [
        (each.what, each.reason) for each in report.untested
    ]
    assert report.obstacle == "no request was sent; suite own: what is tested has no things of its own"
    assert report.exit_code == ExitCode.COULD_NOT_TEST


def test_operations_that_only_write_are_the_reason(written: Written, serve: Serve) -> None:
    """Where nothing may be called without `--allow-writes`, that is said, and not what suites lack."""
    ok = {"responses": {"200": {"description": "ok"}}}
    document = {**DOCUMENT, "paths": {"/things": {"post": {"operationId": "make", **ok}}}}
    suites = [each for each in SUITES if each.name in {"examples", "lists"}]

    report = run(subject(written(document), serve(lambda _: Told())), suites)

    assert report.obstacle == (
        "no request was sent; of every operation, it writes, and `--allow-writes` was not given"
    )


def test_a_budget_that_is_used_up_ends_the_run_with_a_report(written: Written, serve: Serve) -> None:
    """What was found until then is in it, and what was not done, with the reason."""
    suites = [SuiteEntry(name="own", play=asking), SuiteEntry(name="later", play=asking)]
    report = run(subject(written(DOCUMENT), serve(lambda _: Told()), Limits(requests=2)), suites)

    assert [each.kind for each in report.findings] == ["a", "b"]
    assert {each.what for each in report.untested} >= {"rest of suite own", "suite later"}


def test_ctrl_c_ends_the_run_with_a_report(written: Written, serve: Serve) -> None:
    """An interruption is told by the exit code, and what was found is in the report."""

    def interrupted(_: Bench) -> Iterator[Result]:
        yield broken("first")
        raise KeyboardInterrupt

    report = run(
        subject(written(DOCUMENT), serve(lambda _: Told())), [SuiteEntry(name="own", play=interrupted)]
    )

    assert [each.kind for each in report.findings] == ["first"]
    assert report.exit_code == ExitCode.INTERRUPTED


@pytest.mark.parametrize("status", [404, 500])
def test_nothing_that_answers_with_success_is_no_success(written: Written, serve: Serve, status: int) -> None:
    """Without any answer that is a success nothing was tested: never 0."""

    def silent(bench: Bench) -> Iterator[Result]:
        bench.send(Call(method="GET", path="/things"), bench.operation("list"))
        return iter(())

    report = run(
        subject(written(DOCUMENT), serve(lambda _: Told(status=status))),
        [SuiteEntry(name="own", play=silent)],
    )

    assert report.exit_code == ExitCode.COULD_NOT_TEST


def test_listeners_hear_what_happens_in_order(written: Written, serve: Serve) -> None:
    """Start, suite, exchanges, findings that are new, end of the suite, and the report."""
    heard: list[Event] = []
    run(
        subject(written(DOCUMENT), serve(lambda _: Told())),
        [SuiteEntry(name="own", play=asking)],
        listeners=[heard.append],
    )

    kinds = [each.kind for each in heard]
    assert kinds[:4] == [
        EventKind.STARTED,
        EventKind.SUITE_STARTED,
        EventKind.EXCHANGED,
        EventKind.JUDGED,
    ]
    assert kinds[-2:] == [EventKind.SUITE_ENDED, EventKind.FINISHED]


def test_where_requests_are_few_the_most_telling_go_first_and_none_is_sent_twice(
    written: Written, serve: Serve
) -> None:
    """Relations that are named go first, before suites that tell less, and share what they were answered."""
    asked: list[str] = []

    def answer(each: Asked) -> Told:
        asked.append(each.raw_query)
        return Told(body={})

    whole, part = (Promised(operation="list", query=query) for query in ("", "part=1"))
    listed = [("late", (whole, part)), ("early", (part, whole)), ("again", (whole,))]
    relations = tuple(Relation(id=name, promise=name, kind=Kind.SAME, calls=calls) for name, calls in listed)
    given = replace(
        subject(written(DOCUMENT), serve(answer)),
        promises=Promises(relations=relations),
        options=Options(is_short=True, first=("early", "again")),
    )

    def usual(bench: Bench) -> Iterator[Result]:
        bench.send(Call(method="GET", path="/things", query=(("own", "1"),)), bench.operation("list"))
        yield from ()

    run(
        given,
        [SuiteEntry(name="own", play=usual), SuiteEntry(name="relations", play=play, tells_most=True)],
    )

    assert asked == ["part=1", "", "", "own=1"]
