"""Promises of the control API: what it changes, whom it lets near, and where it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from openapi_spec_validator import validate

import locum.server.control
from locum.behaviour import Fixtures
from locum.settings import Settings

Call = Callable[..., Any]
Serving = Callable[..., Call]
Say = Callable[..., Any]

FIXTURES = Fixtures(
    settings={"rounding": "half-even", "strict": True},
    records={"owners": ({"id": "ada", "pets": 2}, {"id": "bob", "pets": 0})},
)


def told(world: Any) -> dict[str, Any]:  # noqa: ANN401 -- a world
    """Return what a handler sees of its session."""
    return {
        "id": len(world.all("owners")),
        "name": f"{world.now.isoformat()} {world.seed} {world.settings['rounding']}",
    }


def get_pet(world: Any) -> dict[str, Any]:  # noqa: ANN401 -- a world
    """Answer with what is seen of the session."""
    return told(world)


@pytest.fixture
def call(serving: Serving, pets_document: str) -> Call:
    """Serve the pets with records and switches, and a handler that tells of its world."""
    return serving(more={"fixtures": FIXTURES, "handlers": {"getPet": get_pet}}, pets=pets_document)


def control(call: Call) -> Say:
    """Return how to speak to the control API."""

    def say(method: str, path: str, body: object = None, **headers: str) -> Any:  # noqa: ANN401 -- what was sent
        sent = b"" if body is None else orjson.dumps(body)
        more = {"content_type": "application/json"} if body is not None else {}
        return call(method, f"/_locum/api{path}", body=sent, **more, **headers)

    return say


@pytest.fixture
def say(call: Call) -> Say:
    """Speak to the control API beside the pets."""
    return control(call)


def name_of(call: Call, session: str) -> str:
    """Return what the handler tells of a session."""
    return str(call("GET", "/pets/1", locum_session=session).json()["name"])


def test_the_document_is_sound() -> None:
    """An independent reader finds nothing wrong with it."""
    path = Path(locum.server.control.__file__).with_name("openapi.yaml")

    validate(yaml.safe_load(path.read_text()))


def test_the_document_served_says_what_is_true_of_this_server(say: Say) -> None:
    """It names the contracts there are, and asks for no token where none is set."""
    document = say("GET", "/openapi.json").json()

    assert document["security"] == []
    assert list(document["components"]["parameters"]["Contract"]["examples"]) == ["pets"]
    assert say("GET", "/ui/").status == 200


def test_health_and_figures(say: Say) -> None:
    """What a probe and a person ask first."""
    assert say("GET", "/health").json() == {"status": "ok"}
    assert say("GET", "/info").json()["bounds"] == {
        "sessions": 1000,
        "interactions": 1000,
        "violations": 100,
        "body_bytes": 16 * 1024,
        "journal_bytes": 64 * 1024 * 1024,
        "record_bytes": 256 * 1024 * 1024,
    }


def test_contracts_are_told_with_operations_switches_and_collections(say: Say) -> None:
    """Everything that other calls need to be told."""
    assert [each["name"] for each in say("GET", "/contracts").json()["contracts"]] == ["pets"]
    found = say("GET", "/contracts/pets").json()
    assert found["settings"] == {"rounding": "half-even", "strict": True}
    assert found["collections"] == ["owners"]
    assert found["operations"][0] == {
        "operation": "listPets",
        "method": "GET",
        "path": "/pets",
        "summary": "",
    }


def test_clock_seed_and_settings_reach_the_handler_of_that_session_alone(call: Call, say: Say) -> None:
    """What is set in one session is seen in it, and in no other."""
    say("PUT", "/sessions/a/clock", {"instant": "2024-01-27T23:08:12Z"})
    say("PUT", "/sessions/a/seed", {"seed": "monday"})
    say("PUT", "/sessions/a/settings/pets", {"rounding": "up"})

    assert name_of(call, "a") == "2024-01-27T23:08:12+00:00 monday up"
    assert name_of(call, "b") == "2024-02-15T12:00:00+00:00  half-even"


def test_the_seed_of_a_session_makes_other_values(call: Call, say: Say) -> None:
    """Everything made up depends on it; returning to the server's seed returns the values."""
    before = call("GET", "/pets", locum_session="a").body

    say("PUT", "/sessions/a/seed", {"seed": "monday"})

    assert call("GET", "/pets", locum_session="a").body != before
    assert call("GET", "/pets", locum_session="b").body == before
    say("PUT", "/sessions/a/seed", {"seed": ""})
    assert call("GET", "/pets", locum_session="a").body == before


