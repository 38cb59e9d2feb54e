"""Tells what a sum may be beside what its rule says, and how far it may be from that."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from locum.behaviour.agreement_names import LINES, SUBTOTALS, TAKEN, TAXES
from locum.behaviour.agreements import About, Rule
from locum.behaviour.amounts import amount_of
from locum.contract.model import JsonObject
from locum.generation.words import plain

__all__ = ["readings", "tolerance"]

_HALF_A_CENT: Final = 0.005
_SLACK: Final = 1e-6
_HUNDRED: Final = 100


def readings(found: JsonObject, rule: Rule, right: float) -> Iterator[float]:
    """Yield what a target may be: as the rule says, or with what is taken and taxes meant in another way."""
    yield right
    if rule.about is About.SUM and plain(rule.targets[0]) in SUBTOTALS:
        # Of lines that have their taxes in them, the sum without.
        taxes = sum(amount_of(each) or 0 for name, each in found.items() if plain(name) in TAXES)
        yield right - taxes
    if rule.about is About.TAX:
        yield from _of_taxes(found, rule)
    if rule.about is not About.TOTAL:
        return
    amounts = {name: amount_of(found.get(name)) or 0 for name in rule.sources}
    start = amounts[rule.sources[0]]
    taken = sum(amount for name, amount in amounts.items() if plain(name) in TAKEN)
    if taken:
        yield from (right + taken, right + 2 * taken, right + taken - start * taken / 100)
    for name, amount in amounts.items():
        if plain(name) in TAXES and amount:
            yield from (right - amount + start * amount, right - amount + start * amount / 100)


def _of_taxes(found: JsonObject, rule: Rule) -> Iterator[float]:
    """Yield what a tax may be: none at all, or on top of what it is of, or in it, and of the rest or not."""
    start, rate = (amount_of(found.get(name)) or 0 for name in rule.sources[:2])
    rest = {name: amount_of(found.get(name)) or 0 for name in rule.sources[2:]}
    parts = [-each if plain(name) in TAKEN else each for name, each in rest.items()]
    yield 0
    for more in {0, *parts, sum(parts)}:
        yield from ((start + more) * part / over for part in _parts(rate) for over in (1, 1 + part))


def _parts(rate: float) -> Iterator[float]:
    """Yield what part of something *rate* may be: a fraction, so many of a hundred, or of ten thousand."""
    if 0 <= rate < 1:
        yield rate
    if 0 <= rate <= _HUNDRED:
        yield rate / _HUNDRED
    elif rate <= _HUNDRED * _HUNDRED:
        yield rate / (_HUNDRED * _HUNDRED)


def tolerance(found: JsonObject, rule: Rule, told: float) -> float:
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
    if rule.about is About.TAX:
        # Some round each line, and some to whole units.
        lines = next((each for name, each in found.items() if plain(name) in LINES), None)
        entries = len(lines) if isinstance(lines, list) else 0
        return slack + (entries + len(rule.sources)) * _HALF_A_CENT + isinstance(told, int)
    return slack + len(rule.sources) * _HALF_A_CENT


def _half_unit(value: float) -> float:
    """Return half of the last place that *value* is told with, a tenth of a cent where it is whole."""
    exponent = Decimal(repr(value)).as_tuple().exponent
    return 0.5 * 10.0**exponent if isinstance(exponent, int) and exponent < -1 else _HALF_A_CENT
