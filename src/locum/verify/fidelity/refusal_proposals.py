"""What the fixtures would have to say to refuse as the real server does: other statuses, other words.

Which refusal of `contract.yaml` the mock has used is told by what it answered; where that could be several,
the parameter that was wrong decides, and where that does not either, nothing is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from locum.contract.limits import Limits
from locum.contract.model import JsonValue, Place
from locum.contract.pointers import join_pointer
from locum.contract.source import read_source
from locum.verify.fidelity.proposals import Edit
from locum.verify.fidelity.recording import Played
from locum.verify.seen import Seen, Undecoded

__all__ = ["refusal_edits"]

_FILLED: Final = re.compile(r"\{[^{}]*\}")
_MISSING: Final = object()


def refusal_edits(
    sheet: bytes, uri: str, mock: Sequence[Played], real: Sequence[Played], secrets: Collection[str] = ()
) -> Iterator[Edit]:
    """Yield what *sheet*, the `contract.yaml` at *uri*, would have to say, without any of *secrets*."""
    value: Any = read_source(sheet, uri, Limits()).value
    refusals: Sequence[Mapping[str, Any]] = value.get("refusals", []) if isinstance(value, dict) else []
    theirs = {(operation, name): seen for operation, name, seen in real}
    proposed: set[str] = set()
    for operation, name, ours in mock:
        other = theirs.get((operation, name))
        index = _used(refusals, name, ours)
        if other is None or index is None or not other.is_refusal:
            continue
        for pointer, new, words in _differences(refusals[index], ours, other):
            place = join_pointer("refusals", index) + pointer
            if place not in proposed and not any(secret in str(new) for secret in secrets):
                proposed.add(place)
                told = f"{operation}: {name}: {words}"
                yield Edit(place=Place(uri=uri, pointer=place), change=partial(_instead, new=new), words=told)


def _instead(_: JsonValue, *, new: JsonValue) -> JsonValue:
    return new


def _used(refusals: Sequence[Mapping[str, Any]], name: str, ours: Seen) -> int | None:
    """Return which refusal has made the answer, `None` where that cannot be said."""
    if not ours.is_refusal or isinstance(ours.value, Undecoded):
        return None
    fitting = [
        at
        for at, each in enumerate(refusals)
        if each.get("status", ours.status) == ours.status and _is_made_of(each.get("body"), ours.value)
    ]
    if len(fitting) > 1:
        words = set(re.split(r"[ .]", name))
        fitting = [at for at in fitting if refusals[at].get("parameter") in words]
    return fitting[0] if len(fitting) == 1 else None


def _is_made_of(template: Any, value: JsonValue) -> bool:  # noqa: ANN401 -- any part of a sheet
    if isinstance(template, dict):
        return (
            isinstance(value, dict)
            and template.keys() == value.keys()
            and all(_is_made_of(template[key], value[key]) for key in template)
        )
    if isinstance(template, str) and _FILLED.search(template):
        parts = map(re.escape, _FILLED.split(template))
        return isinstance(value, str) and re.fullmatch(".*".join(parts), value, re.DOTALL) is not None
    return template is not None and template == value


def _differences(refusal: Mapping[str, Any], ours: Seen, other: Seen) -> Iterator[tuple[str, JsonValue, str]]:
    if other.status != ours.status and "status" in refusal:
        yield "/status", other.status, f"the real server answers {other.status}"
    if not isinstance(other.value, Undecoded):
        yield from _other_words(refusal["body"], other.value, "/body")


def _other_words(template: Any, value: Any, pointer: str) -> Iterator[tuple[str, JsonValue, str]]:  # noqa: ANN401 -- any part of a sheet
    """Yield each fixed text or number that is another one; what is filled in, or not there, is left alone."""
    if isinstance(template, dict):
        for key, inner in template.items():
            found = value.get(key, _MISSING) if isinstance(value, dict) else _MISSING
            if found is not _MISSING:
                yield from _other_words(inner, found, pointer + join_pointer(key))
    elif type(template) is type(value) and template != value and not _FILLED.search(str(template)):
        yield pointer, value, f"the real server says {value!r}"
