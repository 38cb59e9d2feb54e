"""The ways to show a credential that must not open anything, and those that must, by security scheme.

Sources: RFC 9110, 11.1 to 11.6 (schemes); RFC 6750, 2 (bearer tokens); RFC 7617 (Basic).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from locum.behaviour.calls import Call
from locum.contract.model import Location, SecurityScheme, SecurityType

__all__ = ["Show", "good_shows", "header_of", "wrong_shows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """One way to show a credential: where, and what. *text* `None` shows nothing."""

    kind: str
    location: Location = Location.HEADER
    name: str = "Authorization"
    text: str | None = None

    def put(self, call: Call) -> Call:
        """Return *call*, which shows none, with this one."""
        if self.text is None:
            return call
        if self.location is Location.QUERY:
            return call.with_query(self.name, [self.text])
        if self.location is Location.COOKIE:
            return call.with_header("Cookie", f"{self.name}={self.text}")
        return call.with_header(self.name, self.text)


#: What a secret begins with, up to its last part: keys of one kind often begin alike.
_FAMILY: Final = re.compile(r".{3,}[-_.:](?=[^-_.:]+$)")
#: Words of other schemes: who takes any word before a secret takes these (RFC 9110, 11.4; IANA registry).
_OTHER_WORDS: Final = ("Basic", "Digest", "Bearer", "Token", "ApiKey", "Negotiate", "Nobody")
#: Where tokens are taken by mistake: by RFC 6750 section 2.3, which nobody declares, and by habit.
_QUERY_NAMES: Final = ("access_token", "token", "api_key", "apikey", "key")
_HEADER_NAMES: Final = ("X-API-Key", "X-Auth-Token")


def header_of(scheme: SecurityScheme, secret: str) -> Show:
    """Return how *scheme* shows *secret*."""
    if scheme.type is SecurityType.API_KEY:
        location = scheme.location or Location.HEADER
        return Show(kind="good", location=location, name=scheme.parameter or scheme.name, text=secret)
    if scheme.http_scheme == "basic":
        return Show(kind="good", text=f"Basic {base64.b64encode(secret.encode()).decode()}")
    return Show(kind="good", text=f"{(scheme.http_scheme or 'bearer').capitalize()} {secret}")


def good_shows(scheme: SecurityScheme, secret: str) -> Iterator[Show]:
    """Yield other ways to write what opens: the word of a scheme has no case (RFC 9110, 11.1)."""
    if scheme.type is SecurityType.API_KEY:
        return
    word, _, rest = (header_of(scheme, secret).text or "").partition(" ")
    yield Show(kind="lower-case-scheme", text=f"{word.lower()} {rest}")
    yield Show(kind="upper-case-scheme", text=f"{word.upper()} {rest}")


def wrong_shows(scheme: SecurityScheme, secret: str, *, seed: str, is_bare: bool) -> Iterator[Show]:
    """Yield ways that must not open what *secret* opens; with *is_bare* it is taken without a word."""
    right = header_of(scheme, secret)
    for kind, text in _wrong_secrets(secret, seed):
        shown = header_of(scheme, text)
        yield Show(kind=kind, location=right.location, name=right.name, text=shown.text)
    yield Show(kind="empty", location=right.location, name=right.name, text="")
    if right.location is Location.HEADER and right.name.lower() == "authorization":
        yield from _worded(scheme, right, secret, is_bare=is_bare)
    yield from _elsewhere(right, secret)


def _worded(scheme: SecurityScheme, right: Show, secret: str, *, is_bare: bool) -> Iterator[Show]:
    """Yield other words before the secret, none where there is to be one, and the word alone."""
    own = "" if scheme.type is SecurityType.API_KEY else (right.text or "").partition(" ")[0]
    for word in _OTHER_WORDS:
        if word.lower() != own.lower():
            kind = "unexpected-scheme" if not own else "other-scheme"
            yield Show(kind=f"{kind}-{word.lower()}", text=f"{word} {secret}")
    if own.lower() != "basic":
        for kind, pair in (("as-user", f"{secret}:"), ("as-password", f":{secret}")):
            yield Show(kind=f"basic-{kind}", text=f"Basic {base64.b64encode(pair.encode()).decode()}")
    if not own:
        return
    yield Show(kind="scheme-alone", text=own)
    yield Show(kind="scheme-run-on", text=f"{own}{secret}")
    yield Show(kind="scheme-prefix", text=f"X{own} {secret}")
    if not is_bare:
        yield Show(kind="no-scheme", text=secret)


def _wrong_secrets(secret: str, seed: str) -> Iterator[tuple[str, str]]:
    """Yield secrets that nobody has: another one, and the good one with a change."""
    made = blake2b(f"{seed}/{secret}".encode(), digest_size=16).hexdigest()
    yield "unknown", f"nobody-{made}"[: max(12, len(secret))]
    yield "shortened", secret[:-1]
    yield "lengthened", f"{secret}0"
    yield "changed", secret[:-1] + ("0" if secret[-1:] != "0" else "1")
    kept = _FAMILY.match(secret)
    if kept:
        yield "of-the-family", f"{kept[0]}nobody-{made[:8]}"
    if secret.swapcase() != secret:
        yield "other-case", secret.swapcase()
    yield "pattern", "%"
    yield "any", "*"
    yield "null", "null"
    yield "quoted", "' OR '1'='1"


def _elsewhere(right: Show, secret: str) -> Iterator[Show]:
    names = dict.fromkeys((right.name, *_QUERY_NAMES) if right.location is not Location.QUERY else ())
    for name in names:
        yield Show(kind="in-query", location=Location.QUERY, name=name, text=secret)
    if right.location is not Location.COOKIE:
        yield Show(kind="in-cookie", location=Location.COOKIE, name="token", text=secret)
    for name in _HEADER_NAMES:
        if name.lower() != right.name.lower():
            yield Show(kind="in-other-header", name=name, text=secret)
