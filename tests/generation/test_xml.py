from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from locum.contract.model import JsonObject, JsonValue
from locum.generation.media import encode, encoder

TEXT: JsonObject = {"type": "string"}


def xml(value: JsonValue, bundle: JsonObject) -> str:
    """Return *value* as XML, without its declaration."""
    return encode(value, "application/xml", bundle).decode().partition("?>\n")[2]


def record(**properties: JsonValue) -> JsonObject:
    """Return the schema of an object called `r`."""
    return {"type": "object", "properties": properties, "xml": {"name": "r"}}


@pytest.mark.parametrize(
    ("bundle", "value", "written"),
    [
        (record(a=TEXT), {"a": "x", "b": 1}, "<r><a>x</a><b>1</b></r>"),
        (record(a=TEXT | {"xml": {"name": "z"}}), {"a": "x"}, "<r><z>x</z></r>"),
        (record(id={"type": "integer", "xml": {"attribute": True}}), {"id": 7}, '<r id="7"></r>'),
        (
            record(a=TEXT | {"xml": {"prefix": "p", "namespace": "urn:x"}}),
            {"a": "x"},
            '<r><p:a xmlns:p="urn:x">x</p:a></r>',
        ),
        (record(a=TEXT | {"xml": {"namespace": "urn:x"}}), {"a": "x"}, '<r><a xmlns="urn:x">x</a></r>'),
        (record(t={"type": "array", "items": TEXT}), {"t": ["x", "y"]}, "<r><t>x</t><t>y</t></r>"),
        (
            record(t={"type": "array", "items": TEXT | {"xml": {"name": "i"}}}),
            {"t": ["x"]},
            "<r><i>x</i></r>",
        ),
        (
            record(t={"type": "array", "items": TEXT, "xml": {"wrapped": True}}),
            {"t": ["x"]},
            "<r><t><t>x</t></t></r>",
        ),
        (
            record(
                t={
                    "type": "array",
                    "items": TEXT | {"xml": {"name": "i"}},
                    "xml": {"wrapped": True, "name": "w"},
                }
            ),
            {"t": ["x"]},
            "<r><w><i>x</i></w></r>",
        ),
        (
            record(t={"type": "array", "items": TEXT, "xml": {"wrapped": True, "name": "w"}}),
            {"t": ["x"]},
            "<r><w><w>x</w></w></r>",
        ),
        (record(a={"type": "object"}), {"a": {"b": {"c": None}}}, "<r><a><b><c></c></b></a></r>"),
        (record(), {"1 a/b": True}, "<r><_1_a_b>true</_1_a_b></r>"),
        (record(a=TEXT), {"a": "<&>\x00"}, "<r><a>&lt;&amp;&gt;\ufffd</a></r>"),
        ({"type": "array", "items": record(a=TEXT)}, [{"a": "x"}], "<root><r><a>x</a></r></root>"),
        ({"$ref": "#/$defs/Pet", "$defs": {"Pet": {"type": "object"}}}, {"a": 1}, "<Pet><a>1</a></Pet>"),
        (record(), "<ready>made</ready>", ""),
    ],
)
def test_a_value_is_written_by_the_xml_object(bundle: JsonObject, value: JsonValue, written: str) -> None:
    """Names, attributes, namespaces, prefixes and wrapping are those of the schema."""
    assert xml(value, bundle) == written


def test_xml_that_is_written_out_is_taken_as_it_is() -> None:
    """Text that starts with an element is the body."""
    assert encode("<ready>made</ready>", "application/xml", record()) == b"<ready>made</ready>"


def test_the_root_is_called_as_the_schema_is_known() -> None:
    """Where the schema names no root, the name it is known by is taken."""
    assert encoder("text/xml", {"type": "object"}, name="Pet")({}).endswith(b"<Pet></Pet>")


@pytest.mark.parametrize(
    "value", [{"a": "\x0b", "é": "\ud800", "": [[1], [2]]}, [], None, 1.5, "", {"a": "x\r\ny"}]
)
def test_every_value_is_well_formed_xml(value: JsonValue) -> None:
    """Whatever the value, an XML parser reads what is written."""
    assert ET.fromstring(encode(value, "application/xml", {})) is not None  # noqa: S314 -- our own text
