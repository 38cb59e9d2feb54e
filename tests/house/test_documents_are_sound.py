"""The built-in documents are valid OpenAPI 3.1, and all that they and their fixtures show is true to them.

The judges here are independent of the product: openapi-spec-validator and jsonschema.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT: Final = Path(__file__).parents[2]
NAMES: Final = ("onomondo", "saas-billing", "senet", "talkdesk")
SCHEMA_MAPS: Final = frozenset({"properties", "patternProperties", "schemas"})

each_api = pytest.mark.parametrize("name", NAMES)


@cache
def document_of(name: str) -> Any:  # noqa: ANN401 -- an OpenAPI document is walked as plain JSON
    """Return the document of *name* as plain values."""
    return yaml.safe_load((ROOT / "openapi" / f"{name}.yaml").read_text())


def fixtures_of(name: str) -> Any:  # noqa: ANN401 -- as above
    """Return the fixtures of *name* as plain values."""
    return yaml.safe_load((ROOT / "fixtures" / name / "contract.yaml").read_text())


def complaints(document: Any, pointer: str, value: object) -> list[str]:  # noqa: ANN401 -- JSON
    """Return what an independent validator holds against *value* by the schema at *pointer*."""
    resource = DRAFT202012.create_resource(document)
    validator = Draft202012Validator(
        {"$ref": f"urn:document#{pointer}"},
        registry=Registry().with_resource("urn:document", resource),
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    return [f"{pointer} {error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def step(pointer: str, key: object) -> str:
    """Return *pointer* one step deeper, as it stands in the fragment of a URI."""
    return (
        f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1').replace('{', '%7B').replace('}', '%7D')}"
    )


def members(node: object, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every mapping in *node* with its pointer, what stands in examples left out."""
    if isinstance(node, dict):
        yield pointer, node
        pairs = [(key, value) for key, value in node.items() if key not in {"example", "examples", "value"}]
    else:
        pairs = list(enumerate(node)) if isinstance(node, list) else []
    for key, value in pairs:
        yield from members(value, step(pointer, key))


def shown_beside_a_schema(document: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- JSON
    """Yield each example of a parameter, header or body with the pointer of its schema."""
    for pointer, node in members(document):
        if "schema" not in node:
            continue
        if "example" in node:
            yield f"{pointer}/schema", node["example"]
        for example in node.get("examples", {}).values():
            named = example.get("$ref", "").rpartition("/")[2]
            shown = document["components"]["examples"][named] if named else example
            yield f"{pointer}/schema", shown["value"]


def shown_within_a_schema(document: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- JSON
    """Yield each example and default of a schema with the pointer of that schema."""
    for pointer, node in members(document):
        if pointer.rpartition("/")[2] in SCHEMA_MAPS:
            continue
        if isinstance(node.get("examples"), list):
            yield from ((pointer, value) for value in node["examples"])
        if "default" in node and "type" in node:
            yield pointer, node["default"]


def sample(template: Any) -> Any:  # noqa: ANN401 -- JSON
    """Return the body a refusal's *template* makes of one violation, its texts left as they are."""
    if isinstance(template, dict):
        if template.keys() == {"$each"}:
            return [sample(template["$each"])]
        return {key: sample(value) for key, value in template.items()}
    return [sample(value) for value in template] if isinstance(template, list) else template


def parameter_names(document: Any, operation: Any) -> set[str]:  # noqa: ANN401 -- JSON
    """Return the names of the parameters of *operation*."""
    components = document["components"].get("parameters", {})
    listed = operation["parameters"]
    return {
        components[one["$ref"].rpartition("/")[2]]["name"] if "$ref" in one else one["name"] for one in listed
    }


@each_api
def test_the_document_is_valid_openapi(name: str) -> None:
    """openapi-spec-validator finds nothing."""
    validate(document_of(name))


@each_api
def test_every_example_is_valid(name: str) -> None:
    """What the document shows of parameters, headers and bodies satisfies their schemas, formats included."""
    document = document_of(name)
    shown = list(shown_beside_a_schema(document))

    assert len(shown) > 0
    assert [fault for pointer, value in shown for fault in complaints(document, pointer, value)] == []


@each_api
def test_every_example_and_default_of_a_schema_is_valid(name: str) -> None:
    """What schemas show of themselves is true."""
    document = document_of(name)
    shown = list(shown_within_a_schema(document))

    assert len(shown) > 0
    assert [fault for pointer, value in shown for fault in complaints(document, pointer, value)] == []


@each_api
def test_every_response_with_a_body_shows_it(name: str) -> None:
    """Each declared status has a named example, so that it can be asked for by name."""
    responses = document_of(name)["components"]["responses"]
    bare = [
        f"{key} {media_type}"
        for key, response in responses.items()
        for media_type, content in response["content"].items()
        if not content["examples"]
    ]

    assert bare == []


@each_api
def test_refusals_wear_the_declared_shape(name: str) -> None:
    """Each worded refusal satisfies the schema of its status, on every operation where it can happen."""
    document = document_of(name)
    faults = []
    for path, item in document["paths"].items():
        names = parameter_names(document, item["get"])
        for rule in fixtures_of(name)["refusals"]:
            response = item["get"]["responses"].get(str(rule.get("status")))
            if response is None or rule.get("parameter", next(iter(names))) not in names:
                continue
            # A path that is unknown belongs to no operation.
            if "unknown-path" in rule["causes"]:
                continue
            schema = f"{response['$ref'][1:]}/content/application~1json/schema"
            faults += [f"{path}: {fault}" for fault in complaints(document, schema, sample(rule["body"]))]

    assert faults == []


@each_api
def test_secrets_are_distinct_and_fit_a_header(name: str) -> None:
    """No credential can be mistaken for another one, and each can be sent as a token (RFC 9110, 11.2)."""
    secrets = [credential["secret"] for credential in fixtures_of(name)["credentials"]]

    assert len(set(secrets)) == len(secrets)
    assert all(secret.replace("-", "").isalnum() for secret in secrets)
