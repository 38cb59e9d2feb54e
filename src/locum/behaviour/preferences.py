"""Reads what one request asks of the stand-in itself: a status, an example, a scenario, fresh values, a seed.

Three spellings, the first that is present counts as a whole: the header `Prefer` (RFC 7240) with the tokens
`code`, `example`, `scenario`, `callback`, `dynamic`, `variant` and `seed`; the headers
`x-mock-response-code`, `-name` and `-id`; the query parameters `__code`, `__example` and so on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from locum.behaviour.model import Cause, Preferences, RawRequest, Refusal
from locum.behaviour.problems import describe
from locum.contract.delimiting import StyleError, decode
from locum.contract.model import Violation
from locum.contract.styles import read_pairs
from locum.generation.model import Variant

__all__ = ["NO_PREFERENCES", "forces", "read_preferences"]

NO_PREFERENCES: Final = Preferences()

#: One preference: `name`, `name=value` or `name="value"`; RFC 7240 allows spaces around the sign.
_PREFERENCE = re.compile(r"""\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^,;]*)))?""")
_KNOWN: Final = frozenset({"code", "example", "scenario", "callback", "dynamic", "variant", "seed"})
_MOCK_HEADERS: Final[Mapping[str, str]] = {
    "x-mock-response-code": "code",
    "x-mock-response-name": "example",
    "x-mock-response-id": "example",
}
#: How Postman writes the identifier of an answer with that of its owner before it.
_OWNED_ID: Final = re.compile(r"\d+-([0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})")
_SWITCH: Final[Mapping[str, bool]] = {"": True, "true": True, "false": False}


def read_preferences(raw: RawRequest) -> Preferences | Refusal:
    """Return what *raw* asks for, or the refusal of a value that means nothing."""
    prefer: dict[str, str] = {}
    mock: dict[str, str] = {}
    for name, text in raw.headers:
        if name == "prefer":
            prefer = _tokens(text) | prefer
        elif name in _MOCK_HEADERS:
            owned = _OWNED_ID.fullmatch(text.strip())
            mock.setdefault(_MOCK_HEADERS[name], owned[1] if owned else text.strip())
    if prefer:
        return _understand(prefer, "header", "Prefer")
    if mock:
        return _understand(mock, "header", "x-mock-response")
    if "__" in raw.query or "%5F" in raw.query or "%5f" in raw.query:
        return _understand(_query_forms(raw.query), "query", "__")
    return NO_PREFERENCES


def forces(asked: Preferences) -> bool:
    """Tell whether a request asks for an answer of its own choice, which no handler gives."""
    return asked.code is not None or asked.example is not None


def _tokens(text: str) -> dict[str, str]:
    """Return the known preferences in one header value; the first of equal names counts (RFC 7240, 2)."""
    found: dict[str, str] = {}
    for match in _PREFERENCE.finditer(text):
        name = match[1].lower()
        quoted, plain = match[2], match[3]
        value = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else (plain or "").strip()
        if name in _KNOWN:
            found.setdefault(name, value)
    return found


def _query_forms(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in read_pairs(query):
        try:
            key, value = decode(name), decode(text)
        except StyleError:  # checking says so, if the parameter is declared
            continue
        if key.startswith("__") and key[2:] in _KNOWN:
            found.setdefault(key[2:], value)
    return found


def _understand(asked: Mapping[str, str], part: str, place: str) -> Preferences | Refusal:
    wrong = list(_wrong(asked, part, place))
    if wrong:
        detail = "; ".join(describe(each) for each in wrong)
        return Refusal(cause=Cause.INVALID_PREFERENCE, status=422, detail=detail, violations=tuple(wrong))
    code, dynamic = asked.get("code"), asked.get("dynamic")
    return Preferences(
        code=None if code is None else int(code),
        example=asked.get("example") or None,
        dynamic=None if dynamic is None else _SWITCH[dynamic],
        seed=asked.get("seed"),
        scenario=asked.get("scenario") or None,
        callback=asked.get("callback"),
        variant=Variant(asked["variant"]) if "variant" in asked else None,
    )


def _wrong(asked: Mapping[str, str], part: str, place: str) -> Iterable[Violation]:
    code, dynamic = asked.get("code", "200"), asked.get("dynamic", "true")
    if not re.fullmatch(r"[2-5][0-9]{2}", code):
        yield _violation(part, place, "code", code, "a status from 200 to 599")
    if dynamic not in _SWITCH:
        yield _violation(part, place, "dynamic", dynamic, "`true` or `false`")
    variant = asked.get("variant", Variant.FULL)
    if variant not in set(Variant):
        yield _violation(part, place, "variant", variant, "`minimal`, `full` or `random`")


def _violation(part: str, place: str, name: str, received: str, expected: str) -> Violation:
    return Violation(
        location=("request", part, f"{place}{name}" if part == "query" else place),
        keyword="syntax",
        message=f"asks for {name}={received[:60]!r}; {name} must be {expected}",
        expected=expected,
        received=received[:60],
        asked=name,
    )
