"""What operations that write make of an entity: created, replaced, patched, deleted, or refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import unquote

from locum.behaviour.entity_changes import ClearEntities, RemoveEntity
from locum.behaviour.model import Cause, Refusal
from locum.behaviour.resources.composing import Composer
from locum.behaviour.resources.keys import next_key
from locum.behaviour.resources.making import Turn, Written, first_valid, fixed_members, kept, made, rewritten
from locum.behaviour.resources.model import Role
from locum.behaviour.resources.named import entity_sent
from locum.behaviour.resources.patches import PatchError, json_patch, merge_patch
from locum.behaviour.resources.records import time_of, understood, with_times
from locum.behaviour.resources.scene import Scene
from locum.behaviour.resources.templates import bare, last_segment
from locum.behaviour.session import Mark
from locum.contract.coercion import Shape
from locum.contract.model import JsonObject, JsonValue
from locum.contract.writing import write_text

__all__ = ["absent", "write"]

_JSON_PATCH: Final = "application/json-patch+json"
_MERGE_PATCH: Final = "application/merge-patch+json"


def absent(path: str, turn: Turn) -> Refusal:
    """Return the refusal of what is not there: 404, or whatever the operation declares instead of it.

    Who knows no other status of its class takes 400 for it (RFC 9110, 15).
    """
    status = 410 if turn.declares(410) and not turn.declares(404) else 404
    if status == 404 and turn.request.operation.response_for(404) is None and turn.declares(400):  # noqa: PLR2004
        status = 400
    return Refusal(cause=Cause.UNKNOWN_RESOURCE, status=status, detail=f"there is no {path[:200]}")


def write(turn: Turn, path: str, composer: Composer) -> Written | Refusal | None:
    """Return what the request to *path* makes of its entity, or the refusal that tells why it cannot.

    `None` where no key can be made for a new one, and where what is to be deleted is gone and the document
    has no words for that.
    """
    return _WRITERS[turn.part.role](turn, path, composer)


def _create(turn: Turn, path: str, composer: Composer) -> Written | Refusal | None:
    if turn.part.is_bulk:
        return _create_all(turn, path, composer)
    scene = turn.scene
    if scene.is_orphan(path) or scene.marks.get(path) in {Mark.GONE, Mark.DENIED}:
        return absent(path, turn)
    sent_shape, body = turn.sent()
    shape = scene.inventor.shape(scene.resource)
    if shape is None:
        return absent(path, turn)
    told = understood(body, sent_shape, shape)
    named = entity_sent(turn)
    told = {**{name: each for name, each in named.items() if name != scene.resource.key}, **told}
    key = _sent_key(told, scene)
    if key is None:
        key = _free_key(named, scene, path) or next_key(scene, path, shape)
    elif scene.stored(scene.path_in(path, key)) is not None and turn.declares(409):
        return Refusal(
            cause=Cause.CONFLICT, status=409, detail=f"there is a {scene.resource.key} {key[:100]!r} already"
        )
    if key is None:
        return None
    return made(turn, scene.path_in(path, key), told, sent_shape, composer, collection=path)


def _free_key(named: JsonObject, scene: Scene, path: str) -> str | None:
    """Return the key of an example, unless there is something of that key."""
    key = _sent_key(named, scene)
    return key if key is not None and scene.stored(scene.path_in(path, key)) is None else None


def _create_all(turn: Turn, path: str, composer: Composer) -> Written | Refusal | None:
    """Create each entity of a list that was sent; one that has no key gets one, none is made twice."""
    scene = turn.scene
    if scene.is_orphan(path):
        return absent(path, turn)
    array, body = turn.sent()
    shape = scene.inventor.shape(scene.resource)
    if shape is None or not isinstance(body, list):
        return None
    found: dict[str, Written] = {}
    for each in body:
        told = understood(each, array.item(), shape)
        taken = frozenset(unquote(one.rpartition("/")[2]) for one in found)
        key = _sent_key(told, scene) or next_key(scene, path, shape, taken)
        if key is None:
            return None
        place = scene.path_in(path, key)
        found[place] = made(turn, place, told, array.item(), composer, collection=path)
    changes = tuple(change for each in found.values() for change in each.changes)
    return Written(path="", status=201 if turn.declares(201) else None, changes=changes)


def _act(turn: Turn, path: str, composer: Composer) -> Written | Refusal | None:
    """Do to an entity what the action is called after, if anything."""
    scene, effect = turn.scene, turn.part.effect
    before = scene.find(path)
    if before is None:
        return absent(path, turn) if turn.tells_absence else None
    if effect is None:
        return Written(path=path, record=before)
    shape = scene.inventor.shape(scene.resource)
    times = {name: time_of(shape.member(name), turn.now) for name in effect.times} if shape else {}
    done = {**effect.members, **{name: time for name, time in times.items() if time is not None}}
    options = [{**before, **done}, {**before, **effect.members}]
    timed = [with_times(each, done, before, now=turn.now, is_new=False) for each in options]
    record = first_valid(timed, turn, path, composer, before)
    return Written(path=path, record=record, changes=(kept(turn, path, record, is_new=False),))


def _sent_key(told: JsonObject, scene: Scene) -> str | None:
    value = told.get(scene.resource.key)
    return None if value is None or isinstance(value, dict | list) or value == "" else write_text(value)


def _put_in(turn: Turn, path: str, composer: Composer) -> Written | Refusal | None:
    """Create or replace by the key in the body; without one, as a POST does."""
    sent_shape, body = turn.sent()
    shape = turn.scene.inventor.shape(turn.scene.resource) or sent_shape
    key = _sent_key(understood(body, sent_shape, shape), turn.scene)
    if key is None:
        return _create(turn, path, composer)
    return _replace(turn, turn.scene.path_in(path, key), composer)


def _replace(turn: Turn, path: str, composer: Composer) -> Written | Refusal | None:
    scene = turn.scene
    before = scene.find(path)
    sent_shape, body = turn.sent()
    shape = scene.inventor.shape(scene.resource) or sent_shape
    told = understood(body, sent_shape, shape)
    is_creator = (
        scene.resource.part(Role.CREATE) is None
        or turn.declares(201)
        or (before is None and not turn.tells_absence)
    )
    is_new = before is None or (is_creator and not scene.is_known(path))
    if before is None and (not is_creator or scene.is_orphan(path)):
        return absent(path, turn)
    if is_new and is_creator:
        return made(turn, path, told, sent_shape, composer, collection=scene_list(scene, path))
    return rewritten(turn, path, told, sent_shape, before or {}, composer)


def scene_list(scene: Scene, path: str) -> str:
    """Return the path of the list, or the place, that the entity at *path* is kept in."""
    return f"/{scene.collection(path)}"


def _patch(turn: Turn, path: str, composer: Composer) -> Written | Refusal | None:
    sent_shape, body = turn.sent()
    scene = turn.scene
    shape = scene.inventor.shape(scene.resource) or sent_shape
    if bare(turn.part.route.path) in scene.resource.collections:
        key = _sent_key(understood(body, sent_shape, shape), scene)
        if key is None:
            return absent(path, turn)
        path = scene.path_in(path, key)
    before = scene.find(path)
    if before is None and not turn.tells_absence:
        # A patch may create as well (RFC 5789, 2), and nothing else that can be said is declared.
        told = understood(body, sent_shape, shape)
        return made(turn, path, told, sent_shape, composer, collection=scene_list(scene, path))
    if before is None:
        return absent(path, turn)
    try:
        after, told = _patched(turn, before, body, sent_shape, shape)
    except PatchError as error:
        return Refusal(cause=Cause.INVALID_BODY, status=422, detail=str(error))
    after = {**after, **fixed_members(scene, path, "", shape, after)}
    options = [after, {**{name: before[name] for name in before if name not in after}, **after}]
    timed = [with_times(each, told, before, now=turn.now, is_new=False) for each in options]
    record = first_valid(timed, turn, path, composer, before)
    status = next((each for each in (200, 204) if turn.declares(each)), None)
    return Written(path=path, record=record, status=status, changes=(kept(turn, path, record, is_new=False),))


def _patched(
    turn: Turn, before: JsonObject, body: JsonValue | bytes, sent_shape: Shape, shape: Shape
) -> tuple[JsonObject, JsonObject]:
    """Return *before* as the patch leaves it, and the members that the patch touches; raises `PatchError`."""
    if turn.request.media_type == _JSON_PATCH and not isinstance(body, bytes):
        made = json_patch(before, body)
        if not isinstance(made, dict):
            raise PatchError(0, "an entity is an object")
        kept = {name: value for name, value in before.items() if shape.member(name).find("readOnly") is True}
        return {**made, **kept}, {name: value for name, value in made.items() if before.get(name) != value}
    told = understood(body, sent_shape, shape)
    nulls = {} if turn.request.media_type == _MERGE_PATCH else _nulls(told, shape)
    merged = merge_patch(before, {name: value for name, value in told.items() if name not in nulls})
    return ({**merged, **nulls} if isinstance(merged, dict) else before), told


def _nulls(told: JsonObject, shape: Shape) -> JsonObject:
    """Return the members that plain JSON sets to null, which a merge patch would take away."""
    return {
        name: None for name, value in told.items() if value is None and "null" in shape.member(name).types
    }


def _delete(turn: Turn, path: str, _: Composer) -> Written | Refusal | None:
    scene = turn.scene
    record = scene.find(path)
    if record is None:
        # Deleting is done once or often (RFC 9110, 9.2.2), where nothing else can be said.
        return absent(path, turn) if turn.tells_absence else None
    below = f"{path.lstrip('/')}/"
    children = [name for name, records in scene.records.items() if records and name.startswith(below)]
    if children and turn.declares(409):
        return Refusal(
            cause=Cause.CONFLICT, status=409, detail=f"there are still {last_segment(children[0])} below"
        )
    stored = scene.stored(path)
    change = RemoveEntity(
        contract=turn.contract,
        path=path,
        collection=stored[0] if stored else scene.collection(path),
        member=scene.resource.key,
        key=unquote(path.rpartition("/")[2]),
    )
    status = next((each for each in (204, 200) if turn.declares(each)), None)
    return Written(path=path, record=record, status=status, changes=(change,))


def _clear(turn: Turn, path: str, _: Composer) -> Written | Refusal | None:
    return Written(path=path, changes=(ClearEntities(contract=turn.contract, path=path),))


_WRITERS: Final[Mapping[Role, Callable[[Turn, str, Composer], Written | Refusal | None]]] = {
    Role.CREATE: _create,
    Role.PUT_IN: _put_in,
    Role.REPLACE: _replace,
    Role.PATCH: _patch,
    Role.DELETE: _delete,
    Role.CLEAR: _clear,
    Role.ACT: _act,
}
