"""No invariant of a built-in API fails an answer for a member that its document does not require."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import pytest

from locum.behaviour.exchanges import Exchange, Judgement
from locum.behaviour.invariants import judge_all
from locum.catalog import Entry, attach_handlers, installed_handlers, load
from locum.catalog.rules import load_rules
from locum.cli.rule_proofs import answers_of
from locum.contract.coercion import Shape, shape_of

#: Promises that are about what is there, so that a part gone from an answer is their very breach: a token
#: where more is announced, a link to each page beside this one, the metrics asked for, those charged for.
_OF_PRESENCE: Final = frozenset({"I1-02", "I3-02", "I2-11", "I2-06"})
#: Where every declared member is required, there is nothing to leave out.
_WHOLE: Final = frozenset({"onomondo", "senet"})


def reduced(value: Any, shape: Shape, gone: str | None = None) -> Any:  # noqa: ANN401 -- JSON
    """Return *value* without the members that its schema does not require: all, or those called *gone*."""
    if isinstance(value, list):
        return [reduced(each, shape.item(at), gone) for at, each in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    required = {name for node in shape.nodes for name in node.get("required", ())}  # type: ignore[union-attr]
    declared = {*shape.properties}
    return {
        name: reduced(each, shape.member(name), gone)
        for name, each in value.items()
        if name in required or name not in declared or (gone is not None and name != gone)
    }


def names(value: Any) -> Iterator[str]:  # noqa: ANN401 -- JSON
    """Yield the name of every member, however deep."""
    if isinstance(value, list):
        for each in value:
            yield from names(each)
    elif isinstance(value, Mapping):
        yield from value
        for each in value.values():
            yield from names(each)


@pytest.mark.parametrize("name", ["onomondo", "saas-billing", "senet", "talkdesk"])
def test_no_promise_is_broken_by_what_the_schema_lets_be_absent(name: str) -> None:
    """Every answer of the stand-in is judged without its optional members, all at once and name by name."""
    (entry,), _ = attach_handlers([load(name)], installed_handlers([name]))
    rules = load_rules(entry)
    found, judged = set(), 0
    for exchange in answers_of(entry, rules.calls):
        for lean in _leaner(entry, exchange):
            for rule, verdict in judge_all(rules.invariants, lean):
                judged += verdict.judgement is Judgement.HELD
                if verdict.judgement is Judgement.BROKEN and rule.id not in _OF_PRESENCE:
                    found.add(f"{rule.id} {verdict.message}")

    assert sorted(found) == []
    assert (judged == 0) is (name in _WHOLE)


def _leaner(entry: Entry, exchange: Exchange) -> Iterator[Exchange]:
    route = next(each for each in entry.contract.routes if each.operation_id == exchange.call.operation)
    spec = entry.contract.operation(route).response_for(exchange.status)
    schema = spec.content[0].schema if spec is not None and spec.content else None
    if schema is None:
        return
    shape = shape_of(schema.bundle())
    for gone in (None, *sorted(set(names(exchange.body)))):
        body = reduced(exchange.body, shape, gone)
        if body != exchange.body and schema.is_valid(body):
            yield replace(exchange, body=body)
