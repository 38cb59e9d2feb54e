"""Formats of OpenAPI that JSON Schema does not know; the others are the validator's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

__all__ = ["FORMATS"]

#: With the alphabet of URLs and with line breaks, as many implementations write it.
BASE64 = re.compile(r"(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?")


def is_base64(text: str) -> bool:
    """Tell whether *text* is base64 (RFC 4648, 4 and 5), padded or not."""
    return BASE64.fullmatch(re.sub(r"[\r\n]", "", text)) is not None


FORMATS: Mapping[str, Callable[[str], bool]] = {"byte": is_base64}
