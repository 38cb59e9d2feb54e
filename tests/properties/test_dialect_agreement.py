"""The translation of OpenAPI 3.0 schemas agrees with an independent validator of that dialect."""

from typing import Any

import hypothesis
import openapi_schema_validator
import orjson
from hypothesis import strategies as st

from locum.contract import read_contract

SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "ab", "abc"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=4,
)
LEAVES = st.one_of(
    st.fixed_dictionaries(
        {"type": st.just("string")}, optional={"minLength": st.integers(0, 3), "nullable": st.booleans()}
    ),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number"]), "minimum": st.integers(-3, 3)},
        optional={"exclusiveMinimum": st.booleans(), "nullable": st.booleans()},
    ),
    st.fixed_dictionaries({"type": st.just("boolean")}, optional={"nullable": st.booleans()}),
    st.fixed_dictionaries({"type": st.just("integer"), "enum": st.just([1, 2])}),
)


def containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return schemas of arrays, objects and combinations."""
    listed = st.lists(inner, min_size=1, max_size=2)
    return st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("array"), "items": inner}, optional={"nullable": st.booleans()}
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
            },
            optional={
                "required": st.just(["a"]),
                "additionalProperties": st.booleans(),
                "nullable": st.booleans(),
            },
        ),
        st.builds(lambda parts: {"allOf": parts}, listed),
        st.builds(lambda parts: {"anyOf": parts}, listed),
        st.builds(lambda parts: {"oneOf": parts}, listed),
        st.builds(lambda part: {"not": part}, inner),
    )


@hypothesis.settings(max_examples=200, deadline=None, derandomize=True)
@hypothesis.given(
    schema=st.recursive(LEAVES, containers, max_leaves=4), values=st.lists(VALUES, min_size=3, max_size=3)
)
def test_verdicts_agree_with_an_independent_validator(schema: dict[str, Any], values: list[Any]) -> None:
    """`nullable` and boolean bounds mean the same to both."""
    content = {"application/json": {"schema": schema}}
    document = {"openapi": "3.0.3", "paths": {"/": {"get": {"responses": {"200": {"content": content}}}}}}
    contract = read_contract("/a.json", lambda _: orjson.dumps(document))
    ours = contract.operation(contract.routes[0]).responses[0].content[0].schema
    theirs = openapi_schema_validator.OAS30Validator(schema)

    assert ours is not None
    for value in values:
        assert ours.is_valid(value) == theirs.is_valid(value), (schema, value)
