"""Promises of the journal over HTTP: everything is written down, found again, exported and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from locum.behaviour import Credential, Fixtures, Outcome, Reply
from locum.behaviour.changes import AmendRecord, ChooseSeed
from locum.behaviour.handlers import Given
from locum.settings import Settings

Call = Callable[..., Any]
Serving = Callable[..., Call]

_NAMED = {
    "type": "object",
    "required": ["name", "value"],
    "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
}
_LIST: dict[str, Any] = {"type": "array", "items": _NAMED}
_SIZE = {"type": "integer", "minimum": -1}


def _members(**members: object) -> dict[str, object]:
    return {"type": "object", "required": [*members], "properties": members}


#: What HAR 1.2 asks for, each member as its specification names it.
ARCHIVE = _members(
    log=_members(
        version={"const": "1.2"},
        creator=_members(name={"type": "string"}, version={"type": "string"}),
        entries={
            "type": "array",
            "items": _members(
                startedDateTime={"type": "string", "format": "date-time"},
                time={"type": "number", "minimum": 0},
                request=_members(
                    method={"type": "string"},
                    url={"type": "string", "format": "uri"},
                    httpVersion={"type": "string"},
                    cookies=_LIST,
                    headers=_LIST,
                    queryString=_LIST,
                    headersSize=_SIZE,
                    bodySize=_SIZE,
                ),
                response=_members(
                    status={"type": "integer"},
                    statusText={"type": "string"},
                    httpVersion={"type": "string"},
                    cookies=_LIST,
                    headers=_LIST,
                    content=_members(size={"type": "integer"}, mimeType={"type": "string"}),
                    redirectURL={"type": "string"},
                    headersSize=_SIZE,
                    bodySize=_SIZE,
                ),
                cache={"type": "object"},
                timings=_members(
                    send={"type": "number", "minimum": 0},
                    wait={"type": "number", "minimum": 0},
                    receive={"type": "number", "minimum": 0},
                ),
            ),
        },
    )
)


def api(call: Call, path: str) -> Any:  # noqa: ANN401 -- any JSON value
    """Return what the control API says at *path*."""
    return call("GET", f"/_locum/api{path}").json()


def test_every_call_is_written_down_answered_refused_or_unmatched(pets: Call) -> None:
    """One line for each, the newest first."""
    pets("GET", "/pets", locum_session="a")
    pets("GET", "/pets?limit=99")
    pets("PATCH", "/pets")
    pets("GET", "/nowhere")
    pets("OPTIONS", "/pets", origin="http://x", access_control_request_method="GET")
    pets("GET", "/pets", locum_session="/")
    pets("GET", "/openapi.json")

    rows = [
        (each["session"], each["operation"], each["status"], each["refusal"], each["violations"])
        for each in api(pets, "/journal")["interactions"]
    ]

    assert rows == [
        ("default", None, 400, "invalid-session", 0),
        ("default", None, 204, None, 0),
        ("default", None, 404, "unknown-path", 0),
        ("default", None, 405, "method-not-allowed", 0),
        ("default", "listPets", 422, "invalid-parameter", 1),
        ("a", "listPets", 200, None, 0),
    ]


def test_filters_narrow_over_http(pets: Call) -> None:
    """By query parameters, all together."""
    for target in ("/pets", "/pets?limit=99", "/pets/7", "/nowhere"):
        pets("GET", target)
        pets("GET", target, locum_session="a")

    assert api(pets, "/journal?session=a&status=4xx")["total"] == 2
    assert api(pets, "/journal?operation=listPets&violation=query.limit")["total"] == 2
    assert api(pets, "/journal?path=/pets/&method=GET&contract=pets&refused=false")["total"] == 2
    assert api(pets, "/journal?session=nobody")["interactions"] == []
    assert pets("GET", "/_locum/api/journal?status=4").status == 400


def test_pages_go_back_in_time(pets: Call) -> None:
    """Each page says where the next begins; the last one says that it is."""
    for _ in range(5):
        pets("GET", "/pets")

    first = api(pets, "/journal?limit=2")
    second = api(pets, f"/journal?limit=2&before={first['before']}")
    third = api(pets, f"/journal?limit=2&before={second['before']}")

    ids = [[each["id"] for each in page["interactions"]] for page in (first, second, third)]
    assert ids == [["5", "4"], ["3", "2"], ["1"]]
    assert [page["total"] for page in (first, second, third)] == [5, 3, 1]
    assert third["before"] is None
    assert [each["id"] for each in api(pets, "/journal?after=4")["interactions"]] == ["5"]


def test_one_interaction_is_told_whole(pets: Call) -> None:
    """Request, reply, reasons and violations, as they went over the wire."""
    sent = pets(
        "POST", "/pets?x=1", body=b'{"id": "seven"}', content_type="application/json", locum_because="1"
    )

    found = api(pets, f"/journal/{sent.headers['locum-interaction']}")

    assert found["request"]["body"] == {"size": 15, "truncated": False, "text": '{"id": "seven"}'}
    assert {"name": "content-type", "value": "application/json"} in found["request"]["headers"]
    assert found["reply"]["body"]["text"].encode() == sent.body
    assert found["url"] == "http://localhost/pets?x=1"
    assert [(".".join(each["location"]), each["keyword"]) for each in found["violation_list"]] == [
        ("request.body.name", "required"),
        ("request.body.id", "type"),
    ]


def test_an_unmatched_request_is_told_what_it_came_near_to(serving: Serving, pets_document: str) -> None:
    """Within its contract, or in all of them where it reached none."""
    call = serving(cats=pets_document, dogs=pets_document)
    call("GET", "/cats/pet?limit=1")
    call("GET", "/pets/7")

    inside, outside = api(call, "/journal/1")["nearest"], api(call, "/journal/2")["nearest"]

    assert inside[0]["contract"] == "cats"
    assert inside[0]["differs"] == [{"part": "path", "sent": "/pet", "expected": "/pets"}]
    assert {each["contract"] for each in outside[:2]} == {"cats", "dogs"}


def test_reasons_are_told_to_who_asks(pets: Call) -> None:
    """The header names session, interaction and reasons; who does not ask is not told."""
    sent = pets("GET", "/pets", locum_because="?1", locum_session="a")

    assert (sent.headers["locum-session"], sent.headers["locum-interaction"]) == ("a", "1")
    assert sent.headers["locum-because"] == "status 200; list of pets"
    assert "locum-because" not in pets("GET", "/pets").headers
    assert "locum-because" not in pets("GET", "/pets", locum_because="0").headers


def test_secrets_stay_out_of_list_detail_and_export(serving: Serving, pets_document: str) -> None:
    """By default, everywhere, also where the client put them in the wrong place."""
    secured = pets_document.replace(
        "components:\n",
        "security: [{key: []}]\ncomponents:\n"
        "  securitySchemes: {key: {type: apiKey, in: query, name: pet_key}}\n",
    )
    fixtures = Fixtures(credentials=(Credential(id="owner", scheme="key", secret="open-sesame"),))
    call = serving(more={"fixtures": fixtures}, pets=secured)

    assert call("GET", "/pets?pet_key=open-sesame").status == 200
    call(
        "GET", "/pets?pet_key=guess-a-key", referer="http://x/open-sesame", authorization="Basic Zm9vOmJhcg=="
    )

    for path in ("/journal", "/journal/1", "/journal/2", "/journal.har"):
        text = str(api(call, path))
        assert "open-sesame" not in text
        assert "guess-a-key" not in text
        assert "Zm9v" not in text


def test_the_export_is_a_valid_archive(pets: Call) -> None:
    """Whatever happened, HAR 1.2 is kept; entries stand in the order of time."""
    pets("GET", "/pets/7?a=b&c")
    pets("POST", "/pets", body=b"\xff\xfe", content_type="application/json", cookie="a=1; b")
    pets("PATCH", "/%F0%28/x y?%ff")
    pets("HEAD", "/pets")

    archive = api(pets, "/journal.har")

    assert [
        error.message
        for error in Draft202012Validator(ARCHIVE, format_checker=FormatChecker()).iter_errors(archive)
    ] == []
    assert [each["request"]["method"] for each in archive["log"]["entries"]] == [
        "GET",
        "POST",
        "PATCH",
        "HEAD",
    ]


def test_a_journal_is_forgotten(pets: Call) -> None:
    """Of one session or of all."""
    pets("GET", "/pets")
    pets("GET", "/pets", locum_session="a")

    assert pets("DELETE", "/_locum/api/journal?session=a").status == 204
    assert api(pets, "/journal")["total"] == 1
    assert pets("DELETE", "/_locum/api/journal").status == 204
    assert api(pets, "/journal")["total"] == 0
    assert pets("GET", "/_locum/api/journal/1").status == 404


def test_a_short_journal(serving: Serving, pets_document: str) -> None:
    """`--journal N` keeps the last N of each session; 0 keeps none."""
    short, none = (serving(Settings(journal=count), pets=pets_document) for count in (1, 0))
    for call in (short, none):
        call("GET", "/pets")
        call("GET", "/pets")

    assert [each["id"] for each in api(short, "/journal")["interactions"]] == ["2"]
    assert api(none, "/journal")["total"] == 0


def counted(record: Any) -> Any:  # noqa: ANN401 -- a record
    """Return the record with one more."""
    return {"id": "all", "n": (record or {"n": 0})["n"] + 1}


def add_pet() -> Given:
    """Count the pets that were added, and answer with one."""
    change = AmendRecord(contract="pets", collection="counts", key="all", amend=counted)
    return Given(body={"id": 1, "name": "Rex"}, status=201, changes=(change,))


def get_pet(world: Any) -> Any:  # noqa: ANN401 -- a world
    """Tell how many were added."""
    return {"id": sum(each["n"] for each in world.all("counts")), "name": "count"}


def list_pets() -> Outcome:
    """Answer with an outcome of one's own that changes the seed."""
    return Outcome(reply=Reply(status=200, body=b"[]"), changes=(ChooseSeed(seed="x"),))


@pytest.fixture
def counting(serving: Serving, pets_document: str) -> Call:
    """Serve the pets with handlers that change their session."""
    handlers = {"addPet": add_pet, "getPet": get_pet, "listPets": list_pets}
    return serving(more={"handlers": handlers}, pets=pets_document)


def test_changes_of_a_handler_are_seen_by_the_next_request_of_its_session(counting: Call) -> None:
    """And by no other session."""
    body = {"body": b'{"id": 1, "name": "Rex"}', "content_type": "application/json"}
    for _ in range(3):
        assert counting("POST", "/pets", **body, locum_session="a").status == 201
    counting("GET", "/pets", locum_session="a")

    assert counting("GET", "/pets/1", locum_session="a").json()["id"] == 3
    assert counting("GET", "/pets/1", locum_session="b").json()["id"] == 0
    assert api(counting, "/sessions/a/seed") == {"seed": "x"}
