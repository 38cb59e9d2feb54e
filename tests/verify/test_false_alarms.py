"""What a correct server may do, and a hasty verifier would call wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count, repeat
from typing import Any

import pytest
from tests.verify.conftest import Asked, Serve, Told

from locum.catalog import Entry
from locum.catalog.rules import load_rules
from locum.verify.bench import Options, SuiteEntry
from locum.verify.engine import Subject, run
from locum.verify.generated.suite import generated
from locum.verify.identities import Identities
from locum.verify.judges.invariants import invariants
from locum.verify.model import Report, Severity
from locum.verify.suites.methods import methods
from locum.verify.suites.parameters import parameters
from locum.verify.suites.rates import rates
from locum.verify.suites.requirements import requirements
from locum.verify.target import Target

Written = Callable[[Mapping[str, Any]], Entry]
READING = Options()
TOLD = datetime(2024, 1, 27, 23, 8, 12, tzinfo=UTC)


def document(**more: object) -> dict[str, Any]:
    """Return a document whose one path is read, and written to."""
    answers = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/things": {
                "get": {"operationId": "listThings", "responses": answers, **more},
                "post": {"operationId": "addThing", "responses": {**answers, "400": {"description": "no"}}},
            }
        },
    }


def verified(
    entry: Entry,
    url: str,
    suite: SuiteEntry,
    options: Options = READING,
    *,
    names: frozenset[str] = frozenset(),
) -> Report:
    """Return what one suite makes of a server, by one judge, of all operations or those of *names*."""
    operations = [entry.contract.operation(route) for route in entry.contract.routes]
    subject = Subject(
        entry=entry,
        promises=load_rules(entry),
        identities=Identities(),
        operations=tuple(each for each in operations if not names or each.operation_id in names),
        target=Target(url),
        options=options,
    )
    return run(subject, [suite], [invariants], clock=_ticking(options).__next__)


def _ticking(options: Options) -> Iterator[float]:
    """Yield the seconds of a clock that goes on by a minute with each look."""
    start = (options.now or TOLD).timestamp()
    return (start + 60.0 * turn for turn in count())


def test_generated_requests_write_nothing_unless_allowed(written: Written, serve: Serve) -> None:
    """An operation that writes, though declared, is not called on a server that may only be read."""
    asked: list[Asked] = []

    def answer(each: Asked) -> Told:
        asked.append(each)
        return Told(body={}) if each.method == "GET" else Told(status=405, headers={"Allow": "GET, POST"})

    verified(written(document()), serve(answer), SuiteEntry(name="generated", play=generated))

    assert "GET" in {each.method for each in asked}
    assert "POST" not in {each.method for each in asked}


def test_a_credential_is_as_good_as_another_where_none_is_known(written: Written, serve: Serve) -> None:
    """A server that takes any token is not faulted by who has no good one; who shows none is kept out."""
    told = document(security=[{"token": []}])
    told["components"] = {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}

    def answer(each: Asked) -> Told:
        return Told(body={}) if "authorization" in each.headers else Told(status=401)

    def careless(_: Asked) -> Told:
        return Told(body={})

    suite, entry = SuiteEntry(name="generated", play=generated), written(told)
    kept, open_to_all = (verified(entry, serve(each), suite) for each in (answer, careless))

    assert [each.identity for each in kept.findings if each.rule == "auth.accepted"] == []
    assert [each.kind for each in open_to_all.findings if each.rule == "auth.accepted"] == ["no-credential"]


def test_what_changes_by_itself_is_not_held_against_head(written: Written, serve: Serve) -> None:
    """A list that grows between two calls has another length for HEAD, as it would have for GET."""
    grown = count()

    def answer(_: Asked) -> Told:
        return Told(body={"things": [0] * next(grown)})

    report = verified(written(document()), serve(answer), SuiteEntry(name="methods", play=methods))

    assert [each.identity for each in report.findings if each.rule == "method.head"] == []


def test_head_may_be_an_operation_of_its_own(written: Written, serve: Serve) -> None:
    """A document that declares 204 for HEAD has said how it is answered, whatever GET is answered with."""
    spoken = document()
    spoken["paths"]["/things"]["head"] = {"operationId": "has", "responses": {"204": {"description": "is"}}}

    def answer(asked: Asked) -> Told:
        return Told(status=204) if asked.method == "HEAD" else Told(body={})

    entry, url = written(spoken), serve(answer)
    whole = verified(entry, url, SuiteEntry(name="methods", play=methods))
    part = verified(entry, url, SuiteEntry(name="methods", play=methods), names=frozenset({"listThings"}))

    assert [each.identity for each in whole.findings if each.rule == "method.head"] == []
    assert [each.identity for each in part.findings if each.rule == "method.head"] == []


def test_a_clock_that_was_told_may_stand_still_or_run_on(written: Written, serve: Serve) -> None:
    """A promise about the present holds by the time told, by that which has passed since, or by `Date`."""
    entry = written(
        document(
            **{
                "x-invariants": [
                    {"id": "soon", "message": "It is soon", "rule": "body.at > now && body.at - now <= 60.0"}
                ]
            }
        )
    )

    def found(told: Told) -> list[str]:
        suite = SuiteEntry(name="methods", play=methods)
        report = verified(entry, serve(lambda _: told), suite, Options(now=TOLD))
        return [each.rule for each in report.findings if each.rule == "soon"]

    def at(seconds: float, **headers: str) -> Told:
        return Told(body={"at": TOLD.timestamp() + seconds}, headers=headers)

    dated = at(1830, Date=format_datetime(TOLD + timedelta(seconds=1800), usegmt=True))

    assert [found(each) for each in (at(30), dated, at(999_999))] == [[], [], ["soon"]]


def test_what_is_read_between_the_lines_warns_and_what_is_guessed_is_not_looked_at(
    written: Written, serve: Serve
) -> None:
    """A promise inferred from examples warns however strict one is; an assumed one says nothing."""
    rules = [
        {"id": label, "message": "It is told", "rule": "body.at == 1.0", "confidence": label}
        for label in ("INFER", "ASSUMED", "V-H")
    ]
    entry, url = written(document(**{"x-invariants": rules})), serve(lambda _: Told(body={"at": 2}))
    suite = SuiteEntry(name="methods", play=methods)

    def found(*, is_strict: bool) -> list[tuple[str, str]]:
        report = verified(entry, url, suite, Options(is_strict=is_strict))
        return [
            (each.rule, each.severity.value)
            for each in report.findings
            if each.rule in {"INFER", "ASSUMED", "V-H"}
        ]

    assert found(is_strict=True) == [("V-H", "failure"), ("INFER", "warning")]
    assert sorted(found(is_strict=False)) == [("INFER", "warning"), ("V-H", "warning")]


def test_calls_left_go_down_unless_windows_move(written: Written, serve: Serve) -> None:
    """A number that stays is told where its window stays, and not where each call has a window."""
    told = {
        f"X-RateLimit-{word}": {"schema": {"type": "integer"}} for word in ("Limit", "Remaining", "Reset")
    }
    answers = {
        "200": {
            "description": "ok",
            "headers": told,
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    }
    entry = written(document(responses=answers))

    def found(left: Iterator[int], reset: Iterator[int]) -> list[tuple[str, str]]:
        def answer(_: Asked) -> Told:
            said = {"Limit": 600, "Remaining": next(left), "Reset": next(reset)}
            return Told(body={}, headers={f"X-RateLimit-{word}": str(each) for word, each in said.items()})

        report = verified(entry, serve(answer), SuiteEntry(name="rates", play=rates))
        return [(each.rule, each.severity.value) for each in report.findings]

    assert found(count(599, -1), repeat(60)) == []
    assert found(repeat(600), repeat(60)) == []
    assert found(repeat(599), repeat(60)) == [("rate.falling", "warning")]
    assert found(repeat(598), count(60)) == []
    assert found(repeat(598), repeat(60)) == [("rate.falling", "warning")]


def test_a_broken_dependency_is_told_once_whoever_finds_it(written: Written, serve: Serve) -> None:
    """What the planner and the generated requests find of one rule has one identity."""
    bounds = [
        {
            "name": name,
            "in": "query",
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": 99},
        }
        for name in ("start", "end")
    ]
    forward = {
        "id": "forward",
        "parameter": "start",
        "rule": "query.start < query.end",
        "statuses": [400],
    }
    told = document(parameters=bounds, **{"x-requires": [forward]})
    told["paths"]["/things"]["get"]["responses"]["400"] = {"description": "no"}
    entry, url = written(told), serve(_checking_bounds)

    def found(*suites: SuiteEntry) -> list[str]:
        subject = Subject(
            entry=entry,
            promises=load_rules(entry),
            identities=Identities(),
            operations=(entry.contract.operation(entry.contract.routes[0]),),
            target=Target(url),
            options=READING,
        )
        return [each.identity for each in run(subject, suites).findings if each.rule == "forward"]

    planned = SuiteEntry(name="requirements", play=requirements)

    assert found(planned) == ["listThings forward query.start broken"]
    assert found(planned, SuiteEntry(name="generated", play=generated)) == found(planned)


def _checking_bounds(asked: Asked) -> Told:
    """Refuse what is out of bounds, and nothing that does not go together."""
    texts = [*asked.query.get("start", [""]), *asked.query.get("end", [""])]
    is_good = len(texts) == 2 and all(text.isdigit() and 1 <= int(text) <= 99 for text in texts)
    return Told(body={}) if is_good else Told(status=400)


def test_what_is_only_assumed_may_be_taken_or_refused_but_fails_nothing(
    written: Written, serve: Serve
) -> None:
    """A request that breaks an assumption says nothing by its refusal, and is no reason for a 500."""
    assumed = {
        "id": "known",
        "parameter": "kind",
        "rule": "query.kind == 'atlas'",
        "confidence": "ASSUMED",
        "broken": [{"query": "kind=nobody"}],
    }
    kind = {"name": "kind", "in": "query", "schema": {"type": "string"}}
    entry = written(document(parameters=[kind], **{"x-requires": [assumed]}))

    def found(status: int) -> list[str]:
        url = serve(lambda asked: Told(body={}, status=status if "nobody" in asked.raw_query else 200))
        report = verified(entry, url, SuiteEntry(name="requirements", play=requirements))
        return [each.identity for each in report.findings]

    assert [found(status) for status in (200, 400)] == [[], []]
    assert found(500) == ["listThings robust.server-error query.kind server-error"]


_SIZED = {
    "parameters": [
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 30}}
    ],
}


@pytest.mark.parametrize(
    ("told", "most", "severity"),
    [
        pytest.param({"limit": 30}, 12, Severity.DEVIATION, id="it tells its size"),
        pytest.param({}, 30, Severity.DEVIATION, id="it is full"),
        pytest.param({}, 12, Severity.FAILURE, id="nothing shows it"),
        pytest.param({"limit": 31}, 12, Severity.FAILURE, id="it tells the size that was asked for"),
        pytest.param({"limit": 30}, 31, Severity.FAILURE, id="it holds more"),
        pytest.param({"limit": {"is": 30}}, 12, Severity.FAILURE, id="it tells more than a number"),
    ],
)
def test_a_page_size_that_is_brought_down_to_its_maximum_fails_nothing(
    written: Written, serve: Serve, told: Mapping[str, object], most: int, severity: Severity
) -> None:
    """Servers may clamp a page that is asked for too large; they have to show that they did."""

    def answer(asked: Asked) -> Told:
        limit = asked.query.get("limit", ["9"])[0]
        if not limit.isdigit() or int(limit) < 1:
            return Told(status=400)
        return Told(body={"things": [*range(min(int(limit), most))], **(told if int(limit) > 30 else {})})

    report = verified(
        written(document(**_SIZED)), serve(answer), SuiteEntry(name="parameters", play=parameters)
    )

    assert {each.severity for each in report.findings if each.kind == "above-maximum"} == {severity}
