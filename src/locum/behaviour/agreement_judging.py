"""Tells whether the members of a value that somebody else has made agree, and how sure that is.

The stand-in follows the rules of `agreements.py` wherever it may. Of others they are told only where names
and values leave no other reading: sums are held within what rounding explains, an object with another member
that might be part of a sum is left alone, and so are counts of lists that may be shown in part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from locum.behaviour.agreement_names import (
    ADDED,
    COUNTS,
    LINES,
    MORE,
    ON,
    PAGE,
    SUBTOTALS,
    TAKEN,
    TAXES,
    TOTALS,
)
from locum.behaviour.agreement_readings import readings, tolerance
from locum.behaviour.agreements import LEFT_OUT, About, Rule
from locum.behaviour.amounts import amount_of
from locum.behaviour.coherence import Places
from locum.behaviour.orders import is_after, moment_of
from locum.contract.model import JsonObject, JsonValue
from locum.generation.words import plain, split_words

__all__ = ["Agreement", "agreements_of"]

#: Words of members that are numbers, and no part of any sum.
_BESIDE: Final = frozenset(
    [
        *("id", "ids", "uid", "no", "number", "count", "quantity", "qty", "version", "revision", "year"),
        *("month", "day", "days", "rate", "percent", "percentage", "weight", "index", "position", "rank"),
        *(
            "code",
            "phone",
            "zip",
            "at",
            "on",
            "time",
            "timestamp",
            "date",
            "created",
            "updated",
            "sku",
            "ean",
        ),
        *("barcode", "reference", "size", "page", "limit", "latitude", "longitude", "lat", "lng", "lon"),
        *("score", "stock", "priority", "units", "length", "width", "height", "seconds", "minutes", "hours"),
    ]
)
_MONEY: Final = frozenset({"amount", "price", "cost", "total", "tax", "fee", "value", "sum", "charge"})
_TAXING: Final = frozenset({"tax", "taxes", "taxable", "taxed", "vat", "exempt", "untaxed"})
#: Words of flags that say what a subtotal has in it.
_INCLUSIVE: Final = frozenset({"included", "includes", "inclusive", "include", "incl"})
_QUANTITIES: Final = frozenset({("min", "max"), ("minimum", "maximum"), ("lower", "upper"), ("low", "high"),
                                ("least", "most")})  # fmt: skip
_TIMES: Final = frozenset(
    [
        *(("start", "end"), ("started", "ended"), ("starts", "ends"), ("begin", "end"), ("from", "until")),
        *(("since", "until"), ("created", "updated"), ("created", "modified"), ("from", "to"), ("in", "out")),
        ("first", "last"),
    ]
)
#: Two clocks of one server may be so far apart, or one of them be told without its fractions.
_CLOCKS: Final = timedelta(seconds=2)
#: Numbers below are no seconds since the epoch that anybody keeps.
_EPOCH: Final = 100_000_000
_UNSET_YEAR: Final = 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What was seen of one rule on one object; *wanted* and *told* are those of its target.

    *is_sure* tells that nothing else can be meant. *length* is that of the list a count speaks of.
    """

    location: tuple[str, ...]
    rule: Rule
    holds: bool
    is_sure: bool
    wanted: JsonValue = None
    told: JsonValue = None
    length: int = 0


def agreements_of(value: JsonValue, places: Places) -> Iterator[Agreement]:
    """Yield what is seen in *value* of each rule that it says enough for."""
    for location, found, rule in places.of(value):
        judged = _JUDGES[rule.about](found, rule, location) if rule.about in _JUDGES else None
        if judged is not None:
            yield judged


def _amount(found: JsonObject, rule: Rule, location: tuple[str, ...]) -> Agreement | None:
    """Judge a line, a sum, a tax or a total."""
    (target,) = rule.targets
    told = amount_of(found.get(target))
    wanted = rule.wanted(found).get(target)
    right = None if wanted is LEFT_OUT else amount_of(wanted)
    if told is None or wanted is LEFT_OUT or (right := amount_of(wanted)) is None:
        return None
    holds = any(abs(each - told) <= tolerance(found, rule, told) for each in readings(found, rule, right))
    return Agreement(
        location=location,
        rule=rule,
        holds=holds,
        is_sure=_is_alone(found, rule)
        and not _may_be_a_count(found, rule)
        and not (rule.about is About.TAX and _may_be_taxed_otherwise(found, rule)),
        wanted=wanted,
        told=found.get(target),
    )


def _is_alone(found: JsonObject, rule: Rule) -> bool:
    """Tell whether nothing beside the parts of a rule may have a say in a sum."""
    own = {*rule.sources, *rule.targets}
    after = _AFTER.get(rule.about, frozenset())
    if rule.about is About.SUM and plain(rule.targets[0]) not in SUBTOTALS:
        after = frozenset()
    others = {name: value for name, value in found.items() if name not in own and plain(name) not in after}
    if any(_may_count(name, value) for name, value in others.items()):
        return False
    return rule.about is About.LINE or _are_alone(found, rule)


