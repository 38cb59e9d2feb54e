"""Scenarios by the control API, and faults where there is no wire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from locum.behaviour import Fixtures
from locum.catalog.scenarios import common_scenarios

Call = Callable[..., Any]


@pytest.fixture
def call(serving: Callable[..., Call], pets_document: str) -> Call:
    """Serve the pets with the scenarios that every contract has."""
    return serving(more={"fixtures": Fixtures(scenarios=common_scenarios("pets"))}, pets=pets_document)


def say(call: Call, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 -- what was sent
    """Speak to the control API."""
    sent = b"" if body is None else orjson.dumps(body)
    more = {"content_type": "application/json"} if body is not None else {}
    return call(method, f"/_locum/api{path}", body=sent, **more)


def statuses(call: Call, count: int, session: str, target: str = "/pets") -> list[int]:
    """Return the statuses of so many requests of a session."""
    return [call("GET", target, locum_session=session).status for _ in range(count)]


def test_the_catalogue_is_listed(call: Call) -> None:
    """Each scenario is told with its pattern."""
    listed = say(call, "GET", "/contracts/pets/scenarios").json()["scenarios"]

    flaky = next(each for each in listed if each["id"] == "F-07a")
    assert (flaky["name"], flaky["status"], flaky["pattern"]["times"]) == ("flaky-start", 503, 3)


def test_the_first_fail_and_then_all_succeed(call: Call) -> None:
    """A pattern of its own is played when nothing else is said; other sessions see nothing."""
    say(call, "PUT", "/sessions/a/scenarios/pets/flaky-start")

    assert statuses(call, 5, "a") == [503, 503, 503, 200, 200]
    assert statuses(call, 1, "b") == [200]
    active = say(call, "GET", "/sessions/a/scenarios").json()["scenarios"]
    assert [(each["id"], each["seen"], each["fired"]) for each in active] == [("F-07a", 5, 3)]


def test_every_second_request_of_one_operation_fails(call: Call) -> None:
    """What is not named is left alone."""
    say(call, "PUT", "/sessions/a/scenarios/pets/server-error", {"every": 2, "operations": ["listPets"]})

    assert statuses(call, 4, "a") == [200, 500, 200, 500]
    assert statuses(call, 2, "a", "/pets/1") == [200, 200]


def test_a_share_of_requests_is_the_same_again(call: Call) -> None:
    """Activating anew starts the counts anew, and the same requests are hit."""
    asked = {"probability": 0.5, "seed": "x"}
    say(call, "PUT", "/sessions/a/scenarios/pets/flaky", asked)
    first = statuses(call, 20, "a")
    say(call, "PUT", "/sessions/a/scenarios/pets/flaky", asked)

    assert statuses(call, 20, "a") == first
    assert {200, 503} == set(first)


def test_a_window_follows_the_clock_of_the_session(call: Call) -> None:
    """Maintenance is over when the session's clock says so, and until then says for how long."""
    say(call, "PUT", "/sessions/a/scenarios/pets/maintenance", {"until": "2024-02-15T12:10:00Z"})
    during = call("GET", "/pets", locum_session="a")
    say(call, "POST", "/sessions/a/clock/advance", {"by": "PT10M"})

    assert (during.status, during.headers["retry-after"]) == (503, "3600")
    assert statuses(call, 1, "a") == [200]


def test_a_scenario_is_played_no_longer(call: Call) -> None:
    """One by one, or all at once; resetting the session ends them too."""
    say(call, "PUT", "/sessions/a/scenarios/pets/server-error")
    assert say(call, "DELETE", "/sessions/a/scenarios/pets/server-error").status == 204
    assert statuses(call, 1, "a") == [200]

    say(call, "PUT", "/sessions/a/scenarios/pets/server-error")
    assert say(call, "DELETE", "/sessions/a/scenarios").status == 204
    assert statuses(call, 1, "a") == [200]


@pytest.mark.parametrize(
    ("path", "body", "status", "told"),
    [
        ("/sessions/a/scenarios/pets/flakey", None, 404, "did you mean 'flaky'?"),
        ("/sessions/a/scenarios/pots/flaky", None, 404, "did you mean 'pets'?"),
        ("/sessions/a/scenarios/pets/flaky", {"operations": ["listPet"]}, 409, "did you mean 'listPets'?"),
        ("/sessions/a/scenarios/pets/flaky", {"probability": 2}, 400, "probability"),
        ("/sessions/a/scenarios/pets/flaky", {"often": 2}, 400, "often"),
    ],
)
def test_what_makes_no_sense_is_refused(call: Call, path: str, body: object, status: int, told: str) -> None:
    """The nearest valid choice is told."""
    sent = say(call, "PUT", path, body)

    assert sent.status in {status, 422}
    assert told in sent.body.decode()


def test_the_journal_says_that_a_fault_was_meant(call: Call) -> None:
    """Whoever reads the journal can tell a fault of ours from one on purpose."""
    call("GET", "/pets", prefer="scenario=trailing-comma", locum_session="a")
    told = say(call, "GET", "/journal?session=a").json()["interactions"][0]

    assert (told["scenario"], told["fault"]) == ("F-04b", True)
    assert told["because"][-1] == "the reply is spoilt on purpose"


@pytest.mark.parametrize(("scenario", "size"), [("no-answer", 0), ("half-a-body", None), ("truncated", None)])
def test_without_a_wire_a_fault_is_done_as_far_as_asgi_goes(
    call: Call, scenario: str, size: int | None
) -> None:
    """An application that is called in the same process sends a reply that keeps to ASGI."""
    sent = call("GET", "/pets", prefer=f"scenario={scenario}")

    assert sent.status == 200
    assert int(sent.headers["content-length"]) == len(sent.body)
    assert size is None or len(sent.body) == size
