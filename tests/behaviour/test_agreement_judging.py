"""What is told of answers that somebody else has made, and what is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest

from locum.behaviour.agreement_judging import Agreement, agreements_of
from locum.behaviour.coherence import compile_places
from locum.contract.coercion import shape_of

Json: TypeAlias = Any

INTEGER: Json = {"type": "integer"}
NUMBER: Json = {"type": "number"}
TEXT: Json = {"type": "string"}
LIST: Json = {"type": "array", "items": INTEGER}
LINES: Json = {
    "type": "array",
    "items": {"type": "object", "properties": {"quantity": INTEGER, "unitPrice": NUMBER, "amount": NUMBER}},
}
INVOICE: Json = {
    "lines": LINES,
    "tax_rate": NUMBER,
    **dict.fromkeys(("subtotal", "tax", "total", "discount"), NUMBER),
}
ONE: Json = [{"quantity": 2, "unitPrice": 19.99, "amount": 39.98}]
PRICED: Json = {
    "type": "array",
    "items": {"type": "object", "properties": {"quantity": INTEGER, "unitPrice": NUMBER}},
}


def seen(value: Json, **properties: Json) -> Iterator[Agreement]:
    """Yield what is seen in *value*, by the schema of an object with *properties*."""
    places = compile_places(shape_of({"type": "object", "properties": properties}))
    assert places is not None
    return agreements_of(value, places)


def broken(value: Json, **properties: Json) -> list[tuple[str, bool]]:
    """Return what is broken in *value*, and whether that is sure."""
    return [(each.rule.about.name, each.is_sure) for each in seen(value, **properties) if not each.holds]


@pytest.mark.parametrize(
    ("value", "properties", "about"),
    [
        ({"lines": [{"amount": 2.5}, {"amount": 1}], "total": 9}, {"lines": LINES, "total": NUMBER}, "SUM"),
        (
            {"lines": [{"quantity": 2, "unitPrice": 1.5}], "total": 1.5},
            {"lines": PRICED, "total": NUMBER},
            "SUM",
        ),
        (
            {"quantity": 3, "unitPrice": 1.5, "amount": 4.0},
            {"quantity": INTEGER, "unitPrice": NUMBER, "amount": NUMBER},
            "LINE",
        ),
        (
            {"subtotal": 10, "tax": 1.9, "total": 10},
            {"subtotal": NUMBER, "tax": NUMBER, "total": NUMBER},
            "TOTAL",
        ),
        (
            {"subtotal": "10.00", "shipping": "2.00", "total": "12.01"},
            {"subtotal": TEXT, "shipping": TEXT, "total": TEXT},
            None,
        ),
        (
            {"subtotal": "10.00", "shipping": "2.00", "total": "13.00"},
            {"subtotal": TEXT, "shipping": TEXT, "total": TEXT},
            "TOTAL",
        ),
        # Taxes and totals are made of a subtotal, and no part of it.
        ({"lines": ONE, "tax_rate": 19, "subtotal": 20, "tax": 3.8, "total": 23.8}, INVOICE, "SUM"),
        ({"lines": ONE, "tax_rate": 19, "subtotal": 39.98, "tax": 759.62, "total": 799.6}, INVOICE, "TAX"),
        ({"lines": ONE, "tax_rate": 1, "subtotal": 39.98, "tax": 39.98, "total": 79.96}, INVOICE, "TAX"),
        ({"lines": ONE, "tax_rate": 19, "subtotal": 39.98, "tax": 7.6, "total": 39.98}, INVOICE, "TOTAL"),
        ({"lines": ONE, "tax_rate": 19, "subtotal": 39.98, "tax": 7.6, "total": 47}, INVOICE, "TOTAL"),
        ({"items": [1, 2], "count": 3}, {"items": LIST, "count": INTEGER}, "COUNT"),
        (
            {"items": [1, 2], "count": 1, "page": 1},
            {"items": LIST, "count": INTEGER, "page": INTEGER},
            "COUNT",
        ),
        ({"minPrice": 5, "maxPrice": 2}, {"minPrice": NUMBER, "maxPrice": NUMBER}, "ORDER"),
        ({"start": "2024-05-02", "end": "2024-05-01"}, {"start": TEXT, "end": TEXT}, "ORDER"),
        (
            {"createdAt": "2024-05-01T00:00:09Z", "updatedAt": "2024-05-01T02:00:00+02:00"},
            {"createdAt": TEXT, "updatedAt": TEXT},
            "ORDER",
        ),
    ],
)
def test_what_contradicts_itself_is_told(value: Json, properties: Json, about: str | None) -> None:
    """A sum that is none, a product, a count, an order: surely broken where names leave no other reading."""
    assert broken(value, **properties) == ([(about, True)] if about else [])


@pytest.mark.parametrize(
    ("value", "properties"),
    [
        # Lines are rounded one by one, and prices are told with two places.
        ({"lines": [{"amount": 0.333}, {"amount": 0.333}], "total": 0.67}, {"lines": LINES, "total": NUMBER}),
        (
            {"quantity": 300, "unitPrice": 0.33, "amount": 100.0},
            {"quantity": INTEGER, "unitPrice": NUMBER, "amount": NUMBER},
        ),
        # A rate where a tax might stand; a discount that is taken off already, or told as what it changes.
        (
            {"subtotal": 100, "tax": 0.19, "total": 119},
            {"subtotal": NUMBER, "tax": NUMBER, "total": NUMBER},
        ),
        (
            {"subtotal": 100, "discount": -10, "total": 90},
            {"subtotal": NUMBER, "discount": NUMBER, "total": NUMBER},
        ),
        # Nobody keeps two clocks alike to the second.
        (
            {"createdAt": "2024-05-01T00:00:01.5Z", "updatedAt": "2024-05-01T00:00:01Z"},
            {"createdAt": TEXT, "updatedAt": TEXT},
        ),
        # A tax on top, in what the lines cost, of a hundred or a fraction, rounded, of what is left, or none.
        ({"lines": ONE, "tax_rate": 19, "subtotal": 39.98, "tax": 7.6, "total": 47.58}, INVOICE),
        ({"lines": ONE, "tax_rate": 0.19, "subtotal": 39.98, "tax": 7.6, "total": 47.58}, INVOICE),
        ({"lines": ONE, "tax_rate": 1900, "subtotal": 39.98, "tax": 7.6, "total": 47.58}, INVOICE),
        ({"lines": ONE, "tax_rate": 19, "subtotal": 33.6, "tax": 6.38, "total": 39.98}, INVOICE),
        ({"lines": ONE, "tax_rate": 19, "subtotal": 39.98, "tax": 8, "total": 47.98}, INVOICE),
        ({"lines": ONE, "tax_rate": 19, "subtotal": 39.98, "tax": 0, "total": 39.98}, INVOICE),
        (
            {"lines": ONE, "tax_rate": 10, "subtotal": 39.98, "discount": 9.98, "tax": 3, "total": 33},
            INVOICE,
        ),
    ],
)
def test_what_may_be_meant_so_holds(value: Json, properties: Json) -> None:
    """Roundings and other customs of telling the same are no contradiction."""
    assert broken(value, **properties) == []


@pytest.mark.parametrize(
    ("value", "properties"),
    [
        # Something else may be part of the sum, declared or not.
        ({"lines": [{"amount": 2.5}], "total": 9, "surcharge": 6.5}, {"lines": LINES, "total": NUMBER}),
        ({"lines": [{"amount": 2.5, "tax": 0.5}], "total": 3}, {"lines": LINES, "total": NUMBER}),
        (
            {"lines": [{"amount": 2.5}], "total": 2, "vouchers": [{"value": 0.5}]},
            {"lines": LINES, "total": NUMBER},
        ),
        (
            {"subtotal": 119, "tax": 19, "total": 119, "taxesIncluded": True},
            {"subtotal": NUMBER, "tax": NUMBER, "total": NUMBER},
        ),
        # One line is taxed in another way than the others.
        (
            {
                "lines": [{"amount": 9, "taxable": False}],
                "tax_rate": 19,
                "subtotal": 9,
                "tax": 1,
                "total": 10,
            },
            INVOICE,
        ),
        # A total beside a page is the number of all entries.
        (
            {"items": [{"amount": 2.5}], "total": 40, "next": "x"},
            {"items": LINES, "total": INTEGER, "next": TEXT},
        ),
        # A list may be shown in part.
        ({"items": [1], "count": 30, "next": "x"}, {"items": LIST, "count": INTEGER, "next": TEXT}),
        # What stand-ins show that know schemas alone.
        ({"items": [1], "count": 0}, {"items": LIST, "count": INTEGER}),
        # Accounts, hours, ends that are not there yet.
        ({"from": 9, "to": 5}, {"from": INTEGER, "to": INTEGER}),
        ({"start": 22, "end": 6}, {"start": INTEGER, "end": INTEGER}),
        ({"start": "2024-05-02", "end": None}, {"start": TEXT, "end": TEXT}),
        (
            {"startedAt": "2024-05-01T00:00:00Z", "endedAt": "0001-01-01T00:00:00Z"},
            {"startedAt": TEXT, "endedAt": TEXT},
        ),
        ({"minUsers": 1, "maxUsers": 0}, {"minUsers": INTEGER, "maxUsers": INTEGER}),
        # Local times of two places.
        (
            {"departure": "2024-05-01T23:00:00", "arrival": "2024-05-01T20:00:00"},
            {"departure": TEXT, "arrival": TEXT},
        ),
    ],
)
def test_what_may_mean_something_else_is_never_sure(value: Json, properties: Json) -> None:
    """Where names leave another reading, nothing is sure."""
    assert [each for each in broken(value, **properties) if each[1]] == []


def test_a_rule_says_where_it_was_looked_at() -> None:
    """Items of lists stand without their number."""
    orders: Json = {
        "type": "array",
        "items": {"type": "object", "properties": {"lines": LINES, "total": NUMBER}},
    }

    (one,) = seen({"orders": [{"lines": [{"amount": 1}], "total": 1}]}, orders=orders)

    assert (one.location, one.holds, one.wanted) == (("orders", "*"), True, 1)


@pytest.mark.parametrize("large", [1e308, 10**400], ids=["float", "whole"])
def test_of_what_is_too_large_nothing_is_told(large: Json) -> None:
    """A server may answer with any number, in any place."""
    line: Json = {"price": NUMBER, "quantity": INTEGER, "total": INTEGER}
    whole: Json = {**INVOICE, "total": INTEGER}
    names = ("subtotal", "tax", "total", "discount", "tax_rate")

    for name in line:
        assert broken({"price": 1, "quantity": 1, "total": 1, name: large}, **line) == []
    for name in names:
        assert broken({"lines": ONE, **dict.fromkeys(names, 0), name: large}, **whole) is not None
