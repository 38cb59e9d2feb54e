"""Looks for what no answer may give away: traces of the code behind it, and the secrets it was shown.

Sources: CWE-209 (error messages), CWE-522 (credentials), Fetch standard, 3.2.5 (CORS and credentials).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_plus

from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule

__all__ = ["leaks"]

SUITE: Final = "leaks"
TRACE: Final = Rule(
    id="leak.trace",
    promise="No answer shows the code behind it: traces, exceptions, statements, files",
    suite=SUITE,
    source="CWE-209",
)
SECRET: Final = Rule(
    id="leak.secret", promise="No answer repeats the secret it was shown", suite=SUITE, source="CWE-522"
)
CORS: Final = Rule(
    id="cors.credentials",
    promise="No answer lets the pages of everybody read it with credentials",
    suite=SUITE,
    source="Fetch, 3.2.5",
)
CACHE: Final = Rule(
    id="cache.shared",
    promise="What was asked with a credential is not given to caches that others share",
    suite=SUITE,
    source="RFC 9111, 3.5; CWE-525",
)
#: What traces look like, by who leaves them; the words before a pattern are quickly looked for.
_TRACES: Final = (
    (
        "python",
        ("Traceback (most", ", line "),
        re.compile(r'Traceback \(most recent call last\)|File \\?"[^"\n]{1,300}\\?", line \d+'),
    ),
    (
        "java",
        (".java:", ".kt:", ".scala:", "Exception"),
        re.compile(r"\bat [\w.$<>]+\([\w$]+\.(?:java|kt|scala):\d+\)|\bjava\.\w+\.[\w.]*Exception"),
    ),
    (
        "javascript",
        (".js:", ".ts:", ".mjs:", ".cjs:", "node:internal"),
        re.compile(r"\bat [^\n]{0,200}\.[mc]?[jt]s:\d+:\d+|\bnode:internal/"),
    ),
    (
        "dotnet",
        (":line ", "System."),
        re.compile(r"\bat [\w.`]+\([^)\n]{0,200}\) in [^\n]{1,300}:line \d+|\bSystem\.\w+Exception\b"),
    ),
    ("php", (" on line ",), re.compile(r"(?:Fatal error|Warning|Notice): .{1,300} in \S{1,300} on line \d+")),
    ("go", ("goroutine ", "panic: "), re.compile(r"\bgoroutine \d+ \[\w+\]:|\bpanic: runtime error")),
    ("ruby", (".rb:",), re.compile(r"\S{1,200}\.rb:\d+:in [`']")),
    (
        "sql",
        ("SQLSTATE[", "ORA-", "psycopg", "sqlite3.", "SQL syntax"),
        re.compile(
            r"\bSQLSTATE\[|\bORA-\d{5}\b|\bpsycopg2?\.\w|\bsqlite3\.\w+Error|an error in your SQL syntax"
        ),
    ),
    (
        "files",
        ("/site-packages/", "/node_modules/", "/usr/lib/python3", "vendor/bundle/"),
        re.compile(r"/site-packages/|/node_modules/|/usr/lib/python3|vendor/bundle/"),
    ),
)
#: A secret this short is in any text by chance.
_SHORTEST: Final = 8
#: Bytes that are looked through at either end of a long body.
_END: Final = 32 * 1024


def leaks(bench: Bench, seen: Seen) -> Iterator[Result]:
    """Judge an answer by what it tells that it must not."""
    if seen.received is None:
        return
    name = seen.operation_id
    text = _looked_at(seen.content).decode("utf-8", "replace")
    headers = "\n".join(f"{key}: {value}" for key, value in seen.received.headers)
    kind, found = _trace_in(f"{text}\n{headers}")
    if kind:
        yield TRACE.broken(
            name, seen.step, location="body", kind=kind, expected="no trace", received=found[:120]
        )
    else:
        yield TRACE.held(name)
    place = _secret_in(bench, seen, text, headers)
    if place:
        yield SECRET.broken(
            name, seen.step, location=place, expected="no secret", received="the secret that was sent"
        )
    yield from _cors(seen)
    yield from _cache(seen)


def _cache(seen: Seen) -> Iterator[Result]:
    """Judge whether a cache between may answer others with it; `Vary` may keep callers apart."""
    told = {each.partition("=")[0].strip().lower() for each in seen.header("cache-control").split(",")}
    shared = told & {"public", "s-maxage"}
    is_closed = seen.operation is not None and any(each.schemes for each in seen.operation.security)
    varies = {each.strip().lower() for each in seen.header("vary").split(",")}
    if not (shared and seen.is_success and is_closed) or told & {"no-store", "private"}:
        return
    if not varies & {"*", "authorization", "cookie"}:
        yield CACHE.broken(
            seen.operation_id,
            seen.step,
            location="header.cache-control",
            expected="private, or no-store",
            received=seen.header("cache-control")[:100],
        )


def _looked_at(content: bytes) -> bytes:
    """Return *content*, of a long one both ends: a trace stands alone, or where writing stopped."""
    return content if len(content) <= 2 * _END else content[:_END] + content[-_END:]


def _trace_in(text: str) -> tuple[str, str]:
    for kind, words, pattern in _TRACES:
        found = pattern.search(text) if any(word in text for word in words) else None
        if found:
            return kind, found[0]
    return "", ""


def _secret_in(bench: Bench, seen: Seen, text: str, headers: str) -> str:
    """Return where the answer repeats a secret that was sent with its request, `""` if nowhere."""
    sent = unquote_plus(seen.step.sent.url) + "\n".join(text for _, text in seen.step.sent.headers)
    for each in bench.identities.secrets:
        if len(each.secret) >= _SHORTEST and each.secret in sent:
            if each.secret in text:
                return "body"
            if each.secret in headers:
                return "header"
    return ""


def _cors(seen: Seen) -> Iterator[Result]:
    origin = seen.header("access-control-allow-origin")
    if seen.header("access-control-allow-credentials").lower() != "true":
        return
    asked = next((text for name, text in seen.step.sent.headers if name.lower() == "origin"), None)
    if origin == "*" or (asked is not None and origin == asked):
        yield CORS.broken(
            seen.operation_id,
            seen.step,
            location="header.access-control-allow-origin",
            kind="wildcard" if origin == "*" else "reflected",
            expected="no credentials, or one known origin",
            received=origin[:100],
        )
