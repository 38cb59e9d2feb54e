"""What the document calls valid is accepted, but for the two things that no document can say.

Schemathesis asks the same and invents page tokens and sends both spellings of a filter, which are refused;
here tokens are those that were given, and one spelling is sent at a time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.vendors.onomondo.conftest import Client

DOCUMENT = yaml.safe_load(
    (Path(__file__).parents[3] / "openapi" / "onomondo.yaml").read_text(encoding="utf-8")
)
SCHEMAS = DOCUMENT["components"]["schemas"]
LIMIT = DOCUMENT["components"]["parameters"]["limit"]["schema"]


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Return texts that match the pattern of *schema*."""
    # `$` also matches before a line feed in Python, and not in JSON Schema (ECMA-262).
    return st.from_regex(
        schema["pattern"].removesuffix("$") + r"\Z", alphabet=st.characters(max_codepoint=126)
    )


def queries(filters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return queries of any of the parameters, with *filters* in one of their spellings."""
    spelled: st.SearchStrategy[list[str]] = st.one_of(
        st.just([]),
        st.builds(lambda text: [f"filter={text}"], filters),
        st.lists(st.builds("filter[]={}".format, filters), min_size=1, max_size=4),
    )
    others = (
        st.sampled_from(["", "group=hours"]),
        st.one_of(st.just(""), st.builds("limit={}".format, texts(LIMIT))),
        st.one_of(st.just(""), st.builds("offset={}".format, st.integers(0, 10**30))),
    )
    return st.builds(
        lambda named, *rest: "&".join(each for each in (*named, *rest) if each), spelled, *others
    )


EASY = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@EASY
@given(query=queries(texts(SCHEMAS["UsageFilter"])))
def test_every_valid_list_is_answered(query: str, client: Client) -> None:
    """A list is answered, and so is its next page."""
    page = client.get("/usage", query)

    assert page.status == 200
    if page.next_page:
        assert client.get("/usage", f"{query}&next_page={page.next_page}").status == 200


@EASY
@given(query=queries(texts(SCHEMAS["SimUsageFilter"])))
def test_every_valid_list_of_a_sim_is_answered(query: str, client: Client) -> None:
    """The list of a SIM is answered, and so is its next page."""
    page = client.get("/usage/000002500", query)

    assert page.status == 200
    if page.next_page:
        assert client.get("/usage/000002500", f"{query}&next_page={page.next_page}").status == 200


@EASY
@given(sim_id=texts(SCHEMAS["SimId"]))
def test_every_valid_sim_is_told(sim_id: str, client: Client) -> None:
    """A SIM that is well named is answered, forbidden or unknown."""
    assert client.get(f"/usage/{sim_id}").status in {200, 403, 404}


@pytest.mark.parametrize("query", ["next_page=AAAA", "filter=time:2020&filter[]=time:2020"])
def test_two_things_are_refused_that_no_document_can_exclude(query: str, client: Client) -> None:
    """A token that was not issued, and both spellings at once: the known findings of Schemathesis."""
    assert client.get("/usage", query).status == 400
