from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import orjson
import pytest

from locum.behaviour.calls import Call
from locum.catalog import load
from locum.contract.model import JsonValue
from locum.verify.fidelity.proposals import Proposal, propose
from locum.verify.model import Received, Sent, Step
from locum.verify.seen import Seen

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      operationId: listPets
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema:
                type: array
                items: {$ref: "#/components/schemas/Pet"}
components:
  schemas:
    Pet:  # as of release 4
      type: object
      additionalProperties: false
      required: [id, name]
      properties:
        id: {type: integer, maximum: 5}
        name:
          type: string  # given by its owner
          enum:
            - rex
            - mia  # most are
        code: {type: string, pattern: "^[a-z]$"}
"""
ODD: list[JsonValue] = [
    {"id": 9, "name": "leo", "age": 3},
    {"id": None, "name": "rex", "code": "B"},
    {"id": 12},
    {"id": 9, "name": "leo", "age": 3},
]


def answered(body: JsonValue, status: int = 200) -> tuple[str, str, Seen]:
    """Return a real answer."""
    received = Received(
        status=status, headers=(("Content-Type", "application/json"),), body=orjson.dumps(body)
    )
    step = Step(sent=Sent(method="GET", url="http://a.test/pets"), received=received)
    return "listPets", "as it should be", Seen(call=Call(method="GET", path="/pets"), step=step)


def proposed(path: Path, *answers: tuple[str, str, Seen]) -> Proposal:
    """Return what the contract would have to say."""
    contract = load(str(path)).contract
    operations = [contract.operation(route) for route in contract.routes]
    return propose(operations, answers, lambda uri: Path(uri).read_text(), lambda uri: Path(uri).name)


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Return a document."""
    path = tmp_path / "pets.yaml"
    path.write_text(DOCUMENT)
    return path


def test_the_patch_changes_what_was_broken_and_nothing_else(written: Path) -> None:
    """Types, limits, words, members and statuses; comments and order stay, and what has no rule is told."""
    found = proposed(written, answered(ODD), answered({}, 418))
    changed = [
        line for line in found.patch.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}
    ]

    assert changed == [
        '+        "418": {"description": "I\'m a Teapot"}',
        "-      required: [id, name]",
        '+      required: ["id"]',
        "-        id: {type: integer, maximum: 5}",
        '+        "age": {"type": "integer"}',
        '+        id: {type: ["integer", "null"], maximum: 12}',
        '+            - "leo"',
    ]
    (by_hand,) = found.by_hand
    assert by_hand.startswith(
        "pets.yaml#/components/schemas/Pet/properties/code/pattern: body/*/code must be"
    )


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch")
def test_the_patched_contract_takes_the_answers(written: Path) -> None:
    """The patch applies as it is, and afterwards only what is done by hand is left."""
    found = proposed(written, answered(ODD), answered({}, 418))
    subprocess.run(
        ["patch", "-p1", "-s"],  # noqa: S607 -- whichever patch there is
        input=found.patch,
        text=True,
        cwd=written.parent,
        check=True,
    )

    again = proposed(written, answered(ODD), answered({}, 418))
    assert again.patch == ""
    assert again.by_hand == found.by_hand


def test_a_json_document_stays_json(tmp_path: Path) -> None:
    """What is written is read by either reader."""
    path = tmp_path / "pets.json"
    operation = {
        "operationId": "listPets",
        "responses": {
            "200": {
                "description": "ok",
                "content": {"application/json": {"schema": {"type": "object", "required": ["a", "b"]}}},
            }
        },
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/pets": {"get": operation}},
    }
    path.write_text(json.dumps(document, indent=2))

    found = proposed(path, answered({"a": 1}), answered([], 200), answered(None, 404))
    lines = [
        line[1:].strip() for line in found.patch.splitlines() if line.startswith("+") and line[:3] != "+++"
    ]

    assert '"type": ["object", "array"],' in lines
    assert '"responses": {"404": {"description": "Not Found"},' in lines


def test_true_answers_propose_nothing(written: Path) -> None:
    """A contract that is kept stays as it is."""
    assert proposed(written, answered([{"id": 1, "name": "rex"}])) == Proposal()
