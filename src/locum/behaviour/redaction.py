"""Keeps secrets out of what is told: credentials by where they stand, and known ones wherever they stand.

Sources: RFC 9110, 11.6 and 11.7 (credentials); RFC 6265 (cookies); RFC 6750, 2.3 (`access_token`).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus, unquote_plus

from locum.behaviour.model import Credential
from locum.contract.model import JsonObject, JsonValue, Location, SecurityScheme, SecurityType

__all__ = ["PLAIN", "REDACTED", "Redaction", "compile_redaction"]

REDACTED: Final = "[redacted]"
_HEADERS: Final = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "authentication-info"}
)
_QUERY: Final = frozenset({"access_token"})
#: A secret this short would take ordinary words with it.
_SHORTEST: Final = 4
_WORD: Final = re.compile(r"(basic|bearer|digest)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """What is secret: headers and query parameters by name (lower case), and texts wherever they stand."""

    headers: frozenset[str] = frozenset()
    query: frozenset[str] = frozenset()
    #: Known secrets in every spelling, each with what stands in for it.
    secrets: Mapping[str, str] | None = None
    pattern: re.Pattern[str] | None = None

    def header(self, name: str, text: str) -> str:
        """Return what may be told of a header; the scheme of a credential may."""
        told = self.text(text)
        if name.lower() not in self.headers or told != text:
            return told
        word = _WORD.match(text)
        return f"{word[1]} {REDACTED}" if word else REDACTED

    def target(self, target: str) -> str:
        """Return path and query without the values that are secret; a known secret is told as whose it is."""
        path, mark, query = target.partition("?")
        pairs = (pair.partition("=") for pair in query.split("&"))
        told = (
            f"{name}={REDACTED}" if self._hides(name) and self.text(text) == text else f"{name}{sign}{text}"
            for name, sign, text in pairs
        )
        return self.text(f"{path}{mark}{'&'.join(told)}")

    def text(self, text: str) -> str:
        """Return *text* without known secrets."""
        if self.pattern is None or self.secrets is None:
            return text
        known = self.secrets
        return self.pattern.sub(lambda found: known[found[0]], text)

    def cut_text(self, text: str) -> str:
        """Return a text that was cut, without known secrets nor the beginning of one at its end."""
        told = self.text(text)
        for secret in self.secrets or ():
            for length in range(min(len(secret), len(told)), _SHORTEST - 1, -1):
                if told.endswith(secret[:length]):
                    return told[:-length] + REDACTED
        return told

    def raw(self, body: bytes) -> bytes:
        """Return bytes without known secrets."""
        return self.text(body.decode("latin-1")).encode("latin-1", "replace")

    def value(self, value: JsonObject) -> JsonObject:
        """Return *value*, each text in it without known secrets; names of members stay."""
        return value if self.pattern is None else {name: self._value(each) for name, each in value.items()}

    def _value(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if isinstance(value, dict):
            return {name: self._value(each) for name, each in value.items()}
        return value

    def _hides(self, name: str) -> bool:
        return unquote_plus(name).lower() in self.query


#: Keeps nothing back.
PLAIN: Final = Redaction()


def compile_redaction(schemes: Iterable[SecurityScheme], credentials: Iterable[Credential]) -> Redaction:
    """Compile what is secret in a contract; a known secret is told as the id of its credential."""
    keys = [each for each in schemes if each.type is SecurityType.API_KEY and each.parameter]
    headers = {str(each.parameter).lower() for each in keys if each.location is Location.HEADER}
    query = {str(each.parameter).lower() for each in keys if each.location is Location.QUERY}
    secrets = {
        spelling: f"[secret of {each.id}]"
        for each in credentials
        if len(each.secret) >= _SHORTEST
        for spelling in _spellings(each.secret)
    }
    longest_first = sorted(secrets, key=len, reverse=True)
    return Redaction(
        headers=_HEADERS | headers,
        query=_QUERY | query,
        secrets=secrets,
        pattern=re.compile("|".join(map(re.escape, longest_first))) if secrets else None,
    )


def _spellings(secret: str) -> set[str]:
    """Return *secret* as it may stand in a header, a query, a form or a JSON text."""
    encoded = base64.b64encode(secret.encode()).decode()
    escaped = secret.replace("\\", "\\\\").replace('"', '\\"')
    return {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), encoded, escaped}
