"""Lines that are indented with tabs, which YAML does not allow and authors write (YAML 1.2.2, 6.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["INDENTING_TABS", "without_tabs"]

#: What a line is indented with, if a tab is among it.
INDENTING_TABS: Final = re.compile(r"^[ ]*\t[ \t]*", re.MULTILINE)
#: How many spaces a tab may stand for, in the order in which they are tried.
_WIDTHS: Final = (8, 4, 2)


def without_tabs(text: str) -> Iterator[str]:
    r"""Yield *text* with as many spaces for each indenting tab as may have been meant; lines stay lines.

    >>> next(without_tabs("a:\n\tb: 1"))
    'a:\n        b: 1'
    """
    for width in _WIDTHS:
        yield INDENTING_TABS.sub(lambda found: found[0].expandtabs(width), text)  # noqa: B023 -- used at once
