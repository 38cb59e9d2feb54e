"""The filter of Talkdesk: `eq`, `contains`, `and`, `or`, `not` and parentheses over two fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from servers.exchange import Site
from servers.talkdesk_world import Row

Test = Callable[[Row], bool]
TOKEN = re.compile(
    r" *(?:(?P<word>and|or|not)(?![A-Za-z_])|(?P<bracket>[()])"
    r"|(?P<field>[a-z_]+) +eq +'(?P<text>[^']*)'"
    r"|contains\( *(?P<part_field>[a-z_]+) *, *'(?P<part>[^']*)' *\))"
)
RANK = {"or": 1, "and": 2, "not": 3}


class UnreadableError(Exception):
    """A filter that the grammar does not allow, and why."""


@dataclass(slots=True)
class Parsed:
    """A filter as a test on rows, and the accounts it names."""

    test: Test = lambda _: True
    accounts: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Stacks:
    """Operators that wait and tests that are done (a shunting yard), so that no depth is too deep."""

    operators: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)


def parse(text: str, site: Site) -> Parsed:
    """Read *text*, or raise `UnreadableError`."""
    parsed, stacks, place, wants_operand = Parsed(), _Stacks(), 0, True
    while place < len(text.rstrip(" ")):
        match = TOKEN.match(text, place)
        if match is None:
            raise UnreadableError(f"cannot be read at position {place + 1}")
        place = match.end()
        wants_operand = _take(match, parsed, stacks, site, wants_operand=wants_operand)
    if wants_operand:
        raise UnreadableError("ends too early")
    while stacks.operators:
        _apply(stacks, site)
    (parsed.test,) = stacks.tests
    return parsed


def _take(match: re.Match[str], parsed: Parsed, stacks: _Stacks, site: Site, *, wants_operand: bool) -> bool:
    """Take in one token; return whether an operand has to follow."""
    word = match["word"] or match["bracket"]
    if (word in (None, "(", "not")) != wants_operand:
        raise UnreadableError(f"is not expected at position {match.start() + 1}")
    if word is None:
        stacks.tests.append(_comparison(match, parsed, site))
        return False
    if word in ("(", "not"):
        stacks.operators.append(word)
        return True
    if word == ")":
        while stacks.operators and stacks.operators[-1] != "(":
            _apply(stacks, site)
        if not stacks.operators:
            raise UnreadableError("closes a parenthesis that was never opened")
        stacks.operators.pop()
        return False
    rank = {"or": 2, "and": 1, "not": 3} if site.has("C91") else RANK
    while stacks.operators and rank.get(stacks.operators[-1], 0) >= rank[word]:
        _apply(stacks, site)
    stacks.operators.append(word)
    return True


def _apply(stacks: _Stacks, site: Site) -> None:
    operator, last = stacks.operators.pop(), stacks.tests.pop()
    if operator == "(":
        raise UnreadableError("leaves a parenthesis open")
    if operator == "not":
        stacks.tests.append(last if site.has("C90") else lambda row: not last(row))
        return
    first = stacks.tests.pop()
    if operator == "and" or site.has("C89"):
        stacks.tests.append(lambda row: first(row) and last(row))
    else:
        stacks.tests.append(lambda row: first(row) or last(row))


def _comparison(match: re.Match[str], parsed: Parsed, site: Site) -> Test:
    name, wanted = match["field"] or match["part_field"], match["text"] or match["part"] or ""
    if name not in {"account_id", "month"}:
        if site.has("B64"):
            return lambda _: True
        raise UnreadableError(f"has an unknown field {name}; known are account_id and month")
    if match["field"] == "account_id":
        parsed.accounts.add(wanted)
    if match["part_field"] and not site.has("C92"):
        return lambda row: wanted in _value(row, name)
    if name == "month" and site.has("C88"):
        return lambda row: row.month >= wanted
    if name == "account_id" and site.has("C87"):
        return lambda row: row.account[:22] == wanted[:22]
    return lambda row: _value(row, name) == wanted


def _value(row: Row, name: str) -> str:
    return row.month if name == "month" else row.account
