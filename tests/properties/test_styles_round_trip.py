"""What is written by a style is read back by it."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from locum.contract.coercion import shape_of
from locum.contract.model import JsonObject, JsonValue, Location, Parameter, Place, Style, Violation
from locum.contract.styles import compile_fields
from locum.contract.writing import write_parameter

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8)
NAMES = st.text("abcxyz_-é &=", min_size=1, max_size=6)
SHAPES: dict[str, JsonObject] = {
    "texts": {"type": "array", "items": {"type": "string"}},
    "numbers": {"type": "array", "items": {"type": "integer"}},
    "object": {"type": "object", "additionalProperties": {"type": "string"}},
    "text": {"type": "string"},
    "number": {"type": "number"},
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "texts": st.lists(TEXTS, min_size=1, max_size=4),
    "numbers": st.lists(st.integers(), min_size=1, max_size=4),
    "object": st.dictionaries(NAMES, TEXTS, min_size=1, max_size=3),
    "text": TEXTS,
    "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
}
QUERY_STYLES = [
    (Style.FORM, True),
    (Style.FORM, False),
    (Style.SPACE_DELIMITED, False),
    (Style.PIPE_DELIMITED, False),
    (Style.DEEP_OBJECT, True),
]


@given(
    kind_and_value=st.sampled_from(sorted(SHAPES)).flatmap(
        lambda kind: st.tuples(st.just(kind), VALUES[kind])
    ),
    style=st.sampled_from(QUERY_STYLES),
    name=NAMES,
)
def test_a_query_parameter_survives_being_sent(
    kind_and_value: tuple[str, JsonValue], style: tuple[Style, bool], name: str
) -> None:
    """Whatever value a query parameter has, writing and reading it by its style gives it back."""
    kind, value = kind_and_value
    # These delimiters are encoded when they are sent, and then cannot be told from data (3.1.1, 4.8.12.6).
    assume(style[0] not in {Style.SPACE_DELIMITED, Style.PIPE_DELIMITED} or not _has_delimiters(value))
    # So do most clients with commas, and a lone item that holds one cannot be told from two.
    assume(
        style != (Style.FORM, False)
        or not (isinstance(value, list) and len(value) == 1 and "," in str(value))
    )
    assume(not (isinstance(value, dict) and any(key.startswith("__") for key in value)))
    declared = Parameter(
        name=name,
        location=Location.QUERY,
        required=False,
        style=style[0],
        explode=style[1],
        schema=None,
        place=Place(uri="", pointer=""),
    )
    reader = compile_fields([(declared, shape_of(SHAPES[kind]))], below=("request", "query"))

    wrong: list[Violation] = []

    assert reader.read(write_parameter(declared, value), wrong) == {name: value}
    assert wrong == []


def _has_delimiters(value: JsonValue) -> bool:
    parts = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    return any(delimiter in str(part) for part in parts for delimiter in " |")
