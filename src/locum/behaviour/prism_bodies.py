"""How Prism arranges and writes bodies, which ones it does not make, and what it says instead.

Sources: Prism 5.14, prism-http-server/serialize and mocker/errors; 5.15, mocker/generator (sortProperties).
"""

from __future__ import annotations

from typing import Final

from locum.behaviour.contents import has_example
from locum.behaviour.media_ranges import parse_media
from locum.behaviour.model import Refusal
from locum.behaviour.negotiation import Choice
from locum.contract.model import JsonObject, JsonValue, ResponseSpec, Violation
from locum.errors import Diagnostic, GenerationError
from locum.generation.media import Encode, as_text
from locum.generation.xml import DECLARATION

__all__ = ["alphabetized", "unmade", "unnamed", "written_plainly"]

_BASE: Final = "https://stoplight.io/prism/errors#"
_NOT_TEXT: Final = "generation.not-text"
_COMPLEX: Final = "Cannot serialise complex objects as text"
_TOO_LARGE: Final = "Unable to generate body for response. The schema is too complex to generate."


def alphabetized(value: JsonValue) -> JsonValue:
    """Return *value* with the members of each object in alphabetical order.

    >>> alphabetized({"b": [{"d": 1, "c": 2}], "a": 3})
    {'a': 3, 'b': [{'c': 2, 'd': 1}]}
    """
    if isinstance(value, dict):
        return {name: alphabetized(value[name]) for name in sorted(value)}
    return [alphabetized(each) for each in value] if isinstance(value, list) else value


def written_plainly(write: Encode, choice: Choice) -> Encode:
    """Return *write* as Prism writes what was chosen: XML without its declaration, no object as text.

    An object is refused only where plain text is all that the client takes: others get JSON in its place, and
    CSV, YAML or events can hold it.
    """
    if write is as_text and choice.must_be_text:
        return _text_alone
    return _undeclared(write) if parse_media(choice.content_type).name.endswith("xml") else write


def _undeclared(write: Encode) -> Encode:
    """Return *write* for XML; a text that is XML already stays as it is."""

    def plain(value: JsonValue) -> bytes:
        body = write(value)
        return body if isinstance(value, str) else body.removeprefix(DECLARATION)

    return plain


def _text_alone(value: JsonValue) -> bytes:
    """Write *value* as text; raises `GenerationError` where it is an object or a list."""
    if not isinstance(value, dict | list):
        return as_text(value)
    raise GenerationError(Diagnostic(code=_NOT_TEXT, message=_COMPLEX))


def unmade(refusal: Refusal, status: int) -> JsonObject:
    """Return the problem of a body that cannot be made."""
    kind, title, detail = ("SCHEMA_TOO_COMPLEX", "Schema too complex", _TOO_LARGE)
    if refusal.facts.get("code") == _NOT_TEXT:
        kind, title, detail = ("NO_COMPLEX_OBJECT_TEXT", _COMPLEX, _COMPLEX)
    return {"type": _BASE + kind, "title": title, "status": status, "detail": detail}


def unnamed(spec: ResponseSpec) -> tuple[Violation, ...]:
    """Return what is told of a response that has an example, where 2.0 says no media type it is sent as."""
    if not any(map(has_example, spec.unnamed)):
        return ()
    location = ("response", "header", "content-type")
    message = "is not declared, but an example is; name it by `produces`"
    return (Violation(location=location, keyword="media-type", message=message, asked=[]),)
