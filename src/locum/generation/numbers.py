"""Numbers: one arithmetic progression per place, from the limits of the schema and the habits of its name."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from locum.contract.model import JsonObject, JsonValue
from locum.generation.bundle import Check
from locum.generation.context import Site
from locum.generation.examples import scalar_examples, varied_range
from locum.generation.fakerjs import asked_fakers
from locum.generation.fakerjs_calls import called, range_of
from locum.generation.instants import FAMILY, seconds_at, tells_time
from locum.generation.keywords import fraction, numbers, text, types
from locum.generation.leaves import leaf_node
from locum.generation.nodes import Make, Node
from locum.generation.streams import mix
from locum.generation.vocabulary import Range
from locum.generation.words import look_up

__all__ = ["number_node"]

_KEYWORDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
#: Numbers nobody said anything of.
_USUAL = Range(1, 1000)
_USUAL_REAL = Range(0.5, 500, 0.01)
#: Beyond this a float does not have the precision for decimals, nor for every whole number.
_EXACT = 2**53
#: How many values are made and asked for when arithmetic in floating point proves nothing.
_SAMPLES = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """What must hold; *low* and *high* belong to the range unless they are *open*."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool
    high_open: bool
    #: Every value is a multiple of this one; `None` where nothing is asked.
    step: Fraction | None
    is_integer: bool


def number_node(site: Site) -> Node:
    """Return the node of a number; `GenerationError` when no number lies within the limits."""
    limits = _limits(site)
    check = site.kit.check(_constraints(site, limits), site.pointer)
    given = next((each for each in scalar_examples(site) if fraction(each) is not None and check(each)), None)
    if given is not None and not site.hint.is_item:
        return leaf_node(site.pointer, (given,))
    instant = _instant(site)
    if instant is not None and all(check(instant(mix(turn, FAMILY), 0)) for turn in range(16)):
        return Node(site.pointer, family=FAMILY, assemble=lambda _: instant)
    habits = filter(None, (varied_range(site), _asked(site), _habit(site)))
    for habit in (*habits, None):
        made = _progression(limits, habit)
        if made is not None:
            return _node(made, limits, check, site)
    raise site.unmet(_culprit(limits), "no number lies within the limits")


def _limits(site: Site) -> _Limits:
    every = tuple(site.schemas())
    lows = [(each, False) for each in numbers(every, "minimum")]
    lows += [(each, True) for each in numbers(every, "exclusiveMinimum")]
    highs = [(each, True) for each in numbers(every, "maximum")]
    highs += [(each, False) for each in numbers(every, "exclusiveMaximum")]
    low, low_open = max(lows, default=(None, False))
    high, high_closed = min(highs, default=(None, True))
    declared = [types(each) for each in every]
    is_integer = any(kinds is not None and "number" not in kinds for kinds in declared)
    steps = list(numbers(every, "multipleOf")) + ([Fraction(1)] if is_integer else [])
    step = steps[0] if steps else None
    for each in steps[1:]:
        step = _common_multiple(step, each)
    return _Limits(
        low=low, high=high, low_open=low_open, high_open=not high_closed, step=step, is_integer=is_integer
    )


def _common_multiple(one: Fraction | None, other: Fraction) -> Fraction:
    if one is None or one <= 0:
        return other
    return Fraction(math.lcm(one.numerator, other.numerator), math.gcd(one.denominator, other.denominator))


def _constraints(site: Site, limits: _Limits) -> JsonObject:
    said: list[JsonValue] = [
        {keyword: schema[keyword] for keyword in _KEYWORDS if keyword in schema} for schema in site.schemas()
    ]
    return {
        "type": "integer" if limits.is_integer else "number",
        "allOf": [each for each in said if each] or [{}],
    }


def _asked(site: Site) -> Range | None:
    """Return the range that an `x-faker` asks for."""
    calls = filter(None, (called(asked) for each in site.schemas() for asked in asked_fakers(each)))
    return next(filter(None, map(range_of, calls)), None)


def _habit(site: Site) -> Range | None:
    found = look_up(site.kit.vocabulary.ranges, site.hint.name, site.hint.owner)
    return found.entry if found else None


@dataclass(frozen=True, slots=True)
class _Progression:
    """The numbers `(first + k) * step` for k below *count*."""

    first: int
    count: int
    step: Fraction


