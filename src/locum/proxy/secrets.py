"""Leaves out of bodies what is secret by its name."""

from __future__ import annotations

from typing import Final

import orjson

from locum.behaviour.redaction import REDACTED
from locum.contract.depth import nests_deeper
from locum.contract.model import JsonValue

__all__ = ["without_secrets"]

#: Members of bodies that are secret by their name, without case and separators.
_SECRET: Final = frozenset(
    {"password", "passwd", "secret", "clientsecret", "accesstoken", "refreshtoken", "idtoken", "apikey"}
    | {"privatekey", "token", "authorization", "sessionid", "cardnumber", "cvv", "cvc", "pin"}
)
#: Deeper bodies are not looked through, and what was not looked through is not written down.
_DEEPEST: Final = 200
_WITHHELD: Final = b'"[left out: nests too deep to be searched for secrets]"'


def without_secrets(body: bytes, media_type: str) -> bytes:
    """Return *body* with the secret members of its JSON replaced; bodies of other kinds stay."""
    if not body or "json" not in media_type:
        return body
    try:
        value: JsonValue = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    if nests_deeper(value, _DEEPEST):
        return _WITHHELD
    safe = _safe(value)
    return body if safe == value else orjson.dumps(safe)


def _safe(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _safe_member(name, member) for name, member in value.items()}
    return [_safe(each) for each in value] if isinstance(value, list) else value


def _safe_member(name: str, member: JsonValue) -> JsonValue:
    plain = "".join(letter for letter in name.lower() if letter.isalnum())
    return REDACTED if plain in _SECRET and isinstance(member, str) else _safe(member)
