"""Finds the credential that a request presents for a security scheme.

Sources: RFC 9110, 11.6.2; RFC 6750, 2.1 (bearer); RFC 7617 (basic); OpenAPI 3.1.1, 4.8.27 (apiKey).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from locum.behaviour.model import RawRequest
from locum.contract.delimiting import StyleError, decode
from locum.contract.model import Location, SecurityScheme, SecurityType
from locum.contract.styles import read_pairs

__all__ = ["Presented", "finder"]

#: `token68` of RFC 9110, 11.2, and whatever else people put into tokens but spaces and commas.
_TOKEN: Final = re.compile(r"[^\s,]+")
#: The schemes whose form is known (IANA, HTTP Authentication Scheme Registry); of others nothing is.
_REGISTERED: Final = frozenset(
    {"basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "oauth"}
    | {"privatetoken", "scram-sha-1", "scram-sha-256", "vapid"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What was presented; *fault*, a predicate, says why it cannot be a credential of the scheme.

    *is_absent* tells that nothing at all was presented for the scheme.
    """

    secret: str = ""
    fault: str = ""
    is_absent: bool = False


#: What an answer to a digest challenge says, each quoted.
_DIGEST: Final = ("username", "realm", "nonce", "uri", "response")
_QUOTED: Final = re.compile(r"""([A-Za-z]+)=["'][^"']*["']""")

Find = Callable[[RawRequest], Presented | None]


def finder(scheme: SecurityScheme, *, is_bare: bool = False) -> Find:
    """Return the function that finds what a request presents for *scheme*, `None` for nothing.

    *is_bare* takes the secret without its scheme word too. A scheme nobody registered takes whatever
    `Authorization` says. Of several such headers, the one that fits counts.
    """
    if scheme.type is SecurityType.API_KEY:
        return _key_finder(scheme.location or Location.HEADER, scheme.parameter or scheme.name)
    word = scheme.http_scheme if scheme.type is SecurityType.HTTP and scheme.http_scheme else "bearer"
    read = {"basic": _basic, "bearer": _bearer, "digest": _digest}.get(word, _anything)

    # A client sends the same credential with every request.
    @lru_cache(maxsize=128)
    def understand(text: str) -> Presented:
        return _by_word(text, word, read, is_bare=is_bare)

    def find(raw: RawRequest) -> Presented | None:
        first: Presented | None = None
        for name, text in raw.headers:
            if name == "authorization" and (sent := text.strip()):
                presented = understand(sent)
                if not presented.fault:
                    return presented
                first = first or presented
        return first

    return find


def _by_word(sent: str, word: str, read: Callable[[str], Presented], *, is_bare: bool) -> Presented:
    first, _, rest = sent.partition(" ")
    if first.lower() == word:
        return read(rest.strip())
    if (is_bare and not rest) or word not in _REGISTERED:
        return Presented(secret=sent)
    fault = f"is not there; the header does not start with {word.capitalize()!r}"
    return Presented(fault=fault, is_absent=True)


def _bearer(text: str) -> Presented:
    return (
        Presented(secret=text)
        if _TOKEN.fullmatch(text)
        else Presented(fault="is not one token", is_absent=not text)
    )


def _basic(text: str) -> Presented:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return Presented(fault="is not base64 of `user:password`")
    try:
        secret = decoded.decode()
    except UnicodeDecodeError:
        secret = decoded.decode("latin-1")
    return Presented(secret=secret) if ":" in secret else Presented(fault="is not base64 of `user:password`")


def _digest(text: str) -> Presented:
    """Read what RFC 7616, 3.4, wants of every answer; who calls cannot be told from it here."""
    given = {name.lower() for name in _QUOTED.findall(text)}
    lacking = [name for name in _DIGEST if name not in given]
    return Presented(fault=f"has no {', '.join(lacking)}") if lacking else Presented(secret=text)


def _anything(text: str) -> Presented:
    return Presented(secret=text) if text else Presented(fault="is empty")


def _key_finder(location: Location, name: str) -> Find:
    if location is Location.HEADER:
        key = name.lower()
        return lambda raw: _key(raw.header(key))
    if location is Location.COOKIE:
        return lambda raw: _key(_find(_cookies(raw.header("cookie") or ""), name))
    return lambda raw: _key(_find(read_pairs(raw.query), name))


def _key(text: str | None) -> Presented | None:
    return None if text is None or not text.strip() else Presented(secret=text.strip())


def _cookies(text: str) -> Iterable[tuple[str, str]]:
    pairs = (pair.partition("=") for pair in text.split(";"))
    return ((name.strip(), value.strip().strip('"')) for name, _, value in pairs)


def _find(pairs: Iterable[tuple[str, str]], name: str) -> str | None:
    for key, text in pairs:
        try:
            if decode(key) == name:
                return decode(text)
        except StyleError:  # not text at all, so not the key
            continue
    return None
