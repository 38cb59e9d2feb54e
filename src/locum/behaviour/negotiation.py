"""Chooses which declared response answers: the status, the media type, the example.

Order of statuses for a valid request: the lowest 2xx, else `default` as 200, else the first that is declared.
A forced one: exact, then range, then `default`. Sources: RFC 9110, section 12; OpenAPI 3.1.1, 4.8.16.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from locum.behaviour.degrading import usable_schema
from locum.behaviour.media_ranges import MediaRange, parse_accept, parse_media
from locum.behaviour.model import Cause, Refusal
from locum.contract.coercion import shape_of
from locum.contract.model import MediaType, Operation, ResponseSpec
from locum.errors import nearest
from locum.generation.media import is_json

__all__ = ["Choice", "choose_media", "choose_response", "is_bodiless", "unknown_example"]

#: What is sent where a range of a kind is declared.
_USUAL: Final = {"audio": "audio/wav", "image": "image/png", "text": "text/plain", "video": "video/mp4"}
_LOWEST: Final = 200
_UNMODIFIED: Final = "304"
#: Behind every status, in the order of statuses.
_RANGES: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A declared media type, and what goes into `Content-Type`."""

    media: MediaType
    content_type: str
    #: Whether it is text for a client that takes nothing but what it names.
    must_be_text: bool = False


def is_bodiless(status: int) -> bool:
    """Tell whether an answer of this status has no content (RFC 9110, 6.4.1)."""
    return status < _LOWEST or status in {204, 205, 304}


def choose_response(operation: Operation, code: int | None) -> tuple[int, ResponseSpec] | Refusal:
    """Return the status to answer with and the response that declares it; *code* is the one asked for."""
    if code is not None:
        found = operation.response_for(code)
        return (code, found) if found else _unknown_code(operation, code)
    successes = sorted(each.status.upper() for each in operation.responses if each.status.startswith("2"))
    declared = {each.status.upper(): each for each in operation.responses}
    final = [status for status in declared if not status.startswith("1")]
    final.sort(key=_place)
    status = next(iter([*successes, *(["DEFAULT"] if "DEFAULT" in declared else []), *final]), None)
    if status is None:
        return _LOWEST, ResponseSpec(status="default", place=operation.route.place)
    return _number(status), declared[status]


def _place(status: str) -> tuple[bool, bool, int]:
    """Return where a status that is no success stands among its like.

    Redirections first, since right requests lead there, and 304 behind others, since only what has a
    condition is answered so (RFC 9110, 15.4.5). Then the lowest error, and ranges in the document's order.
    """
    number = int(status) if status.isdigit() else _RANGES
    return not status.startswith("3"), status == _UNMODIFIED, number


def _number(status: str) -> int:
    digits = status.replace("XX", "00")
    return int(digits) if digits.isdigit() else _LOWEST


def _unknown_code(operation: Operation, code: int) -> Refusal:
    declared = ", ".join(each.status for each in operation.responses)
    detail = f"status {code} is not declared for this operation; declared: {declared or 'none'}"
    return Refusal(cause=Cause.UNKNOWN_PREFERENCE, status=404, detail=detail, facts={"status": str(code)})


def unknown_example(name: str, known: Iterable[str], content_type: str) -> Refusal:
    """Return the refusal of an example that the chosen response does not have."""
    names = list(known)
    close = nearest(name, names)
    meant = f"; did you mean {close!r}?" if close else ""
    detail = (
        f"no example {name!r} for {content_type or 'a response without content'}{meant or ';'} "
        f"declared: {', '.join(names) or 'none'}"
    )
    facts = {"example": name, "media_type": content_type}
    return Refusal(cause=Cause.UNKNOWN_PREFERENCE, status=404, detail=detail, facts=facts)


def choose_media(
    content: Sequence[MediaType], accept: str | None, *, prefers_json: bool = True
) -> Choice | None:
    """Return the media type that *accept* likes best, or `None` when it likes none.

    Among equals: what *accept* names first, then JSON unless told otherwise, then what is
    declared by name rather than as a range (OpenAPI 3.0.3, Response Object), then document order.
    """
    wanted = parse_accept(accept or "")
    weighs_json = prefers_json or not accept
    ranked = [
        (*(rank if weighs_json else (*rank[:3], 0)), sent == media.name, -index, media, sent)
        for index, media in enumerate(content)
        for rank, sent in [_rank(media, wanted)]
        if rank[0] > 0
    ]
    if not ranked:
        return None
    *_, media, sent = max(ranked, key=lambda each: each[:6])
    takes_anything = any(each.specificity == 0 and each.quality for each in wanted)
    is_text = parse_media(sent).type == "text"
    return Choice(media=media, content_type=sent, must_be_text=is_text and not takes_anything)


def _rank(media: MediaType, wanted: Sequence[MediaRange]) -> tuple[tuple[float, int, int, int], str]:
    """Return how much *media* is liked and as what it is sent.

    Liked by quality, specificity, place in `Accept`, and being JSON, in this order.
    """
    declared = parse_media(media.name)
    best: tuple[tuple[float, int, int, int], str] = ((0.0, 0, 0, 0), "")
    for position, asked in enumerate(wanted):
        if not _meets(asked, declared):
            continue
        sent = media.name if declared.is_concrete else _concrete(declared, asked, media)
        rank = (asked.quality, asked.specificity, -position, _json_rank(sent))
        if best[1] == "" or asked.specificity > best[0][1]:
            best = (rank, sent)
    return best


def _meets(asked: MediaRange, declared: MediaRange) -> bool:
    if not declared.is_concrete:
        return asked.includes(declared) or declared.includes(asked)
    clash = any(declared.parameter(name) not in (None, value) for name, value in asked.parameters)
    return asked.includes(declared) and not clash


def _json_rank(name: str) -> int:
    if parse_media(name).name == "application/json":
        return 2
    return 1 if is_json(name) else 0


def _concrete(declared: MediaRange, asked: MediaRange, media: MediaType) -> str:
    """Name one type within a declared range, the one asked for if it is one."""
    if asked.is_concrete:
        return asked.name
    kind = declared.type if declared.type != "*" else asked.type
    schema = usable_schema(media.schema)
    shape = shape_of(schema.bundle()) if schema else None
    if shape is not None and shape.types == {"string"} and shape.find("format") == "binary":
        return "application/octet-stream" if kind in {"*", "application"} else _USUAL.get(kind, "text/plain")
    if kind == "*":
        kind = "text" if shape is not None and shape.types == {"string"} else "application"
    if declared.subtype.startswith("*+"):
        return f"{kind}/{declared.subtype[2:]}"
    return _USUAL.get(kind, "application/json")
