"""Has a list put into order by a member of its entries, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Final
from unicodedata import normalize

from locum.behaviour.resources.names import match_name
from locum.contract.coercion import shape_of
from locum.contract.model import JsonValue, Location, Operation, Parameter
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.model import Result
from locum.verify.seen import Seen
from locum.verify.telling import Rule, place_of
from locum.verify.things.agreeing import instant_of
from locum.verify.things.kinds import Deed, Kind
from locum.verify.things.looking import shape_shown
from locum.verify.things.walking import looked_at

__all__ = ["SORTED", "is_ordered", "ordered"]

SORTED: Final = Rule(id="list.order", promise="A list is in the order that is asked for", suite="lists")
#: A member, and a direction before or behind it: `-name`, `name:desc`, `name desc`, `+name`.
_ASKED: Final = re.compile(
    r"(?P<sign>[-+]?)(?P<member>[A-Za-z][\w.]*?)(?:[:, _.](?P<turn>asc|desc|ascending|descending))?",
    re.IGNORECASE,
)
#: Orders of one list that are tried.
_MOST: Final = 4
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")
_DIGITS: Final = re.compile(r"([0-9]{1,300})")
#: A version with what it is before it is one (Semantic Versioning 2.0.0, 9 and 10).
_RELEASE: Final = re.compile(r"(v?[0-9]+(?:\.[0-9]+)+)[-+].+")
_FEWEST: Final = 3


def ordered(bench: Bench, kind: Kind, deed: Deed, base: Seen) -> Iterator[Result]:
    """Ask for the list of *base* in each order that the document enumerates."""
    parameter = _parameter(deed.operation, deed.part.sorting.by)
    if parameter is None or deed.part.sorting.direction:
        return
    choices = _choices(parameter)
    for text in choices[:_MOST]:
        asked = _ASKED.fullmatch(text)
        seen = bench.send(base.call.with_query(parameter.name, [text]), deed.operation) if asked else base
        page = looked_at(seen, deed, kind) if asked else None
        member = match_name(asked["member"], [*page.entries[0]]) if asked and page and page.entries else None
        if asked is None or page is None or not member:
            continue
        values = [each.get(member) for each in page.entries]
        is_falling = asked["sign"] == "-" or (asked["turn"] or "").lower().startswith("desc")
        # A bare name may mean either way, unless there is another word for the other one.
        is_either = not asked["sign"] and not asked["turn"] and f"-{text}" not in choices
        is_kept = is_ordered(values[::-1] if is_falling else values)
        is_kept = is_kept or (is_either and is_ordered(values[::-1]))
        # Ranks are in an order of their own: what has one rank stands together.
        if is_kept or (shape_shown(deed).member(member).has("enum") and _is_grouped(values)):
            yield SORTED.held(deed.operation.operation_id)
            continue
        yield SORTED.broken(
            deed.operation.operation_id,
            seen.step,
            location=f"query.{parameter.name}",
            kind=text,
            expected=f"{member} {'falls' if is_falling else 'rises'} from entry to entry",
            received=", ".join(str(each) for each in values)[:200],
            where=place_of(bench.contract, parameter.place),
        )


def is_ordered(values: list[JsonValue]) -> bool:
    """Tell whether *values* rise, in one of the ways that servers compare; those left out stand anywhere.

    >>> is_ordered([1, 2.5, None, 30]), is_ordered(["b", "A", "c"]), is_ordered(["A", "b", "C"])
    (True, False, True)
    >>> is_ordered(["-2.5", "9.75", "10.5"]), is_ordered(["1.9.0", "1.10.0-rc.1", "1.10.0"])
    (True, True)
    """
    told = [each for each in values if each is not None]
    numbers = [each for each in told if isinstance(each, int | float) and not isinstance(each, bool)]
    texts = [each for each in told if isinstance(each, str)]
    if len(told) < _FEWEST or max(len(numbers), len(texts)) < len(told):
        return True  # too few to tell, or of a kind whose order is nobody's to say
    if numbers:
        return _rises(numbers)
    instants = [each for each in map(instant_of, texts) if each is not None]
    if len(instants) == len(texts):
        return _rises([each.timestamp() for each in instants])
    # Collations put marks, spaces and digits in places of their own.
    plain = ["".join(filter(str.isalnum, normalize("NFKD", each))).casefold() for each in texts]
    folded = [each.casefold() for each in texts]
    if _rises(texts) or _rises(folded) or _rises(plain) or _rises([_numbered(each) for each in folded]):
        return True
    return all(map(_NUMBER.fullmatch, texts)) and _rises([float(each) for each in texts])


def _numbered(text: str) -> tuple[str | int, ...]:
    """Return *text* with its numbers as such; what a version is before it is one stands for itself."""
    release = _RELEASE.fullmatch(text)
    parts = _DIGITS.split(release[1] if release else text)
    return tuple(int(each) if at % 2 else each for at, each in enumerate(parts))


def _rises(values: list[float] | list[str] | list[tuple[str | int, ...]]) -> bool:
    return all(before <= after for before, after in pairwise(values))  # type: ignore[operator]


def _is_grouped(values: list[JsonValue]) -> bool:
    """Tell whether what is the same stands together; what is left out stands anywhere."""
    told = [str(each) for each in values if each is not None]
    return len([*groupby(told)]) == len({*told})


def _parameter(operation: Operation, name: str) -> Parameter | None:
    listed = (each for each in operation.parameters if each.location is Location.QUERY)
    return next((each for each in listed if each.name == name and each.media_type is None), None)


def _choices(parameter: Parameter) -> list[str]:
    try:
        found = shape_of(parameter.schema.bundle() if parameter.schema else {}).find("enum")
    except ContractError:
        found = None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
