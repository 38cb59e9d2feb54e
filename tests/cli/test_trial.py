"""What `locum check` finds by trying every answer."""

from __future__ import annotations

from locum.cli.trial import try_answers
from locum.contract import read_contract
from locum.errors import Severity

DOCUMENT = b"""
openapi: 3.1.0
info: {title: t, version: "1"}
paths:
  /never:
    get:
      responses:
        "200":
          description: nothing is this
          content: {application/json: {schema: {type: string, minLength: 5, maxLength: 2}}}
  /seldom:
    get:
      responses:
        "200": {description: fine}
        "400":
          description: nothing is this
          content: {application/json: {schema: {type: integer, minimum: 5, maximum: 3}}}
  /always:
    get:
      responses: {"200": {description: fine, content: {application/json: {schema: {type: integer}}}}}
"""


def test_an_operation_without_a_possible_answer_is_not_usable() -> None:
    """What would answer 501 is told beforehand, where it stands."""
    trial = try_answers(read_contract("t.yaml", {"t.yaml": DOCUMENT}.__getitem__))

    assert trial.usable == 2
    assert [(each.severity, each.code, each.where.line) for each in trial.diagnostics] == [
        (Severity.ERROR, "generation.unmet.minLength", 10),
        (Severity.WARNING, "generation.unmet.minimum", 17),
    ]


def test_an_example_that_is_valid_makes_an_answer_possible() -> None:
    """Where the author wrote down a valid answer, none has to be made."""
    text = DOCUMENT.replace(b"schema: {type: integer}", b"schema: {type: integer}, example: 3")

    assert try_answers(read_contract("t.yaml", {"t.yaml": text}.__getitem__)).usable == 2


def test_what_cannot_be_met_is_told_where_it_is_written() -> None:
    """A member of a component has a line of its own, which the schema that refers to it does not tell."""
    schema = b'schema: {type: object, required: [a], properties: {a: {$ref: "#/components/schemas/A"}}}'
    text = DOCUMENT.replace(b"schema: {type: integer}", schema)
    text += b"""components:
  schemas:
    A:
      type: object
      required: [a]
      properties:
        a: {type: integer, minimum: 5, maximum: 3}
"""
    found = try_answers(read_contract("t.yaml", {"t.yaml": text}.__getitem__)).diagnostics

    assert ("/components/schemas/A/properties/a", 27) in [
        (each.where.pointer, each.where.line) for each in found
    ]
