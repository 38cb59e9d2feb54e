from __future__ import annotations

from typing import Any

import orjson
import pytest
import yaml

from locum.behaviour.rule_suggestions import Suggestion, suggest_rules
from locum.catalog.invariants import read_promises
from locum.contract import read_contract
from locum.contract.contract import Contract

ITEM = {"type": "object", "properties": {"id": {"type": "string"}, "amount": {"type": "number"}}}


def contract_of(parameters: list[dict[str, Any]], answer: dict[str, Any], path: str = "/items") -> Contract:
    """Return a contract with one list."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            path: {
                "get": {
                    "operationId": "listItems",
                    "parameters": [{"in": "query", **each} for each in parameters],
                    "responses": {
                        "200": {"description": "", "content": {"application/json": {"schema": answer}}},
                        "400": {"description": ""},
                    },
                }
            }
        },
    }
    return read_contract("/api.json", {"/api.json": orjson.dumps(document)}.__getitem__)


def number(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- any keyword
    """Return a parameter that is a whole number."""
    return {"name": name, "schema": {"type": "integer", **more}}


def text(name: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- any keyword
    """Return a parameter that is a text."""
    return {"name": name, "schema": {"type": "string", **more}}


def listed(**members: Any) -> dict[str, Any]:  # noqa: ANN401 -- any schema
    """Return an answer that lists items beside other members."""
    return {"type": "object", "properties": {"items": {"type": "array", "items": ITEM}, **members}}


def suggested(parameters: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, Suggestion]:
    """Return what is proposed, by the end of its id or its part."""
    found = suggest_rules(contract_of(parameters, answer))
    return {str(each.rule.get("id", each.part)).removeprefix("listItems-"): each for each in found}


@pytest.mark.parametrize(
    ("low", "high", "expression"),
    [
        (number("min_price"), number("max_price"), "query.min_price <= query.max_price"),
        (text("startDate"), text("endDate"), "seconds(query.startDate) <= seconds(query.endDate)"),
        (text("since"), text("until"), "seconds(query.since) <= seconds(query.until)"),
        (number("size[gte]"), number("size[lte]"), "query['size[gte]'] <= query['size[lte]']"),
    ],
)
def test_ends_of_a_range(low: dict[str, Any], high: dict[str, Any], expression: str) -> None:
    """Two parameters that differ in one word which says start and end."""
    (found,) = suggest_rules(contract_of([low, high], {}))

    assert (found.part, found.rule["expression"], found.rule["statuses"]) == ("requires", expression, [400])


@pytest.mark.parametrize(
    "parameters", [[number("from")], [number("start"), number("to")], [text("from"), text("country_to")], []]
)
def test_what_only_sounds_like_a_range(parameters: list[dict[str, Any]]) -> None:
    """One end, two ends of different things, and nothing at all."""
    assert suggest_rules(contract_of(parameters, {})) == ()


def test_pages_by_number_by_token_by_link_and_by_offset() -> None:
    """Each way of paging is told by its parameters and by what the answer has."""
    href = {"type": "object", "properties": {"href": {"type": "string"}}}

    pages = suggested([number("page"), number("per_page", maximum=200)], listed())["pages"].rule
    tokens = suggested([text("cursor")], listed(next_cursor={"type": "string"}))
    links = suggested([], listed(_links={"type": "object", "properties": {"next": href}}))["links"].rule
    offset = suggested([number("offset"), number("limit")], {"type": "array", "items": ITEM})["offset"].rule

    assert pages["paging"] == {"items": "/items", "page": "page", "size": "per_page"}
    assert (pages["sizes"], pages["key"]) == ([200, 7], ["/id"])
    assert tokens["tokens"].rule["paging"] == {"items": "/items", "token": "/next_cursor", "cursor": "cursor"}
    assert tokens["opaque"].rule["from"] == {"operation": "listItems", "at": "/next_cursor"}
    assert links["paging"] == {"items": "/items", "link": "/_links/next/href"}
    assert offset["paging"] == {"items": "", "size": "limit"}


def test_counts_totals_sums_and_orders() -> None:
    """What stands beside a list, and the two directions of an order."""
    members = {"count": {"type": "integer"}, "total": {"type": "integer"}, "total_amount": {"type": "number"}}
    order = text("order", enum=["name", "asc", "desc"])

    found = suggested([order, number("limit")], listed(**members))

    assert found["count"].rule["expression"] == "body.count == count(body.items)"
    assert found["total"].rule["expression"] == "body.total >= count(body.items)"
    assert found["size"].rule["when"] == "has(query.limit)"
    assert found["sum"].rule["expression"] == (
        "near(body.total_amount, total(body.items.map(item, item.amount)), 0.01)"
    )
    calls: Any = found["reversed"].rule["calls"]
    assert [each["query"] for each in calls] == ["order=asc", "order=desc"]


def test_what_is_proposed_can_be_read_back() -> None:
    """Every proposal is a rule as a sheet has it, and no two have one id."""
    href = {"type": "object", "properties": {"href": {"type": "string"}}}
    members = {"count": {"type": "integer"}, "next": href, "total": {"type": "integer"}}
    parameters = [number("page"), number("limit"), number("offset"), text("from"), text("to")]
    found = suggest_rules(contract_of(parameters, listed(**members)))
    parts = {
        part: [each.rule for each in found if each.part == part] for part in {each.part for each in found}
    }

    rules = read_promises(yaml.safe_dump(parts).encode(), file="rules.yaml", operations=["listItems"])

    assert len(rules.invariants) + len(rules.relations) + len(rules.requirements) == len(found) == 7


@pytest.mark.parametrize(
    ("total", "line", "expected"),
    [
        ("integer", {"amount": {"type": "number"}}, "body.total >= count(body.lines)"),
        (
            "number",
            {"quantity": {"type": "integer"}, "price": {"type": "number"}, "amount": {"type": "number"}},
            "near(body.total, total(body.lines.map(item, item.amount)), 0.01)",
        ),
        ("number", {"quantity": {"type": "integer"}, "price": {"type": "number"}}, None),
    ],
)
def test_a_total_with_a_fraction_is_a_sum_and_no_count(
    total: str, line: dict[str, Any], expected: str | None
) -> None:
    """The money of an order is that of its lines, and is nothing to hold against their number."""
    answer = {
        "type": "object",
        "properties": {
            "total": {"type": total},
            "lines": {"type": "array", "items": {"type": "object", "properties": line}},
        },
    }
    found = [each.rule.get("expression") for each in suggest_rules(contract_of([], answer))]

    assert found == ([expected] if expected else [])
