"""One report with everything in it that a reporter has to tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from locum.behaviour.exchanges import Judgement
from locum.behaviour.model import Credential
from locum.behaviour.redaction import Redaction, compile_redaction
from locum.contract.model import Location, Place, SecurityScheme, SecurityType
from locum.errors import Where
from locum.verify.model import Finding, Observed, Received, Report, Result, Sent, Severity, Step, Untested

SECRET = "s3cr3t-of-alice"
SCHEMAS = Path(__file__).parent / "schemas"
#: 15 January 2024, 12:00 UTC.
NOON_S = 1705320000.0

LIST = Step(
    sent=Sent(
        method="GET",
        url=f"http://bob:pass@api.test/pets?limit=0&key={SECRET}",
        headers=(("Host", "api.test"), ("Authorization", f"Bearer {SECRET}"), ("Accept", "application/json")),
    ),
    received=Received(
        status=200,
        headers=(("Content-Type", "application/json"), ("X-Echo", SECRET)),
        body=b'[{"id":"x","name":"R\xc3\xa9x <script>alert(1)</script>","token":"s3cr3t-of-alice"}]',
        took_s=0.25,
    ),
)
POST = Step(
    sent=Sent(
        method="POST",
        url="http://api.test/pets",
        headers=(("Content-Type", "application/json"),),
        body=b'{"name":"it\'s $HOME"}',
    ),
    received=Received(status=500, headers=(("Content-Type", "text/plain"),), body=b"\x00\x01 Traceback"),
)
SILENT = Step(sent=Sent(method="HEAD", url="http://api.test/pets"), failure="the connection was reset")

BROKEN = Finding(
    operation="listPets",
    rule="schema.body",
    location="body/*/id",
    kind="wrong-type",
    promise="Every id is a whole number",
    expected='"id": 12',
    received='"id": "x"',
    steps=(LIST,),
    where=Where(file="/srv/shop/openapi/pets, v1.yaml", line=12, column=7, pointer="/paths/~1pets/get"),
    confidence="SEED",
    source="S1-02",
)
SERVER_ERROR = Finding(
    operation="addPet",
    rule="status.server-error",
    kind="5xx",
    promise="No request breaks the server: 100 % of them\nare answered",
    expected="a declared status",
    received="500 \x1b[31m",
    steps=(LIST, POST),
    where=Where(file="/srv/shop/openapi/pets, v1.yaml", line=40),
    engine="schemathesis",
)
WARNING = Finding(
    operation="listPets",
    rule="paging.order",
    location="query.sort",
    severity=Severity.WARNING,
    promise="Pages keep their order",
    steps=(LIST,),
)
DEVIATION = Finding(
    operation="listPets", rule="headers.date", severity=Severity.DEVIATION, promise="Every answer has a date"
)
KNOWN = Finding(
    operation="listPets", rule="protocol.head", promise="HEAD is answered like GET", steps=(SILENT,)
)
EXPIRED = Finding(operation="addPet", rule="protocol.options", promise="OPTIONS names what is allowed")


@pytest.fixture
def redaction() -> Redaction:
    """Return what is secret in the report."""
    scheme = SecurityScheme(
        name="key",
        type=SecurityType.API_KEY,
        location=Location.QUERY,
        parameter="key",
        place=Place(uri="", pointer=""),
    )
    return compile_redaction([scheme], [Credential(id="alice", scheme="key", secret=SECRET)])


@pytest.fixture
def report() -> Report:
    """Return a report of two operations: new, known and expired findings, and what was not tested."""
    return Report(
        contract="pets",
        version="1.2",
        document="/srv/shop/openapi/pets, v1.yaml",
        url=f"http://bob:pass@api.test/?key={SECRET}",
        profile="quick",
        seed="monday",
        started_at_s=NOON_S,
        took_s=3.5,
        requests=42,
        results=(
            _result("listPets", "schema.body", "Bodies satisfy their schema", BROKEN),
            _result("listPets", "paging.order", "Pages keep their order", WARNING),
            _result("listPets", "protocol.head", "HEAD is answered like GET", KNOWN),
            _result("listPets", "headers.date", "Every answer has a date", DEVIATION),
            _result("listPets", "examples", "Declared examples are answered"),
            Result(
                operation="addPet",
                rule="pets.total",
                title="The total is the sum of its parts",
                suite="invariants",
                judgement=Judgement.NOT_EVALUATED,
                reason="no answer had parts",
            ),
            _result("addPet", "protocol.options", "OPTIONS names what is allowed", EXPIRED),
        ),
        findings=(BROKEN, SERVER_ERROR, WARNING, DEVIATION),
        known=(KNOWN,),
        expired=(EXPIRED,),
        reasons={KNOWN.identity: f"a proxy in between; told by {SECRET}"},
        statuses={"listPets": {"200": 17, "503": 1}, "addPet": {"default": 2}},
        declared={"listPets": ("200", "4XX"), "addPet": ("201", "default")},
        untested=(Untested(what="addPet: 201", reason="no credential may write"),),
        traffic=(
            Observed(operation="listPets", suite="examples", at_s=NOON_S, step=LIST),
            Observed(operation="", suite="protocol", at_s=NOON_S + 1, step=SILENT),
        ),
    )


def _result(operation: str, rule: str, title: str, *findings: Finding) -> Result:
    return Result(
        operation=operation,
        rule=rule,
        title=title,
        suite="planner",
        judgement=Judgement.BROKEN if findings else Judgement.HELD,
        evaluated=3,
        findings=findings,
        where=Where(file="/srv/shop/openapi/pets, v1.yaml", line=9),
        took_s=0.125,
    )
