from __future__ import annotations

import json

import pytest
from asking import Client, client
from judging import Answer, document, flaws, path_of, read
from openapi_spec_validator import validate
from table import secrets

TEA = {"title": "Tea", "text": "sjømil 🍵"}


def send(
    asked: Client, method: str, target: str, content: object = None, by: str = "nora", **headers: str
) -> Answer:
    """Send a request, with a body if there is one, and hold the reply to the document."""
    given = {"Host": "a", "Authorization": secrets("notes")[by], **headers}
    body = b"" if content is None else json.dumps(content).encode()
    if body:
        given |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [
        f"{method} {target} HTTP/1.1",
        *(f"{name.replace('_', '-')}: {text}" for name, text in given.items()),
    ]
    answer = read(asked.converse().hear("\r\n".join([*lines, "", ""]).encode() + body))
    assert flaws("notes", path_of("notes", target), answer, method) == []
    return answer


def test_the_document_is_sound() -> None:
    """An independent reader accepts the document of the notes."""
    validate(document("notes"))


def test_a_note_lives_as_written_until_it_is_deleted() -> None:
    """It is read as it was written, found in the list, replaced as a whole, and gone when deleted."""
    asked = client("notes")
    before = send(asked, "GET", "/notes").content
    written = send(asked, "POST", "/notes", TEA)
    place = written.headers["location"]

    assert written.content.items() >= TEA.items()
    assert send(asked, "GET", place).content == written.content
    assert send(asked, "GET", "/notes").content["notes"] == [*before["notes"], written.content]

    replaced = send(asked, "PUT", place, {"title": "Coffee"}, If_Match=written.headers["etag"])
    assert replaced.content == {**written.content, "title": "Coffee", "text": "", "changes": 1}
    assert send(asked, "PUT", place, TEA, If_Match=written.headers["etag"]).status == 412
    assert send(asked, "GET", place).headers["etag"] == replaced.headers["etag"] != written.headers["etag"]
    tags = [each.headers["etag"] for each in (written, replaced)]
    assert [send(asked, "GET", place, If_None_Match=tag).status for tag in tags] == [200, 304]

    assert [send(asked, "DELETE", place).status for _ in range(2)] == [204, 404]
    assert send(asked, "GET", place).status == send(asked, "PUT", place, TEA).status == 404
    assert send(asked, "GET", "/notes").content == before


def test_pages_hold_each_note_once() -> None:
    """Pages together are the list, and each server has notes of its own."""
    asked = client("notes")
    for number in range(7):
        send(asked, "POST", "/notes", {"title": f"Note {number}"})
    pages = [send(asked, "GET", f"/notes?page={page}&per_page=3").content for page in range(1, 6)]

    assert [len(page["notes"]) for page in pages] == [3, 3, 3, 1, 0]
    assert [note for page in pages for note in page["notes"]] == send(asked, "GET", "/notes").content["notes"]
    assert {page["total"] for page in pages} == {10}
    assert send(client("notes"), "GET", "/notes").content["total"] == 3


def test_nobody_reaches_the_notes_of_others() -> None:
    """The note of somebody else is as good as unknown, to read, to replace and to delete."""
    asked = client("notes")
    (keys,) = send(asked, "GET", "/notes", by="olaf").content["notes"]
    place = f"/notes/{keys['id']}"

    statuses = [
        send(asked, method, place, body).status
        for method, body in (("GET", None), ("PUT", TEA), ("DELETE", None))
    ]
    assert statuses == [404, 404, 404]
    assert send(asked, "GET", place, by="olaf").content == keys
    assert send(asked, "GET", "/notes", by="expired").status == 401


NO_NOTES: tuple[object, ...] = (
    "Tea",
    [],
    {},
    {"title": ""},
    {"title": 1},
    {"title": "x" * 81},
    {"title": "a", "text": "y" * 501},
    {"title": "a", "more": 1},
    {"title": "\ud800"},
)


@pytest.mark.parametrize("content", NO_NOTES)
def test_what_is_no_note_is_refused(content: object) -> None:
    """A body that breaks the schema is refused, and nothing is kept."""
    asked = client("notes")

    assert send(asked, "POST", "/notes", content).status == 400
    assert send(asked, "GET", "/notes").content["total"] == 3


def test_allow_names_what_a_path_answers_to() -> None:
    """OPTIONS and 405 name the methods of their path."""
    asked = client("notes")

    assert asked.send("OPTIONS", "/notes").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert send(asked, "GET", "/notes/x").status == 400
    assert asked.send("POST", "/notes/x", by="nora").headers["allow"] == "GET, HEAD, OPTIONS, PUT, DELETE"
    assert asked.send("POST", "/notes", by="nora").status == 415