def _progression(limits: _Limits, habit: Range | None) -> _Progression | None:
    """Return the numbers within *limits*, near *habit* as far as they allow; `None` when they exclude it."""
    usual = habit or (_USUAL if limits.is_integer else _USUAL_REAL)
    low, high = _bounds(limits, usual, is_binding=habit is not None)
    if low > high:
        return None
    for step in _steps(limits, usual, high - low):
        first = math.ceil(low / step)
        last = math.floor(high / step)
        if limits.low_open and limits.low is not None and first * step <= limits.low:
            first += 1
        if limits.high_open and limits.high is not None and last * step >= limits.high:
            last -= 1
        if first <= last:
            return _Progression(first, last - first + 1, step)
    return None


def _bounds(limits: _Limits, usual: Range, *, is_binding: bool) -> tuple[Fraction, Fraction]:
    """Return the ends of the range, taking from *usual* what *limits* leave open."""
    low, high = Fraction(usual.low), Fraction(usual.high)
    if is_binding:
        bottom = low if limits.low is None else max(low, limits.low)
        return bottom, high if limits.high is None else min(high, limits.high)
    width = max(high - low, (limits.step or Fraction(1)) * 4)
    if limits.low is not None and limits.high is not None:
        return limits.low, limits.high
    if limits.low is not None:
        return limits.low, max(limits.low + width, Fraction(usual.high))
    if limits.high is not None:
        return min(limits.high - width, low) if limits.high < high else low, limits.high
    return low, max(high, low + width)


def _steps(limits: _Limits, usual: Range, width: Fraction) -> Iterator[Fraction]:
    if limits.step is not None:
        yield limits.step if limits.step > 0 else Fraction(1)
        return
    if abs(limits.low or Fraction(0)) < _EXACT and abs(limits.high or Fraction(0)) < _EXACT:
        yield Fraction(repr(float(usual.step)))
    yield Fraction(1)
    if width > 0:
        yield width / 1024
    yield limits.low or limits.high or Fraction(1)


def _node(made: _Progression, limits: _Limits, check: Check, site: Site) -> Node:
    is_whole = made.step.denominator == 1
    if is_whole and not limits.is_integer and abs(made.first * made.step) > _EXACT:
        # As a whole number it would be compared digit by digit with limits that were written as floats.
        is_whole = False
    make = _integers(made) if is_whole else _reals(made)
    if is_whole or (limits.step is None and not (limits.low_open or limits.high_open)):
        return Node(site.pointer, assemble=lambda _: make)
    pool = (make(mix(turn, _SAMPLES), 0) for turn in range(_SAMPLES))
    valid = tuple(dict.fromkeys(value for value in pool if check(value)))
    if not valid:
        raise site.unmet(_culprit(limits), "no number was found that satisfies it")
    return leaf_node(site.pointer, valid)


def _integers(made: _Progression) -> Make:
    first, count, step = made.first, made.count, int(made.step)
    if step == 1:
        return lambda stream, _: first + stream % count
    return lambda stream, _: (first + stream % count) * step


def _reals(made: _Progression) -> Make:
    first, count = made.first, made.count
    up, down = made.step.numerator, made.step.denominator
    # Dividing two integers gives the float nearest to the exact quotient.
    return lambda stream, _: (first + stream % count) * up / down


def _culprit(limits: _Limits) -> str:
    if limits.step is not None and not (limits.is_integer and limits.step == 1):
        return "multipleOf"
    return "minimum" if limits.low is not None else "maximum"


def _instant(site: Site) -> Make | None:
    """Return the maker of seconds, or milliseconds, since 1970 where the name speaks of a moment."""
    described = " ".join(text(each, "description") for each in site.schemas()).lower()
    formats = {text(each, "format") for each in site.schemas()}
    is_told = tells_time(site.hint.name) or "unix" in described or "epoch" in described
    if not is_told and formats.isdisjoint({"unixtime", "unix-time", "timestamp"}):
        return None
    seconds = seconds_at(site.hint.name, site.kit.settings.reference)
    if "milli" in described or site.hint.name.lower().endswith("ms"):
        return lambda stream, _: seconds(stream) * 1000 + stream % 1000
    return lambda stream, _: seconds(stream)
