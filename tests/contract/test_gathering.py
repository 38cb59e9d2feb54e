"""A document of several files as one, for those who are given its root alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate

from locum.contract import Contract, JsonObject, read_contract

MAIN = """
openapi: 3.0.3
info: {title: T, version: "1"}
paths:
  /pets: {$ref: paths/pets.yaml}
  /own:
    get:
      parameters: [{$ref: "shared.yaml#/parameters/Limit"}]
      responses:
        "200":
          description: one
          content: {application/json: {schema: {$ref: "#/components/schemas/Own"}}}
        default: {$ref: "shared.yaml#/responses/Error"}
components:
  schemas:
    Own: {type: object, properties: {pet: {$ref: schemas/Pet.yaml}}}
    Pet: {$ref: schemas/Pet.yaml}
    Error: {type: string}
"""
FILES = {
    "paths/pets.yaml": """
get:
  responses:
    "200":
      description: many
      content:
        application/json:
          schema: {type: array, items: {$ref: ../schemas/Pet.yaml}}
          examples: {two: {externalValue: two.json}}
    default: {$ref: "../shared.yaml#/responses/Error"}
""",
    "paths/two.json": '[{"name": "Ada"}]',
    "schemas/Pet.yaml": """
$schema: http://json-schema.org/draft-07/schema#
type: object
properties:
  name: {$ref: "#/definitions/Name"}
  parent: {$ref: Pet.yaml}
  owner: {$ref: ../main.yaml#/components/schemas/Own}
  example: {type: string, enum: [{$ref: data}]}
definitions: {Name: {type: string}}
""",
    "shared.yaml": """
parameters: {Limit: {name: limit, in: query, schema: {$ref: "#/Count"}}}
Count: {type: integer}
responses:
  Error: {description: broken, content: {application/json: {schema: {$ref: "#/errors/Error"}}}}
errors: {Error: {type: object, required: [message], properties: {message: {type: string}}}}
""",
}


def whole(main: str = MAIN, files: Mapping[str, str] = FILES) -> dict[str, Any]:
    """Return the one document made of *main* and the *files* beside it."""
    return dict(contract(main, files).whole)


def contract(main: str, files: Mapping[str, str]) -> Contract:
    """Read *main* from a folder that has *files* as well."""
    texts = {"main.yaml": main, **files}
    return read_contract("main.yaml", lambda uri: texts[uri].encode())


def references(value: object) -> set[str]:
    """Return every reference below *value*."""
    if isinstance(value, list):
        return {found for each in value for found in references(each)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own | {found for each in value.values() for found in references(each)}


def test_no_reference_leaves_the_document() -> None:
    """Parts of other files stand among the components of their kind, and the whole is a valid document."""
    found = whole()

    assert references(found) - {"data"} == {
        "#/components/schemas/Own",
        "#/components/schemas/Pet",
        "#/components/schemas/Name",
        "#/components/schemas/Count",
        "#/components/schemas/shared_Error",
        "#/components/parameters/Limit",
        "#/components/responses/Error",
    }
    del found["components"]["schemas"]["Pet"]["properties"]["example"]["enum"]
    validate(found)


def test_a_component_that_names_a_file_holds_what_is_in_it() -> None:
    """Who refers to the file and who refers to the component mean the same component."""
    schemas = whole()["components"]["schemas"]

    assert schemas["Pet"] == {
        "type": "object",
        "properties": {
            "name": {"$ref": "#/components/schemas/Name"},
            "parent": {"$ref": "#/components/schemas/Pet"},
            "owner": {"$ref": "#/components/schemas/Own"},
            "example": {"type": "string", "enum": [{"$ref": "data"}]},
        },
    }
    assert schemas["Own"]["properties"]["pet"] == {"$ref": "#/components/schemas/Pet"}


def test_a_path_item_stands_where_it_was_referred_to() -> None:
    """Before 3.1 components have no path items; what stands beside the reference wins, as it is read."""
    main = MAIN.replace("{$ref: paths/pets.yaml}", "{$ref: paths/pets.yaml, summary: Pets}")

    item = whole(main)["paths"]["/pets"]

    assert list(item) == ["get", "summary"]
    media = item["get"]["responses"]["200"]["content"]["application/json"]
    assert media["schema"]["items"] == {"$ref": "#/components/schemas/Pet"}
    assert media["examples"] == {"two": {"value": [{"name": "Ada"}]}}


def test_a_document_of_2_0_has_its_own_places() -> None:
    """Schemas, parameters and responses of other files are definitions, parameters and responses."""
    main = """
swagger: "2.0"
info: {title: T, version: "1"}
definitions:
paths:
  /a:
    post:
      parameters: [{$ref: "b.yaml#/p"}]
      responses: {"200": {$ref: "b.yaml#/r"}}
"""
    other = """
p: {name: body, in: body, schema: {$ref: "#/s"}}
r: {description: OK, schema: {$ref: "#/s"}}
s: {type: object}
"""

    found = whole(main, {"b.yaml": other})

    assert references(found) == {"#/parameters/p", "#/responses/r", "#/definitions/s"}
    assert found["definitions"] == {"s": {"type": "object"}}
    validate(found)


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ("b.yaml#/Cat", "#/components/schemas/Cat"),
        ("Cat", "Cat"),
        ("#/components/schemas/Cat", "#/components/schemas/Cat"),
    ],
)
def test_what_a_discriminator_names_moves_too(mapping: str, expected: str) -> None:
    """A mapping may lead to another file; a name and a local reference stay."""
    schema: JsonObject = {
        "oneOf": [{"$ref": "b.yaml#/Cat"}],
        "discriminator": {"propertyName": "kind", "mapping": {"cat": mapping}},
    }
    content: JsonObject = {"application/json": {"schema": schema}}
    answers: JsonObject = {"200": {"description": "OK", "content": content}}
    document: JsonObject = {"openapi": "3.1.0", "info": {}, "paths": {"/": {"get": {"responses": answers}}}}

    found = whole(yaml.safe_dump(document), {"b.yaml": "Cat: {type: object}"})

    met = found["paths"]["/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert met["discriminator"]["mapping"] == {"cat": expected}
    assert met["oneOf"] == [{"$ref": "#/components/schemas/Cat"}]


def test_what_leads_nowhere_or_in_a_circle_stays_as_it_was_written() -> None:
    """A missing file, an address on the network and files that only name each other are left alone."""
    main = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths: {/loop: {$ref: loop.yaml}}
components:
  schemas:
    A: {$ref: none.yaml}
    B: {$ref: "https://example.com/b.yaml"}
    C: {$ref: c.yaml}
"""

    found = whole(main, {"c.yaml": "$ref: d.yaml", "d.yaml": "$ref: c.yaml", "loop.yaml": "$ref: loop.yaml"})

    assert references(found) == {"none.yaml", "https://example.com/b.yaml", "c.yaml", "loop.yaml"}


def test_identifiers_give_way_to_pointers() -> None:
    """What a schema calls itself would change the meaning of references written anew."""
    main = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths: {}
components:
  schemas:
    A: {$ref: "b.json#leaf"}
    U: {$ref: "https://x.io/t"}
    T: {$id: "https://x.io/t", properties: {l: {$ref: "#/$defs/l"}}, $defs: {l: {type: string}}}
"""
    other = '{"$id": "https://x.io/b", "$defs": {"l": {"$anchor": "leaf", "items": {"$ref": "#leaf"}}}}'

    schemas = whole(main, {"b.json": other})["components"]["schemas"]

    assert schemas["A"] == {"items": {"$ref": "#/components/schemas/A"}}
    assert schemas["T"]["properties"] == {"l": {"$ref": "#/components/schemas/T/$defs/l"}}
    assert schemas["U"] == {"$ref": "#/components/schemas/T"}
    assert "$id" not in schemas["T"]


def test_a_document_of_one_file_is_served_as_it_was_written() -> None:
    """Nothing is moved where every reference can be followed already."""
    main = 'openapi: 3.1.0\npaths: {}\ncomponents: {schemas: {A: {$id: "https://x.io/a", $ref: "#"}}}'
    found = contract(main, {})

    assert found.whole is found.document


@pytest.mark.parametrize("part", ['"text"', "[1]", "null", "true"])
def test_a_part_that_is_no_object_breaks_nothing(part: str) -> None:
    """A path item of such a kind stays the reference it was; a schema is moved as it is."""
    main = """
openapi: 3.1.0
info: {title: T, version: "1"}
paths: {/a: {$ref: "b.yaml#/part", summary: A}}
components: {schemas: {A: {$ref: "b.yaml#/part"}}}
"""

    found = whole(main, {"b.yaml": f"part: {part}"})

    assert found["paths"]["/a"] == {"$ref": "b.yaml#/part", "summary": "A"}
    assert found["components"]["schemas"]["A"] == yaml.safe_load(part)
