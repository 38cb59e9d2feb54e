"""How deep values may lie inside of each other.

What is kept, sent back and written down is walked by writers and readers that go as deep as the stack of the
interpreter allows, which is about a thousand; what comes in is therefore bounded once, where it comes in.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from locum.contract.model import JsonValue

__all__ = ["MOST_NESTED", "nests_deeper"]

#: What holds other values; no reader makes subclasses of them.
_KINDS: Final = frozenset({dict, list})

#: Half of what can be written, since answers put what was sent into pages and envelopes.
MOST_NESTED: Final = 500


def nests_deeper(value: JsonValue | bytes, most: int) -> bool:
    """Tell whether more than *most* lists and objects lie inside of each other in *value*.

    >>> nests_deeper({"a": [1]}, 1), nests_deeper({"a": [1]}, 2)
    (True, False)
    """
    level = [value] if type(value) in _KINDS else []
    for _ in range(most + 1):
        if not level:
            return False
        level = [inner for each in level for inner in _inside(each) if type(inner) in _KINDS]
    return True


def _inside(value: JsonValue | bytes) -> Iterable[JsonValue]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
