"""`locum compare`, against small real servers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run
from tests.verify.conftest import Asked, Serve, Told, serve

from locum.cli.verify_words import see_writable

__all__ = ["serve"]

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      security: [{key: []}]
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 3, examples: [2]}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: array
                minItems: 1
                items:
                  type: object
                  required: [id]
                  properties: {id: {type: integer}, name: {type: string}}
              example: [{id: 1, name: rex}]
        "400":
          description: wrong
          content:
            application/json:
              schema: {type: object, properties: {error: {type: string}}}
              example: {error: wrong}
        "401": {description: who}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
"""


def answering(pets: Any, **more: Any) -> Any:  # noqa: ANN401 -- JSON
    """Return a real server: it knows one key, and checks the limit."""

    def answer(asked: Asked) -> Told:
        if asked.headers.get("x-key") != "real-key-of-anna":
            return Told(status=401, body=b"", headers={"WWW-Authenticate": "ApiKey", "Content-Type": ""})
        limit = asked.query.get("limit", ["1"])[0]
        if not limit.isdigit() or not 1 <= int(limit) <= 3:
            return Told(status=more.get("refusal", 400), body={"error": "no real-key-of-anna"})
        return Told(body=pets)

    return answer


@pytest.fixture
def document(locum: Run, tmp_path: Path) -> str:
    """Return a document in the current folder."""
    (tmp_path / "pets.yaml").write_text(DOCUMENT)
    return "pets.yaml"


def test_a_server_that_answers_alike(locum: Run, document: str, serve: Serve) -> None:
    """Other values of the same kind are no difference; the run ends with 0."""
    url = serve(answering([{"id": 7, "name": "mia"}]))
    done = locum("compare", document, "--url", url, "-H", "X-Key: real-key-of-anna", "--rate-limit", "1000/s")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Mock and real server answer alike." in done.stdout


def test_differences_are_told_kept_and_compared_again(
    locum: Run, document: str, serve: Serve, tmp_path: Path
) -> None:
    """Members, types and statuses; the file without the secret tells the same without the server."""
    url = serve(answering([{"id": "7", "name": None, "age": 3}], refusal=422))
    live = locum(
        *("compare", document, "--url", url, "-H", "X-Key: real-key-of-anna", "--rate-limit", "1000/s"),
        *("--save", "real.json", "--update", "pets.patch", "--report", "jsonl=live.jsonl"),
    )
    kept = locum("compare", document, "--against", "real.json", "--report", "jsonl=kept.jsonl")
    found = {
        name: [
            (each["rule"], each["location"], each["expected"], each["received"])
            for each in map(json.loads, (tmp_path / f"{name}.jsonl").read_text().splitlines())
            if each["type"] == "finding" and each["severity"] == "failure"
        ]
        for name in ("live", "kept")
    }

    assert (live.returncode, kept.returncode) == (1, 1)
    assert found["live"] == [
        ("drift.status", "query.limit empty", "400", "422"),
        ("drift.status", "query.limit below-minimum", "400", "422"),
        ("drift.member", "body/*/age", "no such member", "integer"),
        ("drift.type", "body/*/id", "integer", "string"),
        ("drift.null", "body/*/name", "never null", "null"),
    ]
    assert found["kept"] == found["live"]
    assert "real-key-of-anna" not in (tmp_path / "real.json").read_text() + live.stdout
    patch = (tmp_path / "pets.patch").read_text()
    assert '{id: {type: ["integer", "string"]}, name: {type: ["string", "null"]}}' in patch
    assert '"422": {"description": "Unprocessable' in patch


def test_one_side_is_needed(locum: Run, document: str) -> None:
    """Either a server or a file stands for the real answers."""
    done = locum("compare", document)

    assert done.returncode == 2
    assert "either `--url` names the real server, or `--against`" in done.stderr


def test_a_file_that_is_no_recording_is_told(locum: Run, document: str, tmp_path: Path) -> None:
    """What is missing is said with its place."""
    (tmp_path / "real.json").write_text('{"contract": "pets"}')
    done = locum("compare", document, "--against", "real.json")

    assert done.returncode == 2
    assert "`steps` is missing" in done.stderr


def test_an_operation_that_cannot_be_read_keeps_no_patch_back(
    locum: Run, document: str, serve: Serve, tmp_path: Path
) -> None:
    """The others are compared, and what differs there goes into the patch."""
    broken = "  /broken: {get: {$ref: ./none.yaml}}\n"
    (tmp_path / document).write_text(DOCUMENT.replace("paths:\n", "paths:\n" + broken))
    url = serve(answering([{"id": "7"}]))
    done = locum(
        *("compare", document, "--url", url, "-H", "X-Key: real-key-of-anna", "--rate-limit", "1000/s"),
        *("--update", "pets.patch"),
    )

    assert done.returncode == 1, done.stderr
    assert '["integer", "string"]' in (tmp_path / "pets.patch").read_text()


def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(
    locum: Run, document: str, serve: Serve, tmp_path: Path
) -> None:
    """Nobody waits for answers that cannot be kept; the real server is left alone."""
    asked: list[Asked] = []

    def answer(each: Asked) -> Told:
        asked.append(each)
        return Told(body=[])

    url = serve(answer)
    (tmp_path / "folder").mkdir()
    done = locum("compare", document, "--url", url, "--save", "folder")

    assert done.returncode == 2
    assert "folder: error: the file cannot be written: Is a directory [verify.unwritable]" in done.stderr
    assert asked == []


def test_a_link_to_a_file_that_is_not_there_yet_stays(tmp_path: Path) -> None:
    """Where a report will be written is looked at, and left as it is."""
    link = tmp_path / "latest.json"
    link.symlink_to(tmp_path / "today.json")
    see_writable([("json", str(link)), ("json", str(tmp_path / "other.json"))])

    assert [each.name for each in tmp_path.iterdir()] == ["latest.json"]
    assert link.is_symlink()


def test_a_report_may_take_the_place_of_the_verdict(locum: Run, document: str, serve: Serve) -> None:
    """With `-` it goes to stdout, and nothing else does."""
    url = serve(answering([{"id": 7, "name": "mia"}]))
    done = locum(
        *("compare", document, "--url", url, "-H", "X-Key: real-key-of-anna", "--rate-limit", "1000/s"),
        *("--report", "jsonl=-"),
    )

    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["type"] for line in done.stdout.splitlines()][-1] == "end"
