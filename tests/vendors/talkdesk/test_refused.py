from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.vendors.talkdesk.conftest import Ask, Client

SERVICE_DESK = "5ea75fe7aa224700012eae40"
SALES_FLOOR = "5ea75fe7aa224700012eae41"
STRANGER = "5ea75fe7aa224700012eb0c7"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("page=0", {"page": "must be at least 1"}),
        ("per_page=251&page=x", {"per_page": "must be at most 250", "page": "must be integer"}),
        ("order_by=month:asc", {"order_by": "must be text matching ^id:(asc|desc)$"}),
        ("filter=month%20eq%202023-08", {"filter": "must have a text in single quotes at position 10"}),
        ("filter=", {"filter": "must compare a field at the end; known are account_id and month"}),
        (
            f"page=0&filter=account_id%20eq%20'{STRANGER}'%20and",
            {
                "page": "must be at least 1",
                "filter": "must compare a field at the end; known are account_id and month",
            },
        ),
    ],
)
def test_every_wrong_parameter_is_named(client: Client, query: str, fields: dict[str, str]) -> None:
    """R3-04, E3-07, E3-08, E3-09: 400 with one field for each parameter, before ownership is looked at."""
    heard = client.send(query)

    assert heard.status == 400
    assert (heard.body["code"], heard.body["message"]) == ("bad_request", "Invalid parameters")
    assert {each["name"]: each["description"] for each in heard.body["fields"]} == fields


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (f"contains(account_id,'{STRANGER}')", 403),
        (f"contains(account_id,'{STRANGER[:23]}')", 200),
        (f"contains(account_id,'{SERVICE_DESK}')", 200),
        (f"contains(month,'{STRANGER}')", 200),
        (f"month eq '{STRANGER}'", 200),
    ],
)
def test_only_a_whole_account_id_names_an_account(client: Client, condition: str, status: int) -> None:
    """R3-05: a part of an id names nobody, and finds own accounts only."""
    assert client.get(filter=condition).status == status


def test_a_token_of_one_account_is_told_so(ask: Ask) -> None:
    """S3-32, E3-04: an own account that the token does not open is 403 with a code of its own."""
    narrow = ask("access-token-of-one-account-of-fjordlight")
    refused = narrow.get(filter=f"account_id eq '{SALES_FLOOR}'")
    foreign = narrow.get(filter=f"account_id eq '{SALES_FLOOR}' or account_id eq '{STRANGER}'")

    assert narrow.get(filter=f"account_id eq '{SERVICE_DESK}'").status == 200
    assert (refused.status, refused.body["code"]) == (403, "accounts_not_authorized")
    assert (foreign.status, foreign.body["code"]) == (403, "accounts_not_under_organization")


def test_another_organization_owns_other_accounts(ask: Ask) -> None:
    """E3-04: what is foreign to one organisation is another's own."""
    quarry = ask("access-token-of-quarry")

    assert quarry.get(filter=f"account_id eq '{STRANGER}'").body["total"] > 0
    assert quarry.get(filter=f"account_id eq '{SERVICE_DESK}'").status == 403


def test_a_missing_scope_is_named_in_the_challenge(ask: Ask) -> None:
    """E3-03: the header names error and scope (RFC 6750, 3.1); a foreign account has no challenge."""
    unscoped = ask("access-token-without-scope-of-fjordlight").get()
    foreign = ask().get(filter=f"account_id eq '{STRANGER}'")

    assert unscoped.headers["www-authenticate"] == (
        'Bearer realm="talkdesk", error="insufficient_scope", scope="express-accounts-usage:read"'
    )
    assert "www-authenticate" not in foreign.headers


def test_parentheses_nest_deeper_than_the_document_says(client: Client) -> None:
    """Facts 4.3: the grammar nests; the document's pattern shows one level, as the vendor's page does."""
    assert client.get(filter="not (not ((month eq '2023-08')))").body["total"] > 0
