"""Where two servers answered one plan differently, as findings: what the mock said is what was expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from locum.contract.model import JsonValue
from locum.verify.fidelity.shapes import Shape, shapes_of
from locum.verify.model import Finding, Severity, Step
from locum.verify.seen import Seen, Undecoded

__all__ = ["PROMISES", "differences", "structural"]

#: Headers that differ from server to server and promise nothing about an API.
_IGNORED: Final = frozenset(
    {"date", "server", "connection", "keep-alive", "transfer-encoding", "content-length", "via", "age"}
    | {"alt-svc", "strict-transport-security", "set-cookie", "x-powered-by", "cf-ray", "cf-cache-status"}
    | {
        "access-control-allow-origin",
        "access-control-expose-headers",
        "vary",
        "report-to",
        "nel",
        "server-timing",
    }
)
_PREFIXES: Final = ("access-control-", "sl-", "locum-")
#: Ranges that lie further apart than this factor are told.
_FAR: Final = 10.0
#: Words of one place that are few enough to be an enumeration.
_FEW: Final = 8


@dataclass(slots=True, kw_only=True)
class _Group:
    """What both sides said to the steps of one operation that ended with one status. Mutable."""

    operation: str
    status: str
    mock: list[Seen] = field(default_factory=list)
    real: list[Seen] = field(default_factory=list)


def differences(pairs: Iterable[tuple[str, str, Seen, Seen]]) -> Iterator[Finding]:
    """Yield where *pairs* differ: operation, name of the step, the mock's answer, the real one.

    Step by step: whether there is an answer, status, media type, headers. By operation and status: members,
    types, nullability, formats, words and ranges of the bodies of all steps together.
    """
    groups: dict[tuple[str, str], _Group] = {}
    for operation, name, mock, real in pairs:
        yield from _of_step(operation, name, mock, real)
        if mock.status == real.status:
            status = str(real.status)
            group = groups.setdefault((operation, status), _Group(operation=operation, status=status))
            group.mock.append(mock)
            group.real.append(real)
    for group in groups.values():
        yield from _of_bodies(group)


def structural(mock: Mapping[str, Shape], real: Mapping[str, Shape]) -> Iterator[tuple[str, str, str, str]]:
    """Yield where two bodies are not built alike: aspect, place, what the mock has, what the real one has.

    Below a member that only one has nothing more is told.
    """
    lone: list[str] = []
    for place in sorted(mock.keys() | real.keys()):
        if any(place.startswith(f"{above}/") for above in lone):
            continue
        ours, theirs = mock.get(place), real.get(place)
        if ours is None or theirs is None:
            lone.append(place)
            present = ours or theirs
            # An empty list on one side says nothing about its entries.
            if present is not None and not place.endswith("*") and _has_holder(place, mock, real):
                told = " or ".join(sorted(present.types))
                yield (
                    "member",
                    place,
                    told if ours else "no such member",
                    told if theirs else "no such member",
                )
            continue
        yield from _of_place(place, ours, theirs)


def _of_step(operation: str, name: str, mock: Seen, real: Seen) -> Iterator[Finding]:
    if mock.status != real.status:
        yield _finding(operation, "status", name, (_status(mock), _status(real)), real.step)
        return
    if mock.media_type != real.media_type:
        yield _finding(operation, "media-type", name, (mock.media_type, real.media_type), real.step)
    ours, theirs = _telling(mock), _telling(real)
    for header in sorted(ours ^ theirs):
        yield _finding(
            operation,
            "header",
            header,
            ("sent", "not sent") if header in ours else ("not sent", "sent"),
            real.step,
            kind=str(real.status),
            severity=Severity.DEVIATION,
        )


def _telling(seen: Seen) -> set[str]:
    """Return the headers that tell something about the API; a mock's own do not."""
    return {name for name in seen.headers if name not in _IGNORED and not name.startswith(_PREFIXES)}


def _of_bodies(group: _Group) -> Iterator[Finding]:
    mock = shapes_of(_bodies(group.mock))
    real = shapes_of(_bodies(group.real))
    step = group.real[0].step
    if not mock or not real:
        return
    for aspect, place, ours, theirs in structural(mock, real):
        severity = Severity.FAILURE if aspect in {"member", "type", "null"} else Severity.DEVIATION
        yield _finding(
            group.operation,
            aspect,
            f"body/{place}" if place else "body",
            (ours, theirs),
            step,
            kind=group.status,
            severity=severity,
        )


