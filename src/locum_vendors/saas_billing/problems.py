"""What no schema can say is wrong with a query."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Problem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong: *detail* as the API says it, *message* what the query must be or do."""

    keyword: str
    detail: str
    message: str
