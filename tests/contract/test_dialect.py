from collections.abc import Callable
from typing import Any

import orjson
import pytest

from locum.contract import Contract, Direction, JsonObject, Schema, inspect_contract

PET = {"type": "object", "required": ["id", "name"], "properties": {"id": {"readOnly": True}, "name": {}}}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        (
            {"type": "string", "enum": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"allOf": [{"type": "string"}], "nullable": True, "description": "d"},
            {"description": "d", "anyOf": [{"allOf": [{"type": "string"}]}, {"type": "null"}]},
        ),
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
        (
            {"type": "integer", "format": "int32", "minimum": 0},
            {"type": "integer", "format": "int32", "minimum": 0, "maximum": 2147483647},
        ),
        ({"type": "number", "format": "int32"}, {"type": "number", "format": "int32"}),
        ({"type": "integer", "enum": ["1", "2"]}, {"type": "integer", "enum": ["1", "2", 1, 2]}),
        ({"type": "boolean", "enum": ["true"]}, {"type": "boolean", "enum": ["true", True]}),
        ({"type": "integer", "enum": ["one"]}, {"type": "integer", "enum": ["one"]}),
        ({"type": "string", "enum": ["a", 1, True]}, {"type": "string", "enum": ["a", 1, True, "1", "true"]}),
        ({"xml": {"name": "x"}, "x-a": 1, "example": 2}, {"xml": {"name": "x"}, "x-a": 1, "example": 2}),
        ({"x-example": 1}, {"x-example": 1, "example": 1}),
        ({"x-example": 1, "example": 2}, {"x-example": 1, "example": 2}),
        ({"type": "String"}, {"type": "string"}),
        ({"items": None, "type": "array"}, {"type": "array"}),
    ],
)
def test_a_schema_of_3_0_is_translated(
    schema_of: Callable[..., Schema], written: dict[str, Any], expected: dict[str, Any]
) -> None:
    """What OpenAPI 3.0 writes in its own way becomes JSON Schema 2020-12."""
    assert schema_of(written, version="3.0.3").bundle() == expected


def test_keywords_beside_a_reference_count_in_3_1_only(schema_of: Callable[..., Schema]) -> None:
    """In 3.0 a reference stands alone (3.0.4, 4.7.23)."""
    written = {"properties": {"a": {"$ref": "#/components/schemas/A", "maxLength": 1}}}

    early = schema_of(written, version="3.0.3", A={"type": "string"}).bundle()
    modern = schema_of(written, version="3.1.0", A={"type": "string"}).bundle()

    assert early["properties"] == {"a": {"$ref": "#/$defs/A"}}
    assert modern["properties"] == {"a": {"$ref": "#/$defs/A", "maxLength": 1}}


def test_null_beside_a_reference_is_allowed(schema_of: Callable[..., Schema]) -> None:
    """`nullable` beside `$ref` is common, and meant."""
    schema = schema_of(
        {"$ref": "#/components/schemas/A", "nullable": True}, version="3.0.3", A={"type": "string"}
    )

    assert [schema.is_valid(value) for value in ("a", None, 1)] == [True, True, False]


@pytest.mark.parametrize(
    ("direction", "mark", "required"),
    [
        (Direction.REQUEST, "readOnly", ["name"]),
        (Direction.RESPONSE, "readOnly", ["id", "name"]),
        (Direction.RESPONSE, "writeOnly", ["name"]),
    ],
)
def test_members_that_may_not_travel_are_not_required(
    schema_of: Callable[..., Schema], direction: Direction, mark: str, required: list[str]
) -> None:
    """`readOnly` is waived in requests, `writeOnly` in answers, seen through references (3.1.1, 4.8.24.3)."""
    written = {
        "required": ["id", "name"],
        "properties": {"id": {"$ref": "#/components/schemas/Id"}, "name": {}},
    }

    schema = schema_of(written, direction=direction, Id={"type": "string", mark: True})

    assert schema.bundle()["required"] == required


def test_a_waived_member_is_seen_across_all_of(schema_of: Callable[..., Schema]) -> None:
    """The requirement may stand in another branch than the property."""
    written = {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["id"], "minProperties": 1}]}

    bundle = schema_of(written, direction=Direction.REQUEST, Pet=PET).bundle()

    assert bundle["allOf"] == [{"$ref": "#/$defs/Pet"}, {"minProperties": 1}]


