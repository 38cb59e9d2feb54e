"""What can be checked of the image without building it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from locum.cli.main import VERBS

ROOT = Path(__file__).parents[2]
TEXT = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
STEPS = [
    (line.split(maxsplit=1)[0], line.split(maxsplit=1)[1])
    for line in TEXT.replace("\\\n", " ").splitlines()
    if line.strip()
]


def given(instruction: str) -> list[str]:
    """Return what follows each *instruction*."""
    return [text for name, text in STEPS if name == instruction]


def copied() -> list[str]:
    """Return the sources that are copied out of the checkout."""
    return [source for text in given("COPY") if "--from" not in text for source in shlex.split(text)[:-1]]


@pytest.mark.parametrize("source", copied())
def test_what_is_copied_is_there_and_sent(source: str) -> None:
    """Each source of a COPY exists, and `.dockerignore` lets it through."""
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert (ROOT / source).exists()
    assert f"!{source}" in sent


def test_the_build_has_what_the_wheel_is_made_of() -> None:
    """All that pyproject.toml names as content is copied."""
    assert {"pyproject.toml", "README.md", "LICENSE", "src", "openapi", "fixtures"} <= set(copied())


def test_the_image_is_slim_and_built_in_stages() -> None:
    """What builds does not stay."""
    assert [text.split()[0] for text in given("FROM")] == ["python:3.13-slim", "python:3.13-slim"]


def test_the_user_is_a_number_and_not_root() -> None:
    """Kubernetes' `runAsNonRoot` asks for a numeric id."""
    (user,) = given("USER")

    assert all(part.isdigit() and int(part) > 0 for part in user.split(":"))


def test_the_entry_point_is_our_command() -> None:
    """Whatever is given to `docker run` is given to `locum`; without anything it serves every interface."""
    (entry,) = map(json.loads, given("ENTRYPOINT"))
    (command,) = map(json.loads, given("CMD"))

    assert entry == ["locum"]
    assert command == ["serve", "--host", "0.0.0.0"]  # noqa: S104 -- a container is reached from outside
    assert command[0] in VERBS


def test_health_is_asked_without_curl() -> None:
    """The slim image has Python and no curl; the script is valid Python."""
    (check,) = given("HEALTHCHECK")
    command = json.loads(check[check.index("CMD") + 3 :])

    compile(command[2], "HEALTHCHECK", "exec")

    assert command[:2] == ["python", "-c"]
    assert "4010" in command[2]
    assert given("EXPOSE") == ["4010"]
