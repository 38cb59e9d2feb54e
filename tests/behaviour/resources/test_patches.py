from __future__ import annotations

import pytest

from locum.behaviour.resources.patches import PatchError, json_patch, merge_patch
from locum.contract.model import JsonValue


@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merge_patch_follows_the_table(target: JsonValue, patch: JsonValue, merged: JsonValue) -> None:
    """Every row of RFC 7396, appendix A."""
    assert merge_patch(target, patch) == merged


@pytest.mark.parametrize(
    ("target", "patch", "patched"),
    [
        ({"foo": "bar"}, [{"op": "add", "path": "/baz", "value": "qux"}], {"foo": "bar", "baz": "qux"}),
        ({"foo": ["a", "c"]}, [{"op": "add", "path": "/foo/1", "value": "b"}], {"foo": ["a", "b", "c"]}),
        ({"foo": ["a"]}, [{"op": "add", "path": "/foo/-", "value": ["b"]}], {"foo": ["a", ["b"]]}),
        ({"a": 1, "b": 2}, [{"op": "remove", "path": "/a"}], {"b": 2}),
        ({"a": 1}, [{"op": "replace", "path": "/a", "value": 2}], {"a": 2}),
        (
            {"a": {"b": 1}, "c": {}},
            [{"op": "move", "from": "/a/b", "path": "/c/d"}],
            {"a": {}, "c": {"d": 1}},
        ),
        ({"a": [1, 2, 3]}, [{"op": "move", "from": "/a/0", "path": "/a/2"}], {"a": [2, 3, 1]}),
        ({"a": [1]}, [{"op": "copy", "from": "/a", "path": "/b"}], {"a": [1], "b": [1]}),
        ({"/": 9, "~1": 10}, [{"op": "test", "path": "/~01", "value": 10}], {"/": 9, "~1": 10}),
        ({"a": 1}, [{"op": "test", "path": "/a", "value": 1.0}], {"a": 1}),
        ({"a": 1}, [{"op": "replace", "path": "", "value": [2]}], [2]),
    ],
)
def test_json_patch_does_what_is_asked(target: JsonValue, patch: JsonValue, patched: JsonValue) -> None:
    """Operations of RFC 6902, sections 4 and appendix A; the target is not changed."""
    assert json_patch(target, patch) == patched


@pytest.mark.parametrize(
    "patch",
    [
        {},
        [1],
        [{"op": "spam", "path": "/a"}],
        [{"op": "add", "path": "/a"}],
        [{"op": "add", "path": "a", "value": 1}],
        [{"op": "add", "path": "/a/5", "value": 1}],
        [{"op": "add", "path": "/a/01", "value": 1}],
        [{"op": "add", "path": "/s/x", "value": 1}],
        [{"op": "remove", "path": "/none"}],
        [{"op": "remove", "path": ""}],
        [{"op": "replace", "path": "/none", "value": 1}],
        [{"op": "move", "from": "/a", "path": "/a/b"}],
        [{"op": "test", "path": "/t", "value": 1}],
    ],
)
def test_a_patch_that_cannot_be_applied_says_so(patch: JsonValue) -> None:
    """Whatever is wrong, the error names the operation, and nothing is changed."""
    target: JsonValue = {"a": [1], "s": "text", "t": True}
    with pytest.raises(PatchError, match="operation 0"):
        json_patch(target, patch)

    assert target == {"a": [1], "s": "text", "t": True}


def _bomb(copies: int) -> list[JsonValue]:
    """Return a patch that doubles a member *copies* times."""
    return [{"op": "copy", "from": "/a", "path": f"/a/{index}"} for index in range(copies)]


def test_a_patch_that_copies_itself_is_refused() -> None:
    """Forty copies of a member into itself, which would fill every memory, are told as too large."""
    with pytest.raises(PatchError, match="too large"):
        json_patch({"a": {"text": "x"}}, _bomb(40))

    assert json_patch({"a": {}}, _bomb(2)) == {"a": {"0": {}, "1": {"0": {}}}}


def test_a_patch_that_nests_without_end_is_refused() -> None:
    """Copies that double the depth are told as nested too deep."""
    deeper: list[JsonValue] = [
        {"op": "copy", "from": "/a", "path": "/a" * (2**index + 1)} for index in range(9)
    ]

    with pytest.raises(PatchError, match="nest too deep"):
        json_patch({"a": {}}, deeper)


def test_deep_documents_are_compared() -> None:
    """A test of a value as deep as a body may be is no matter of the interpreter's stack."""
    deep: JsonValue = 1
    for _ in range(1020):
        deep = [deep]
    test: JsonValue = [{"op": "test", "path": "/a", "value": deep}, {"op": "remove", "path": "/a"}]

    assert json_patch({"a": deep}, test) == {}


def test_copies_do_not_change_together() -> None:
    """What was copied is a value of its own, and the patch itself stays as it was sent."""
    patch: JsonValue = [
        {"op": "add", "path": "/a", "value": {"n": [1]}},
        {"op": "copy", "from": "/a", "path": "/b"},
        {"op": "add", "path": "/b/n/-", "value": 2},
        {"op": "replace", "path": "/a/n/0", "value": 3},
    ]

    assert json_patch({}, patch) == {"a": {"n": [3]}, "b": {"n": [1, 2]}}
    assert isinstance(patch, list)
    assert patch[0] == {"op": "add", "path": "/a", "value": {"n": [1]}}
