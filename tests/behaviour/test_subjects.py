from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

Json: TypeAlias = Any
Play: TypeAlias = Callable[..., Any]


def test_a_letter_that_is_encoded_asks_for_the_same(play: Play) -> None:
    """`%6F` is `o` (RFC 3986, 6.2.2.2): who spells a query otherwise is told the same."""
    text: Json = {"type": "string"}
    answer: Json = {"type": "object", "required": ["name"], "properties": {"name": text}}
    stage = play(
        {
            "/words": {
                "get": {
                    "operationId": "words",
                    "parameters": [{"name": "region", "in": "query", "schema": text}],
                    "responses": {
                        "200": {"description": "", "content": {"application/json": {"schema": answer}}}
                    },
                }
            }
        }
    )

    assert stage.body("words", query="region=north") == stage.body("words", query="region=n%6Frth")
    assert stage.body("words", query="region=north") != stage.body("words", query="region=south")
