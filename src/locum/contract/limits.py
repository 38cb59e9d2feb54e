"""How much a contract may cost to read."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What goes beyond is refused with a diagnostic, never tried."""

    #: Size of one file.
    file_bytes: int = 32 * 2**20
    #: Levels of nesting in one file; ryaml stops at 128 by itself.
    depth: int = 128
    #: Values in one file, each alias counted with everything it stands for.
    nodes: int = 2_000_000
    #: Files one contract is made of.
    files: int = 1_000
