"""The rules by which members of an object agree, found by their names: lines, sums, counts, pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from locum.behaviour.agreement_names import (
    ADDED,
    COUNTS,
    LINE_TOTALS,
    LINES,
    MORE,
    ON,
    PAGE,
    PAIRS,
    PRICES,
    QUANTITIES,
    RATES,
    SUBTOTALS,
    TAKEN,
    TAXES,
    TOTALS,
)
from locum.behaviour.amounts import amount_of, is_money, with_amount
from locum.behaviour.orders import is_after
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.model import JsonObject, JsonValue
from locum.generation.words import plain, split_words

__all__ = ["LEFT_OUT", "About", "LeftOut", "Rule", "rules_of"]

_NUMBERS: Final = frozenset({"integer", "number"})


class About(Enum):
    """What a rule speaks of."""

    LINE = "a line costs its price times its quantity"
    SUM = "a sum is that of its lines"
    TAX = "a tax is that part of its subtotal that its rate says"
    TOTAL = "a total is its subtotal with what is added, and without what is taken"
    COUNT = "a count is the length of its list"
    END = "nothing follows the one page there is"
    ORDER = "what is called the lesser, or the earlier, is"


class LeftOut(Enum):
    """What a member should be that should not be there."""

    LEFT_OUT = "left out"


LEFT_OUT: Final = LeftOut.LEFT_OUT
#: What members of an object should be, by name; empty where a rule says nothing about it.
Wanted: TypeAlias = Mapping[str, "JsonValue | LeftOut"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of objects of one shape; *targets* follow from *sources*, or are in order with them.

    *pair* are the words by which an order is told.
    """

    about: About
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    wanted: Callable[[JsonObject], Wanted]
    pair: tuple[str, str] = ("", "")


def rules_of(shape: Shape) -> Iterator[Rule]:
    """Yield the rules that hold for objects of *shape*, those of lines before those of their sums."""
    names = {plain(name): name for name in shape.properties}
    yield from _line_rule(shape, names)
    sums = [*_sum_rules(shape, names)]
    yield from sums
    # `items` may be those of a page, whose `total` counts; `lines` are summed up.
    summed = {each.targets[0] for each in sums if each.sources[0] != names.get("items")}
    yield from (each for each in _count_rules(shape, names) if not {*each.targets} & summed)
    yield from _pair_rules(shape)


def _numeric(shape: Shape, name: str) -> bool:
    types = shape.member(name).types
    return bool(types & _NUMBERS) and types <= _NUMBERS | {"null"}


def _named(shape: Shape, names: Mapping[str, str], wanted: tuple[str, ...]) -> str | None:
    """Return the first member called one of *wanted* that is a number, or a sum of money."""
    return next((names[each] for each in wanted if each in names and _counts(shape, names[each])), None)


def _counts(shape: Shape, name: str) -> bool:
    return _numeric(shape, name) or is_money(shape.member(name))


