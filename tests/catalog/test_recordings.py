from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from locum.behaviour.recordings import Recording
from locum.catalog.recordings import read_recordings
from locum.errors import Diagnostic, FixtureError, UnreachableError


def read(path: Path, told: list[Diagnostic] | None = None) -> list[Recording]:
    """Return the recordings of a file or a folder; what is left out is put into *told*."""
    notice = (told if told is not None else []).append
    return list(read_recordings(path, lambda name: Path(name).read_bytes(), notice))


def test_an_archive_of_a_browser_is_understood(tmp_path: Path) -> None:
    """Bodies are there unpacked, whatever the headers say; what belonged to the connection is left out."""
    headers = [
        {"name": "Content-Encoding", "value": "br"},
        {"name": "Date", "value": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"name": "X-Own", "value": "1"},
    ]
    entry = {
        "request": {
            "method": "post",
            "url": "https://api.example.com/v1/pets?b=2&a=x%20y",
            "postData": {"mimeType": "application/json", "text": '{"id": 1}'},
        },
        "response": {
            "status": 201,
            "headers": headers,
            "content": {"mimeType": "application/json", "text": '{"name":"Ada"}'},
        },
    }
    unanswered = {"request": {"method": "GET", "url": "https://a.test/"}, "response": {"status": 0}}
    file = tmp_path / "calls.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry, unanswered]}}))
    (found,) = read(file)

    assert (found.name, found.method, found.path) == ("recorded-1", "POST", "/v1/pets")
    assert (found.query, found.body) == ((("b", "2"), ("a", "x y")), {"id": 1})
    assert (found.reply.status, found.reply.body) == (201, b'{"name":"Ada"}')
    assert found.reply.headers == (("x-own", "1"),)


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ({"status": 999}, "its status is 999; expected 200 to 599"),
        (
            {"status": 200, "headers": [{"name": "X-Own", "value": "1\r\nX-Other: 2"}]},
            "its header 'x-own' holds a line break or a zero",
        ),
        (
            {"status": 200, "content": {"mimeType": "text/plain\n"}},
            "its header 'content-type' holds a line break or a zero",
        ),
    ],
)
def test_a_reply_that_cannot_be_sent_is_left_out_and_told(
    tmp_path: Path, response: dict[str, object], reason: str
) -> None:
    """The others of the file are given again all the same."""
    request = {"method": "GET", "url": "https://a.test/pets"}
    entries = [{"request": request, "response": each} for each in (response, {"status": 204})]
    file = tmp_path / "calls.har"
    file.write_text(json.dumps({"log": {"entries": entries}}))
    told: list[Diagnostic] = []

    assert [each.reply.status for each in read(file, told)] == [204]
    assert [each.message for each in told] == [f"recorded-1 (GET /pets) is left out: {reason}"]
    assert (told[0].code, told[0].where.file) == ("recordings.unsendable", str(file))


def test_a_folder_of_specmatic_is_understood(tmp_path: Path) -> None:
    """Each file is one example, called by its name."""
    example = {
        "http-request": {"method": "GET", "path": "/pets/(id:number)", "query": {"size": 3}},
        "http-response": {"status": 200, "headers": {"X-Own": "1"}, "body": {"name": "Ada"}},
    }
    folder = tmp_path / "api_examples"
    folder.mkdir()
    (folder / "ada.json").write_text(json.dumps(example))
    (folder / "notes.md").write_text("nothing")
    (found,) = read(folder)

    assert (found.name, found.path, found.query) == ("ada", "/pets/(id:number)", (("size", "3"),))
    assert (found.reply.media_type, found.reply.body) == ("application/json", b'{"name":"Ada"}')


def test_an_older_example_of_specmatic_is_understood(tmp_path: Path) -> None:
    """Its members were called otherwise once."""
    file = tmp_path / "ada.json"
    file.write_text(
        '{"mock-http-request": {"path": "/pets/1"}, "mock-http-response": {"status": 200, "body": "Ada"}}'
    )
    (found,) = read(file)

    assert (found.method, found.path, found.reply.body) == ("GET", "/pets/1", b"Ada")


def test_a_partial_example_of_specmatic_is_understood(tmp_path: Path) -> None:
    """It is wrapped, and says that it speaks of some of the request and of the reply."""
    example = {
        "http-request": {"method": "PATCH", "path": "/pets", "body": {"name": "Ada"}},
        "http-response": {"status": 200, "body": {"name": "Ada"}},
    }
    file = tmp_path / "ada.json"
    file.write_text(json.dumps({"partial": example}))
    (found,) = read(file)

    assert (found.name, found.method, found.body, found.is_partial) == ("ada", "PATCH", {"name": "Ada"}, True)
    assert found.reply.body == b'{"name":"Ada"}'


