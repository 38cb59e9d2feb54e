"""Reads when a server wants to be asked again (RFC 9110, 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

__all__ = ["retry_after_s"]


def retry_after_s(text: str) -> float | None:
    """Return the seconds that `Retry-After` asks for (RFC 9110, 10.2.3), `None` where it is malformed.

    >>> retry_after_s("7"), retry_after_s("soon")
    (7.0, None)
    """
    if re.fullmatch(r"[0-9]{1,9}", text.strip()):
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())
