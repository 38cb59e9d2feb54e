"""Puts together the outcome of a request that belongs to a resource: reply, reasons and changes."""

from __future__ import annotations

from typing import TypeAlias

from locum.behaviour.model import Outcome, Reply
from locum.behaviour.plans import Answerable
from locum.behaviour.resources.making import Turn, Written

__all__ = ["Headers", "outcome_of"]

Headers: TypeAlias = tuple[tuple[str, str], ...]


def outcome_of(  # noqa: PLR0913 -- all that a reply is made of
    turn: Turn,
    chosen: Answerable,
    body: bytes,
    stream: int,
    *,
    headers: Headers = (),
    silent: frozenset[str] = frozenset(),
    written: Written | None = None,
) -> Outcome:
    """Return what *chosen* says with *body*; headers named *silent*, and those told, are not made up."""
    named = {*silent, *(name for name, _ in headers)}
    made = tuple(pair for pair in chosen.make_headers(stream) if pair[0].lower() not in named)
    if turn.request.operation.deprecated:
        made = (*made, ("deprecation", "true"))
    media_type = chosen.content.content_type if chosen.content else ""
    said = f"{turn.part.role.value} of {turn.scene.resource.name}"
    because = [f"status {chosen.status}", said, *([written.because] if written and written.because else [])]
    return Outcome(
        reply=Reply(status=chosen.status, body=body, media_type=media_type, headers=(*headers, *made)),
        because=tuple(because),
        changes=written.changes if written else (),
    )
