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
