"""Each contract fact about a built-in API is cited where the API is described, and nothing else is cited.

The numbered statements live in `facts/statements.yaml`. A citation is a number anywhere in the API's
document or fixtures: in `x-source`, in a refusal's `source`, or in a comment beside a setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
STATEMENTS: Final[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "facts" / "statements.yaml").read_text()
)
NAMES: Final = sorted(STATEMENTS)
LABELS: Final = frozenset({"SEED", "CALC", "V-H", "V-M", "INFER", "ASSUMED"})
METHODS: Final = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})

each_api = pytest.mark.parametrize("name", NAMES)


def text_of(name: str) -> str:
    """Return document and fixtures of *name* as written, comments included."""
    files = [ROOT / "openapi" / f"{name}.yaml", ROOT / "fixtures" / name / "contract.yaml"]
    return "\n".join(file.read_text() for file in files)


@cache
def document_of(name: str) -> Any:  # noqa: ANN401 -- an OpenAPI document is walked as plain JSON
    """Return the document of *name* as plain values."""
    return yaml.safe_load((ROOT / "openapi" / f"{name}.yaml").read_text())


def numbers_in(text: str, letters: str) -> set[str]:
    """Return the statement numbers in *text* that start with one of *letters*."""
    return set(re.findall(rf"\b[{letters}][0-9]-[0-9]{{2}}\b", text))


def numbered(letter: str, name: str, count: str) -> set[str]:
    """Return the numbers of one kind that the API *name* has, from 01 on."""
    known = STATEMENTS[name]
    return {f"{letter}{known['digit']}-{number:02d}" for number in range(1, known[count] + 1)}


def members(node: object, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every mapping in *node* with its JSON Pointer."""
    if isinstance(node, dict):
        yield pointer, node
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        yield from members(value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


def traced_places(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield everything in *document* that has to say where it comes from."""
    components = document["components"]
    for kind in ("parameters", "responses", "headers", "schemas", "securitySchemes", "links"):
        for key, value in components.get(kind, {}).items():
            yield f"/components/{kind}/{key}", value
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            operation = item[method]
            yield f"{method} {path}", operation
            inline = [*operation["parameters"], *operation["responses"].values()]
            yield from (
                (f"{method} {path} {value.get('name')}", value) for value in inline if "$ref" not in value
            )


@each_api
def test_every_contract_fact_is_cited(name: str) -> None:
    """What is known of an API stands in its document or its fixtures."""
    facts = {
        number for number, known in STATEMENTS[name]["statements"].items() if "not_contract" not in known
    }

    assert sorted(facts - numbers_in(text_of(name), "SVR")) == []


@each_api
def test_no_unknown_statement_is_cited(name: str) -> None:
    """A citation leads to a statement of that very API."""
    known = STATEMENTS[name]["statements"].keys()

    assert sorted(numbers_in(text_of(name), "SVR") - known) == []


@each_api
def test_every_invariant_and_scenario_is_named_by_an_operation(name: str) -> None:
    """No rule and no error scenario is forgotten, none is invented."""
    cited = {"x-invariants": set[str](), "x-scenarios": set[str]()}
    for item in document_of(name)["paths"].values():
        for method in METHODS & item.keys():
            for key, found in cited.items():
                found |= set(item[method][key])

    assert cited["x-invariants"] == numbered("I", name, "invariants") - set(STATEMENTS[name]["unchecked"])
    assert cited["x-scenarios"] == numbered("E", name, "scenarios")


@each_api
def test_no_unknown_invariant_or_scenario_is_cited(name: str) -> None:
    """Examples and refusals cite scenarios that exist."""
    known = numbered("I", name, "invariants") | numbered("E", name, "scenarios")

    assert sorted(numbers_in(text_of(name), "IE") - known) == []


@each_api
def test_every_part_says_where_it_comes_from(name: str) -> None:
    """Operations and whatever they are made of carry `x-source` or `x-confidence`."""
    silent = [
        place
        for place, value in traced_places(document_of(name))
        if not {"x-source", "x-confidence"} & value.keys()
    ]

    assert silent == []


@each_api
def test_confidence_is_one_of_the_labels(name: str) -> None:
    """`x-confidence` speaks the six labels only."""
    used = {value["x-confidence"] for _, value in members(document_of(name)) if "x-confidence" in value}

    assert used <= LABELS


@each_api
def test_a_status_nobody_documented_is_labelled(name: str) -> None:
    """405, 406, 429 and 503 are not in the source pages, and their responses say so."""
    document = document_of(name)
    for item in document["paths"].values():
        for status in ("405", "406", "503"):
            key = item["get"]["responses"][status]["$ref"].rpartition("/")[2]

            assert document["components"]["responses"][key]["x-confidence"] == "ASSUMED"


@each_api
def test_the_statements_are_numbered_without_gaps(name: str) -> None:
    """The list of statements is complete in itself, and every label is known."""
    statements = STATEMENTS[name]["statements"]
    digit = STATEMENTS[name]["digit"]
    counted = {
        f"{letter}{digit}-{number:02d}"
        for letter in "SVR"
        for number in range(1, sum(key[0] == letter for key in statements) + 1)
    }

    assert set(statements) == counted
    assert {known["label"] for known in statements.values()} <= LABELS
