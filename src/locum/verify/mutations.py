"""What a parameter is tried with: just within its limits, just beyond, far beyond, and of another type.

Everything is made from its schema, and judged by it: what is called wrong is refused by the schema for
certain, what is called right is taken. No request is made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from locum.contract.coercion import Shape, shape_of
from locum.contract.model import JsonValue, Location, Parameter, Style
from locum.contract.styles import UNREADABLE, compile_parameters
from locum.errors import ContractError
from locum.verify.documented import documented_values
from locum.verify.odd_texts import DATES, ODD

__all__ = ["Mutation", "is_taken", "mutations_of", "texts_beyond", "texts_within"]

#: What fits into a request line, with the rest of it.
_LONGEST: Final = 4096
_FAR: Final = 1_000_000_000
Texts = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """What is sent of a parameter instead of a good value; *texts* are not encoded, none leaves it out."""

    kind: str
    texts: tuple[str, ...]
    is_valid: bool = False


def mutations_of(parameter: Parameter, good: tuple[str, ...] = ()) -> Iterator[Mutation]:
    """Yield everything to try, invalid before valid; *good* is what the good call sends.

    Parameters written in ways that texts alone do not show (`deepObject`, `content`) are left alone.
    """
    schema = parameter.schema
    if parameter.required and parameter.location is not Location.PATH:
        yield Mutation(kind="missing", texts=())
    if schema is None or parameter.media_type is not None or parameter.style is Style.DEEP_OBJECT:
        return
    shape = shape_of(schema.bundle())
    if "object" in shape.types and "array" not in shape.types and len(shape.types) == 1:
        return
    make = _of_array if shape.types == {"array"} else _of_scalar
    made = make(parameter, shape, good)
    seen: set[tuple[str, ...]] = set()
    for mutation in made:
        if mutation.texts in seen or not _is_sendable(parameter, mutation):
            continue
        seen.add(mutation.texts)
        if is_taken(parameter, mutation.texts) is mutation.is_valid:
            yield mutation


def is_taken(parameter: Parameter, texts: Iterable[str]) -> bool:
    """Tell whether the contract takes *texts*, sent as *parameter*."""
    listed, name = [*texts], parameter.name
    query = "&".join(f"{quote(name, safe='')}={quote(text, safe='')}" for text in listed)
    try:
        sent = compile_parameters([parameter]).read(
            {name: quote(listed[0], safe="")} if parameter.location is Location.PATH and listed else {},
            query if parameter.location is Location.QUERY else "",
            _headers(parameter, listed),
        )
    except ContractError:
        return True
    if sent.violations:
        return False
    found = {**sent.path, **sent.query, **sent.headers, **sent.cookies}
    value = found.get(name, UNREADABLE)
    if value is UNREADABLE or parameter.schema is None:
        return value is not UNREADABLE
    return (value == "" and parameter.allow_empty) or parameter.schema.is_valid(value)


def _headers(parameter: Parameter, texts: list[str]) -> tuple[tuple[str, str], ...]:
    if parameter.location is Location.HEADER:
        return tuple((parameter.name.lower(), text) for text in texts)
    if parameter.location is Location.COOKIE:
        return (("cookie", "; ".join(f"{parameter.name}={quote(text, safe='')}" for text in texts)),)
    return ()


def _is_sendable(parameter: Parameter, mutation: Mutation) -> bool:
    """Tell whether *mutation* reaches the operation at all, and as it is meant."""
    text = "".join(mutation.texts)
    if parameter.location is Location.PATH:
        # Another segment, or none, is another path.
        return bool(text) and "/" not in text and text not in {".", ".."}
    if parameter.location in {Location.HEADER, Location.COOKIE}:
        return (
            text.isascii()
            and text.isprintable()
            and text == text.strip()
            and (bool(text) or not mutation.texts)
        )
    return True


def _of_scalar(parameter: Parameter, shape: Shape, good: tuple[str, ...]) -> Iterator[Mutation]:
    sample = good[0] if good else _sample(parameter)
    for kind, text in texts_beyond(shape, sample):
        yield Mutation(kind=kind, texts=(text,))
    for kind, text in (*_about_separators(parameter, sample), *_too_long_inside(parameter, shape)):
        yield Mutation(kind=kind, texts=(text,))
    for kind, text in texts_within(shape):
        yield Mutation(kind=kind, texts=(text,), is_valid=True)


def _of_array(parameter: Parameter, shape: Shape, good: tuple[str, ...]) -> Iterator[Mutation]:
    documented = next((each for each in documented_values(parameter) if isinstance(each, list) and each), [])
    is_repeated = parameter.explode and parameter.location in {Location.QUERY, Location.COOKIE}
    separator = _SEPARATORS.get(parameter.style, ",")
    items = [*good] if good and is_repeated else [str(each) for each in documented]
    for kind, text in texts_beyond(shape.item(), items[0] if items else ""):
        if separator in text and not is_repeated:
            continue
        for suffix, texts in (("item", [text]), ("later-item", [*items[:1], text])):
            if suffix == "item" or items:
                yield Mutation(
                    kind=f"{suffix}-{kind}", texts=tuple(texts) if is_repeated else (separator.join(texts),)
                )
    most = _number(shape, "maxItems")
    if most is not None and items and most < 200:  # noqa: PLR2004 -- what fits into a request line
        many = [items[at % len(items)] for at in range(int(most) + 1)]
        yield Mutation(kind="too-many-items", texts=tuple(many) if is_repeated else (separator.join(many),))


_SEPARATORS: Final[Mapping[Style, str]] = {
    Style.SPACE_DELIMITED: " ",
    Style.PIPE_DELIMITED: "|",
    Style.TAB_DELIMITED: "\t",
}


def texts_beyond(shape: Shape, sample: str) -> Texts:
    """Yield texts that a schema of *shape* may refuse, each with its kind; *sample* is one that it takes."""
    yield "empty", ""
    yield from _beyond_limits(shape)
    yield from _of_other_types(shape)
    if "string" in shape.types:
        yield from _unlike(shape, sample)


def texts_within(shape: Shape) -> Texts:
    """Yield texts at the limits of numbers, and each text that a schema is limited to."""
    for keyword, kind in (("minimum", "minimum"), ("maximum", "maximum")):
        limit = _number(shape, keyword)
        if limit is not None:
            yield f"at-{kind}", _written(limit)
    for name in ("date", "date-time"):
        if any(node.get("format") == name for node in shape.nodes):
            yield from DATES[name].items()
    for value in _enum(shape):
        yield "enumerated", value if isinstance(value, str) else _written_json(value)


def _beyond_limits(shape: Shape) -> Texts:
    for keyword, step, kind in (
        ("minimum", -1, "below-minimum"),
        ("exclusiveMinimum", 0, "below-minimum"),
        ("maximum", 1, "above-maximum"),
        ("exclusiveMaximum", 0, "above-maximum"),
    ):
        limit = _number(shape, keyword)
        if limit is not None:
            yield kind, _written(limit + step)
            yield f"far-{kind}", _written(limit + (-_FAR if "inimum" in keyword else _FAR))
            yield f"huge-{kind}", ("-" if "inimum" in keyword else "") + "9" * 40
    factor = _number(shape, "multipleOf")
    if factor:
        yield "not-a-multiple", _written(factor * 1.5)


def _of_other_types(shape: Shape) -> Texts:
    if "string" in shape.types:
        return
    yield "wrong-type", "x"
    yield "wrong-type-null", "null"
    if "integer" in shape.types or "number" in shape.types:
        yield "wrong-type-boolean", "true"
        yield "trailing-text", "1x"
        yield "hexadecimal", "0x1F"
        yield "two-numbers", "1,2"
        yield "not-a-number", "NaN"
        yield "infinite", "Infinity"
    if "integer" in shape.types and "number" not in shape.types:
        yield "fraction", "1.5"


def _unlike(shape: Shape, sample: str) -> Texts:
    shortest, longest = _number(shape, "minLength"), _number(shape, "maxLength")
    filler = sample or "a"
    if shortest and shortest > 1:
        yield "too-short", _stretched(filler, int(shortest) - 1)
    if longest is not None and longest < _LONGEST:
        yield "too-long", _stretched(filler, int(longest) + 1)
        yield "far-too-long", _stretched(filler, _LONGEST)
    if _enum(shape):
        yield "unknown-value", "nobody-has-this"
        for value in _enum(shape):
            if isinstance(value, str):
                yield "case", value.swapcase()
    yield from ODD.items()
    if sample:
        yield "shortened", sample[:-1]
        yield "beheaded", sample[1:]
        yield "lengthened", f"{sample}{sample[-1]}"
        yield "punctuated", f"{sample[:1]}-{sample[1:]}"
        yield "leading-space", f" {sample}"
        yield "non-ascii", f"é{sample[1:]}"
        yield "swapped-case", sample.swapcase()
    yield "four-kilobytes", _stretched(filler, _LONGEST)


def _about_separators(parameter: Parameter, sample: str) -> Texts:
    """Yield texts in which what stands between parts stands twice, at the start, or at the end."""
    known = [sample, *(each for each in documented_values(parameter) if isinstance(each, str))]
    for number in filter(str.isdecimal, known):
        # A pattern may say a range of numbers; its ends are often documented.
        yield f"after-{number[:6]}", str(int(number[:15]) + 1)
        yield f"before-{number[:6]}", str(int(number[:15]) - 1)
    for mark in _MARKS:
        whole = next((each for each in known if mark in each.strip(mark)), "")
        if whole:
            yield f"doubled{mark}", whole.replace(mark, mark * 2, 1)
            yield f"leading{mark}", f"{mark}{whole}"
            yield f"trailing{mark}", f"{whole}{mark}"
            yield f"cut-at{mark}", whole.partition(mark)[0]


def _too_long_inside(parameter: Parameter, shape: Shape) -> Texts:
    """Yield texts that are too long and otherwise as they should be: a word of a documented one is."""
    longest = _number(shape, "maxLength")
    if longest is None or longest >= _LONGEST:
        return
    known = [each for each in documented_values(parameter) if isinstance(each, str) and each]
    for at, whole in enumerate(known[:_SAMPLES]):
        for kind, pattern in (("word", r"[A-Za-z0-9]+"), ("number", r"\b[0-9]+\b")):
            word = max(re.findall(pattern, whole), key=len, default="")
            added = _stretched(word, int(longest) + 1 - len(whole)) if word else ""
            if added:
                yield f"too-long-{kind}-{at + 1}", whole.replace(word, word + added, 1)


#: Documented texts that are made too long.
_SAMPLES: Final = 4
#: What may stand between the parts of a text.
_MARKS: Final = (",", ";", ":", "|", "-", "/", ".")


def _sample(parameter: Parameter) -> str:
    return next((each for each in documented_values(parameter) if isinstance(each, str)), "")


def _stretched(text: str, length: int) -> str:
    return (text * (length // len(text) + 1))[:length]


def _number(shape: Shape, keyword: str) -> int | float | None:
    found = shape.find(keyword)
    return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def _enum(shape: Shape) -> list[JsonValue]:
    found = shape.find("enum")
    listed = found if isinstance(found, list) else []
    return [each for each in listed if isinstance(each, str | int | float) and not isinstance(each, bool)]


def _written(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)


def _written_json(value: JsonValue) -> str:
    return _written(value) if isinstance(value, int | float) else str(value)
