"""A schema may ask for more than anybody wants to receive."""

from __future__ import annotations

import pytest

from locum.errors import GenerationError
from locum.generation import Generator
from locum.generation.static import static_example


@pytest.mark.parametrize(
    ("keyword", "schema"),
    [
        ("minLength", {"type": "string", "minLength": 1_000_000_000}),
        ("minLength", {"type": "string", "pattern": "^[a-z]+$", "minLength": 1_000_000_000}),
        ("minItems", {"type": "array", "minItems": 1_000_000_000}),
        ("minProperties", {"type": "object", "minProperties": 1_000_000_000}),
        (
            "minItems",
            {"type": "array", "minItems": 9000, "items": {"type": "array", "minItems": 9000, "items": True}},
        ),
    ],
)
def test_what_would_be_too_large_is_refused_by_its_keyword(keyword: str, schema: dict[str, object]) -> None:
    """No value is made that would fill the memory; the error names the keyword that asks for it."""
    with pytest.raises(GenerationError) as caught:
        Generator().producer(schema)  # type: ignore[arg-type]  # a plain JSON value

    assert caught.value.diagnostics[0].code == f"generation.unmet.{keyword}"


def test_the_static_value_is_bounded_too() -> None:
    """Prism's fixed text is repeated no further than a text may be long."""
    assert len(str(static_example({"type": "string", "minLength": 1_000_000_000}))) == 1_000_000
