"""What Prism finds wrong with forms beside their schema: reserved characters, and lists that were not sent.

Source: Prism 5.14, validator/validators/body and validator/deserializers/style/delimited.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from locum.behaviour.bodies import Decoded
from locum.behaviour.model import RawRequest
from locum.contract.delimiting import DELIMITERS
from locum.contract.model import JsonValue, Style, Violation

__all__ = ["form_faults"]

_PAIRS: Final = "application/x-www-form-urlencoded"
_RESERVED: Final = re.compile(r"[/?#[\]@!$&'()*+,;=]")


def form_faults(raw: RawRequest, decoded: Decoded) -> tuple[Violation, ...]:
    """Return what is wrong with the fields of a form whose encoding names a style.

    A character may be reserved for whoever reads the form: it has to be escaped, unless `allowReserved`
    says otherwise; in a part of a multipart body, where nothing can be escaped, it is told as well.
    """
    encoding = decoded.media.encoding
    if not encoding or not isinstance(decoded.value, Mapping):
        return ()
    sent = _pairs(raw) if decoded.media_type == _PAIRS else _parts(decoded)
    reserved = tuple(
        _fault(name, "reserved", "holds reserved characters")
        for name, each in encoding.items()
        if each.style is not None and not each.allow_reserved and _RESERVED.search(sent.get(name, ""))
    )
    return reserved or tuple(
        _fault(name, "type", "must be a list", ["array"])
        for name, each in encoding.items()
        if each.style in DELIMITERS and name not in decoded.value
    )


def _fault(name: str, keyword: str, message: str, asked: JsonValue = None) -> Violation:
    location = ("request", "body", name)
    return Violation(location=location, keyword=keyword, message=message, asked=asked)


def _pairs(raw: RawRequest) -> dict[str, str]:
    """Return the fields as they were written, escapes and all; of several with one name, the last."""
    pairs = (pair.partition("=") for pair in raw.body.decode("latin-1").split("&"))
    return {name: text for name, _, text in pairs}


def _parts(decoded: Decoded) -> dict[str, str]:
    """Return the parts that are text, lists as they were written."""
    found = decoded.value if isinstance(decoded.value, Mapping) else {}
    encoding = decoded.media.encoding
    return {name: _text(value, encoding[name].style) for name, value in found.items() if name in encoding}


def _text(value: JsonValue, style: Style | None) -> str:
    if isinstance(value, list):
        return DELIMITERS.get(style, "").join(map(str, value)) if style else ""
    return value if isinstance(value, str) else ""
