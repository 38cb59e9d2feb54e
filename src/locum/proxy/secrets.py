"""Leaves out of what is written down whatever is secret by its name, or is a token by its form.

Secrets hide in texts inside of texts: JSON in a member of JSON, a query in a link, an encoded form field.
Source: RFC 7515, 3.1, and RFC 7516, 3.1 (what a token looks like).
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Final
from urllib.parse import quote_plus, unquote_plus

import orjson

from locum.behaviour.redaction import REDACTED
from locum.behaviour.retelling import is_textual
from locum.contract.depth import nests_deeper
from locum.contract.model import JsonValue

__all__ = ["is_secret", "without_secrets", "without_secrets_in_text"]

#: Names that are secret, without case and separators.
_SECRET: Final = frozenset(
    {"password", "passwd", "pwd", "passphrase", "secret", "clientsecret", "secretkey", "secretaccesskey"}
    | {"token", "accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken", "csrftoken", "jwt"}
    | {"apikey", "privatekey", "authorization", "clientassertion", "sessionid"}
    | {"cardnumber", "cvv", "cvc", "pin"}
)
#: Names that end like this are, whosever they are; what only ends in "token" may be a mark of a page.
_SECRET_ENDINGS: Final = (
    *("password", "passwd", "passphrase", "passwordconfirmation", "secret", "secretkey", "accesskey"),
    *("privatekey", "apikey", "accesstoken", "authtoken", "refreshtoken", "securitytoken", "privatetoken"),
)
#: Deeper bodies are not looked through, and what was not looked through is not written down.
_DEEPEST: Final = 200
#: So many texts may stand inside of each other.
_MOST_INSIDE: Final = 8
_WITHHELD: Final = "[left out: nests too deep to be searched for secrets]"

# Each of these looks at a text in linear time, whatever stands in it: what repeats has an end of its own.
_TOKEN: Final = re.compile(r"(?<![\w-])eyJ[\w-]{5,}(?:\.[\w-]*){2,4}")
#: What stands before the host in an address (RFC 3986, 3.2.1).
_USER: Final = re.compile(r"(://[^\s/?#@:\"'<>]{0,200}:)[^\s/?#@\"'<>]{1,200}(?=@)")
_LINE: Final = re.compile(r"^((?:data:)?[ \t]*)([\[{].*[\]}])", re.MULTILINE)
_MEMBER: Final = re.compile(
    r"""(\\{0,7}["'])([\w .-]{1,40})\1(\s{0,9}:\s{0,9})(?:\1((?:(?!\1)(?:\\.|[^\\])){0,9999})\1|\d+)"""
)
_PAIR: Final = re.compile(
    r"""(^|[?&;#\s])([^\s?&;#="'<>]{1,80})=("[^"]{0,9999}"|'[^']{0,9999}'|[^&\s"'<>#;]*)"""
)
_ELEMENT: Final = re.compile(
    r"<(?:[\w.-]{1,80}:)?([\w.-]{1,80})(?:\s[^<>]*)?>((?s:<!\[CDATA\[.{0,9999}?\]\]>)|[^<]+)(?=</)"
)
_ENTRY: Final = re.compile(
    r"""^[ \t-]{0,80}["']?([\w.-]{1,80})["']?[ \t]{0,9}:[ \t]{1,9}(\S[^\r\n]*)""", re.MULTILINE
)
#: Anything else holds no secret that can be told by its looks.
_SUSPECT: Final = re.compile(r"""[={\["]|eyJ|</|://""")
_PART_NAME: Final = re.compile(rb"""[; ]name="?([^";\r\n]{1,80})""", re.IGNORECASE)
_PART_TYPE: Final = re.compile(rb"""content-type: *([^\s]{1,200})""", re.IGNORECASE)
_BOUNDARY: Final = re.compile(r"""boundary="?([^";,\s]+)""", re.IGNORECASE)


class _TooDeepError(Exception):
    """A value nests deeper than it is looked through."""


@lru_cache(maxsize=1024)
def is_secret(name: str) -> bool:
    """Tell whether what is called *name* is secret.

    >>> is_secret("Client-Secret"), is_secret("x-auth-token"), is_secret("next_page_token")
    (True, True, False)
    >>> is_secret("newPassword"), is_secret("X-Amz-Security-Token")
    (True, True)
    """
    plain = "".join(filter(str.isalnum, name.lower()))
    return plain.removeprefix("x") in _SECRET or plain.endswith(_SECRET_ENDINGS)


def without_secrets(body: bytes, media_type: str) -> bytes:
    """Return *body*, which is packed by no coding, without its secrets; what is no text stays."""
    kind = media_type.lower()
    boundary = _BOUNDARY.search(media_type)
    if kind.startswith("multipart/") and boundary is not None:
        mark = b"--" + boundary[1].encode("latin-1", "replace")
        return mark.join(map(_without_in_part, body.split(mark)))
    if not body or not is_textual(kind):
        return body
    charset = "utf-8" if _is_utf_8(body) else "latin-1"
    text = body.decode(charset)
    try:
        told = _searched(text, 0)
    except _TooDeepError:
        return orjson.dumps(_WITHHELD)
    told = _ENTRY.sub(_second_left_out, told) if "yaml" in kind else told
    return body if told == text else told.encode(charset)


def _without_in_part(part: bytes) -> bytes:
    """Return a part of a form without its secrets; files stay, unless they are text by their type."""
    head, between, value = part.partition(b"\r\n\r\n")
    name, kind = _PART_NAME.search(head), _PART_TYPE.search(head)
    end = b"\r\n" if value.endswith(b"\r\n") else b""
    held = value.removesuffix(end)
    if name is not None and is_secret(name[1].decode("latin-1")):
        return head + between + REDACTED.encode() + end
    usual = "application/octet-stream" if b"filename" in head else "text/plain"
    return head + between + without_secrets(held, kind[1].decode("latin-1") if kind else usual) + end


def without_secrets_in_text(text: str) -> str:
    r"""Return *text* without its secrets, be it JSON, a query, a form, XML, or any text with these in it.

    >>> without_secrets_in_text('{"sent": "{\\"pin\\": 1}", "next": "/a?b=1&password=c"}')
    '{"sent":"{\\"pin\\":\\"[redacted]\\"}","next":"/a?b=1&password=[redacted]"}'
    """
    try:
        return _searched(text, 0)
    except _TooDeepError:
        return REDACTED


def _searched(text: str, inside: int) -> str:
    """Return *text*, which stands *inside* of so many others, without its secrets; raises `_TooDeepError`."""
    if inside > _MOST_INSIDE:
        return REDACTED
    if text.lstrip()[:1] in {"{", "[", '"'}:
        found = _json(text, inside)
        if found is not None:
            return found
    if "\n" in text:
        text = _LINE.sub(lambda line: line[1] + (_json(line[2], inside) or line[2]), text)
    told = _TOKEN.sub(REDACTED, text)
    if ":" in told:
        told = _MEMBER.sub(_member_left_out, told)
    if "=" in told:
        told = _PAIR.sub(partial(_pair, inside=inside), told)
    if "://" in told:
        told = _USER.sub(rf"\1{REDACTED}", told)
    return _ELEMENT.sub(_second_left_out, told) if "</" in told else told


def _json(text: str, inside: int) -> str | None:
    """Return a JSON text without its secrets, as it is where it has none; `None` for what is no JSON."""
    try:
        value: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if nests_deeper(value, _DEEPEST):
        raise _TooDeepError
    safe = _safe(value, inside + 1)
    return text if safe == value else orjson.dumps(safe).decode()


def _safe(value: JsonValue, inside: int) -> JsonValue:
    if isinstance(value, str):
        return _searched(value, inside) if _SUSPECT.search(value) else value
    if isinstance(value, dict):
        return {
            name: _left_out(each) if is_secret(name) else _safe(each, inside) for name, each in value.items()
        }
    return [_safe(each, inside) for each in value] if isinstance(value, list) else value


def _left_out(value: JsonValue) -> JsonValue:
    """Return what stands for *value*, which has a secret name; truths and nothing tell nothing."""
    if isinstance(value, dict):
        return {name: _left_out(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_left_out(each) for each in value]
    return value if value is None or isinstance(value, bool) else REDACTED


def _member_left_out(found: re.Match[str]) -> str:
    quote = found[1]
    return f"{quote}{found[2]}{quote}{found[3]}{quote}{REDACTED}{quote}" if is_secret(found[2]) else found[0]


def _pair(found: re.Match[str], inside: int) -> str:
    """Return a pair of a query or a form without its secret, also where that is encoded."""
    before, name, text = found.groups()
    if is_secret(unquote_plus(name)):
        return f"{before}{name}={REDACTED}" if text else found[0]
    plain = unquote_plus(text) if "%" in text else text
    told = _searched(plain, inside + 1) if plain != text else text
    return found[0] if told == plain else f"{before}{name}={quote_plus(told, safe='[]')}"


def _second_left_out(found: re.Match[str]) -> str:
    """Return a match without its second group, if the first one is a secret name."""
    if not is_secret(found[1]):
        return found[0]
    start, end = (each - found.start() for each in found.span(2))
    return found[0][:start] + REDACTED + found[0][end:]


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
