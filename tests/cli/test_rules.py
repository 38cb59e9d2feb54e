from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Run = Callable[..., Any]

DOCUMENT = """\
openapi: 3.1.0
info: {title: Stays, version: '1'}
paths:
  /stays:
    get:
      operationId: listStays
      x-invariants:
      - {id: counted, message: The count is true, rule: body.count == count(body.stays)}
      x-requires:
      - id: forward
        message: A stay ends after it starts
        parameter: start
        when: has(query.start) && has(query.end)
        rule: query.start < query.end
      parameters:
      - {name: start, in: query, schema: {type: integer}}
      - {name: end, in: query, schema: {type: integer}}
      responses:
        '200':
          description: All
          content:
            application/json:
              schema: {type: object, properties: {count: {type: integer, const: 0}, stays: {maxItems: 0}}}
              example: {count: 0, stays: []}
        '400':
          description: Refused
          content: {application/json: {schema: {type: object}}}
"""


@pytest.mark.parametrize(
    ("written", "wrong", "told"),
    [
        ("", "", ""),
        ("rule: body.count == count(body.stays)", "rule: body.count == 1.0", "breaks `counted`"),
        ("rule: body.count == count(body.stays)", "rule: 'true'", "no change of an answer breaks `counted`"),
        (
            "The count is true, ",
            "The count is true, statuses: [418], ",
            "no answer of the stand-in is spoken of by",
        ),
        (
            "rule: body.count ==",
            "rule: body.cuont ==",
            "breaks `counted`: The count is true: cannot be evaluated",
        ),
        (
            "query.start < query.end",
            "query.start < query.start",
            "no request to listStays was found that keeps",
        ),
        ("rule: query.start < query.end", "rule: 'true'", "no request to listStays was found that breaks"),
        ("query.start < query.end", "query.strat <", "`query.strat <` is no expression"),
        ("rule: query.start <", "rul: query.start <", "hint: did you mean `rule`?"),
        ("parameter: start", "parameter: start\\n        statuses: [409]", "is answered 200, not 409"),
    ],
)
def test_check_proves_each_rule(locum: Run, tmp_path: Path, written: str, wrong: str, told: str) -> None:
    """It is looked at, holds on the stand-in, and can be broken; requests are refused as it says."""
    (tmp_path / "stays.yaml").write_text(DOCUMENT.replace(written, wrong.replace("\\n", "\n"), 1))

    done = locum("check", "stays.yaml")

    assert done.stderr == ""
    if told:
        assert told in done.stdout
        assert "[rules." in done.stdout
    else:
        assert done.stdout == "stays.yaml: 1 operation, 1 usable, nothing to mend\n"
    assert done.returncode in {0, 1}


def test_suggest_prints_a_sheet_with_reasons(locum: Run, tmp_path: Path) -> None:
    """YAML that can be put beside the document; `--json` for machines."""
    (tmp_path / "stays.yaml").write_text(DOCUMENT)

    done, machine = locum("rules", "suggest", "stays.yaml"), locum("rules", "suggest", "stays.yaml", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    sheet = yaml.safe_load(done.stdout)
    assert [each["expression"] for each in sheet["requires"]] == ["query.start <= query.end"]
    assert "# listStays: `start` and `end` name the ends of a range." in done.stdout
    assert [each["part"] for each in json.loads(machine.stdout)] == ["requires", "invariants"]


def test_nothing_to_suggest_is_said(locum: Run, tmp_path: Path) -> None:
    """A document without lists and ranges is no error."""
    (tmp_path / "empty.yaml").write_text("openapi: 3.1.0\ninfo: {title: E, version: '1'}\npaths: {}\n")

    done = locum("rules", "suggest", "empty.yaml")

    assert (done.returncode, done.stdout) == (0, "# Nothing in this document looks like a rule.\n")
