"""Writes a request as a curl line that a person can run; a secret is a variable of the shell.

What is secret was taken out before (`prepared.py`): `[secret of good]` and `[redacted]` stand in its place.
"""

from __future__ import annotations

import re
import shlex
from typing import Final
from urllib.parse import urlsplit

from locum.verify.model import Sent

__all__ = ["curl_line", "curl_words", "variables"]

_SECRET: Final = re.compile(r"\[secret of ([^\]]*)\]|\[redacted\]")
#: Headers that curl writes of itself, and what it or anybody writes.
_OF_ITSELF: Final = frozenset({"connection", "content-length", "transfer-encoding"})
_USUAL: Final = frozenset({("accept", "*/*"), ("user-agent", "locum-verify")})
_SHOWN_BYTES: Final = 4096


def curl_line(sent: Sent) -> str:
    """Return the line that sends *sent* again; of a long body the first 4,096 bytes.

    >>> curl_line(Sent(method="GET", url="http://a/b", headers=(("X-Key", "[secret of good]"),)))
    'curl -i -H "X-Key: $TOKEN" http://a/b'
    """
    return " ".join(curl_words(sent))


def curl_words(sent: Sent) -> list[str]:
    """Return the line in words, quoted already; a flag and its value are one."""
    names = variables(sent)
    words = ["curl -i", *_method(sent)]
    for name, text in _headers(sent):
        words.append(f"-H {_word(f'{name}: {text}' if text else f'{name};', names)}")
    told = {(name.lower(), text) for name, text in sent.headers}
    if told & _USUAL and not any(name == "accept" for name, _ in told):
        words.append("-H Accept:")  # curl writes one of itself
    if set("[]{}") & set(_SECRET.sub("", sent.url)):
        words.append("-g")  # without it curl takes brackets for a range
    before, body = _body(sent.body, names)
    return [*before, *words, *body, _word(sent.url, names)]


def variables(sent: Sent) -> dict[str, str]:
    """Return the variables of the line, each with whose secret it holds: `{"TOKEN": "good"}`."""
    shown = "\n".join([sent.url, *(text for _, text in sent.headers), sent.body.decode("utf-8", "replace")])
    owners = list(dict.fromkeys(found[1] or "" for found in _SECRET.finditer(shown)))
    if len(owners) == 1:
        return {"TOKEN": owners[0]}
    return {f"TOKEN_{re.sub(r'[^A-Za-z0-9]+', '_', owner).upper()}".rstrip("_"): owner for owner in owners}


def _method(sent: Sent) -> list[str]:
    if sent.method == "HEAD":
        return ["--head"]
    usual = "POST" if sent.body else "GET"
    return [] if sent.method == usual else [f"-X {shlex.quote(sent.method)}"]


def _headers(sent: Sent) -> list[tuple[str, str]]:
    try:
        host = urlsplit(sent.url).netloc
    except ValueError:
        host = ""
    kept = [
        (name, text)
        for name, text in sent.headers
        if name.lower() not in _OF_ITSELF and (name.lower(), text) not in {("host", host), *_USUAL}
    ]
    if sent.body and not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", ""))
    return kept


def _body(body: bytes, names: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return what stands before curl, and its flag with the body."""
    if not body:
        return [], []
    shown = body[:_SHOWN_BYTES]
    text = shown.decode("utf-8", "ignore" if len(body) > len(shown) else "surrogateescape")
    is_plain = all(char.isprintable() or char in "\n\t" for char in text)
    # curl takes a leading @ for the name of a file.
    if is_plain and not text.startswith("@"):
        return [], [f"--data-binary {_word(text, names)}"]
    octets = "".join(f"\\{byte:03o}" for byte in shown)
    return [f"printf '{octets}' |"], ["--data-binary @-"]


def _word(text: str, names: dict[str, str]) -> str:
    """Return *text* as one word of a shell, its secrets as variables."""
    if not _SECRET.search(text):
        return shlex.quote(text)
    owners = {owner: name for name, owner in names.items()}
    quoted, end = "", 0
    for found in _SECRET.finditer(text):
        name = owners[found[1] or ""]
        quoted += _escaped(text[end : found.start()])
        end = found.end()
        is_glued = text[end : end + 1].isalnum() or text[end : end + 1] == "_"
        quoted += f"${{{name}}}" if is_glued else f"${name}"
    return f'"{quoted}{_escaped(text[end:])}"'


def _escaped(text: str) -> str:
    return re.sub(r'([\\"`$])', r"\\\1", text)