@pytest.mark.parametrize(
    ("keyword", "value", "told"),
    [
        ("type", "int", "type must be one of array, boolean, integer, null, number, object, string"),
        ("minimum", "3", "minimum must be a number, but is the text '3'; it is ignored"),
        ("required", True, "required must be a list of property names, but is true; it is ignored"),
        ("maxLength", -1, "maxLength must be a whole number from 0, but is the number -1; it is ignored"),
        ("multipleOf", 0, "multipleOf must be a number above 0, but is the number 0; it is ignored"),
        ("enum", [], "enum must be a list of at least one value, but is a list; it is ignored"),
        ("properties", [], "properties must be an object of schemas, but is a list; it is ignored"),
        ("items", "x", "items must be a schema, but is the text 'x'; it is ignored"),
        ("allOf", {}, "allOf must be a list of at least one schema, but is an object; it is ignored"),
        ("pattern", "(", "the pattern '(' cannot be used; it is ignored"),
        (
            "additionalProperties",
            "no",
            "additionalProperties must be a schema, but is the text 'no'; it is ignored",
        ),
        ("requried", [], "the keyword 'requried' is unknown and ignored"),
    ],
)
def test_an_unusable_keyword_is_dropped_and_reported(
    read: Callable[..., Contract], keyword: str, value: object, told: str
) -> None:
    """The rest of the schema stays in force."""
    schema = {"maxProperties": 3, keyword: value}
    contract = read(
        paths={"/": {"get": {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}}}
    )
    found = contract.operation(contract.routes[0]).responses[0].content[0].schema

    assert found is not None
    assert found.bundle() == {"maxProperties": 3}
    assert contract.list_diagnostics()[0].message.startswith(told)


def test_the_mapping_of_a_discriminator_names_bundled_schemas(schema_of: Callable[..., Schema]) -> None:
    """Names that are only implied are written out, so that nobody needs the document."""
    written = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"kitty": "Cat"}},
    }

    bundle = schema_of(written, Cat={"type": "object"}, Dog={"type": "object"}).bundle()

    assert bundle["discriminator"] == {
        "propertyName": "kind",
        "mapping": {"kitty": "#/$defs/Cat", "Dog": "#/$defs/Dog"},
    }


def test_a_boolean_schema_is_bundled_as_an_object(schema_of: Callable[..., Schema]) -> None:
    """`true` takes everything, `false` nothing."""
    assert (schema_of(True).bundle(), schema_of(False).bundle()) == ({}, {"not": {}})  # noqa: FBT003 - schemas


def test_an_enum_holds_each_value_once(schema_of: Callable[..., Schema]) -> None:
    """1 and 1.0 are one value in JSON, `true` is another, inside lists and objects too."""
    written = {"enum": [1, True, 1.0, [1], [True], [1.0], {"a": 0}, {"a": False}, "1", None, None]}

    assert schema_of(written).bundle()["enum"] == [1, True, [1], [True], {"a": 0}, {"a": False}, "1", None]


def test_a_javascript_literal_is_told(read: Callable[..., Contract]) -> None:
    """It is taken without its slashes, which whoever reads the document by the book does not do."""
    schema = {"type": "string", "pattern": "/^a$/"}
    contract = read(
        paths={"/": {"get": {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}}}
    )
    found = contract.operation(contract.routes[0]).responses[0].content[0].schema

    assert found is not None
    assert (found.is_valid("a"), found.is_valid("/a/")) == (True, False)
    assert [(each.message, each.hint) for each in contract.list_diagnostics()] == [
        ("the pattern '/^a$/' is a JavaScript literal; it is taken without its slashes", "leave them out")
    ]


def test_an_enum_may_be_huge(schema_of: Callable[..., Schema]) -> None:
    """A hundred thousand values are read as they come, each looked at once."""
    assert schema_of({"enum": [*range(100_000)]}).is_valid(99_999)


def _bundles(schema_of: Callable[..., Schema], base: JsonObject) -> tuple[JsonObject, JsonObject]:
    heirs = {
        "Pet": base,
        "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object"}]},
        "Kitten": {"allOf": [{"$ref": "#/components/schemas/Cat"}]},
        "Stone": {"type": "object"},
    }
    reference = {"$ref": "#/components/schemas/Pet"}
    request = schema_of(reference, direction=Direction.REQUEST, **heirs)
    return schema_of(reference, **heirs).bundle(), request.bundle()


