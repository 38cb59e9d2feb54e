from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from locum.behaviour.agreements import About, rules_of
from locum.behaviour.coherence import compile_coherence
from locum.contract.coercion import shape_of

Json: TypeAlias = Any
Play: TypeAlias = Callable[..., Any]

INTEGER: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
TEXT: Json = {"type": "string"}
LINE: Json = {"type": "object", "properties": {"quantity": INTEGER, "unitPrice": NUMBER, "amount": NUMBER}}


def agreeing(value: Json, **properties: Json) -> Json:
    """Return *value* with members that agree, by the schema of an object with *properties*."""
    cohere = compile_coherence(shape_of({"type": "object", "properties": properties}))
    assert cohere is not None
    return cohere(value, None)


def test_counts_are_the_length_of_the_list() -> None:
    """However they are called; nothing follows the one page there is."""
    made = agreeing(
        {"items": [1, 2], "total_count": 71, "hasMore": True, "next": "x"},
        items={"type": "array", "items": INTEGER},
        total_count=INTEGER,
        hasMore={"type": "boolean"},
        next={"type": ["string", "null"]},
    )

    assert made == {"items": [1, 2], "total_count": 2, "hasMore": False, "next": None}


def test_a_count_that_names_its_list_is_its_length() -> None:
    """`tagCount` beside `tags`, in whatever object; a `total` that is no count is let be."""
    made = agreeing(
        {"tags": ["a"], "tagCount": 9, "name": "x", "price": 2, "total": 77},
        tags={"type": "array", "items": TEXT},
        tagCount=INTEGER,
        name=TEXT,
        price=NUMBER,
        total=INTEGER,
    )

    assert (made["tagCount"], made["total"]) == (1, 77)


def test_totals_are_the_sum_of_their_parts() -> None:
    """A line is price times quantity, a subtotal the sum of lines, a total with tax and without discount."""
    made = agreeing(
        {
            "lines": [
                {"quantity": 2, "unitPrice": 1.25, "amount": 9.0},
                {"quantity": 1, "unitPrice": 0.1, "amount": 9.0},
            ],
            "subtotal": 1.0,
            "tax": 0.26,
            "discount": 0.5,
            "total": 4.0,
        },
        lines={"type": "array", "items": LINE},
        subtotal=NUMBER,
        tax=NUMBER,
        discount=NUMBER,
        total=NUMBER,
    )

    assert [each["amount"] for each in made["lines"]] == [2.5, 0.1]
    assert (made["subtotal"], made["total"]) == (2.6, 2.36)


@pytest.mark.parametrize(("rate", "tax"), [(19, 1.9), (0.19, 1.9), (1, 0.1)])
def test_taxes_are_what_their_rate_says(rate: float, tax: float) -> None:
    """A rate is told of a hundred, or as a fraction where it is below one; the total follows."""
    made = agreeing(
        {"subtotal": 10.0, "taxRate": rate, "tax": 7.0, "total": 4.0},
        subtotal=NUMBER,
        taxRate=NUMBER,
        tax=NUMBER,
        total=NUMBER,
    )

    assert (made["tax"], made["total"]) == (tax, 10 + tax)


@pytest.mark.parametrize(
    ("lesser", "greater", "values"),
    [
        ("minPrice", "maxPrice", (5, 2)),
        ("lower_bound", "upper_bound", (1.5, 1.25)),
        ("startDate", "endDate", ("2024-05-01", "2024-04-01")),
        ("createdAt", "updatedAt", ("2024-05-01T00:00:00Z", "2024-04-01T00:00:00Z")),
        ("validFrom", "validTo", (1700000001, 1700000000)),
    ],
)
def test_beginnings_come_before_ends(lesser: str, greater: str, values: tuple[Json, Json]) -> None:
    """Two members whose names differ in such a word are exchanged where they stand the wrong way round."""
    made = agreeing({lesser: values[0], greater: values[1]}, **{lesser: {}, greater: {}})

    assert made == {lesser: values[1], greater: values[0]}


def test_a_currency_is_said_once() -> None:
    """Amounts of one body have one currency, wherever they stand."""
    money: Json = {"type": "object", "properties": {"value": NUMBER, "currency": TEXT}}
    made = agreeing(
        {
            "currency": "EUR",
            "price": {"value": 1, "currency": "GBP"},
            "parts": [{"value": 1, "currency": "USD"}],
        },
        currency=TEXT,
        price=money,
        parts={"type": "array", "items": money},
    )

    assert (made["price"]["currency"], made["parts"][0]["currency"]) == ("EUR", "EUR")


def test_a_currency_that_all_places_take_is_said() -> None:
    """Where some amounts have a list of currencies, all have one of it, the first that was made up."""
    money: Json = {"type": "object", "properties": {"currency": {"enum": ["EUR", "USD"], "type": "string"}}}
    made = agreeing(
        {"currency": "AUD", "price": {"currency": "USD"}, "tax": {"currency": "EUR"}},
        currency=TEXT,
        price=money,
        tax=money,
    )

    assert made == {"currency": "USD", "price": {"currency": "USD"}, "tax": {"currency": "USD"}}


def test_currencies_without_one_in_common_are_left_valid() -> None:
    """What a place does not take is not said there."""
    euros: Json = {"type": "object", "properties": {"currency": {"enum": ["EUR"], "type": "string"}}}
    made = agreeing(
        {"currency": "AUD", "price": {"currency": "EUR"}, "fee_currency": "GBP"},
        currency={"enum": ["AUD", "GBP"], "type": "string"},
        price=euros,
        fee_currency=TEXT,
    )

    assert made == {"currency": "AUD", "price": {"currency": "EUR"}, "fee_currency": "AUD"}


