from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from locum.behaviour.model import RawRequest
from locum.catalog import load
from locum.catalog.rules import load_rules
from locum.verify.generated.rulebook import Rulebook, raw_of

NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)


def book_of(document: Path | str, now: datetime | None = None) -> Rulebook:
    """Return the rules of a document."""
    entry = load(str(document))
    return Rulebook(contract=entry.contract, fixtures=entry.fixtures, rules=load_rules(entry), now=now)


@pytest.mark.parametrize(
    ("query", "excuses"),
    [
        ("", []),
        ("start=1&end=2", []),
        ("start=2&end=1", [("forward", True)]),
        ("token=abcdefgh", [("opaque.token", False)]),
        ("start=2&end=2&token=abcdefgh", [("forward", True), ("opaque.token", False)]),
    ],
)
def test_reasons_to_refuse_a_valid_request(
    document: Path, query: str, excuses: list[tuple[str, bool]]
) -> None:
    """A broken rule has to be refused; what an answer gives may be."""
    book = book_of(document)
    operation = book.operation("get", "/rooms")
    assert operation is not None

    found = book.excuses(operation, raw_of(operation, f"http://x.test/rooms?{query}", {}, b""))

    assert [(each.rule.id, each.is_certain) for each in found] == excuses


def test_a_rule_about_the_time_excuses_where_the_time_is_unknown() -> None:
    """With a clock it is certain; without one every such rule may be broken, and nobody can tell."""
    url = "http://x.test/v1/billing/usage?startDate=2019-01-01&endDate=2019-02-01"
    certain = {}
    for now in (None, NOON):
        book = book_of("saas-billing", now)
        ((_, operation),) = book.operations.items()
        found = book.excuses(operation, raw_of(operation, url, {}, b""))
        certain[now] = {each.rule.id: each.is_certain for each in found}

    assert certain[NOON] == {"I2-18-kept": True}
    assert certain[None] == {"I2-17-start": False, "I2-17-end": False, "I2-18-kept": False}


def test_what_schemas_have_against_a_request_is_told(document: Path) -> None:
    """By our own reader, with the place and the keyword."""
    book = book_of(document)
    operation = book.operation("GET", "/rooms")
    assert operation is not None
    raw = RawRequest(method="GET", path="/rooms", query="size=11")

    (violation,) = book.violations(operation, raw)

    assert (violation.location, violation.keyword) == (("request", "query", "size"), "maximum")
