"""Words the `WWW-Authenticate` challenges of a refusal.

Sources: RFC 9110, 11.6.1; RFC 6750, 3 (bearer); RFC 7617, 2 (basic); RFC 7616, 3.3 (digest).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from locum.behaviour.model import Cause
from locum.contract.model import SecurityScheme, SecurityType

__all__ = ["challenges"]

_NAME: Final = "www-authenticate"
_BEARER: Final = frozenset({SecurityType.OAUTH2, SecurityType.OPENID_CONNECT})
#: The error codes of RFC 6750, 3.1; a request without a credential gets none.
_ERRORS: Final[Mapping[Cause, str]] = {
    Cause.INVALID_CREDENTIAL: "invalid_token",
    Cause.WRONG_KIND: "invalid_token",
    Cause.INSUFFICIENT_SCOPE: "insufficient_scope",
}


def challenges(
    schemes: Iterable[SecurityScheme],
    *,
    cause: Cause,
    realm: str,
    failed: SecurityScheme,
    scopes: Iterable[str] = (),
) -> tuple[tuple[str, str], ...]:
    """Return one header for each scheme of *schemes* that could open the operation.

    *failed* is the scheme whose credential was refused for *cause*; only its challenge names an error.
    """
    found: dict[str, None] = {}
    for scheme in schemes:
        if scheme.type is SecurityType.MUTUAL_TLS:
            continue
        word, parameters = _challenge(scheme, realm)
        if scheme.name == failed.name and word == "Bearer" and cause in _ERRORS:
            parameters |= {"error": _ERRORS[cause]}
            if cause is Cause.INSUFFICIENT_SCOPE:
                parameters |= {"scope": " ".join(sorted(scopes))}
        found.setdefault(f"{word} {', '.join(f'{key}={_quoted(text)}' for key, text in parameters.items())}")
    return tuple((_NAME, text) for text in found)


def _challenge(scheme: SecurityScheme, realm: str) -> tuple[str, dict[str, str]]:
    if scheme.type is SecurityType.API_KEY:
        location = scheme.location.value if scheme.location else "header"
        return "ApiKey", {"realm": realm, "in": location, "name": scheme.parameter or scheme.name}
    word = "bearer" if scheme.type in _BEARER else scheme.http_scheme or "bearer"
    extra = _EXTRAS.get(word)
    return word.capitalize(), {"realm": realm} | (extra(realm) if extra else {})


def _digest(realm: str) -> dict[str, str]:
    # The nonce says nothing here, and an equal request must get equal bytes.
    return {"qop": "auth", "nonce": hashlib.blake2b(realm.encode(), digest_size=16).hexdigest()}


_EXTRAS: Final[Mapping[str, Callable[[str], dict[str, str]]]] = {
    "basic": lambda _: {"charset": "UTF-8"},
    "digest": _digest,
}


def _quoted(text: str) -> str:
    clean = "".join(each if each.isprintable() and each.isascii() else "?" for each in text)
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"') + '"'
