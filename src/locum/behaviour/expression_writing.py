"""Writes the parts of expressions that read something by its name."""

from __future__ import annotations

import re

__all__ = ["is_sent", "read_member", "read_query"]


def read_query(name: str) -> str:
    """Return what reads a query parameter."""
    return f"query.{name}" if re.fullmatch(r"[A-Za-z_]\w*", name) else f"query['{name}']"


def is_sent(name: str) -> str:
    """Return what tells whether a query parameter was sent."""
    return f"has(query.{name})" if re.fullmatch(r"[A-Za-z_]\w*", name) else f"'{name}' in query"


def read_member(pointer: str, start: str = "body") -> str:
    """Return what reads a member by its pointer."""
    steps = pointer.split("/")[1:]
    return start + "".join(
        f".{step}" if re.fullmatch(r"[A-Za-z_]\w*", step) else f"['{step}']" for step in steps
    )
