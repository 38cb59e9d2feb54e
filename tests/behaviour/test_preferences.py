from __future__ import annotations

import pytest

from locum.behaviour import Cause, Preferences, RawRequest, Refusal, read_preferences


def read(query: str = "", *headers: tuple[str, str]) -> Preferences | Refusal:
    """Return what a request with these headers and this query prefers."""
    return read_preferences(RawRequest(method="GET", path="/", query=query, headers=headers))


@pytest.mark.parametrize(
    ("text", "preferences"),
    [
        ("code=404", Preferences(code=404)),
        ("Code=404", Preferences(code=404)),
        ("code = 404 , dynamic = true", Preferences(code=404, dynamic=True)),
        ("code=404; example=a", Preferences(code=404, example="a")),
        ('example="two words, and \\"quotes\\""', Preferences(example='two words, and "quotes"')),
        ("dynamic=false", Preferences(dynamic=False)),
        ("dynamic", Preferences(dynamic=True)),
        ("seed=42", Preferences(seed="42")),
        ("seed=", Preferences(seed="")),
        ("respond-async, wait=10, code=201", Preferences(code=201)),
        ("respond-async", Preferences()),
        ("code=201, code=404", Preferences(code=201)),
        ("example=", Preferences()),
        (",;=,,", Preferences()),
    ],
)
def test_prefer_is_a_list_of_tokens(text: str, preferences: Preferences) -> None:
    """`Prefer` is read as RFC 7240 writes it, and what is not known is passed over."""
    assert read("", ("prefer", text)) == preferences


def test_several_prefer_headers_are_one() -> None:
    """Several `Prefer` headers say together what one would say; the first of equal names counts."""
    found = read("", ("prefer", "code=404"), ("prefer", "code=500, example=a"))

    assert found == Preferences(code=404, example="a")


def test_the_query_forms_are_read() -> None:
    """`__code`, `__example`, `__dynamic` and `__seed` prefer as the header does, encoded or not."""
    found = read("x=1&__code=404&%5F%5Fexample=a+b&__dynamic=true&__seed=s")

    assert found == Preferences(code=404, example="a b", dynamic=True, seed="s")


def test_a_prefer_header_takes_the_place_of_the_query() -> None:
    """With a known preference in `Prefer` the query forms are ignored as a whole; else they count."""
    assert read("__example=b", ("prefer", "code=404")) == Preferences(code=404)
    assert read("__example=b", ("prefer", "respond-async")) == Preferences(example="b")


def test_mock_response_headers_are_read() -> None:
    """`x-mock-response-code` and `x-mock-response-name` prefer a status and an example."""
    found = read("__code=500", ("x-mock-response-code", "404"), ("x-mock-response-name", "a"))

    assert found == Preferences(code=404, example="a")


def test_an_answer_may_be_asked_for_by_its_identifier() -> None:
    """What stands before the identifier of Postman is its owner's."""
    known = "0a1b2c3d-0000-4000-8000-0123456789ab"

    assert read("", ("x-mock-response-id", f"4711-{known}")) == Preferences(example=known)
    assert read("", ("x-mock-response-id", "7-seas")) == Preferences(example="7-seas")


@pytest.mark.parametrize("code", ["4", "4040", "abc", "", "100", "600", "4xx", "٤٠٤"])
def test_a_code_that_is_no_status_is_refused(code: str) -> None:
    """A code other than a final status is an invalid preference, 422."""
    found = read(f"__code={code}")

    assert isinstance(found, Refusal)
    assert (found.cause, found.status) == (Cause.INVALID_PREFERENCE, 422)
    assert [each.location for each in found.violations] == [("request", "query", "__code")]


def test_every_wrong_preference_is_told() -> None:
    """All that is wrong is told at once, where it stands."""
    found = read("", ("prefer", "code=x, dynamic=maybe"))

    assert isinstance(found, Refusal)
    assert found.detail == (
        "header 'Prefer' asks for code='x'; code must be a status from 200 to 599; "
        "header 'Prefer' asks for dynamic='maybe'; dynamic must be `true` or `false`"
    )
