"""Every public interface of Schemathesis that is used, held still: a release that changes one is noticed."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from click.testing import CliRunner
from jsonschema_rs import Draft202012Validator
from schemathesis import Case, cli
from schemathesis.engine import events
from schemathesis.engine.recorder import CaseNode, CheckNode, Interaction, ScenarioRecorder

from locum.verify.bench import Profile
from locum.verify.generated.configuration import Wanted, write_configuration

WANTED = Wanted(
    profile=Profile.FULL,
    url="http://127.0.0.1:1/base",
    seed=7,
    left_out=["POST /pets", "drop"],
    headers={"list": {"Authorization": "LOCUM_SECRET_0"}},
    keys={"a key": "LOCUM_SECRET_1"},
    per_s=5.0,
    seconds=30.0,
)


@pytest.mark.parametrize("profile", list(Profile))
@pytest.mark.parametrize("allows_writes", [False, True])
def test_the_configuration_is_one(profile: Profile, allows_writes: bool) -> None:  # noqa: FBT001 -- a case
    """What is written is TOML, and satisfies the JSON Schema that Schemathesis brings along."""
    schema = json.loads(files("schemathesis.config").joinpath("schema.json").read_text())
    written = tomllib.loads(
        write_configuration(replace(WANTED, profile=profile, allows_writes=allows_writes))
    )

    assert list(Draft202012Validator(schema).iter_errors(written)) == []
    assert written["operations"][0] == {"include-operation-id": ["POST /pets", "drop"], "enabled": False}
    assert written["operations"][1]["headers"] == {"Authorization": "${LOCUM_SECRET_0}"}
    assert written["rate-limit"] == "5/s"
    assert ("unexpected-methods" in written["phases"]["coverage"]) is not allows_writes


@pytest.mark.parametrize(
    ("profile", "operations", "examples"),
    [
        (Profile.FULL, 3, 40),
        (Profile.FULL, 20, 20),
        (Profile.FULL, 1000, 4),
        (Profile.QUICK, 20, 1),
        (Profile.FUZZ, 20, 100),
    ],
)
def test_many_operations_share_the_examples_of_a_full_run(
    profile: Profile, operations: int, examples: int
) -> None:
    """A larger document is tried less at each operation, and none of them is left out."""
    written = tomllib.loads(write_configuration(replace(WANTED, profile=profile, operations=operations)))

    assert written["generation"]["max-examples"] == examples


def test_the_command_line_takes_our_words() -> None:
    """`--config-file`, then `run`, a file, and `--url`; hooks by a variable."""
    runner = CliRunner()

    told = runner.invoke(cli.schemathesis, ["--help"]).output
    run = runner.invoke(cli.schemathesis, ["run", "--help"]).output

    assert "--config-file PATH" in told
    assert "--url URL" in run
    assert "LOCATION" in run


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("map_case", ["context", "case"]),
        ("filter_failure", ["context", "failure", "case", "response"]),
    ],
)
def test_hooks_are_called_as_ours_are_written(name: str, parameters: list[str]) -> None:
    """Names and order of what hooks are given."""
    specification: Callable[..., Any] = getattr(__import__("schemathesis.hook_specs").hook_specs, name)

    assert [*inspect.signature(specification).parameters] == parameters


def test_handlers_are_called_as_ours_is_written() -> None:
    """A handler is a class, registered by a decorator, that is given a context and an event."""
    assert [*inspect.signature(cli.EventHandler.handle_event).parameters] == ["self", "ctx", "event"]
    assert callable(cli.handler())


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (events.ScenarioFinished, {"phase", "recorder"}),
        (events.FuzzScenarioFinished, {"recorder"}),
        (events.NonFatalError, {"label", "value"}),
        (events.FatalError, {"exception"}),
        (events.EngineFinished, {"running_time"}),
        (ScenarioRecorder, {"cases", "checks", "interactions"}),
        (CaseNode, {"value", "parent_id"}),
        (CheckNode, {"name", "failure_info"}),
        (Interaction, {"request", "response", "timestamp"}),
        (
            schemathesis.Response,
            {"status_code", "headers", "content", "content_size", "elapsed", "http_version", "request"},
        ),
        (Case, {"path_parameters", "query", "operation", "method", "meta", "as_transport_kwargs"}),
    ],
)
def test_events_tell_what_is_read_of_them(owner: type, names: set[str]) -> None:
    """Every attribute that `child.py` and `rule_hooks.py` read is there."""
    known = {*dir(owner), *inspect.signature(owner).parameters, *getattr(owner, "__annotations__", {})}

    assert names - known == set()


def test_a_loaded_document_tells_what_it_was_made_from(document: Path) -> None:
    """Hooks without a named contract read the rules there."""
    schema = schemathesis.openapi.from_path(str(document))

    assert schema.raw_schema["info"]["title"] == "Rooms"


def test_checks_are_registered_by_a_decorator() -> None:
    """A check is a function of a context, a response and a case."""
    names = {"schemathesis.check": schemathesis.check, "schemathesis.hook": schemathesis.hook}

    assert all(map(callable, names.values()))
    assert [*inspect.signature(Case.as_transport_kwargs).parameters][:2] == ["self", "base_url"]


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("ST201", "Schema-violating request accepted"),
        ("ST202", "valid request"),
        ("ST203", "header"),
        ("ST204", "method"),
        ("ST205", "Allow"),
        ("ST301", "delet"),
        ("ST302", "creat"),
        ("ST401", "auth"),
        ("ST402", "authorization"),
    ],
)
def test_codes_mean_what_we_take_them_for(code: str, title: str) -> None:
    """Schemathesis explains each failure code that is told apart here."""
    told = CliRunner().invoke(cli.schemathesis, ["explain", code]).output

    assert title.lower() in told.lower()


def test_serving_does_not_load_schemathesis() -> None:
    """It costs half a second: only the process it runs in, and hooks, import it."""
    script = "import sys, locum.verify.plan; sys.exit('schemathesis' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
