from __future__ import annotations

import io
import shlex
from dataclasses import replace

from rich.console import Console

from locum.behaviour.exchanges import Judgement
from locum.cli.verdict_lines import Progress, tell_report
from locum.verify.events import Event, EventKind
from locum.verify.model import Finding, Received, Report, Result, Sent, Step, Untested

FINDING = Finding(
    operation="listPets",
    rule="schema.body",
    location="body/*/id",
    kind="wrong-type",
    promise="Every id is a whole number",
    expected="a whole number",
    received="[bold]x[/bold]\x1b[2J",
    steps=(
        Step(
            sent=Sent(
                method="GET",
                url="http://api.test/pets?limit=0&sort=name&order=descending",
                headers=(("Authorization", "Bearer [secret of alice]"), ("Accept", "application/json")),
            ),
            received=Received(status=200, body=b'[{"id":\n"x"}]'),
        ),
    ),
)
REPORT = Report(
    contract="pets",
    url="http://api.test",
    profile="quick",
    seed="7",
    started_at_s=0.0,
    took_s=1.25,
    requests=3,
    findings=(FINDING,),
    statuses={"listPets": {"200": 3}},
    declared={"listPets": ("200", "404")},
    untested=tuple(Untested(what=f"status {number}", reason="never answered") for number in range(20)),
)


def said(report: Report, width: int = 80) -> str:
    """Return what is printed where nothing is coloured."""
    printed = io.StringIO()
    tell_report(report, Console(file=printed, width=width, color_system=None))
    return printed.getvalue()


def test_a_finding_is_told_within_80_columns() -> None:
    """Promise, both sides, the command and the answer; commands are broken between words."""
    lines = said(REPORT).splitlines()

    assert lines[1:9] == [
        "listPets",
        "  failure Every id is a whole number",
        "    at       body/*/id (wrong-type)",
        "    expected a whole number",
        "    received [bold]x[/bold]\ufffd[2J",
        "    rule     schema.body",
        "    # TOKEN: the secret of alice",
        "    $ curl -i -H \"Authorization: Bearer $TOKEN\" -H 'Accept: application/json' \\",
    ]
    assert max(map(len, lines)) <= 80


def test_the_command_can_be_copied() -> None:
    """What stands behind the dollar is one command to a shell."""
    text = said(REPORT)
    command = text[text.index("$ curl") + 2 : text.index("    > 200")]

    assert shlex.split(command)[-1] == "http://api.test/pets?limit=0&sort=name&order=descending"


def test_the_verdict_comes_last_with_its_numbers() -> None:
    """Whoever looks at the end of a log sees what it came to, and what was not tested."""
    text = said(REPORT)

    assert "and 5 more" in text
    assert "listPets:  200 x3 broken  404 not seen" in text
    assert text.splitlines()[-1] == "1 promise is broken. 1 failure, 20 not tested"


def test_a_run_that_could_not_test_says_why() -> None:
    """An obstacle is the verdict."""
    text = said(replace(REPORT, findings=(), obstacle="nothing answers at http://api.test"))

    assert "Nothing could be tested: nothing answers at http://api.test." in text


def test_progress_is_a_line_on_a_terminal_and_nothing_in_a_file() -> None:
    """A log of CI is not filled with spinners."""
    result = Result(
        operation="listPets",
        rule="r",
        title="",
        suite="relations",
        judgement=Judgement.BROKEN,
        findings=(FINDING,),
    )
    events = [
        Event(kind=EventKind.SUITE_STARTED, suite="relations"),
        Event(kind=EventKind.EXCHANGED, suite="relations"),
        Event(kind=EventKind.JUDGED, suite="relations", result=result),
    ]
    shown, quiet = io.StringIO(), io.StringIO()
    for file, is_terminal in ((shown, True), (quiet, False)):
        with Progress(Console(file=file, force_terminal=is_terminal, width=80)) as progress:
            for event in events:
                progress(event)

    assert "relations: 1 requests, 1 failures so far" in shown.getvalue()
    assert quiet.getvalue() == ""


def test_findings_alike_are_told_once() -> None:
    """One promise broken at one place in many ways: the first at length, the others by what differs."""
    ways = tuple(replace(FINDING, kind=kind) for kind in ("wrong-type", "null", "empty"))
    text = said(replace(REPORT, findings=ways))

    assert text.count(FINDING.promise) == 1
    assert f"also     2 more: null {ways[1].id}, empty {ways[2].id}" in text


def test_what_is_not_told_at_length_has_its_place() -> None:
    """Of very many findings the last have a line each, and no two lines are the same."""
    many = tuple(replace(FINDING, location=f"body/{number}") for number in range(20))
    lines = [line for line in said(replace(REPORT, findings=many)).splitlines() if FINDING.promise in line]

    assert lines[-1] == f"  failure {FINDING.promise}: body/19 (wrong-type)"
    assert len(lines) == 20
