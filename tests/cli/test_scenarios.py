"""`locum scenarios`: what is listed, and that a promise that is not kept is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from locum.behaviour.edits import Edit, EditKind
from locum.behaviour.faults import Cut, Delay, Ending, Fault, Spoil
from locum.behaviour.scenarios import Force, Scenario
from locum.catalog.scenarios import common_scenarios
from locum.cli.verdicts import judge_fault
from locum.verify.wire import Ended, Observed

Run = Callable[..., Any]

DOCUMENT = """
openapi: 3.1.0
info: {title: Rows, version: "1"}
paths:
  /rows:
    get:
      operationId: list
      parameters: [{name: limit, in: query, required: true, schema: {type: integer, minimum: 1}, example: 5}]
      responses: {"200": {description: rows}, "404": {description: none}}
"""
DELETING = """
openapi: 3.1.0
info: {title: Rows, version: "1"}
paths:
  /rows/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 1}}]
    get:
      operationId: read
      responses:
        "200": {description: row, content: {application/json: {schema: {$ref: "#/components/schemas/Row"}}}}
        "404": {description: none}
    delete:
      operationId: remove
      responses: {"204": {description: gone}, "404": {description: none}}
components:
  schemas:
    Row: {type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}
"""
USUAL = Observed(
    content=b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n"
    b'date: Thu, 15 Feb 2024 12:00:00 GMT\r\n\r\n{"total":1}',
    ended=Ended.CLOSED,
    first_s=0.001,
    took_s=0.001,
    at_s=1707998400.0,
)


def test_a_document_without_fixtures_has_a_catalogue(locum: Run, tmp_path: Path) -> None:
    """Each scenario comes with lines to try, natural and forced."""
    (tmp_path / "rows.yaml").write_text(DOCUMENT)

    done = locum("scenarios", "rows.yaml", "--only", "list.")

    assert done.returncode == 0
    assert done.stdout.splitlines()[:4] == [
        "rows: 7 scenarios",
        "",
        "list.200  status-200  200  rows",
        "  forced   curl -i -g -H 'Prefer: code=200' 'http://127.0.0.1:4010/rows?limit=5'",
    ]
    assert "list.no-limit  no-limit  422  limit is missing" in done.stdout
    assert "  natural  curl -i -g http://127.0.0.1:4010/rows\n" in done.stdout


def test_the_catalogue_is_there_for_machines(locum: Run, tmp_path: Path) -> None:
    """`--json` says the same."""
    (tmp_path / "rows.yaml").write_text(DOCUMENT)

    told = json.loads(locum("scenarios", "rows.yaml", "--json", "--no-derived", "--only", "F-02a").stdout)

    assert told == [
        {
            "id": "F-02a",
            "name": "no-answer",
            "title": "The connection is closed before the status line",
            "contract": "rows",
            "operations": ["list"],
            "status": None,
            "natural": [],
            "forced": "curl -i -g -H 'Prefer: scenario=no-answer' 'http://127.0.0.1:4010/rows?limit=5'",
            "source": None,
            "confidence": None,
        }
    ]


def test_a_scenario_that_comes_too_early_does_not_hold(locum: Run, tmp_path: Path) -> None:
    """What the last of several calls meets, no call before it does; the clock goes on at the pace told."""
    (tmp_path / "rows.yaml").write_text(DOCUMENT)
    beside = tmp_path / "fixtures" / "rows"
    beside.mkdir(parents=True)
    (beside / "contract.yaml").write_text(LIMITED)
    (beside / "scenarios.yaml").write_text(OFTEN)

    done = locum("scenarios", "rows.yaml", "--check", "--no-derived", "--only", "L-")

    assert done.returncode == 1
    assert "status 429 came at call 3 of 4 already" in done.stdout
    assert "2 of 3 hold" in done.stdout


def test_a_deletion_can_be_played_again(locum: Run, tmp_path: Path) -> None:
    """What the usual call deletes is there for the call that is judged, and so every scenario holds."""
    (tmp_path / "rows.yaml").write_text(DELETING)

    done = locum("scenarios", "rows.yaml", "--check", "--only", "F-1")

    assert (done.returncode, done.stdout.split(" (")[-1]) == (0, "100 %)\n")


def test_a_body_that_cannot_be_judged_ends_no_proof(locum: Run, tmp_path: Path) -> None:
    """A reference to nowhere takes any answer, here as in the server."""
    (tmp_path / "rows.yaml").write_text(DELETING.replace('schemas/Row"', 'schemas/Rwo"'))
    done = locum("scenarios", str(tmp_path / "rows.yaml"), "--check", "--only", "read")

    assert (done.returncode, "(100 %)" in done.stdout) == (0, True)


def test_a_server_that_is_not_there_is_told(locum: Run, tmp_path: Path) -> None:
    """Exit code 3 is for what cannot be reached."""
    (tmp_path / "rows.yaml").write_text(DOCUMENT)

    done = locum("scenarios", "rows.yaml", "--check", "--url", "http://127.0.0.1:1")

    assert done.returncode == 3
    assert "nothing answers at http://127.0.0.1:1" in done.stderr


LIMITED = """
settings: {limiter: true}
rate_limits:
  - {calls: 2, window_s: 60, switch: limiter}
  - {calls: 4, window_s: 3600, switch: limiter}
"""
OFTEN = """
scenarios:
  - {id: L-1, name: third, title: The third call, status: 429, natural: [{operation: list, times: 3}]}
  - {id: L-2, name: fourth, title: The fourth call, status: 429, natural: [{operation: list, times: 4}]}
  - id: L-3
    name: paced
    title: The fifth call of an hour
    status: 429
    natural: [{operation: list, times: 5, pace: {calls: 2, seconds: 60}, clock: "2024-02-15T12:00:00Z"}]
"""
#: Faults whose presence shows in the reply, and that a usual reply therefore does not have.
SHOWN = [
    each
    for each in common_scenarios("c")
    # A very short delay is one of those that may be drawn of the long tail.
    if each.force and each.force.fault and each.name != "long-tail"
]


@pytest.mark.parametrize("scenario", SHOWN, ids=lambda each: each.name)
def test_a_usual_reply_is_no_proof_of_a_fault(scenario: Scenario) -> None:
    """Every verdict can be negative: a reply with nothing wrong in it convinces nobody."""
    slow = scenario.force and scenario.force.fault and scenario.force.fault.body_bytes_per_s
    # A body so short has dripped in at once.
    usual = replace(USUAL, content=USUAL.content + b" " * 100) if slow else USUAL

    assert list(judge_fault(scenario, usual, USUAL, is_same=True)) != []


@pytest.mark.parametrize(
    "force",
    [
        Force(headers={"Retry-After": "5"}),
        Force(edits=(Edit(kind=EditKind.CONVERT, at="/total", to="string"),)),
        Force(edits=(Edit(kind=EditKind.SET, at="/total", value=2),)),
        Force(fault=Fault(cut=Cut.IN_BODY, ending=Ending.RESET)),
        Force(fault=Fault(delay=Delay(median_ms=500))),
        *(Force(fault=Fault(spoils=(each,))) for each in Spoil),
    ],
    ids=str,
)
def test_nothing_is_taken_for_granted(force: Force) -> None:
    """Headers, edits, cuts, delays and every kind of spoilt body are looked for."""
    scenario = Scenario(id="E", name="e", force=force)

    assert list(judge_fault(scenario, USUAL, USUAL, is_same=True)) != []
