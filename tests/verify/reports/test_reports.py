from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema
from tests.verify.reports.conftest import SCHEMAS, SECRET

from locum.behaviour.redaction import PLAIN, Redaction
from locum.verify.model import Finding, Report, Sent, Severity, Step
from locum.verify.reports import WRITERS, write
from locum.verify.reports.curl import curl_line, variables
from locum.verify.reports.summary import Mark, matrix, sentence, summarize
from locum.verify.reports.told import held

FOLDER = "/srv/shop"
NAMES = tuple(WRITERS)


def told(name: str, report: Report, redaction: Redaction) -> str:
    """Return a report as text."""
    return write(name, report, redaction, folder=FOLDER).decode()


@pytest.fixture
def empty(report: Report) -> Report:
    """Return the report of a run that could not test anything."""
    return Report(
        contract="pets",
        url="http://api.test",
        profile="quick",
        seed="",
        started_at_s=report.started_at_s,
        obstacle="nothing answers at http://api.test",
    )


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_is_told(name: str, report: Report, redaction: Redaction) -> None:
    """Whoever reads a report learns neither a known secret nor the password of an address."""
    text = told(name, report, redaction)

    assert SECRET not in text
    assert "bob:pass" not in text


@pytest.mark.parametrize("name", NAMES)
def test_the_same_report_gives_the_same_bytes(name: str, report: Report, redaction: Redaction) -> None:
    """Reports can be compared."""
    assert write(name, report, redaction) == write(name, report, redaction)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_that_tested_nothing_is_told_as_such(name: str, empty: Report, redaction: Redaction) -> None:
    """The obstacle is there for whoever reads; a machine that lists findings alone gets an empty list."""
    text = told(name, empty, redaction)

    assert (empty.obstacle in text.replace("%3A", ":")) == (name not in {"gitlab", "har"})


@pytest.mark.parametrize("name", NAMES)
def test_text_of_servers_breaks_no_format(name: str, report: Report, redaction: Redaction) -> None:
    """Control characters, lone surrogates and markup of an answer are text and nothing more."""
    odd = "\x00\x1b[2J ]]> </script><b>odd\ud800 ::error::\r\n::error::%"
    finding = replace(report.findings[0], promise=odd, received=odd, expected=odd)

    text = told(name, replace(report, findings=(finding,), traffic=()), redaction)

    assert "\x1b" not in text or name == "html"
    assert "<b>odd" not in text or name in {"github", "gitlab", "jsonl", "sarif"}
    assert name != "github" or [line[:8] for line in text.splitlines()] == ["::error ", "::error "]


def test_junit_satisfies_the_schema_of_jenkins(report: Report, empty: Report, redaction: Redaction) -> None:
    """The XSD of the xUnit plugin accepts it."""
    schema = xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")

    for each in (report, empty):
        schema.validate(told("junit", each, redaction))


def test_junit_has_a_case_for_each_operation_and_check(report: Report, redaction: Redaction) -> None:
    """Failures fail, warnings are told, what is known or was not looked at is skipped with its reason."""
    root = ET.fromstring(told("junit", report, redaction))  # noqa: S314 -- our own
    cases = {
        (case.get("classname"), (case.get("name") or "").split(":")[0]): [child.tag for child in case]
        for case in root.iter("testcase")
    }
    skipped = [each.get("message") for each in root.iter("skipped")]

    assert cases == {
        ("pets.listPets", "schema.body"): ["failure"],
        ("pets.listPets", "paging.order"): ["system-out"],
        ("pets.listPets", "protocol.head"): ["skipped"],
        ("pets.listPets", "headers.date"): ["system-out"],
        ("pets.listPets", "examples"): [],
        ("pets.addPet", "pets.total"): ["skipped"],
        ("pets.addPet", "protocol.options"): ["failure"],
        ("pets.addPet", "status.server-error"): ["failure"],
    }
    assert skipped == [
        "known failure: a proxy in between; told by [secret of alice]",
        "not evaluated: no answer had parts",
    ]
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["8", "3", "0"]


def test_junit_can_have_file_and_line_on_each_case(report: Report, redaction: Redaction) -> None:
    """GitLab and others read the place of a case, which the schema of Jenkins has no word for."""
    root = ET.fromstring(told("junit-places", report, redaction))  # noqa: S314 -- our own
    case = next(each for each in root.iter("testcase") if "schema.body" in str(each.get("name")))
    properties = {each.get("name"): each.get("value") for each in case.iter("property")}

    assert (case.get("file"), case.get("line")) == ("openapi/pets, v1.yaml", "12")
    assert properties == {"rule": "schema.body", "suite": "planner", "findings": report.findings[0].id}


