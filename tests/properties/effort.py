"""How hard laws are tried."""

from __future__ import annotations

import os

__all__ = ["tries"]


def tries(count: int) -> int:
    """Return *count* in the long run of `.ci/run`, a third of it in any other."""
    return count if "LOCUM_LONG_TESTS" in os.environ else count // 3
