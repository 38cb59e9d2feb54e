"""What is found in answers of a document that declares XML alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.verify.conftest import Serve, Told

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
READING = [each for each in SUITES if each.name == "examples"]
PET = {
    "type": "object",
    "required": ["id", "name", "tags"],
    "xml": {"name": "pet"},
    "properties": {
        "id": {"type": "integer", "xml": {"attribute": True}},
        "name": {"type": "string", "minLength": 1},
        "kind": {"enum": ["cat", "dog"]},
        "tags": {
            "type": "array",
            "xml": {"wrapped": True},
            "items": {"type": "string", "xml": {"name": "tag"}},
        },
        "toys": {"type": "array", "items": {"type": "string"}},
    },
}
DOCUMENT: Mapping[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pet": {
            "get": {
                "operationId": "getPet",
                "responses": {"200": {"description": "it", "content": {"application/xml": {"schema": PET}}}},
            }
        }
    },
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<pet id="7"><name>Tom</name><kind>cat</kind><tags><tag>a</tag></tags></pet>', set()),
        ('<pet id="7"><name>Tom</name></pet>', set()),
        ('<pet id="seven"><name>Tom</name><tags/></pet>', {("schema.body", "200 body/id")}),
        ('<pet id="7"><name>Tom</name><kind>cow</kind><tags/></pet>', {("schema.body", "200 body/kind")}),
        ('<pet id="7"><tags/></pet>', {("schema.body", "200 body/name")}),
        ('<pet id="7"><name>Tom</pet>', {("body.not-xml", "200 body")}),
    ],
)
def test_each_member_of_an_xml_answer_is_judged(
    written: Written, serve: Serve, body: str, expected: set[tuple[str, str]]
) -> None:
    """Attributes, elements and lists are held to the schema; a list that is empty leaves nothing behind."""
    told = Told(body=body.encode(), headers={"Content-Type": "application/xml"})
    report = run(prepare(written(DOCUMENT), Wish(url=serve(lambda _: told))), READING, JUDGES)

    assert {(each.rule, each.location) for each in report.findings} == expected


@pytest.mark.parametrize(
    ("charset", "written_in", "expected"),
    [
        ("iso-8859-1", "latin-1", set()),
        ("utf-8", "latin-1", {("body.not-xml", "200 body")}),
        ("iso-8859-1", "utf-16", set()),
    ],
)
def test_an_xml_answer_is_written_as_its_header_says(
    written: Written, serve: Serve, charset: str, written_in: str, expected: set[tuple[str, str]]
) -> None:
    """The charset of a header stands before all but the mark that a text begins with (RFC 7303, 3.3)."""
    body = '<pet id="7"><name>Zoë</name><tags/></pet>'.encode(written_in)
    told = Told(body=body, headers={"Content-Type": f"application/xml; charset={charset}"})
    report = run(prepare(written(DOCUMENT), Wish(url=serve(lambda _: told))), READING, JUDGES)

    assert {(each.rule, each.location) for each in report.findings} == expected