def test_the_mapping_of_a_base_names_the_schemas_that_include_it(schema_of: Callable[..., Schema]) -> None:
    """By `allOf`, directly or through another; requests are judged by the base alone."""
    answer, request = _bundles(schema_of, {"type": "object", "discriminator": {"propertyName": "kind"}})

    assert answer["discriminator"] == {
        "propertyName": "kind",
        "mapping": {"Cat": "#/$defs/Cat", "Kitten": "#/$defs/Kitten"},
    }
    assert orjson.dumps(answer).count(b"allOf") == 2
    assert "$defs" not in request


def test_a_mapping_that_lists_heirs_lists_all_of_them(schema_of: Callable[..., Schema]) -> None:
    """What the author left out of the list is never sent: clients made from it would not know it."""
    discriminator: JsonObject = {"propertyName": "kind", "mapping": {"kitty": "Cat"}}

    answer, _ = _bundles(schema_of, {"type": "object", "discriminator": discriminator})

    assert answer["discriminator"] == {"propertyName": "kind", "mapping": {"kitty": "#/$defs/Cat"}}


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("int", "did you mean integer?"),
        ("Float", "write type: number, format: float"),
        ("date", "write type: string, format: date"),
        ("thing", "did you mean string?"),
        (5, ""),
    ],
)
def test_a_type_of_another_language_is_told_with_what_to_write(
    name: object, hint: str, read: Callable[..., Contract]
) -> None:
    """Whoever writes `float` knows what is meant, and not how OpenAPI says it."""
    content = {"application/json": {"schema": {"type": name}}}
    contract = read(paths={"/": {"get": {"responses": {"200": {"description": "", "content": content}}}}})

    assert [each.hint for each in inspect_contract(contract)] == [hint]


def test_a_mapping_that_leads_nowhere_is_told(read: Callable[..., Contract]) -> None:
    """A discriminator may name schemas that were never written."""
    mapping = {"cat": "#/components/schemas/Cat", "cow": "#/components/schemas/Cow", "dog": "Dog"}
    pet = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}],
        "discriminator": {"propertyName": "kind", "mapping": mapping},
    }
    content = {"application/json": {"schema": pet}}
    contract = read(
        paths={"/": {"get": {"responses": {"200": {"description": "", "content": content}}}}},
        components={"schemas": {"Cat": {"type": "object"}}},
    )

    assert [(each.where.pointer.rpartition("/")[2], each.message) for each in inspect_contract(contract)] == [
        ("cow", "the discriminator leads 'cow' to the text '#/components/schemas/Cow', where no schema is"),
        ("dog", "the discriminator leads 'dog' to the text 'Dog', where no schema is"),
    ]


@pytest.mark.parametrize(("version", "told"), [("3.0.3", 1), ("3.1.0", 0)])
def test_a_list_of_types_is_taken_before_3_1(version: str, told: int, read: Callable[..., Contract]) -> None:
    """Whoever writes it means what 3.1 has made of it."""
    content = {"application/json": {"schema": {"type": ["string", "null"], "maxLength": 3}}}
    responses = {"200": {"description": "", "content": content}}
    contract = read(version=version, paths={"/": {"get": {"responses": responses}}})
    hint = "a list of types is not part of OpenAPI 3.0; it is taken as in 3.1"

    assert [each.message for each in inspect_contract(contract)] == [hint] * told
    schema = contract.operation(contract.routes[0]).responses[0].content[0].schema
    assert schema is not None
    assert [schema.is_valid(each) for each in (None, "abc", "abcd")] == [True, True, False]


@pytest.mark.parametrize(("version", "told"), [("3.0.3", ["required"]), ("3.1.0", [])])
def test_what_has_no_effect_beside_a_reference_is_told(
    version: str, told: list[str], read: Callable[..., Contract]
) -> None:
    """Before 3.1 a reference stands alone; what only describes is taken all the same."""
    pet = {"$ref": "#/components/schemas/Pet", "required": ["name"], "description": "mine", "nullable": False}
    content = {"application/json": {"schema": pet if version < "3.1" else {**pet, "nullable": None}}}
    contract = read(
        version=version,
        paths={"/": {"get": {"responses": {"200": {"description": "", "content": content}}}}},
        components={"schemas": {"Pet": PET}},
    )
    found = [each for each in inspect_contract(contract) if each.code == "contract.beside-reference"]

    assert [each.message for each in found] == [
        f"{word} says nothing beside $ref in OpenAPI 3.0; it is ignored" for word in told
    ]
    assert [each.hint for each in found] == ["put the reference below allOf"] * len(told)