def test_sarif_satisfies_its_schema(report: Report, empty: Report, redaction: Redaction) -> None:
    """The schema of SARIF 2.1.0 accepts it."""
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    validator = jsonschema.Draft4Validator(schema)

    for each in (report, empty):
        assert list(validator.iter_errors(json.loads(told("sarif", each, redaction)))) == []


def test_sarif_points_into_the_contract(report: Report, redaction: Redaction) -> None:
    """A result has its place, a fingerprint of its identity, and is suppressed when it is known."""
    run = json.loads(told("sarif", report, redaction))["runs"][0]
    first, *_, known = run["results"]

    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "openapi/pets%2C%20v1.yaml"},
        "region": {"startLine": 12, "startColumn": 7},
    }
    assert first["partialFingerprints"] == {"locumIdentity/v1": report.findings[0].id}
    assert [each["level"] for each in run["results"]] == [
        "error",
        "error",
        "warning",
        "note",
        "error",
        "error",
    ]
    assert known["suppressions"][0]["justification"] == "a proxy in between; told by [secret of alice]"
    assert run["invocations"][0]["exitCode"] == 1


def test_github_reads_one_command_a_finding(report: Report, redaction: Redaction) -> None:
    """Every finding that is not known is one line, with whatever has a meaning there escaped."""
    lines = told("github", report, redaction).splitlines()

    assert [line.split(" ")[0] for line in lines] == [
        "::error",
        "::error",
        "::warning",
        "::notice",
        "::error",
    ]
    assert lines[0].startswith(
        "::error file=openapi/pets%2C v1.yaml,line=12,col=7,title=listPets%3A Every id is a whole number::"
    )
    assert "title=addPet%3A No request breaks the server%3A 100 %25 of them%0Aare answered::" in lines[1]


def test_gitlab_has_what_a_code_quality_report_needs(report: Report, redaction: Redaction) -> None:
    """Description, name, fingerprint, severity and place; no fingerprint comes twice."""
    issues: list[dict[str, Any]] = json.loads(told("gitlab", report, redaction))

    assert [each["severity"] for each in issues] == ["major", "major", "minor", "info", "major"]
    assert issues[0]["location"] == {"path": "openapi/pets, v1.yaml", "lines": {"begin": 12}}
    assert len({each["fingerprint"] for each in issues}) == len(issues)


def test_json_lines_tell_everything(report: Report, redaction: Redaction) -> None:
    """One object a line, from the run to its end; each finding has its state and its exchanges."""
    lines = [json.loads(line) for line in told("jsonl", report, redaction).splitlines()]
    states = [each["state"] for each in lines if each["type"] == "finding"]

    assert [lines[0]["type"], lines[-1]["type"]] == ["run", "end"]
    assert states == ["new"] * 4 + ["expired", "known"]
    assert lines[-1]["exit_code"] == 1
    assert lines[-1]["summary"]["answered"] == 1


def test_har_holds_the_traffic(report: Report, redaction: Redaction) -> None:
    """Every exchange is an entry; what was not answered has status 0 and says why."""
    first, second = json.loads(told("har", report, redaction))["log"]["entries"]

    assert (first["_operation"], first["_suite"]) == ("listPets", "examples")
    assert first["response"]["status"] == 200
    assert (second["response"]["status"], second["_failure"]) == (0, "the connection was reset")


def test_a_curl_line_takes_the_secret_from_a_variable() -> None:
    """What a shell would take for its own stays text; the secret stands as a variable."""
    sent = Sent(
        method="PATCH",
        url="http://a.test/x[1]?key=[secret of bob]s",
        headers=(("Host", "a.test"), ("X", 'a "$b" [secret of bob]'), ("Content-Type", "text/plain")),
        body=b"@it's",
    )

    assert curl_line(sent) == (
        r"""printf '\100\151\164\047\163' | curl -i -X PATCH -H "X: a \"\$b\" $TOKEN" """
        """-H 'Content-Type: text/plain' -g --data-binary @- "http://a.test/x[1]?key=${TOKEN}s\""""
    )
    assert variables(sent) == {"TOKEN": "bob"}


