"""Versions of entities: entity tags, and what a request makes depend on them (RFC 9110, section 13).

Only where the document speaks of it: a tag is told where `ETag` is declared, or a status that needs one;
a precondition that does not hold is refused where 412 is declared, one that lacks where 428 is.
"""

from __future__ import annotations

from locum.behaviour.model import Cause, Refusal
from locum.behaviour.resources.making import Turn
from locum.behaviour.resources.model import Role
from locum.contract.model import JsonObject
from locum.contract.writing import to_json
from locum.generation.streams import stable_seed

__all__ = ["is_conditional", "is_current", "tag_of", "tag_to_tell", "unmet"]

_CONDITIONAL = frozenset({Role.REPLACE, Role.PATCH, Role.DELETE, Role.ACT})
_TELLING = frozenset({Role.READ, Role.CREATE, Role.PUT_IN, Role.REPLACE, Role.PATCH, Role.ACT})


def tag_of(record: JsonObject) -> str:
    """Return the entity tag of *record*, another one for any other record.

    >>> tag_of({"id": 1}) == tag_of({"id": 1}), tag_of({"id": 1}) == tag_of({"id": 2})
    (True, False)
    """
    return f'"{stable_seed(0, "version", to_json(record).decode()):016x}"'


def tag_to_tell(turn: Turn, record: JsonObject | None, declared: frozenset[str]) -> str:
    """Return the tag that an answer with the *declared* headers has, `""` where it has none."""
    is_meant = "etag" in declared or any(turn.declares(each) for each in (304, 412, 428))
    return tag_of(record) if record is not None and is_meant and turn.part.role in _TELLING else ""


def is_current(turn: Turn, record: JsonObject) -> bool:
    """Tell whether whoever reads *record* has it already, and may be told so."""
    asked = turn.request.raw.header("if-none-match")
    return asked is not None and turn.declares(304) and _names(asked, tag_of(record), weakly=True)


def is_conditional(turn: Turn) -> bool:
    """Tell whether what is asked may depend on the version of an entity, by what the operation declares."""
    return turn.part.role in _CONDITIONAL and (turn.declares(412) or turn.declares(428))


def unmet(turn: Turn, record: JsonObject | None) -> Refusal | None:
    """Refuse a request that depends on another version than *record*, which is `None` if there is none."""
    raw = turn.request.raw
    match, none_match = raw.header("if-match"), raw.header("if-none-match")
    if turn.declares(428) and match is None and none_match is None and record is not None:
        return Refusal(cause=Cause.CONFLICT, status=428, detail="If-Match is expected, with the entity tag")
    if not turn.declares(412):
        return None
    tag = None if record is None else tag_of(record)
    if match is not None and (tag is None or not _names(match, tag)):
        return Refusal(cause=Cause.CONFLICT, status=412, detail=f"If-Match does not name {tag or 'anything'}")
    if none_match is not None and tag is not None and _names(none_match, tag, weakly=True):
        return Refusal(cause=Cause.CONFLICT, status=412, detail=f"If-None-Match names {tag}, which is there")
    return None


def _names(asked: str, tag: str, *, weakly: bool = False) -> bool:
    """Tell whether a list of tags has *tag*; `*` has any."""
    tags = [each.strip() for each in asked.split(",")]
    if weakly:
        tags = [each.removeprefix("W/") for each in tags]
    return "*" in tags or tag in tags