def test_a_clock_is_advanced_by_months_and_back(say: Say) -> None:
    """Durations are those of the calendar."""
    assert say("POST", "/sessions/a/clock/advance", {"by": "P1M"}).json() == {
        "now": "2024-03-15T12:00:00Z",
        "mode": "frozen",
    }
    assert say("POST", "/sessions/a/clock/advance", {"by": "-P1M"}).json()["now"] == "2024-02-15T12:00:00Z"


def test_a_clock_runs_and_is_real(say: Say) -> None:
    """The mode alone, or with the instant to begin from."""
    running = say("PUT", "/sessions/a/clock", {"mode": "running", "instant": "2030-01-01T00:00:00+01:00"})
    real = say("PUT", "/sessions/b/clock", {"mode": "real"})

    assert running.json()["mode"] == "running"
    assert running.json()["now"].startswith("2029-12-31T23:00:0")
    assert real.json()["now"] > "2026"


@pytest.mark.parametrize(
    ("path", "body", "status", "detail"),
    [
        ("/clock", {"instant": "tomorrow"}, 400, "instant"),
        ("/clock", {"instant": "0000-01-01T00:00:00Z"}, 409, "years 1 to 9999"),
        ("/clock", {"mode": "real", "instant": "2024-01-01T00:00:00Z"}, 400, "body"),
        ("/clock", {}, 400, "body"),
        ("/seed", {"seed": 7}, 400, "seed"),
        ("/settings/pets", {"roundin": "up"}, 409, "did you mean 'rounding'?"),
        ("/settings/pets", {"strict": "yes"}, 409, "'strict' is a boolean, not a string"),
        ("/settings/pet", {}, 404, "did you mean 'pets'?"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_nearest(
    path: str, body: object, status: int, detail: str, say: Say
) -> None:
    """A refusal says what, where and what was expected, and changes nothing."""
    sent = say("PUT", f"/sessions/a{path}", body)

    assert sent.status == status
    assert sent.headers["content-type"] == "application/problem+json"
    assert detail in sent.json()["detail"]
    assert say("GET", "/sessions/a").status == 404


def test_an_advance_out_of_the_calendar_changes_nothing(say: Say) -> None:
    """Time ends with the year 9999."""
    assert say("POST", "/sessions/a/clock/advance", {"by": "P9999Y"}).status == 409
    assert say("GET", "/sessions/a/clock").json()["now"] == "2024-02-15T12:00:00Z"


def test_a_session_is_put_told_reset_and_forgotten(call: Call, say: Say) -> None:
    """Its whole life."""
    start = {
        "clock": {"instant": "2025-01-01T00:00:00Z"},
        "seed": "s",
        "settings": {"pets": {"strict": False}},
    }
    assert say("PUT", "/sessions/a", start).status == 201
    assert say("PUT", "/sessions/a", start).status == 200
    call("GET", "/pets/1", locum_session="a")

    told_of = say("GET", "/sessions/a").json()
    assert (told_of["seed"], told_of["settings"], told_of["interactions"]) == (
        "s",
        {"pets": {"strict": False}},
        1,
    )
    assert told_of["clock"] == {"now": "2025-01-01T00:00:00Z", "mode": "frozen"}

    reset = say("POST", "/sessions/a/reset").json()
    assert (reset["seed"], reset["settings"], reset["interactions"]) == ("", {}, 0)
    assert say("DELETE", "/sessions/a").status == 204
    assert say("GET", "/sessions/a").status == 404
    assert say("DELETE", "/sessions/a").status == 404


def test_a_session_with_a_wrong_beginning_does_not_begin(say: Say) -> None:
    """All or nothing."""
    assert say("PUT", "/sessions/a", {"seed": "s", "settings": {"pets": {"x": 1}}}).status == 409
    assert say("PUT", "/sessions/a", {"settings": {"cats": {}}}).status == 404
    assert say("PUT", "/sessions/a", {"clock": {"instant": "0000-01-01T00:00:00Z"}}).status == 409
    assert say("GET", "/sessions/a").status == 404


def test_default_can_be_reset_and_not_forgotten(say: Say) -> None:
    """Requests that name no session need one."""
    say("PUT", "/sessions/default/seed", {"seed": "s"})

    assert say("DELETE", "/sessions/default").status == 409
    assert say("POST", "/reset").json() == {"sessions": 1}
    assert say("GET", "/sessions/default/seed").json() == {"seed": ""}


def test_sessions_are_listed_the_latest_first(say: Say) -> None:
    """In pages."""
    for name in ("a", "b", "c"):
        say("PUT", f"/sessions/{name}")

    listed = say("GET", "/sessions?limit=2&offset=1").json()

    assert ([each["name"] for each in listed["sessions"]], listed["total"]) == (["b", "a"], 4)


def test_dropped_sessions_are_told(serving: Serving, pets_document: str) -> None:
    """Who wonders where a session went finds its name."""
    say = control(serving(Settings(sessions=1), pets=pets_document))
    say("PUT", "/sessions/a")
    say("PUT", "/sessions/b")

    assert [each["name"] for each in say("GET", "/sessions").json()["dropped"]] == ["a"]


def test_records_are_written_in_a_session_and_seen_by_its_handlers(call: Call, say: Say) -> None:
    """Put, list, get, take away; the fixtures' own stay as they are."""
    put = partial(say, "PUT")
    assert put("/sessions/a/records/pets/owners/eve", {"pets": 1}).status == 201
    assert put("/sessions/a/records/pets/owners/ada", {"id": "ada", "pets": 3}).status == 200
    assert say("DELETE", "/sessions/a/records/pets/owners/bob").status == 204

    assert say("GET", "/sessions/a/records/pets/owners").json() == {
        "records": [{"id": "ada", "pets": 3}, {"id": "eve", "pets": 1}],
        "total": 2,
    }
    assert say("GET", "/sessions/a/records/pets/owners/eve").json() == {"id": "eve", "pets": 1}
    assert say("GET", "/sessions/a/records/pets/owners/1?member=pets").json()["id"] == "eve"
    assert say("GET", "/sessions/a/records/pets").json()["collections"] == [
        {"name": "owners", "records": 2, "written": True}
    ]
    assert call("GET", "/pets/1", locum_session="a").json()["id"] == 2
    assert say("GET", "/sessions/default/records/pets/owners").json()["total"] == 2
    assert say("GET", "/sessions/default/records/pets/owners/bob").json() == {"id": "bob", "pets": 0}


def test_records_that_are_not_there_are_told_with_the_nearest(say: Say) -> None:
    """Session, contract, collection, record: each by its name."""
    for path, nearest in {
        "/sessions/defalt/records/pets": "default",
        "/sessions/default/records/pet": "pets",
        "/sessions/default/records/pets/owner": "owners",
        "/sessions/default/records/pets/owners/adaa": "ada",
    }.items():
        sent = say("GET", path)
        assert sent.status == 404
        assert f"did you mean '{nearest}'?" in sent.json()["detail"]


def test_a_record_that_contradicts_its_path_is_a_conflict(say: Say) -> None:
    """Two keys are one too many."""
    assert say("PUT", "/sessions/a/records/pets/owners/eve", {"id": "ada"}).status == 409


def test_names_that_no_session_can_have_are_refused_everywhere(call: Call, say: Say) -> None:
    """As a header on a contract, and as a path here: 400."""
    for name in ("a/b", "", "x" * 101, "é", "a, b"):
        sent = call("GET", "/pets", locum_session=name)
        assert (sent.status, sent.headers["content-type"]) == (400, "application/problem+json")
    assert say("GET", "/sessions/-a").status == 400
    assert say("GET", "/sessions").json()["total"] == 1


def test_control_calls_obey_no_preferences(say: Say) -> None:
    """A client that always sends `Prefer` still gets the truth."""
    assert say("GET", "/health", prefer="code=404").status == 200
    assert say("GET", "/health", x_mock_response_code="403").status == 200


def test_control_calls_are_not_in_the_journal(say: Say) -> None:
    """It tells of the APIs, not of who watches."""
    say("GET", "/sessions")

    assert say("GET", "/journal").json()["total"] == 0


def test_the_control_api_sends_no_leave_to_other_origins(say: Say) -> None:
    """A page of another origin can read nothing here, whatever `--cors` says."""
    sent = say("GET", "/health")
    preflight = say("OPTIONS", "/reset", origin="http://evil.example", access_control_request_method="POST")

    assert not [name for name in sent.names + preflight.names if name.startswith("access-control")]
    assert preflight.status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "127.0.0.1:4010"}, 200),
        ({"host": "[::1]:4010"}, 200),
        ({"host": "locum:4010"}, 200),
        ({"host": "me.localhost"}, 200),
        ({"host": "localhost:4010", "origin": "http://localhost:4010"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": "localhost.evil.example:4010"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:9"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_pages_of_other_origins_and_foreign_names_are_refused(
    headers: dict[str, str], status: int, say: Say
) -> None:
    """Neither a cross-site request nor a name made to point here gets through."""
    assert say("POST", "/reset", **headers).status == status


def test_a_token_is_asked_for_where_one_is_set(serving: Serving, pets_document: str) -> None:
    """Known to the caller, it opens the API under any name; the document says that it is needed."""
    say = control(serving(Settings(host="0.0.0.0", control_token="s3cret-token"), pets=pets_document))  # noqa: S104 -- nothing listens

    refused = say("GET", "/info")
    wrong = say("GET", "/info", authorization="Bearer guess")
    let_in = say("GET", "/info", authorization="Bearer s3cret-token", host="locum.example.com")

    assert (refused.status, wrong.status, let_in.status) == (401, 401, 200)
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert say("GET", "/openapi.json").json()["security"] == [{"controlToken": []}]


@pytest.mark.parametrize(
    "settings",
    [
        Settings(host="0.0.0.0"),  # noqa: S104 -- nothing listens
        Settings(host="192.168.1.5"),
        Settings(host="example.com"),
        Settings(control=False),
    ],
)
def test_without_a_token_nobody_else_can_reach_it(
    settings: Settings, serving: Serving, pets_document: str
) -> None:
    """On an address that others can reach it is off; the path is then as unknown as any other."""
    call = serving(settings, pets=pets_document)

    assert call("GET", "/_locum/api/health").status == 404
    assert call("GET", "/pets").status == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_on_this_machine_alone_it_is_on(host: str, serving: Serving, pets_document: str) -> None:
    """No setting is needed to work on one's own machine."""
    assert serving(Settings(host=host), pets=pets_document)("GET", "/_locum/api/health").status == 200


def test_a_vendors_host_has_no_control_api(call: Call) -> None:
    """Under a contract's own host name every path is the contract's."""
    sent = call("GET", "/_locum/api/health", host="pets.example.com")

    assert sent.status == 404
    assert "no operation at" in sent.json()["detail"]


def test_a_contract_that_has_the_place_keeps_it(serving: Serving, pets_document: str) -> None:
    """Alone at the root and with a path there of its own, it is served and the control API is not."""
    document = pets_document.replace("  /impossible:", "  /_locum/api/health:").replace(
        "url: https://pets.example.com/v2", "url: /"
    )
    call = serving(pets=document)

    assert call("GET", "/_locum/api/health").status == 501
    assert call("GET", "/_locum/api/sessions").status == 404


def test_what_is_near_the_place_is_not_the_place(call: Call) -> None:
    """Whole segments count."""
    assert call("GET", "/_locum/apis").status == 404
    assert call("GET", "/_locum/api").status == 404
    assert call("PATCH", "/_locum/api/health").headers["allow"] == "GET, HEAD, OPTIONS"


SHOP = Path(__file__).parents[1] / "properties" / "resources" / "shop.yaml"


def test_what_operations_keep_is_seen_set_and_forgotten(serving: Serving) -> None:
    """Records of entities stand under the path of their list; clearing brings back what was deleted."""
    call = serving(shop=SHOP.read_text())
    say, json = control(call), {"content_type": "application/json"}
    call("POST", "/customers/1/orders", body=b'{"product": "tea"}', **json)
    call("DELETE", "/customers/2")

    (order,) = say("GET", "/sessions/default/records/shop/customers%2F1%2Forders").json()["records"]
    assert order["product"] == "tea"
    say(
        "PUT",
        "/sessions/default/records/shop/customers/2",
        {"id": 2, "name": "Eve", "createdAt": "2024-01-01T00:00:00Z"},
    )
    assert call("GET", "/customers/2").json()["name"] == "Eve"
    call("DELETE", "/customers/2")
    assert say("DELETE", "/sessions/default/records/shop").status == 204
    assert call("GET", "/customers/2").json()["id"] == 2
    assert say("GET", "/sessions/default/records/shop").json() == {"collections": []}