def test_several_secrets_have_several_variables() -> None:
    """Each variable says whose secret it holds."""
    sent = Sent(method="GET", url="http://a.test/", headers=(("A", "[secret of a-b]"), ("B", "[redacted]")))

    assert curl_line(sent) == 'curl -i -H "A: $TOKEN_A_B" -H "B: $TOKEN" http://a.test/'
    assert variables(sent) == {"TOKEN_A_B": "a-b", "TOKEN": ""}


def test_the_numbers_of_a_report(report: Report) -> None:
    """New failures, warnings, deviations, and what was seen of what is declared."""
    summary = summarize(report)

    assert (summary.failures, summary.warnings, summary.deviations) == (2, 1, 1)
    assert (summary.known, summary.expired, summary.untested) == (1, 1, 1)
    assert (summary.answered, summary.operations) == (1, 2)
    assert (summary.seen, summary.statuses) == (2, 4)
    assert (summary.evaluated, summary.rules) == (6, 7)


def test_the_matrix_marks_each_status(report: Report) -> None:
    """Broken, not seen, undeclared, and what no status tells of."""
    listed, added = matrix(report).rows

    assert matrix(report).statuses == ("200", "201", "503", "4XX", "default")
    assert [cell.mark for cell in listed.cells] == [
        *(Mark.BROKEN, Mark.ABSENT, Mark.UNDECLARED, Mark.UNSEEN, Mark.ABSENT)
    ]
    assert [cell.mark for cell in added.cells] == [
        *(Mark.ABSENT, Mark.UNSEEN, Mark.ABSENT, Mark.ABSENT, Mark.BROKEN)
    ]
    assert listed.other.mark is Mark.WARNED
    assert added.other.mark is Mark.BROKEN


def test_the_verdict_in_one_sentence(report: Report, empty: Report) -> None:
    """The sentence agrees with the exit code."""
    quiet = replace(report, findings=report.findings[2:])

    assert sentence(report) == "2 promises are broken."
    assert sentence(quiet) == "1 known failure has expired."
    assert sentence(replace(quiet, expired=())) == "The contract is kept."
    assert sentence(empty) == "Nothing could be tested: nothing answers at http://api.test."
    assert sentence(replace(empty, interrupted=True)).startswith("The run was interrupted")


def test_what_was_sent_need_not_be_an_address(report: Report) -> None:
    """A raw probe may send anything; it is told all the same."""
    sent = Sent(method="GET", url="http://[::bad/\x01", headers=(("X", "\xff"),), body=b"\xff\x00")
    odd = Finding(operation="", rule="raw", promise="p", severity=Severity.FAILURE, steps=(Step(sent=sent),))
    observed = replace(report.traffic[0], step=Step(sent=sent))

    for name in NAMES:
        assert write(name, replace(report, findings=(odd,), traffic=(observed,)), PLAIN)


@pytest.mark.parametrize(
    ("kind", "rule", "told"),
    [
        ("unknown", "auth.accepted", "a credential that nobody has"),
        ("null", "auth.accepted", "the text null"),
        ("no-credential", "auth.accepted", "a secret"),
        ("null", "schema.body", "a secret"),
    ],
)
def test_what_a_variable_must_hold_is_told(kind: str, rule: str, told: str) -> None:
    """Whoever repeats a call with a wrong credential is told which; the calls before it have others."""
    good = Step(sent=Sent(method="GET", url="http://a.test/", headers=(("A", "[secret of ada]"),)))
    wrong = Step(sent=Sent(method="GET", url="http://a.test/", headers=(("A", "[redacted]"),)))
    before = Step(sent=wrong.sent)
    finding = Finding(operation="list", rule=rule, kind=kind, promise="", steps=(good, before, wrong))

    assert [held(each, finding)["TOKEN"] for each in finding.steps] == ["the secret of ada", "a secret", told]


def test_github_is_told_once_what_is_alike(report: Report, redaction: Redaction) -> None:
    """A job shows ten notes: one promise broken at one place takes one, and no line of it is endless."""
    first = report.findings[0]
    long = replace(first.steps[0].sent, url=f"http://api.test/pets?q={'a' * 5000}")
    ways = [replace(first, kind=f"way-{number}") for number in range(12)]
    ways[0] = replace(ways[0], steps=(replace(first.steps[0], sent=long),))
    lines = told("github", replace(report, findings=tuple(ways)), redaction).splitlines()

    assert [line.startswith("::error") for line in lines[:1]] == [True]
    assert f"way-11 {ways[11].id}" in lines[0]
    assert len(lines) == 1 + len(report.expired)
    assert len(lines[0]) < 3000
