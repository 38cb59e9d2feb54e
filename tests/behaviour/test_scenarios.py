"""Scenarios, forced on a small contract."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias, cast

import orjson
import pytest

from locum.behaviour import Cause, Credential, Fixtures, Outcome, RefusalRule, Reply
from locum.behaviour.activations import Activation, Pattern
from locum.behaviour.changes import CountCall, CountRequest
from locum.behaviour.edits import Edit, EditKind
from locum.behaviour.faults import Delay, Distribution, Fault, Spoil, settle
from locum.behaviour.rate_limits import RateLimit, Window
from locum.behaviour.scenarios import Force, Scenario, find_scenario
from locum.behaviour.session import NO_SNAPSHOT, Snapshot
from locum.behaviour.staging import Cue
from locum.contract import JsonValue

#: Of the conftest, which is no module to import from.
Stage: TypeAlias = Any

PATHS: dict[str, Any] = {
    "/rows": {
        "get": {
            "operationId": "list",
            "security": [{"key": []}],
            "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}],
            "responses": {
                "200": {
                    "description": "rows",
                    "content": {"application/json": {"example": {"rows": [1], "total": 1}}},
                },
                "404": {
                    "description": "none",
                    "content": {"application/json": {"examples": {"gone": {"value": {"error": "gone"}}}}},
                },
            },
        }
    },
    "/other": {"get": {"operationId": "other", "responses": {"200": {"description": "well"}}}},
}
TO_TEXT = Edit(kind=EditKind.CONVERT, at="/total", to="string")
SCENARIOS = (
    Scenario(id="E-1", name="busy", force=Force(cause=Cause.UNAVAILABLE, headers={"Retry-After": "5"})),
    Scenario(id="E-2", name="no-key", force=Force(cause=Cause.MISSING_CREDENTIAL)),
    Scenario(id="E-3", name="gone", operations=frozenset({"list"}), force=Force(status=404, example="gone")),
    Scenario(id="E-4", name="teapot", force=Force(status=418, text="stout", media_type="text/plain")),
    Scenario(id="E-5a", name="drift", force=Force(edits=(TO_TEXT,))),
    Scenario(id="E-5b", name="garbled", force=Force(fault=Fault(spoils=(Spoil.TRAILING_COMMA,)))),
    Scenario(id="E-6", name="deaf", force=Force(ignored=frozenset({"limit"}))),
    Scenario(id="E-7", name="elsewhere", force=Force(status=307, headers={"Location": "https://x.example{target}"})),
    Scenario(id="E-8", name="natural-only"),
)  # fmt: skip
FIXTURES = Fixtures(
    credentials=(Credential(id="one", scheme="key", secret="s3cret"),),
    refusals=(RefusalRule(causes=frozenset({Cause.UNAVAILABLE}), body={"error": "{cause}"}),),
    scenarios=SCENARIOS,
    settings={"limiter": False, "calls": 2},
    rate_limits=(RateLimit(calls="calls", window_s=60, switch="limiter", headers={"X-Left": "{remaining}"}),),
)
KEY = {"x-key": "s3cret"}


@pytest.fixture
def stage(play: Stage) -> Stage:
    """Return the small contract, played with its scenarios."""
    components = {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "x-key"}}}
    return play(PATHS, fixtures=FIXTURES, components=components)


def told(stage: Stage, snapshot: Snapshot, name: str = "list") -> Outcome:
    """Return the outcome of a request on a session."""
    return cast("Outcome", stage.stand_in.respond(stage.route(name), stage.raw(name, KEY), snapshot))


@pytest.mark.parametrize(
    "asked", ["scenario=busy", "scenario=E-1", 'scenario="e-1"', "wait=1, scenario=BUSY"]
)
def test_a_cause_is_told_in_the_contracts_own_words(stage: Stage, asked: str) -> None:
    """`Prefer: scenario=` takes the name or the id, in any case."""
    outcome = stage.send("list", {**KEY, "prefer": asked})

    assert (outcome.reply.status, outcome.reply.body) == (503, b'{"error":"unavailable"}')
    assert ("retry-after", "5") in outcome.reply.headers
    assert outcome.scenario == "E-1"
    assert outcome.because[0] == "scenario E-1 (busy) was asked for"


def test_the_query_asks_as_well(stage: Stage) -> None:
    """`__scenario` is for those who cannot send headers."""
    assert stage.send("list", KEY, query="__scenario=busy").reply.status == 503


def test_an_unknown_scenario_is_told_with_the_nearest(stage: Stage) -> None:
    """A word that means nothing is never passed over in silence."""
    outcome = stage.send("list", {**KEY, "prefer": "scenario=bussy"})

    assert (outcome.reply.status, outcome.refusal.cause) == (404, Cause.UNKNOWN_PREFERENCE)
    assert "did you mean 'busy'?" in outcome.refusal.detail


def test_a_scenario_of_another_operation_is_refused(stage: Stage) -> None:
    """It says of which operations it speaks."""
    assert (
        "it speaks of list, not of other" in stage.send("other", {"prefer": "scenario=gone"}).refusal.detail
    )


def test_what_would_be_refused_earlier_is_refused_earlier(stage: Stage) -> None:
    """Without a key a call hears of that, and not of the outage; with one it may be told that it has none."""
    assert stage.send("list", {"prefer": "scenario=busy"}).reply.status == 401
    assert stage.send("list", {**KEY, "prefer": "scenario=no-key"}).reply.status == 401


def test_examples_texts_redirects_and_drift(stage: Stage) -> None:
    """Each kind of force gives its reply."""

    def sent(name: str) -> Reply:
        outcome = stage.send("list", {**KEY, "prefer": f"scenario={name}"}, query="limit=3")
        return cast("Outcome", outcome).reply

    assert (sent("gone").status, sent("gone").body) == (404, b'{"error":"gone"}')
    assert (sent("teapot").status, sent("teapot").body) == (418, b"stout")
    assert orjson.loads(sent("drift").body) == {"rows": [1], "total": "1"}
    assert sent("garbled").body == b'{"rows":[1],"total":1,}'
    assert sent("elsewhere").headers == (("location", "https://x.example/rows?limit=3"),)


def test_an_ignored_parameter_is_not_even_checked(stage: Stage) -> None:
    """The request is answered as if the parameter had not been sent."""
    assert stage.send("list", KEY, query="limit=x").reply.status == 422
    assert stage.send("list", {**KEY, "prefer": "scenario=deaf"}, query="limit=x").reply.status == 200


def test_an_id_finds_the_first_of_its_letters() -> None:
    """`E-5` is `E-5a`; what has no force cannot be forced."""
    assert find_scenario(SCENARIOS, "e-5") == SCENARIOS[4]
    assert find_scenario(SCENARIOS, "natural-only") != SCENARIOS[8]


def test_an_activation_hits_and_is_counted(stage: Stage) -> None:
    """The counts are among the changes, and other operations are left alone."""
    activation = Activation(
        contract="api", scenario="E-1", operations=frozenset({"list"}), pattern=Pattern(times=1)
    )
    hit = told(stage, replace(NO_SNAPSHOT, activations=(activation,)))
    spent = told(stage, replace(NO_SNAPSHOT, activations=(replace(activation, seen=1, fired=1),)))

    assert (hit.reply.status, spent.reply.status) == (503, 200)
    assert hit.changes == (CountRequest(contract="api", scenario="E-1", is_hit=True),)
    assert spent.changes == (CountRequest(contract="api", scenario="E-1", is_hit=False),)
    assert told(stage, replace(NO_SNAPSHOT, activations=(activation,)), "other").changes == ()


def test_a_call_too_many_is_refused_until_the_window_is_over(stage: Stage) -> None:
    """Calls are counted by caller and window; without the switch nothing is."""
    noon = int(NO_SNAPSHOT.now.timestamp())
    on = replace(NO_SNAPSHOT, settings={"api": {"limiter": True}})
    full = {"api/0/one": Window(start=noon, calls=2)}
    first, last = told(stage, on), told(stage, replace(on, windows=full))
    later = told(stage, replace(on, windows={"api/0/one": Window(start=noon - 60, calls=2)}))

    assert first.changes == (CountCall(key="api/0/one", start=noon),)
    assert ("x-left", "1") in first.reply.headers
    assert (last.reply.status, last.changes) == (429, ())
    assert ("Retry-After", "60") in last.reply.headers
    assert later.reply.status == 200
    assert told(stage, NO_SNAPSHOT).changes == ()


def test_a_switch_may_say_who_is_counted_apart(stage: Stage) -> None:
    """Where it is off, all calls of a session count together."""
    (limit,), together = FIXTURES.rate_limits, {"limiter": True, "apart": False}
    stage.stand_in.fixtures = replace(FIXTURES, rate_limits=(replace(limit, by_caller="apart"),))

    def keys(settings: dict[str, JsonValue]) -> list[str]:
        changes = told(stage, replace(NO_SNAPSHOT, settings={"api": settings})).changes
        return [each.key for each in changes if isinstance(each, CountCall)]

    assert (keys({**together}), keys({**together, "apart": True})) == (["api/0/"], ["api/0/one"])


def test_a_scenario_may_move_the_clock() -> None:
    """What is usual at another time is answered, and the session's clock stays where it is."""
    late = datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)
    cued = Cue(scenario=Scenario(id="E", name="late", force=Force(clock=late)))

    assert cued.moved(NO_SNAPSHOT) == replace(NO_SNAPSHOT, now=late)
    assert Cue(scenario=SCENARIOS[0]).moved(NO_SNAPSHOT) is NO_SNAPSHOT


def test_a_delay_is_drawn_once_for_a_request() -> None:
    """The same request of the same session waits as long again; lognormal delays have an end."""
    fault = Fault(delay=Delay(distribution=Distribution.LOGNORMAL, median_ms=100, sigma=2, upper_ms=400))
    drawn = [settle(fault, "s", str(number)).delay for number in range(200)]

    assert drawn == [settle(fault, "s", str(number)).delay for number in range(200)]
    assert len({each.median_ms for each in drawn if each}) > 100
    assert all(each and 0 < each.median_ms <= 400 for each in drawn)