def _are_alone(found: JsonObject, rule: Rule) -> bool:
    """Tell whether no entry of the list that is summed up says more than its line, and none is left out."""
    lines = found.get(rule.sources[0])
    if not isinstance(lines, list):
        return all(
            amount_of(found.get(each)) is not None for each in rule.sources if found.get(each) is not None
        )
    names = {plain(name) for each in lines if isinstance(each, dict) for name in each}
    return all(isinstance(each, dict) for each in lines) and not names & (TAKEN | ADDED)


def _may_be_taxed_otherwise(found: JsonObject, rule: Rule) -> bool:
    """Tell whether another member, or one of a line, speaks of taxes as well."""
    own = {*rule.sources, *rule.targets}
    inner = (each for value in found.values() if isinstance(value, list) for each in value)
    names = {name for each in inner if isinstance(each, dict) for name in each} | (found.keys() - own)
    return any({*split_words(name)} & _TAXING for name in names)


def _may_count(name: str, value: JsonValue) -> bool:
    words = {*split_words(name)}
    if value is True and words & _INCLUSIVE:
        return True
    if isinstance(value, bool) or value is None or words & _BESIDE:
        return False
    if isinstance(value, str):
        return amount_of(value) is not None and ("." in value or bool(words & _MONEY))
    if isinstance(value, list):
        return any(_has_money(each) for each in value)
    return _has_money(value) if isinstance(value, dict) else value != 0


def _has_money(value: JsonValue) -> bool:
    return isinstance(value, dict) and any(
        {*split_words(name)[-1:]} & _MONEY and amount_of(each) for name, each in value.items()
    )


def _may_be_a_count(found: JsonObject, rule: Rule) -> bool:
    """Tell whether what is called a total may be the number of entries of a list that has pages."""
    if rule.about is not About.SUM or plain(rule.targets[0]) not in COUNTS:
        return False
    others = {plain(name) for name in found} - COUNTS - LINES
    is_page = not others and plain(rule.sources[0]) == "items"
    return is_page or bool(others & (PAGE | MORE | ON))


def _count(found: JsonObject, rule: Rule, location: tuple[str, ...]) -> Agreement | None:
    """Judge a count: one that is too small is wrong, one that is too large may be that of a longer list."""
    listed, (target,) = found.get(rule.sources[0]), rule.targets
    told = found.get(target)
    if not isinstance(listed, list) or not isinstance(told, int) or isinstance(told, bool) or told < 0:
        return None
    is_page = bool({plain(name) for name in found} & (PAGE | MORE | ON))
    if is_page and told > len(listed):
        return None  # it may be that of all pages
    is_sum = plain(target) in TOTALS and any(map(_has_money, listed))
    is_whole = not location and not is_sum and not is_page
    return Agreement(
        location=location,
        rule=rule,
        holds=told == len(listed),
        is_sure=not _is_placeholder(told, listed)
        and ((told < len(listed) and not is_sum) or (is_whole and bool(listed))),
        wanted=len(listed),
        told=told,
        length=len(listed),
    )


def _is_placeholder(told: int, listed: list[JsonValue]) -> bool:
    """Tell whether a count is what a static stand-in shows: a nought, beside the one entry of every list."""
    return told == 0 and len(listed) == 1


def _order(found: JsonObject, rule: Rule, location: tuple[str, ...]) -> Agreement | None:
    (lesser,), (greater,) = rule.sources, rule.targets
    one, other = found.get(lesser), found.get(greater)
    sure = _surely(rule.pair, one, other)
    if sure is None:
        return None
    return Agreement(
        location=location,
        rule=rule,
        holds=not is_after(one, other) or _is_close(one, other),
        is_sure=sure,
        wanted=f"{lesser} not after {greater}",
        told=f"{one} and {other}",
    )


def _surely(pair: tuple[str, str], one: JsonValue, other: JsonValue) -> bool | None:
    """Tell whether the order of two values is sure, `None` where they say nothing together."""
    if isinstance(one, bool) or isinstance(other, bool):
        return None
    if isinstance(one, int | float) and isinstance(other, int | float):
        if other <= 0 < one:
            return None  # no limit, or none yet
        return pair in _QUANTITIES or (pair in _TIMES and one > _EPOCH < other)
    early, late = moment_of(one), moment_of(other)
    if early is None or late is None or late.year <= _UNSET_YEAR:
        return None
    if isinstance(early, datetime) != isinstance(late, datetime):
        return None
    return pair in _TIMES


def _is_close(one: JsonValue, other: JsonValue) -> bool:
    early, late = moment_of(one), moment_of(other)
    if not isinstance(early, datetime) or not isinstance(late, datetime):
        return False
    return early - late <= _CLOCKS


#: What has no say in a sum: what is made of it, and what it was made of.
_AFTER: Final[Mapping[About, frozenset[str]]] = {
    About.SUM: TAXES | {*TOTALS},
    About.TAX: LINES | {*TOTALS},
    About.TOTAL: LINES,
}
_JUDGES: Final[Mapping[About, Callable[[JsonObject, Rule, tuple[str, ...]], Agreement | None]]] = {
    About.LINE: _amount,
    About.SUM: _amount,
    About.TAX: _amount,
    About.TOTAL: _amount,
    About.COUNT: _count,
    About.ORDER: _order,
}