def test_what_nothing_speaks_of_costs_nothing() -> None:
    """No rule, no step; a schema that holds itself ends."""
    circular: Json = {"$ref": "#/$defs/A", "$defs": {"A": {"properties": {"a": {"$ref": "#/$defs/A"}}}}}

    assert compile_coherence(shape_of({"type": "object", "properties": {"name": TEXT}})) is None
    assert compile_coherence(shape_of(circular)) is None


def test_an_answer_stays_valid(play: Play) -> None:
    """A rule that the schema contradicts is given up; one that it allows is kept."""
    free: Json = {
        "type": "object",
        "required": ["items", "total"],
        "properties": {
            "items": {"type": "array", "items": INTEGER, "minItems": 2, "maxItems": 2},
            "total": INTEGER,
        },
    }
    strict: Json = {**free, "properties": {**free["properties"], "total": {"type": "integer", "minimum": 10}}}
    stage = play(
        {
            f"/{name}": {
                "get": {
                    "operationId": name,
                    "responses": {
                        "200": {"description": "", "content": {"application/json": {"schema": schema}}}
                    },
                }
            }
            for name, schema in (("free", free), ("strict", strict))
        }
    )

    assert stage.body("free")["total"] == 2
    assert stage.body("strict")["total"] >= 10


def test_what_a_request_says_is_in_its_answer(play: Play) -> None:
    """Query values are in the entries of a list; a total follows from the lines that were sent."""
    order: Json = {
        "type": "object",
        "required": ["lines", "total"],
        "properties": {"lines": {"type": "array", "items": LINE}, "total": NUMBER},
    }
    entry: Json = {"type": "object", "required": ["region"], "properties": {"region": TEXT, "size": INTEGER}}
    answer = "application/json"
    stage = play(
        {
            "/quote": {
                "post": {
                    "operationId": "quote",
                    "requestBody": {"content": {answer: {"schema": {"properties": {"lines": {}}}}}},
                    "responses": {"200": {"description": "", "content": {answer: {"schema": order}}}},
                }
            },
            "/usage": {
                "get": {
                    "operationId": "usage",
                    "parameters": [{"name": "region", "in": "query", "schema": TEXT}],
                    "responses": {
                        "200": {
                            "description": "",
                            "content": {answer: {"schema": {"type": "array", "items": entry}}},
                        }
                    },
                }
            },
        }
    )
    sent = b'{"lines": [{"quantity": 2, "unitPrice": 3, "amount": 6}, {"quantity": 1, "amount": 4}]}'

    assert stage.body("quote", {"content-type": answer}, body=sent)["total"] == 10
    assert {each["region"] for each in stage.body("usage", query="region=north")} == {"north"}


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (TEXT, "{:.2f}"),
        ({"type": "object", "properties": {"amount": NUMBER, "currency": TEXT}}, None),
        ({"type": "object", "properties": {"value": TEXT, "currency": TEXT}}, "{:.2f}"),
    ],
)
def test_sums_agree_however_they_are_written(kind: Json, written: str | None) -> None:
    """As decimal text, or beside its currency; what is no sum stays as it is."""

    def money(amount: float) -> Json:
        told: Json = written.format(amount) if written else amount
        inner = next(iter(kind.get("properties", {})), None)
        return {inner: told, "currency": "EUR"} if inner else told

    made = agreeing(
        {"items": [{"amount": money(1.5)}, {"amount": money(2.5)}], "subtotal": money(9), "tax": money(1),
         "total": money(7), "fee": "none"},
        items={"type": "array", "items": {"type": "object", "properties": {"amount": kind}}},
        subtotal=kind,
        tax=kind,
        total=kind,
        fee=TEXT,
    )  # fmt: skip

    assert (made["subtotal"], made["total"], made["fee"]) == (money(4.0), money(5.0), "none")


LARGE: Json = [1e308, -1e308, 10**400, 1e16]


@pytest.mark.parametrize("large", LARGE, ids=["most", "least", "whole", "beyond"])
@pytest.mark.parametrize("kind", [INTEGER, NUMBER, TEXT], ids=["integer", "number", "text"])
def test_what_is_too_large_for_a_sum_is_left_alone(kind: Json, large: Json) -> None:
    """No line, sum, tax or total is made of a number that nobody counts money with."""
    wrong = "1" if kind is TEXT else 1
    line = {"quantity": 1000, "unitPrice": large, "amount": wrong}
    bill = {"subtotal": large, "taxRate": 19, "tax": wrong, "total": wrong}
    told = dict.fromkeys(("subtotal", "tax", "total"), kind)
    members: Json = {**LINE["properties"], "amount": kind}

    assert agreeing(line, **members) == line
    assert agreeing(bill, taxRate=NUMBER, **told) == bill
    rest = {"subtotal": 5, "tax": large, "total": 7}
    assert agreeing(rest, **told) == rest


@pytest.mark.parametrize(
    ("lists", "counts"),
    [(["items"], ["itemCount"]), (["tag"], ["tagCount"]), (["item", "items"], ["itemCount"])],
)
def test_a_count_has_one_rule(lists: list[str], counts: list[str]) -> None:
    """However many ways its name can be read."""
    many = {"type": "array", "items": INTEGER}
    properties = {**dict.fromkeys(lists, many), **dict.fromkeys(counts, INTEGER)}

    found = rules_of(shape_of({"type": "object", "properties": properties}))

    assert [each.targets for each in found if each.about is About.COUNT] == [(each,) for each in counts]
