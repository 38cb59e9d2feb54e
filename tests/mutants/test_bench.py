from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bench_report import false_alarms, is_found, shortfalls, table
from bench_run import Subject, Trial, try_out
from bench_store import Store
from bench_tools import TOOLS, found_by_locum, found_by_schemathesis
from table import faults

from locum.verify.plan import SUITES

REFERENCE = Subject(kind="reference", contract="senet", seed="1")
FAULT = Subject(kind="fault", id="A01", contract="senet", seed="1")


def trial(subject: Subject, exit_code: int | None, *findings: str) -> Trial:
    """Return a trial that took no time."""
    return Trial(subject=subject, exit_code=exit_code, findings=frozenset(findings), calls=9, took_s=0.0)


@pytest.mark.parametrize(
    ("reference", "fault", "found"),
    [
        (trial(REFERENCE, 0), trial(FAULT, 1, "new"), True),
        (trial(REFERENCE, 0), trial(FAULT, 0), False),
        (trial(REFERENCE, 0), trial(FAULT, 2), False),
        (trial(REFERENCE, 0), trial(FAULT, None), False),
        (trial(REFERENCE, 1, "old"), trial(FAULT, 1, "old"), False),
        (trial(REFERENCE, 1, "old"), trial(FAULT, 1, "old", "new"), True),
    ],
)
def test_a_fault_is_found_by_an_alarm_of_its_own(reference: Trial, fault: Trial, *, found: bool) -> None:
    """An alarm that the tool raises on the reference as well finds nothing."""
    assert is_found(fault, [reference, fault]) == found


def test_only_a_silent_tool_is_right_about_a_variant() -> None:
    """An alarm, a run that tested nothing and one that never ended all count against the tool."""
    codes = (0, 1, 2, None)
    variants = [
        trial(Subject(kind="variant", id=f"E0{place}", contract="senet", seed="1"), code)
        for place, code in enumerate(codes)
    ]

    assert [each.exit_code for each in false_alarms(variants)] == [1, 2, None]


def test_what_falls_short_is_said() -> None:
    """Each false alarm and each group below its percentage has a line, and the table counts them."""
    trials = [trial(REFERENCE, 1, "old"), trial(FAULT, 1, "old")]

    assert shortfalls(trials, {"A": "100", "B": "100"}) == [
        "false alarm: senet reference seed 1 (alarm)",
        "group A: 0 of 1 found, at least 100 % are demanded",
    ]
    assert "| A structure | 0 of 1 (0 %) | 0 of 1 (0 %) |" in table(trials)


def test_what_is_only_assumed_is_counted_apart() -> None:
    """A verdict need not look at assumptions, so that no group falls short for them."""
    assumed = next(each for each in faults() if each.confidence == "ASSUMED")
    subject = Subject(kind="fault", id=assumed.id, contract=assumed.contract, seed="1")
    told = table([trial(subject, 0)])

    assert shortfalls([trial(subject, 0)], {assumed.group: "100"}) == []
    assert "| ASSUMED | 0 of 1 (0 %) |" in told
    assert assumed.says in told


def test_parts_hold_each_fault_once() -> None:
    """The parts of a sample are disjoint and leave nothing out."""
    subjects = [Subject(kind="fault", id=each.id, contract=each.contract, seed="1") for each in faults()]
    parts = [[each for each in subjects if each.is_in(f"{part}/7")] for part in range(1, 8)]

    assert sorted(each.id for part in parts for each in part) == sorted(each.id for each in subjects)
    assert min(len(part) for part in parts) > len(subjects) / 7 / 2


def test_a_bench_that_was_broken_off_goes_on(tmp_path: Path) -> None:
    """What was kept is found again under the same command, and under no other."""
    path = tmp_path / "results.jsonl"
    Store(path, key="a").keep(trial(FAULT, 1, "new"))

    assert Store(path, key="a").find(FAULT) == trial(FAULT, 1, "new")
    assert Store(path, key="b").find(FAULT) is None
    assert Store(None, key="a").find(FAULT) is None


def test_a_tool_is_run_on_a_server_of_its_own() -> None:
    """The tool gets the address of a server that is there, and its calls are counted."""
    script = (
        "import http.client, sys; c = http.client.HTTPConnection(sys.argv[1][7:], timeout=20); "
        "c.request('GET', '/'); print(c.getresponse().status); sys.exit(1)"
    )
    tried = try_out(FAULT, TOOLS["locum"](f'{{python}} -c "{script}" {{url}}', "full", 60))

    assert (tried.exit_code, tried.calls, tried.verdict) == (1, 1, "alarm")


@pytest.mark.parametrize(("subject", "said"), [(FAULT, "first"), (REFERENCE, "second")])
def test_a_fault_that_is_found_needs_no_further_part(tmp_path: Path, subject: Subject, said: str) -> None:
    """Parts are run in turn until a fault is found; on what is right the last one is run, which is all."""
    log = tmp_path / "log"
    script = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text(sys.argv[2]); sys.exit(1)"
    tool = TOOLS["locum"](f'{{python}} -c "{script}" {log} {{part}}', "full", 60)
    try_out(subject, replace(tool, parts=("first", "second")))

    assert log.read_text() == said


def test_the_first_part_leaves_generated_requests_out_alone() -> None:
    """Without a part every suite is played; the first part names all of them but one."""
    named = TOOLS["locum"](None, "full", 60).parts[0].split("--suite ")[1:]

    assert len(named) == len(SUITES) - 1
    assert "generated" not in [each.strip() for each in named]


def test_a_tool_that_never_ends_is_stopped() -> None:
    """After its time a tool is ended, and the server with it."""
    tried = try_out(FAULT, TOOLS["locum"]("{python} -c 'import time; time.sleep(600)'", "full", 0.5))

    assert (tried.exit_code, tried.verdict) == (None, "timeout")


def test_findings_are_read_from_reports(tmp_path: Path) -> None:
    """Failures of our own reports are told from warnings; a line that was cut off is left out."""
    ours, theirs = tmp_path / "ours.jsonl", tmp_path / "theirs.json"
    lines = [
        {"type": "finding", "identity": "a", "severity": "failure"},
        {"type": "finding", "identity": "b", "severity": "warning"},
        {"type": "result"},
    ]
    ours.write_text("\n".join([*(json.dumps(line) for line in lines), '{"type": "fin']))
    failure = {"code": "ST201", "title": "x", "operations": ["GET /a", "GET /b"]}
    theirs.write_text(json.dumps({"failures": [failure]}))

    assert found_by_locum(ours) == (frozenset({"a"}), frozenset({"b"}))
    assert found_by_schemathesis(theirs)[0] == frozenset({"GET /a ST201 x", "GET /b ST201 x"})
