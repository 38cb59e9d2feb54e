"""Tells whether the members of a value that somebody else has made agree, and how sure that is.

The stand-in follows the rules of `agreements.py` wherever it may. Of others they are told only where names
and values leave no other reading: sums are held within what rounding explains, an object with another member
that might be part of a sum is left alone, and so are counts of lists that may be shown in part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from locum.behaviour.agreement_names import ADDED, COUNTS, LINES, MORE, ON, PAGE, TAKEN, TOTALS
from locum.behaviour.agreements import About, Rule
from locum.behaviour.amounts import amount_of
from locum.behaviour.coherence import Places
from locum.behaviour.orders import is_after, moment_of
from locum.contract.model import JsonObject, JsonValue
from locum.generation.words import split_words

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
_HALF_A_CENT: Final = 0.005
_SLACK: Final = 1e-6


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


def _plain(name: str) -> str:
    return "".join(split_words(name))


def _amount(found: JsonObject, rule: Rule, location: tuple[str, ...]) -> Agreement | None:
    """Judge a line, a sum or a total."""
    (target,) = rule.targets
    told = amount_of(found.get(target))
    wanted = rule.wanted(found).get(target)
    right = None if wanted is None or not isinstance(wanted, str | int | float | dict) else amount_of(wanted)
    if told is None or right is None:
        return None
    holds = any(abs(each - told) <= _tolerance(found, rule, told) for each in _readings(found, rule, right))
    return Agreement(
        location=location,
        rule=rule,
        holds=holds,
        is_sure=_is_alone(found, rule) and not _may_be_a_count(found, rule),
        wanted=_shown(wanted),
        told=found.get(target),
    )


def _shown(wanted: object) -> JsonValue:
    return wanted if isinstance(wanted, str | int | float | dict) else None


def _readings(found: JsonObject, rule: Rule, right: float) -> Iterator[float]:
    """Yield what a target may be: as the rule says, or with what is taken and taxes meant in another way."""
    yield right
    if rule.about is not About.TOTAL:
        return
    amounts = {name: amount_of(found.get(name)) or 0 for name in rule.sources}
    start = amounts[rule.sources[0]]
    taken = sum(amount for name, amount in amounts.items() if _plain(name) in TAKEN)
    if taken:
        yield from (right + taken, right + 2 * taken, right + taken - start * taken / 100)
    for name, amount in amounts.items():
        if _plain(name) in {"tax", "vat", "salestax"} and amount:
            yield from (right - amount + start * amount, right - amount + start * amount / 100)


def _tolerance(found: JsonObject, rule: Rule, told: float) -> float:
    """Return how far a target may be from what its parts make, since all of them are rounded."""
    slack = _HALF_A_CENT + max(_half_unit(told), _SLACK)
    if rule.about is About.LINE:
        price, quantity = (amount_of(found.get(name)) or 0 for name in rule.sources)
        exact = float(price * quantity)
        half = 0.0 if isinstance(price, int) else _half_unit(price)
        return slack + abs(quantity) * half + (1 if isinstance(told, int) and not exact.is_integer() else 0)
    if rule.about is About.SUM:
        lines = found.get(rule.sources[0])
        entries = len(lines) if isinstance(lines, list) else 0
        return slack + entries * _HALF_A_CENT
    return slack + len(rule.sources) * _HALF_A_CENT


def _half_unit(value: float) -> float:
    """Return half of the last place that *value* is told with, a tenth of a cent where it is whole."""
    exponent = Decimal(repr(value)).as_tuple().exponent
    return 0.5 * 10.0**exponent if isinstance(exponent, int) and exponent < -1 else _HALF_A_CENT


def _is_alone(found: JsonObject, rule: Rule) -> bool:
    """Tell whether nothing beside the parts of a rule may have a say in a sum."""
    own = {*rule.sources, *rule.targets}
    others = {name: value for name, value in found.items() if name not in own}
    if rule.about is not About.LINE:
        return not any(_may_count(name, value) for name, value in others.items()) and _are_alone(found, rule)
    return not any(_may_count(name, value) for name, value in others.items())


def _are_alone(found: JsonObject, rule: Rule) -> bool:
    """Tell whether no entry of the list that is summed up says more than its line, and none is left out."""
    lines = found.get(rule.sources[0])
    if not isinstance(lines, list):
        return all(
            amount_of(found.get(each)) is not None for each in rule.sources if found.get(each) is not None
        )
    names = {_plain(name) for each in lines if isinstance(each, dict) for name in each}
    return all(isinstance(each, dict) for each in lines) and not names & (TAKEN | ADDED)


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
    if rule.about is not About.SUM or _plain(rule.targets[0]) not in COUNTS:
        return False
    others = {_plain(name) for name in found} - COUNTS - LINES
    is_page = not others and _plain(rule.sources[0]) == "items"
    return is_page or bool(others & (PAGE | MORE | ON))


def _count(found: JsonObject, rule: Rule, location: tuple[str, ...]) -> Agreement | None:
    """Judge a count: one that is too small is wrong, one that is too large may be that of a longer list."""
    listed, (target,) = found.get(rule.sources[0]), rule.targets
    told = found.get(target)
    if not isinstance(listed, list) or not isinstance(told, int) or isinstance(told, bool) or told < 0:
        return None
    is_page = bool({_plain(name) for name in found} & (PAGE | MORE | ON))
    if is_page and told > len(listed):
        return None  # it may be that of all pages
    is_sum = _plain(target) in TOTALS and any(map(_has_money, listed))
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


_JUDGES: Final[Mapping[About, Callable[[JsonObject, Rule, tuple[str, ...]], Agreement | None]]] = {
    About.LINE: _amount,
    About.SUM: _amount,
    About.TOTAL: _amount,
    About.COUNT: _count,
    About.ORDER: _order,
}
