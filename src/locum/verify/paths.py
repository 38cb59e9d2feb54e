"""What a contract declares on one path, whatever its variables are called."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from locum.contract.contract import Contract

__all__ = ["is_same_path", "methods_of"]

_VARIABLE: Final = re.compile(r"\{[^{}]*\}")


def methods_of(contract: Contract, path: str) -> frozenset[str]:
    """Return the methods that *contract* declares on *path*, whatever the variables are called."""
    wanted = _plain(path)
    return frozenset(route.method.value for route in contract.routes if _plain(route.path) == wanted)


def is_same_path(one: str, other: str) -> bool:
    """Tell whether two templates are the same path, whatever their variables are called.

    >>> is_same_path("/a/{b}", "/a/{c}"), is_same_path("/a/{b}", "/a")
    (True, False)
    """
    return _plain(one) == _plain(other)


@lru_cache(maxsize=4096)
def _plain(path: str) -> str:
    return _VARIABLE.sub("{}", path)
