from collections.abc import Callable
from typing import Any

import pytest

from locum.contract import Contract, Schema
from locum.errors import ContractError

OK = {"200": {"description": "OK"}}


def referring(schema: object) -> dict[str, Any]:
    """Return paths with one operation that answers *schema*."""
    content = {"application/json": {"schema": schema}}
    return {"/": {"get": {"responses": {"200": {"content": content}}}}}


def answer_schema(contract: Contract) -> Schema:
    """Return the schema of the only answer of *contract*."""
    schema = contract.operation(contract.routes[0]).responses[0].content[0].schema
    assert schema is not None
    return schema


@pytest.mark.parametrize(
    ("reference", "file", "text"),
    [
        ("common/pet.yaml", "/api/common/pet.yaml", "type: string"),
        ("./common/pet.yaml#/defs/a~1b%20c", "/api/common/pet.yaml", "defs: {a/b c: {type: string}}"),
        ("a%20b.json#", "/api/a b.json", '{"type": "string"}'),
        ("file:///api/x.yaml", "/api/x.yaml", "type: string"),
        ("x.yaml#name", "/api/x.yaml", "$defs: {n: {$anchor: name, type: string}}"),
        ("x.yaml", "/api/x.yaml", "$ref: y.yaml"),
    ],
)
def test_references_reach_other_files(
    read: Callable[..., Contract], reference: str, file: str, text: str
) -> None:
    """Relative paths, percent-encoding, escaped pointers and anchors count from the file they stand in."""
    contract = read({file: text, "/api/y.yaml": "type: string"}, paths=referring({"$ref": reference}))

    assert answer_schema(contract).bundle() == {"type": "string"}
    assert file in contract.files


def test_circular_references_stay_references(read: Callable[..., Contract]) -> None:
    """A schema that contains itself is bundled once."""
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}}
    contract = read(
        paths=referring({"$ref": "#/components/schemas/Node"}), components={"schemas": {"Node": node}}
    )

    bundled = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    assert answer_schema(contract).bundle() == bundled | {"$defs": {"Node": bundled}}


def test_embedded_resources_are_found_by_their_identifier(read: Callable[..., Contract]) -> None:
    """`$id` names a schema, and is the base of the references inside it."""
    tree = {
        "$id": "https://example.com/tree",
        "properties": {"leaf": {"$ref": "#/$defs/leaf"}},
        "$defs": {"leaf": {"type": "string"}},
    }
    contract = read(
        paths=referring({"properties": {"t": {"$ref": "https://example.com/tree"}}}),
        components={"schemas": {"Tree": tree, "Other": {"$ref": "https://example.com/tree"}}},
    )

    schema = answer_schema(contract)

    assert [schema.is_valid({"t": {"leaf": leaf}}) for leaf in ("green", 1)] == [True, False]
    assert contract.list_diagnostics() == ()


def test_an_identifier_that_is_no_uri_harms_nothing(read: Callable[..., Contract]) -> None:
    """A bracket that does not close leaves a schema known by what stands there."""
    odd = {"$id": "http://[::1", "$defs": {"n": {"type": "integer"}}, "$ref": "#/$defs/n"}
    contract = read(
        paths=referring({"$ref": "#/components/schemas/Odd"}), components={"schemas": {"Odd": odd}}
    )

    assert [answer_schema(contract).is_valid(value) for value in (1, "one")] == [True, False]


@pytest.mark.parametrize(
    ("reference", "code", "hint"),
    [
        ("http://[::1#/x", "remote-reference", "allow it by --allow-remote-refs"),
        ("file://[::1/x", "outside-reference", "name a folder above both by --root DIR"),
        ("#/components/schemas/Pets", "unresolved-reference", "did you mean #/components/schemas/Pet?"),
        ("#/definitions/Pet", "unresolved-reference", "did you mean #/components/schemas/Pet?"),
        ("#nowhere", "unresolved-reference", ""),
        ("none.yaml", "unresolved-reference", "looked for /api/none.yaml"),
        ("urn:x:y", "unresolved-reference", ""),
        ("../x.yaml", "outside-reference", "name a folder above both by --root DIR"),
        ("/etc/passwd", "outside-reference", "name a folder above both by --root DIR"),
        ("file:///etc/passwd", "outside-reference", "name a folder above both by --root DIR"),
        ("http://example.com/x.yaml", "remote-reference", "allow it by --allow-remote-refs"),
        ("//example.com/x.yaml", "outside-reference", "name a folder above both by --root DIR"),
    ],
)
def test_unusable_references_are_refused_with_a_hint(
    read: Callable[..., Contract], reference: str, code: str, hint: str
) -> None:
    """A body that is nothing but such a reference cannot be used; the error says what would help."""
    contract = read(paths=referring({"$ref": reference}), components={"schemas": {"Pet": {"type": "object"}}})

    with pytest.raises(ContractError) as caught:
        answer_schema(contract).bundle()

    found = caught.value.diagnostics[0]
    assert (found.code, found.hint) == (f"contract.{code}", hint)
    assert found.where.line == 1


def test_an_unusable_reference_inside_a_schema_leaves_that_part_open(read: Callable[..., Contract]) -> None:
    """One dangling part does not take the whole body with it, but is reported."""
    contract = read(paths=referring({"type": "object", "properties": {"a": {"$ref": "#/x"}}}))

    assert answer_schema(contract).bundle() == {"type": "object", "properties": {"a": {}}}
    assert [each.code for each in contract.list_diagnostics()] == ["contract.unresolved-reference"]


def test_a_wider_root_admits_neighbouring_folders(read: Callable[..., Contract]) -> None:
    """The folder references must stay in is the caller's to choose."""
    contract = read(
        {"/common/x.yaml": "type: string"},
        paths=referring({"$ref": "../common/x.yaml"}),
        options={"root": "/"},
    )

    assert answer_schema(contract).bundle() == {"type": "string"}


def test_remote_references_are_followed_when_allowed(read: Callable[..., Contract]) -> None:
    """With permission, `retrieve` is asked for the URL."""
    contract = read(
        {"https://example.com/x.yaml": "type: string"},
        paths=referring({"$ref": "https://example.com/x.yaml"}),
        options={"allow_remote_refs": True},
    )

    assert answer_schema(contract).bundle() == {"type": "string"}


def test_references_in_values_are_never_followed(read: Callable[..., Contract]) -> None:
    """What looks like a reference inside an example, a default, an enum or an extension is data."""
    data = {"$ref": "http://example.com/private"}
    schema = {"example": data, "default": data, "enum": [data], "x-origin": data, "examples": [data]}
    contract = read(paths=referring(schema))

    assert answer_schema(contract).bundle() == schema
    assert contract.list_diagnostics() == ()


def test_a_reference_that_leads_back_to_itself_is_refused(read: Callable[..., Contract]) -> None:
    """A circle of bare references has no schema in it."""
    schemas = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
    contract = read(paths=referring({"$ref": "#/components/schemas/A"}), components={"schemas": schemas})

    with pytest.raises(ContractError, match="leads back to itself"):
        answer_schema(contract).bundle()


def test_a_broken_file_is_reported_where_it_breaks(read: Callable[..., Contract]) -> None:
    """A syntax error in another file names that file and line, beside the reference that led there."""
    contract = read({"/api/x.yaml": "a: 1\nb: ]"}, paths=referring({"$ref": "x.yaml"}))

    with pytest.raises(ContractError) as caught:
        answer_schema(contract).bundle()

    assert [(each.where.file, each.where.line) for each in caught.value.diagnostics] == [
        ("/api/main.json", 1),
        ("/api/x.yaml", 2),
    ]
