"""Makes the entity that a request creates or rewrites, and the change that keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from locum.behaviour.changes import Change
from locum.behaviour.contents import Content
from locum.behaviour.entity_changes import MOST_BYTES, MOST_RECORDS, KeepEntity, within_bounds
from locum.behaviour.grafting import restored
from locum.behaviour.model import Request
from locum.behaviour.plans import Plan
from locum.behaviour.resources.beginning import unused
from locum.behaviour.resources.bodies import follow
from locum.behaviour.resources.composing import Composer
from locum.behaviour.resources.inventing import Manner
from locum.behaviour.resources.model import Part, Role
from locum.behaviour.resources.places import get_at, put_at
from locum.behaviour.resources.records import candidates, with_times, without
from locum.behaviour.resources.scene import Scene, values_of
from locum.contract.coercion import Shape, coercer, shape_of
from locum.contract.model import JsonObject, JsonValue
from locum.generation.streams import stable_seed

__all__ = ["Turn", "Written", "first_valid", "fixed_members", "kept", "made", "rewritten"]

_NOTHING: Final[JsonObject] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One request that belongs to a resource, with all that decides about its answer."""

    contract: str
    request: Request
    part: Part
    scene: Scene
    plan: Plan
    now: datetime
    manner: Manner

    def declares(self, status: int) -> bool:
        """Tell whether the operation declares exactly *status*."""
        return any(each.status == str(status) for each in self.request.operation.responses)

    @property
    def tells_absence(self) -> bool:
        """Whether the operation declares what is answered when there is no such thing."""
        operation = self.request.operation
        return operation.response_for(404) is not None or operation.response_for(410) is not None

    @property
    def asked(self) -> Mapping[str, JsonValue]:
        """What a list is asked for: by the query, or by the body of a search."""
        body = self.request.body
        if not self.part.asks_in_body:
            return self.request.query
        return body if isinstance(body, dict) else {}

    def sent(self) -> tuple[Shape, JsonValue | bytes]:
        """Return what an entity looks like in the body of the request, and what was sent of it."""
        body, steps = self.request.operation.request_body, self.part.sent
        media = next(
            (
                each
                for each in (body.content if body else ())
                if each.name.startswith(self.request.media_type)
            ),
            None,
        )
        media = media or (body.content[0] if body and body.content else None)
        shape = shape_of(media.schema.bundle() if media and media.schema else {})
        for step in steps:
            shape = shape.member(step)
        sent = self.request.body
        return shape, sent if isinstance(sent, bytes) else get_at(sent, steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of the entity at *path*: the record to show, the status to say so, and the changes."""

    path: str
    record: JsonObject | None = None
    status: int | None = None
    changes: tuple[Change, ...] = ()
    because: str = ""


def made(  # noqa: PLR0913 -- where, what and how
    turn: Turn, path: str, told: JsonObject, sent_shape: Shape, composer: Composer, *, collection: str
) -> Written:
    """Return the entity at *path* as created."""
    scene = turn.scene
    shape = scene.inventor.shape(scene.resource) or sent_shape
    invented = unused(scene.invent(path) or {}, told, shape=shape, sent=sent_shape)
    fixed = fixed_members(scene, path, collection, shape, {**invented, **told})
    options = candidates(told, invented, shape=shape, sent=sent_shape, fixed=fixed)
    timed = [with_times(each, told, invented, now=turn.now, is_new=True) for each in options]
    record = first_valid(timed, turn, path, composer)
    return Written(
        path=path,
        record=record,
        status=201 if turn.declares(201) else None,
        changes=(kept(turn, path, record, is_new=True, collection=collection.lstrip("/")),),
        because=_told_of_bound(scene, collection.lstrip("/"), record),
    )


def fixed_members(scene: Scene, path: str, collection: str, shape: Shape, before: JsonObject) -> JsonObject:
    """Return the members that the path of an entity, and that of its list, leave no choice for.

    *before* is what else is known of them.
    """
    resource = scene.resource
    elsewhere = (
        each for each in resource.collections[1:] if len(each.split("/")) == len(collection.split("/"))
    )
    said = {name: text for each in elsewhere for name, text in values_of(each, collection).items()}
    # The variable of another list may be called as that of the entity.
    said |= values_of(resource.item, path)
    fixed: JsonObject = {}
    for variable, text in said.items():
        steps = (resource.key,) if variable == resource.variable else resource.scopes.get(variable)
        is_there = steps and (len(steps) == 1 or isinstance(before.get(steps[0]), dict))
        if steps and steps[0] and is_there and not follow(shape, steps).types <= {"object", "array"}:
            whole = put_at({**before, **fixed}, steps, coercer(follow(shape, steps))(text))
            fixed[steps[0]] = get_at(whole, steps[:1])
    return fixed


def first_valid(
    options: list[JsonObject], turn: Turn, path: str, composer: Composer, before: JsonObject = _NOTHING
) -> JsonObject:
    """Return the first record that can be read as it is, else the first as far as it can be shown.

    *before* is what it was, where the request leaves what it does not speak of.
    """
    reader = turn.scene.resource.part(Role.READ)
    content = turn.scene.inventor.content(reader) if reader else None
    if reader is None or reader.answer is None or content is None:
        return options[0]
    stream = stable_seed(turn.manner.seed, "item", path)
    for each in (*(_agreeing(each, turn, content, reader, before) for each in options[:1]), *options):
        if composer.is_whole(content, reader.answer, each, stream=stream, manner=turn.manner):
            return each
    whole = composer.entity(content, reader.answer, options[0], stream=stream, manner=turn.manner)
    shown = get_at(whole, reader.answer)
    if not isinstance(shown, dict):
        return options[0]
    completed = {**options[0], **shown}
    agreeing = _agreeing(completed, turn, content, reader, before)
    is_whole = composer.is_whole(content, reader.answer, agreeing, stream=stream, manner=turn.manner)
    return agreeing if is_whole else completed


def _agreeing(
    record: JsonObject, turn: Turn, content: Content, reader: Part, before: JsonObject
) -> JsonObject:
    """Return *record* with members that agree with what was sent, such as a total with its lines.

    What disagreed *before* was told so in an earlier request, and stays.
    """
    if reader.answer:
        return record
    shape, body = turn.sent()
    sent = None if isinstance(body, bytes) else without(body, shape, "readOnly")
    made = content.coherent(record, sent)
    if not isinstance(made, dict) or not isinstance(sent, dict):
        return record
    return {**restored(made, sent, record), **_disagreeing(record, before, content)}


def _disagreeing(record: JsonObject, before: JsonObject, content: Content) -> JsonObject:
    """Return the members of *record* that are as they were *before*, when they did not agree."""
    settled = content.coherent(before)
    if settled is before or not isinstance(settled, dict):
        return {}
    return {
        name: value
        for name, value in record.items()
        if name in before and value == before[name] != settled.get(name)
    }


def kept(turn: Turn, path: str, record: JsonObject, *, is_new: bool, collection: str = "") -> KeepEntity:
    """Return the change that keeps *record*, where it was kept before if it was."""
    scene, key = turn.scene, turn.scene.resource.key
    stored = scene.stored(path)
    return KeepEntity(
        contract=turn.contract,
        path=path,
        collection=stored[0] if stored else collection or scene.collection(path),
        record=record,
        member=key,
        key=str(record.get(key)) if key else "",
        is_new=is_new,
    )


def _told_of_bound(scene: Scene, collection: str, record: JsonObject) -> str:
    """Tell that the first records of *collection* are forgotten for a new *record*, `""` if none is."""
    held = [*scene.records.get(collection, ()), record]
    forgotten = len(held) - len(within_bounds(held, record))
    if not forgotten:
        return ""
    bound = f"{MOST_RECORDS} are kept" if len(held) > MOST_RECORDS else f"{MOST_BYTES:,} bytes are kept"
    words = "the first record" if forgotten == 1 else f"the first {forgotten} records"
    return f"{words} of {collection} {'is' if forgotten == 1 else 'are'} forgotten: {bound}"


def rewritten(  # noqa: PLR0913, PLR0917 -- where, what and how
    turn: Turn, path: str, told: JsonObject, sent_shape: Shape, before: JsonObject, composer: Composer
) -> Written:
    """Return the entity at *path* with what was *told* in the place of all that could have been told."""
    scene = turn.scene
    shape = scene.inventor.shape(scene.resource) or sent_shape
    fixed = fixed_members(scene, path, "", shape, {**before, **told})
    options = candidates(told, before, shape=shape, sent=sent_shape, fixed=fixed)
    timed = [with_times(each, told, before, now=turn.now, is_new=False) for each in options]
    record = first_valid(timed, turn, path, composer)
    status = next((each for each in (200, 204) if turn.declares(each)), None)
    return Written(path=path, record=record, status=status, changes=(kept(turn, path, record, is_new=False),))
