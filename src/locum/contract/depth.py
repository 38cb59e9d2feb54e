"""How deep values may lie inside of each other.

What is kept, sent back and written down is walked by writers and readers that go as deep as the stack of the
interpreter allows, which is about a thousand; what comes in is therefore bounded once, where it comes in.
"""

from __future__ import annotations

from typing import Final

from locum.contract.model import JsonValue

__all__ = ["MOST_NESTED", "nests_deeper"]

#: Half of what can be written, since answers put what was sent into pages and envelopes.
MOST_NESTED: Final = 500


def nests_deeper(value: JsonValue | bytes, most: int) -> bool:
    """Tell whether more than *most* lists and objects lie inside of each other in *value*.

    >>> nests_deeper({"a": [1]}, 1), nests_deeper({"a": [1]}, 2)
    (True, False)
    """
    level: list[JsonValue | bytes] = [value]
    for _ in range(most + 1):
        level = [each for each in level if isinstance(each, dict | list)]
        if not level:
            return False
        level = [inner for each in level for inner in _inside(each)]
    return True


def _inside(value: JsonValue | bytes) -> list[JsonValue]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