def test_a_recording_of_ours_is_understood(tmp_path: Path) -> None:
    """What people wrote by hand needs no more than a request and a reply."""
    file = tmp_path / "recordings.yaml"
    file.write_text(
        "recordings:\n"
        "- request: {method: get, path: /pets}\n"
        "  reply: {status: 200, body: [1, 2]}\n"
        "- name: none\n"
        "  request: {method: DELETE, path: /pets/1}\n"
        "  reply: {status: 204}\n"
    )
    listed, deleted = read(file)

    assert (listed.method, listed.reply.body) == ("GET", b"[1,2]")
    assert (deleted.name, deleted.reply.media_type, deleted.reply.body) == ("none", "", b"")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.har", '{"log": {}}', "fixtures.missing-key"),
        ("a.json", '{"http-request": {"path": "/"}}', "fixtures.missing-key"),
        ("a.json", "{", "contract.syntax"),
        ("a.yaml", "recordings: [{request: {method: GET, path: /}, replay: {}}]", "fixtures.unknown-key"),
        ("a.txt", "", "recordings.unknown-kind"),
    ],
)
def test_a_file_that_is_no_recording_is_told_with_its_place(
    tmp_path: Path, name: str, content: str, code: str
) -> None:
    """Each fault names the file, and what is missing or unknown in it."""
    file = tmp_path / name
    file.write_text(content)

    with pytest.raises(FixtureError) as told:
        read(file)

    codes = [each.code for each in told.value.diagnostics]
    assert code in codes
    assert told.value.diagnostics[0].where.file == str(file)


def test_a_recording_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file cannot be reached."""
    with pytest.raises(UnreachableError):
        read(tmp_path / "none.har")


def test_an_example_of_specmatic_tells_headers_and_delay(tmp_path: Path) -> None:
    """Headers have to be sent, and the reply is kept back."""
    file = tmp_path / "ada.json"
    request = '{"path": "/pets", "headers": {"X-Tenant": "acme"}}'
    file.write_text(
        f'{{"http-request": {request}, "http-response": {{"status": 200}}, "delay-in-milliseconds": 250}}'
    )
    (found,) = read(file)

    assert (found.headers, found.delay_ms) == ((("x-tenant", "acme"),), 250)


def test_values_of_an_example_of_specmatic_are_texts_as_json_has_them(tmp_path: Path) -> None:
    """A boolean is `true`, as clients write it; of a list each is sent for itself."""
    file = tmp_path / "ada.json"
    asked = {"path": "/pets", "query": {"tame": True, "age": [1, 2.5]}, "headers": {"X-Dry-Run": False}}
    told = {"status": 200, "headers": {"X-More": True}, "body": True}
    file.write_text(json.dumps({"id": "ada", "http-request": asked, "http-response": told}))
    (found,) = read(file)

    assert found.query == (("tame", "true"), ("age", "1"), ("age", "2.5"))
    assert found.headers == (("x-dry-run", "false"),)
    assert (found.reply.headers, found.reply.body) == ((("x-more", "true"),), b"true")


@pytest.mark.parametrize(
    ("request_members", "members", "reason"),
    [
        ({"body": {"name": "$(NAME)"}}, {}, "$(NAME) in http-request is not worked out"),
        ({"form-fields": {"a": "b"}}, {}, "form-fields of http-request is not read"),
        ({}, {"transient": True}, "transient is not read; a recording is given each time"),
        ({}, {"after": ["other"]}, "after is not read"),
        ({"query": {"size": {"from": 3}}}, {}, "size of http-request holds an object"),
        ({"headers": {"X-Size": [3, 4]}}, {}, "X-Size of http-request holds a list"),
    ],
)
def test_an_example_that_says_more_than_is_read_is_left_out(
    tmp_path: Path, request_members: dict[str, Any], members: dict[str, Any], reason: str
) -> None:
    """It would answer what it does not mean; the others are read."""
    request = {"path": "/pets", **request_members}
    for name, more in (("a.json", members), ("b.json", {})):
        asked = request if name == "a.json" else {"path": "/pets"}
        example = {"http-request": asked, "http-response": {"status": 200}, **more}
        (tmp_path / name).write_text(json.dumps(example))
    told: list[Diagnostic] = []
    found = list(read_recordings(tmp_path, lambda name: Path(name).read_bytes(), told.append))

    assert [each.name for each in found] == ["b"]
    assert [(each.code, each.message) for each in told] == [
        ("recordings.not-understood", f"a.json is left out: {reason}")
    ]
