"""JSON Pointers (RFC 6901) as text; nothing here looks into a document."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["below", "join_pointer", "split_pointer"]


# Rules look at the same place of every item of a list, a million times in a run.
@lru_cache(maxsize=4096)
def split_pointer(pointer: str) -> tuple[str, ...]:
    """Return the tokens of *pointer*, unescaped.

    >>> split_pointer("/paths/~1pets/get")
    ('paths', '/pets', 'get')
    """
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def join_pointer(*tokens: str | int) -> str:
    """Return the pointer made of *tokens*.

    >>> join_pointer("paths", "/pets", 0)
    '/paths/~1pets/0'
    """
    return "".join(f"/{str(token).replace('~', '~0').replace('/', '~1')}" for token in tokens)


def below(pointer: str, *tokens: str | int) -> str:
    """Return *pointer* lengthened by *tokens*.

    >>> below("/paths", "/pets")
    '/paths/~1pets'
    """
    return pointer + join_pointer(*tokens)
