"""A call and what it was answered, as invariants and relations see them: values, whoever sent what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from urllib.parse import parse_qsl, quote

from locum.contract.model import JsonValue

__all__ = ["Call", "Exchange", "Judgement", "Verdict", "query_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to *operation*, to be sent as it stands.

    *path* holds the values of the path's parameters, not encoded; *query* is encoded already. *credential* is
    the id of one, `""` sends none, `None` one that opens the operation.
    """

    operation: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    credential: str | None = None

    def with_query(self, **added: str) -> Call:
        """Return this call with parameters added to its query; their values are encoded already."""
        parts = [self.query] if self.query else []
        query = "&".join((*parts, *(f"{name}={text}" for name, text in added.items())))
        return Call(operation=self.operation, path=self.path, query=query, credential=self.credential)

    def filled(self, value: str) -> Call:
        """Return this call with *value*, not encoded, wherever `{*}` stands.

        >>> str(Call(operation="list", query="day={*}").filled("1/2"))
        'list ?day=1%2F2'
        """
        return replace(
            self,
            path={name: text.replace("{*}", value) for name, text in self.path.items()},
            query=self.query.replace("{*}", quote(value, safe="")),
        )

    def __str__(self) -> str:
        place = "".join(f" {name}={text}" for name, text in self.path.items())
        who = f" as {self.credential or 'nobody'}" if self.credential is not None else ""
        return f"{self.operation}{place}{f' ?{self.query}' if self.query else ''}{who}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A call and its answer.

    *headers* are those of the answer, names in lower case. *now* is the time by the clock of who answered.
    *is_valid* tells whether the body satisfies its schema.
    """

    call: Call
    status: int
    body: JsonValue = None
    headers: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    is_valid: bool = True


class Judgement(StrEnum):
    """What can be said of a promise after looking."""

    HELD = "held"
    BROKEN = "broken"
    #: It says nothing about this exchange.
    NOT_APPLICABLE = "not applicable"
    #: It could not be looked at; the message says why.
    NOT_EVALUATED = "not evaluated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a promise, and why unless it held."""

    judgement: Judgement
    message: str = ""


def query_of(call: Call) -> dict[str, str | list[str]]:
    """Return the query by name: a text, or a list of texts where a name ends in `[]` or comes again.

    >>> query_of(Call(operation="list", query="limit=7&filter%5B%5D=a:b"))
    {'limit': '7', 'filter[]': ['a:b']}
    """
    texts: dict[str, list[str]] = {}
    for name, text in parse_qsl(call.query, keep_blank_values=True):
        texts.setdefault(name, []).append(text)
    return {
        name: found if len(found) > 1 or name.endswith("[]") else found[0] for name, found in texts.items()
    }
