"""Keeps the garbage collector away from what stays until the process ends."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["made_to_stay"]


@contextmanager
def made_to_stay() -> Iterator[None]:
    """Look for no garbage meanwhile, and never again among what is there at the end.

    Modules and contracts are never garbage; going through them again and again takes a tenth of a start,
    and full collections later would keep requests waiting.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
