"""What `x-faker` asks for with arguments: `{finance.amount: {min: 5}}`, `{date.between: [from, to]}`.

Names are those of faker.js 6 to 10, read without case; what has no arguments here is left to `fakerjs.py`.
Like everything else a value is derived from its stream, never drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from locum.contract.model import JsonValue
from locum.generation.streams import mix
from locum.generation.vocabulary import Range

__all__ = ["CALLED", "called", "drawn_texts", "range_of"]

Draw = Callable[[int], str]

_DIGITS: Final = "0123456789"
_LOWER: Final = "abcdefghijklmnopqrstuvwxyz"
_LONGEST: Final = 1000
_LARGEST: Final = 10**15
#: A thousand years: a moment must have a date.
_FURTHEST_DAYS: Final = 365_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A name of faker.js in lower case, and its arguments by name."""

    name: str
    arguments: Mapping[str, JsonValue]

    def number(self, *names: str, usual: float) -> float:
        """Return the first argument of *names* that is a number, no larger than arithmetic is sure of."""
        given = (self.arguments.get(name) for name in names)
        found = (each for each in given if isinstance(each, int | float) and not isinstance(each, bool))
        return float(max(-_LARGEST, min(next(found, usual), _LARGEST)))

    def text(self, name: str) -> str:
        """Return the argument *name* as text, or `""`."""
        found = self.arguments.get(name)
        return found if isinstance(found, str) else ""


#: Smallest and largest number, decimals.
_NUMBERS: Final[Mapping[str, tuple[float, float, int]]] = {
    "finance.amount": (0, 1000, 2),
    "commerce.price": (1, 1000, 2),
    "number.int": (0, 99_999, 0),
    "number.float": (0, 1, 2),
    "datatype.number": (0, 99_999, 0),
    "datatype.float": (0, 99_999, 2),
    "random.number": (0, 99_999, 0),
    "random.float": (0, 99_999, 2),
}
#: Letters, and how many when nothing is said.
_LETTERS: Final[Mapping[str, tuple[str, int]]] = {
    "string.alpha": (_LOWER, 1),
    "string.alphanumeric": (_LOWER + _DIGITS, 1),
    "string.numeric": (_DIGITS, 1),
    "string.hexadecimal": ("0123456789abcdef", 1),
    "datatype.hexadecimal": ("0123456789abcdef", 1),
    "random.alpha": (_LOWER, 1),
    "random.alphanumeric": (_LOWER + _DIGITS, 1),
    "random.numeric": (_DIGITS, 1),
    "finance.account": (_DIGITS, 8),
    "finance.accountnumber": (_DIGITS, 8),
    "finance.pin": (_DIGITS, 4),
}
_CHOICES: Final = frozenset({"helpers.arrayelement", "random.arrayelement", "helpers.randomize"})
#: Days before and after the reference, when nothing is said.
_MOMENTS: Final[Mapping[str, tuple[int, int]]] = {
    "date.past": (-365, 0),
    "date.future": (0, 365),
    "date.recent": (-1, 0),
    "date.soon": (0, 1),
    "date.between": (-365, 365),
    "date.anytime": (-365, 365),
    "date.birthdate": (-80 * 365, -18 * 365),
}
#: Names of arguments given by place.
_PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "finance.amount": ("min", "max", "dec", "symbol"),
    "commerce.price": ("min", "max", "dec", "symbol"),
    **dict.fromkeys(_CHOICES, ("array",)),
    **dict.fromkeys(_LETTERS, ("length",)),
    **dict.fromkeys(("number.int", "number.float", "datatype.number", "datatype.float"), ("max",)),
    **dict.fromkeys(("random.number", "random.float"), ("max",)),
    "date.between": ("from", "to"),
    "date.past": ("years", "refDate"),
    "date.future": ("years", "refDate"),
    "date.recent": ("days", "refDate"),
    "date.soon": ("days", "refDate"),
}
#: Every name that takes arguments here.
CALLED: Final = frozenset(_NUMBERS) | frozenset(_LETTERS) | _CHOICES | frozenset(_MOMENTS)


def called(given: JsonValue) -> Call | None:
    """Return what an `x-faker` calls, `None` when it names nothing."""
    if isinstance(given, str) and given:
        return Call(name=given.lower(), arguments={})
    if not isinstance(given, dict) or not given:
        return None
    name, said = next(iter(given.items()))
    if isinstance(said, dict):
        return Call(name=name.lower(), arguments=said)
    places = _PLACES.get(name.lower(), ())
    listed = said if isinstance(said, list) and not _is_one_list(name, said) else [said]
    if len(listed) == 1 and isinstance(listed[0], dict):
        return Call(name=name.lower(), arguments=listed[0])
    return Call(name=name.lower(), arguments=dict(zip(places, listed, strict=False)))


def _is_one_list(name: str, said: Sequence[JsonValue]) -> bool:
    """Tell whether a list is the one argument itself, as people write choices."""
    return name.lower() in _CHOICES and not any(isinstance(each, list) for each in said)


def range_of(call: Call) -> Range | None:
    """Return the numbers that *call* makes, `None` when it makes none."""
    usual = _NUMBERS.get(call.name)
    if usual is None:
        return None
    low, high, decimals = usual
    low = call.number("min", usual=low)
    high = max(low, call.number("max", usual=max(high, low)))
    places = min(10, max(0, int(call.number("dec", "fractionDigits", usual=decimals))))
    step = call.number("multipleOf", "precision", usual=10.0**-places)
    return Range(low, high, step if step > 0 else 1)


def drawn_texts(call: Call, reference: datetime) -> Iterator[Draw]:
    """Yield what makes the texts of *call*, in the spellings they may have; *reference* is now."""
    options = call.arguments.get("array")
    if call.name in _CHOICES and isinstance(options, list):
        texts = [each for each in options if isinstance(each, str)]
        if texts:
            yield lambda stream: texts[stream % len(texts)]
    if call.name in _LETTERS and call.arguments:
        yield _letters(call)
    if call.name in _MOMENTS:
        moment = _moments(call, reference)
        yield lambda stream: moment(stream).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        yield lambda stream: moment(stream).strftime("%Y-%m-%d")
    numbers = range_of(call)
    if numbers is not None:
        yield _amounts(call, numbers)


def _letters(call: Call) -> Draw:
    letters, usual = _LETTERS[call.name]
    length = min(_LONGEST, max(0, int(call.number("length", "count", usual=usual))))
    if call.text("casing") == "upper":
        letters = letters.upper()
    return lambda stream: "".join(letters[mix(stream, at) % len(letters)] for at in range(length))


def _amounts(call: Call, numbers: Range) -> Draw:
    steps = max(1, int((numbers.high - numbers.low) / numbers.step) + 1)
    places = len(f"{numbers.step:.10f}".rstrip("0").partition(".")[2])
    symbol = call.text("symbol")
    return lambda stream: f"{symbol}{numbers.low + stream % steps * numbers.step:.{places}f}"


def _moments(call: Call, reference: datetime) -> Callable[[int], datetime]:
    before, after = _MOMENTS[call.name]
    now = _instant(call.text("refDate")) or reference
    span = min(_FURTHEST_DAYS, call.number("days", usual=0) or call.number("years", usual=0) * 365)
    if span:
        before, after = (-int(span) if before else 0), (int(span) if after else 0)
    first = _instant(call.text("from")) or now + timedelta(days=before)
    last = _instant(call.text("to")) or now + timedelta(days=after)
    seconds = max(1, int((last - first).total_seconds()))
    return lambda stream: first + timedelta(seconds=stream % seconds)


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