def _of_place(place: str, ours: Shape, theirs: Shape) -> Iterator[tuple[str, str, str, str]]:
    mine, other = _plain(ours.types, theirs.types), _plain(theirs.types, ours.types)
    if mine and other and mine != other:
        yield "type", place, _joined(mine), _joined(other)
    elif ("null" in ours.types) != ("null" in theirs.types) and theirs.seen and ours.seen:
        yield "null", place, *(("null", "never null") if "null" in ours.types else ("never null", "null"))
    if ours.seen and theirs.seen and ours.is_optional != theirs.is_optional:
        told = ("at times missing", "always there")
        yield "optional", place, *(told if ours.is_optional else told[::-1])
    if ours.formats and theirs.formats and not theirs.formats <= ours.formats and "text" not in ours.formats:
        yield "format", place, _joined(ours.formats), _joined(theirs.formats)
    elif _is_enumeration(ours) and _is_enumeration(theirs) and (news := theirs.words - ours.words):
        yield "words", place, _joined(ours.words), f"also {_joined(news)}"
    if _are_apart(ours, theirs):
        yield "range", place, f"{ours.least:g} to {ours.most:g}", f"{theirs.least:g} to {theirs.most:g}"


def _plain(types: set[str], others: set[str]) -> set[str]:
    """Return *types* without null; a whole number is a number where one was seen on either side."""
    found = types - {"null"}
    is_number = "number" in types | others and "integer" in found
    return (found - {"integer"}) | {"number"} if is_number else found


def _is_enumeration(shape: Shape) -> bool:
    """Tell whether few words came again and again."""
    return shape.formats == {"text"} and 1 < len(shape.words) <= _FEW and shape.seen >= 2 * len(shape.words)


def _are_apart(ours: Shape, theirs: Shape) -> bool:
    if ours.least is None or ours.most is None or theirs.least is None or theirs.most is None:
        return False
    if (ours.least < 0) != (theirs.least < 0) and min(ours.seen, theirs.seen) > 1:
        return True
    largest = sorted((abs(ours.most), abs(theirs.most)))
    return largest[0] > 0 and largest[1] / largest[0] > _FAR and not ours.least <= theirs.most <= ours.most


def _has_holder(place: str, mock: Mapping[str, Shape], real: Mapping[str, Shape]) -> bool:
    above = place.rpartition("/")[0]
    holders = (mock.get(above), real.get(above))
    return all(each is not None and "object" in each.types for each in holders)


def _bodies(answers: Iterable[Seen]) -> Iterator[JsonValue]:
    """Yield the different bodies: one that comes again says nothing more."""
    seen: set[bytes] = set()
    for each in answers:
        if each.content not in seen and not isinstance(each.value, Undecoded):
            seen.add(each.content)
            yield each.value


def _status(seen: Seen) -> str:
    return str(seen.status) if seen.status else f"no answer: {seen.step.failure}"


def _joined(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


PROMISES: Final = {
    "status": "Both answer with the same status",
    "media-type": "Both answer in the same media type",
    "header": "Both send the same headers",
    "member": "Both bodies have the same members",
    "type": "Both bodies have the same types",
    "null": "What may be null is so on both sides",
    "optional": "What may be missing is so on both sides",
    "format": "Texts have the same form on both sides",
    "words": "Both use the same words",
    "range": "Numbers are of the same size on both sides",
}


def _finding(  # noqa: PLR0913 -- one value for each thing that is told
    operation: str,
    aspect: str,
    location: str,
    told: tuple[str, str],
    step: Step,
    *,
    kind: str = "",
    severity: Severity = Severity.FAILURE,
) -> Finding:
    return Finding(
        operation=operation,
        rule=f"drift.{aspect}",
        location=location,
        kind=kind,
        severity=severity,
        promise=PROMISES[aspect],
        expected=told[0],
        received=told[1],
        steps=(step,),
        engine="compare",
    )
