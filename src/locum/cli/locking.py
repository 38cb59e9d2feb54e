"""Holds the file of sessions for one server, so that no other one writes over what it keeps."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from locum.errors import Diagnostic, UnreachableError, Where

__all__ = ["held_alone"]

#: What a lock is refused with that somebody else has.
_TAKEN: Final = frozenset({errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES})


@contextmanager
def held_alone(path: Path) -> Iterator[None]:
    """Hold the file at *path* until the block ends; raises `UnreachableError` when another process does.

    The lock is on `.NAME.lock` beside it, since the file itself is replaced with each writing. It ends with
    the process however that ends; the empty file stays, as one that is taken away could be held twice. Where
    the system has no such locks, nothing is held.
    """
    try:
        target = path.resolve()
        handle = os.open(target.with_name(f".{target.name}.lock"), os.O_RDONLY | os.O_CREAT, 0o644)
    except (OSError, RuntimeError):  # writing the file fails too, and says why
        yield
        return
    try:
        _lock(handle, path)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, path: Path) -> None:
    if sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415 -- Windows has none

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _TAKEN:  # a file system without locks
            return
        raise UnreachableError(
            Diagnostic(
                code="state.taken",
                message="another server keeps its sessions in this file",
                where=Where(file=str(path)),
                hint="end that server, or name another file with `--state`",
            )
        ) from error