def _priced(shape: Shape, names: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what an object calls a price and a quantity, `None` where it has not both."""
    price, quantity = _named(shape, names, PRICES), _named(shape, names, QUANTITIES)
    return (price, quantity) if price is not None and quantity is not None else None


def _product(made: JsonObject, price: str, quantity: str) -> float | int | None:
    one, many = amount_of(made.get(price)), amount_of(made.get(quantity))
    return one * many if one is not None and many is not None else None


def _line_rule(shape: Shape, names: Mapping[str, str]) -> Iterator[Rule]:
    """Yield the rule that a line costs its price times its quantity."""
    priced, total = _priced(shape, names), _named(shape, names, LINE_TOTALS)
    if priced is None or total is None:
        return
    is_whole = _is_whole(shape, total)

    def wanted(made: JsonObject) -> Wanted:
        product = _product(made, *priced) if total in made else None
        return {} if product is None else {total: with_amount(made[total], _rounded(product, whole=is_whole))}

    yield Rule(about=About.LINE, sources=priced, targets=(total,), wanted=wanted)


def _sum_rules(shape: Shape, names: Mapping[str, str]) -> Iterator[Rule]:
    """Yield the rules that a subtotal is the sum of lines, and a total that of its parts."""
    total, subtotal = _named(shape, names, TOTALS), _named(shape, names, SUBTOTALS)
    found = ((name, _line_amount(shape, name)) for word, name in names.items() if word in LINES)
    lines = next(((name, amount) for name, amount in found if amount is not None), None)
    added = [name for word, name in names.items() if word in ADDED and _counts(shape, name)]
    taken = [name for word, name in names.items() if word in TAKEN and _counts(shape, name)]
    target = subtotal or (total if not (added or taken) else None)
    if lines is not None and target is not None:
        yield _summing(*lines, target, whole=_is_whole(shape, target))
    taxes, rate = [each for each in added if plain(each) in TAXES], _named(shape, names, RATES)
    if subtotal is not None and rate is not None and len(taxes) == 1:
        sources = (subtotal, rate, *(each for each in (*added, *taken) if each not in taxes))
        yield _taxing(taxes[0], sources, whole=_is_whole(shape, taxes[0]))
    if total is not None and subtotal is not None and total != subtotal:
        yield _adding(total, subtotal, added, taken, whole=_is_whole(shape, total))


def _line_amount(shape: Shape, name: str) -> Callable[[JsonObject], float | int | None] | None:
    """Return what tells the cost of one entry of the list *name*, `None` where nothing does."""
    array = shape.member(name)
    if "array" not in array.types:
        return None
    entry = array.item()
    names = {plain(each): each for each in entry.properties}
    total, priced = _named(entry, names, LINE_TOTALS), _priced(entry, names)
    if total is not None:
        return lambda line: amount_of(line.get(total))
    return None if priced is None else lambda line: _product(line, *priced)


def _summing(
    lines: str, amount: Callable[[JsonObject], float | int | None], target: str, *, whole: bool
) -> Rule:
    def wanted(made: JsonObject) -> Wanted:
        entries = made.get(lines)
        if target not in made or not isinstance(entries, list):
            return {}
        found = [amount(each) for each in entries if isinstance(each, dict)]
        if not found or None in found:
            return {}
        total = sum(each for each in found if each is not None)
        return {target: with_amount(made[target], _rounded(total, whole=whole))}

    return Rule(about=About.SUM, sources=(lines,), targets=(target,), wanted=wanted)


def _taxing(tax: str, sources: tuple[str, ...], *, whole: bool) -> Rule:
    def wanted(made: JsonObject) -> Wanted:
        start, rate = (amount_of(made.get(name)) for name in sources[:2])
        if tax not in made or start is None or rate is None:
            return {}
        part = rate if 0 <= rate < 1 else rate / 100  # of a hundred, where it is not a fraction
        return {tax: with_amount(made[tax], _rounded(start * part, whole=whole))}

    return Rule(about=About.TAX, sources=sources, targets=(tax,), wanted=wanted)


def _adding(total: str, subtotal: str, added: list[str], taken: list[str], *, whole: bool) -> Rule:
    rest = (*added, *taken)

    def wanted(made: JsonObject) -> Wanted:
        start = amount_of(made.get(subtotal))
        if total not in made or start is None or any(_is_too_large(made.get(each)) for each in rest):
            return {}
        more = sum(amount_of(made.get(name)) or 0 for name in added)
        less = sum(amount_of(made.get(name)) or 0 for name in taken)
        return {total: with_amount(made[total], _rounded(start + more - less, whole=whole))}

    return Rule(about=About.TOTAL, sources=(subtotal, *rest), targets=(total,), wanted=wanted)


def _is_too_large(value: JsonValue) -> bool:
    """Tell whether *value* is a number that no sum can be made of."""
    return isinstance(value, int | float) and amount_of(value) is None


def _count_rules(shape: Shape, names: Mapping[str, str]) -> Iterator[Rule]:
    """Yield the rules that counts of lists are their lengths, and that nothing follows this page."""
    lists = [name for name in shape.properties if "array" in shape.member(name).types < ANYTHING]
    counted = _named_counts(shape, names, lists)
    yield from (_counting(each, count) for count, each in counted.items())
    others = names.keys() - COUNTS - MORE - ON - PAGE
    if len(lists) != 1 or len(others) > 1:
        return
    for word, name in names.items():
        if word in COUNTS and name not in counted and _is_whole(shape, name):
            yield _counting(lists[0], name)
    more = [name for word, name in names.items() if word in MORE]
    on = {name: "null" in shape.member(name).types for word, name in names.items() if word in ON}
    if more or on:
        yield _ending(lists[0], more, on)


def _ending(listed: str, more: list[str], on: Mapping[str, bool]) -> Rule:
    """Return the rule that *more* is false, and that nothing stands in *on*, or that it is `null`."""

    def wanted(made: JsonObject) -> Wanted:
        if not isinstance(made.get(listed), list):
            return {}
        found: dict[str, JsonValue | LeftOut] = {
            name: False for name in more if isinstance(made.get(name), bool)
        }
        for name, may_be_null in on.items():
            if name in made and not isinstance(made[name], bool):
                if may_be_null:
                    found[name] = None
                elif isinstance(made[name], str):
                    found[name] = LEFT_OUT
        return found

    return Rule(about=About.END, sources=(listed,), targets=(*more, *on), wanted=wanted)


def _named_counts(shape: Shape, names: Mapping[str, str], lists: list[str]) -> dict[str, str]:
    """Return the lists of counts that name theirs: `tagCount`, `numTags` beside `tags`."""
    found: dict[str, str] = {}
    for each in lists:
        many = plain(each)
        for word in (f"{many}count", f"{many.removesuffix('s')}count", f"num{many}", f"total{many}"):
            if word in names and _numeric(shape, names[word]) and _is_whole(shape, names[word]):
                found.setdefault(names[word], each)
    return found


def _counting(listed: str, count: str) -> Rule:
    def wanted(made: JsonObject) -> Wanted:
        entries = made.get(listed)
        return {count: len(entries)} if count in made and isinstance(entries, list) else {}

    return Rule(about=About.COUNT, sources=(listed,), targets=(count,), wanted=wanted)


def _pair_rules(shape: Shape) -> Iterator[Rule]:
    """Yield the rules that what is called the lesser, or the earlier, is."""
    by_words = {split_words(name): name for name in shape.properties}
    for words, name in by_words.items():
        for lesser, greater in PAIRS:
            if lesser in words:
                other = by_words.get(tuple(greater if each == lesser else each for each in words))
                if other is not None:
                    yield _ordering(name, other, (lesser, greater))


def _ordering(lesser: str, greater: str, pair: tuple[str, str]) -> Rule:
    def wanted(made: JsonObject) -> Wanted:
        one, other = made.get(lesser), made.get(greater)
        return {lesser: other, greater: one} if is_after(one, other) else {}

    return Rule(about=About.ORDER, sources=(lesser,), targets=(greater,), wanted=wanted, pair=pair)


def _is_whole(shape: Shape, name: str) -> bool:
    return not is_money(shape.member(name)) and "number" not in shape.member(name).types


def _rounded(value: float, *, whole: bool) -> float | int:
    return round(value) if whole else round(value, 2)
