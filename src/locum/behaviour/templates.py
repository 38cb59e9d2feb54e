"""Fills in the templates by which fixtures word a refusal.

Grammar: in every text `{word}` stands for what is known of the refusal, doubled braces for one brace; a word
that is not known stays as it is written. A text that is `{status}` alone becomes the number. A mapping with
the one key `$each` becomes a list with one entry per violation, in which `{name}`, `{message}`, `{expected}`
and `{received}` speak of that violation; elsewhere they speak of the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from locum.behaviour.model import Refusal
from locum.behaviour.problems import name_of
from locum.contract.model import JsonValue, Violation

__all__ = ["fill", "words_of"]

_WORD: Final = re.compile(r"\{\{|\}\}|\{([a-z_]+)\}")
_EACH: Final = "$each"

Words = Mapping[str, "str | int"]


def words_of(refusal: Refusal, *, status: int, realm: str) -> Words:
    """Return what the words of a template stand for."""
    first = refusal.violations[0] if refusal.violations else None
    return {
        "detail": refusal.detail,
        "status": status,
        "cause": refusal.cause.value,
        "realm": realm,
        "scope": refusal.scope,
        **_words_of_violation(first, refusal),
    }


def fill(template: JsonValue, words: Words, refusal: Refusal) -> JsonValue:
    """Return *template* with every word filled in.

    >>> from locum.behaviour.model import Cause
    >>> fill({"a": "{{{name}}}"}, {"name": "x"}, Refusal(cause=Cause.INVALID_BODY, status=422, detail=""))
    {'a': '{x}'}
    """
    if isinstance(template, str):
        return words[template[1:-1]] if template == "{status}" else _fill_text(template, words)
    if isinstance(template, list):
        return [fill(each, words, refusal) for each in template]
    if not isinstance(template, dict):
        return template
    if template.keys() == {_EACH}:
        return [
            fill(template[_EACH], {**words, **_words_of_violation(each, refusal)}, refusal)
            for each in refusal.violations
        ]
    return {key: fill(each, words, refusal) for key, each in template.items()}


def _fill_text(template: str, words: Words) -> str:
    def put(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        return str(words.get(match[1], match[0]))

    return _WORD.sub(put, template)


def _words_of_violation(violation: Violation | None, refusal: Refusal) -> Words:
    if violation is None:
        return {"name": "", "message": refusal.detail, "expected": "", "received": ""}
    return {
        "name": name_of(violation),
        "message": violation.message,
        "expected": violation.expected,
        "received": violation.received,
    }
