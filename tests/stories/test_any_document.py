"""A document that nobody made the stand-in for is served as well as the built-in ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.stories.conftest import Running, Serve

SHELTER = Path(__file__).parent / "shelter"
KEY = {"X-Shelter-Key": "shelter-key"}
ANIMAL = b'{"name":"Minka","kind":"cat","born":"2024-02-29"}'
FORM = "application/x-www-form-urlencoded"
PHOTO = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="p.png"\r\n\r\n\x89PNG\r\n--x--\r\n'


@pytest.fixture(scope="module")
def shelter(serve: Serve) -> Running:
    """Return the stand-in for the animal shelter."""
    return serve(str(SHELTER / "shelter.yaml"), "--fixtures", str(SHELTER))


@pytest.mark.parametrize(
    ("send", "headers", "body", "status"),
    [
        ("GET /animals", {}, None, 200),
        ("GET /animals?limit=3&kind=cat,dog&born[after]=2024-01-01", {}, None, 200),
        ("GET /animals", {"Accept": "application/xml"}, None, 200),
        ("POST /animals", {"Content-Type": "application/json"}, ANIMAL, 201),
        ("GET /animals/7", {}, None, 200),
        ("PATCH /animals/7", {"Content-Type": "application/merge-patch+json"}, b'{"chip":null}', 200),
        ("POST /animals/7/photos", {"Content-Type": "multipart/form-data; boundary=x"}, PHOTO, 202),
        ("GET /animals/7/papers.csv", {}, None, 200),
        ("POST /visits", {"Content-Type": FORM}, b"visitor=Nora&day=2024-02-29&wishes=cat&wishes=hen", 201),
        ("GET /my/visits", {"Cookie": f"session={'0a' * 16}"}, None, 200),
        (
            "POST /deliveries",
            {"Content-Type": "application/xml"},
            b"<delivery><food>hay</food><kilograms>20</kilograms></delivery>",
            200,
        ),
        (
            "DELETE /visits/036eb4b3-4f6a-4a9a-b10c-6306ac5088a3",
            {"X-Reason": "weather"},
            None,
            204,
        ),
        ("GET /family/7", {}, None, 200),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_operation_answers(
    send: str, headers: dict[str, str], body: bytes | None, status: int, shelter: Running
) -> None:
    """A request as the document describes it is answered with the status the document declares for it."""
    method, _, target = send.partition(" ")

    answered, content = _call(shelter, method, f"/v2{target}", {**KEY, **headers}, body)

    assert answered == status, content
    assert bool(content) == (status != 204)


def test_a_refusal_wears_the_default_response(shelter: Running) -> None:
    """What is wrong is told in the shape that the document declares for everything else."""
    status, content = _call(
        shelter, "POST", "/v2/animals", {**KEY, "Content-Type": "application/json"}, b"{}"
    )

    told = json.loads(content)
    assert status == 422
    assert told["code"] == 422
    assert "'name'" in told["message"]


def test_schemathesis_finds_nothing(
    shelter: Running, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`schemathesis run` with all checks and phases finds nothing in the document as it is served."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{shelter.url}/v2/openapi.json"),
            *("--header", "X-Shelter-Key: shelter-key", "--seed", "1", "--max-examples", "5"),
            *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure"),
        ],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "110"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )

    with capsys.disabled():
        print(f"\nshelter: {done.stdout.strip().splitlines()[-1].strip('= ')}")  # noqa: T201 -- the figure
    assert done.returncode == 0, done.stdout
    assert "No issues found" in done.stdout


def _call(
    running: Running, method: str, target: str, headers: dict[str, str], body: bytes | None
) -> tuple[int, bytes]:
    connection = HTTPConnection(*running.address, timeout=20)
    try:
        connection.request(method, target, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
