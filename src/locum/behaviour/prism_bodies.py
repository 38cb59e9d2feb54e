"""Which bodies Prism does not make, and what it says instead.

Sources: Prism 5.14, prism-http-server/serialize and mocker/errors.
"""

from __future__ import annotations

from typing import Final

from locum.behaviour.model import Refusal
from locum.contract.model import JsonObject, JsonValue
from locum.errors import Diagnostic, GenerationError
from locum.generation.media import Encode

__all__ = ["text_alone", "unmade"]

_BASE: Final = "https://stoplight.io/prism/errors#"
_NOT_TEXT: Final = "generation.not-text"
_COMPLEX: Final = "Cannot serialise complex objects as text"
_TOO_LARGE: Final = "Unable to generate body for response. The schema is too complex to generate."


def text_alone(write: Encode, media_type: str) -> Encode:
    """Return *write*, which raises `GenerationError` where anything but text should be text."""
    if not media_type.startswith("text/"):
        return write

    def checked(value: JsonValue) -> bytes:
        if isinstance(value, str):
            return write(value)
        raise GenerationError(Diagnostic(code=_NOT_TEXT, message=_COMPLEX))

    return checked


def unmade(refusal: Refusal, status: int) -> JsonObject:
    """Return the problem of a body that cannot be made."""
    kind, title, detail = ("SCHEMA_TOO_COMPLEX", "Schema too complex", _TOO_LARGE)
    if refusal.facts.get("code") == _NOT_TEXT:
        kind, title, detail = ("NO_COMPLEX_OBJECT_TEXT", _COMPLEX, _COMPLEX)
    return {"type": _BASE + kind, "title": title, "status": status, "detail": detail}
