"""Promises of the router."""

from __future__ import annotations

from dataclasses import replace

import pytest

from locum.contract.model import HttpMethod, Place, Route
from locum.server.routing import Router


def _route(path: str, method: HttpMethod = HttpMethod.GET) -> Route:
    return Route(method=method, path=path, operation_id=f"{method} {path}", place=Place(uri="", pointer=""))


def _found(paths: list[str], path: str, method: str = "GET") -> tuple[str, dict[str, str]] | None:
    match = Router([_route(each) for each in paths]).match(path, method)
    if match is None:
        return None
    return match.routes["GET"].path, dict(match.values)


def test_unknown_path_matches_nothing() -> None:
    """A path no template fits is not found."""
    assert _found(["/pets", "/pets/{id}"], "/cats") is None


def test_concrete_path_wins_over_template_declared_before_it() -> None:
    """`/pets/mine` is never taken for a pet's id, whatever the order in the document."""
    assert _found(["/pets/{id}", "/pets/mine"], "/pets/mine") == ("/pets/mine", {})


def test_template_gives_decoded_values() -> None:
    """Values behind variables are percent-decoded after the path was split."""
    assert _found(["/files/{name}/raw"], "/files/a%2Fb%20c/raw") == ("/files/{name}/raw", {"name": "a/b c"})


def test_static_path_is_found_when_sent_encoded() -> None:
    """An encoded spelling of a static path is the same path (RFC 3986, 6.2.2.2)."""
    assert _found(["/usage/café"], "/usage/caf%C3%A9") == ("/usage/café", {})


def test_empty_segment_is_no_value() -> None:
    """A path parameter is never empty: `/pets/` is not `/pets/{id}`."""
    assert _found(["/pets/{id}"], "/pets/") is None


def test_a_value_without_characters_is_left_out_where_it_may_be_empty() -> None:
    """The path is found, so that the missing value can be told."""
    match = Router([_route("/path/{param}/foo")], shortest=0).match("/path//foo", "GET")

    assert match is not None
    assert match.values == {}


def test_walk_goes_back_when_a_concrete_segment_leads_nowhere() -> None:
    """A concrete branch that ends early does not hide a templated one."""
    assert _found(["/a/b/c", "/a/{x}/d"], "/a/b/d") == ("/a/{x}/d", {"x": "b"})


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/lists.json", ("/lists.{format}", {"format": "json"})),
        ("/9:cancel", ("/{id}:cancel", {"id": "9"})),
        ("/2024..2025", ("/{from}..{to}", {"from": "2024", "to": "2025"})),
        ("/other", ("/{id}", {"id": "other"})),
    ],
)
def test_template_inside_a_segment_is_more_specific_than_a_plain_one(
    path: str, expected: tuple[str, dict[str, str]]
) -> None:
    """Literal text beside a variable narrows the segment."""
    paths = ["/{id}", "/lists.{format}", "/{id}:cancel", "/{from}..{to}"]

    assert _found(paths, path) == expected


def test_overlapping_templates_do_not_hide_a_method() -> None:
    """A path that two templates fit is served by the one that declares the method."""
    router = Router([_route("/{kind}/list"), _route("/pets/{id}", HttpMethod.DELETE)])

    match = router.match("/pets/list", "DELETE")

    assert match is not None
    assert match.routes["DELETE"].path == "/pets/{id}"
    assert match.values == {"id": "list"}


def test_static_path_is_the_path_whatever_the_method() -> None:
    """`DELETE /pets/mine` is not allowed when `/pets/mine` declares none (OpenAPI 3.1.1, 4.8.8.2)."""
    router = Router([_route("/pets/mine"), _route("/pets/{id}", HttpMethod.DELETE)])

    match = router.match("/pets/mine", "DELETE")

    assert match is not None
    assert match.allow == "GET, HEAD, OPTIONS"


def test_paths_that_differ_in_variable_names_only_are_both_served() -> None:
    """The same template spelled twice keeps the methods of both spellings."""
    router = Router([_route("/pets/{id}"), _route("/pets/{petId}", HttpMethod.DELETE)])

    got, deleted = router.match("/pets/1", "GET"), router.match("/pets/1", "DELETE")

    assert got is not None
    assert deleted is not None
    assert (got.values, deleted.values) == ({"id": "1"}, {"petId": "1"})


def test_known_path_says_what_it_allows() -> None:
    """`Allow` lists the declared methods, HEAD beside GET, and OPTIONS (RFC 9110, 10.2.1)."""
    match = Router([_route("/pets"), _route("/pets", HttpMethod.POST)]).match("/pets", "PATCH")

    assert match is not None
    assert match.allow == "GET, POST, HEAD, OPTIONS"


def test_text_that_is_not_utf_8_is_matched_with_replacement_characters() -> None:
    """Bytes that decode to nothing never raise."""
    assert _found(["/pets/{id}"], "/pets/%ff") == ("/pets/{id}", {"id": "\ufffd"})


def test_allow_lists_the_methods_of_every_template_that_fits() -> None:
    """Asked for a method nobody declares, the match speaks for all templates of the path."""
    router = Router([_route("/pets/{id}"), _route("/pets/{petId}", HttpMethod.DELETE)])

    match = router.match("/pets/1", "PATCH")

    assert match is not None
    assert match.allow == "GET, DELETE, HEAD, OPTIONS"


def test_a_greedy_variable_takes_what_nothing_else_does() -> None:
    """It holds as many segments as there are, after every narrower template had its chance."""
    greedy = replace(_route("/files/{path}/raw"), greedy=frozenset({"path"}))
    router = Router([greedy, _route("/files/{id}"), _route("/files/{id}/raw")])

    deep, shallow = router.match("/files/a/b%20c/raw", "GET"), router.match("/files/a/raw", "GET")

    assert deep is not None
    assert shallow is not None
    assert (deep.routes["GET"].path, dict(deep.values)) == ("/files/{path}/raw", {"path": "a/b c"})
    assert shallow.routes["GET"].path == "/files/{id}/raw"
    assert router.match("/files/a/b", "GET") is None
