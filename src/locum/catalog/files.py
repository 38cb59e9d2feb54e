"""Reads what was named by a person, and tells where that cannot be done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from locum.errors import Diagnostic, UnreachableError, Where

__all__ = ["content_of"]


def content_of(path: Path, read: Callable[[str], bytes], *, kind: str, what: str) -> bytes:
    """Return what *read* gives of *path*; raises `UnreachableError` that says *what* it is."""
    try:
        return read(str(path))
    except OSError as error:
        raise UnreachableError(
            Diagnostic(
                code=f"{kind}.unreadable",
                message=f"the {what} cannot be read: {error.strerror or error}",
                where=Where(file=str(path)),
            )
        ) from error
