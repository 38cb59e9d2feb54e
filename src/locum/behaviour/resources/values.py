"""Values that are no objects, each kept by itself at its path: a list of tags, a text, a number.

Where GET and PUT of one path speak of the same type, what was put is read again. A record has the value as
its one member. What nobody has put is answered as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from locum.behaviour.entity_changes import KeepEntity, RemoveEntity
from locum.behaviour.model import Outcome, Refusal
from locum.behaviour.resources.bodies import answer_shape
from locum.behaviour.resources.likeness import sent_shape
from locum.behaviour.resources.making import Turn, Written
from locum.behaviour.resources.model import Part, Resource, Role
from locum.behaviour.resources.named import stands_alone
from locum.behaviour.resources.outcomes import outcome_of
from locum.behaviour.resources.templates import bare, last_segment
from locum.behaviour.resources.writing import absent
from locum.contract.coercion import ANYTHING, Shape
from locum.contract.contract import Contract
from locum.contract.model import HttpMethod, JsonValue, Operation, Route
from locum.errors import ContractError
from locum.generation.streams import stable_seed

__all__ = ["play_value", "read_value"]

_ROLES: Final = {
    HttpMethod.GET: Role.READ,
    HttpMethod.HEAD: Role.VIEW,
    HttpMethod.PUT: Role.REPLACE,
    HttpMethod.DELETE: Role.DELETE,
}
_VALUE: Final = "value"


def read_value(contract: Contract, path: str) -> Resource | None:
    """Return the value that is kept at the template *path*, if GET and PUT there speak of the same."""
    routes = {each.method: each for each in contract.routes if each.path == path and each.method in _ROLES}
    if not {HttpMethod.GET, HttpMethod.PUT} <= routes.keys():
        return None
    shown, sent = (_operation(contract, routes[each]) for each in (HttpMethod.GET, HttpMethod.PUT))
    answer = answer_shape(shown) if shown else None
    if sent is None or answer is None or not _types(answer[2]) & _types(sent_shape(sent)):
        return None
    parts = {
        (path, method.value): Part(role=_ROLES[method], route=route, answer=(), why=f"{method} of a value")
        for method, route in routes.items()
    }
    reason = "GET and PUT speak of a value that is no object"
    return Resource(name=last_segment(bare(path)) or "/", item=bare(path), parts=parts, reasons=(reason,))


def _operation(contract: Contract, route: Route) -> Operation | None:
    try:
        return contract.operation(route)
    except ContractError:
        return None


def _types(shape: Shape | None) -> frozenset[str]:
    """Return the types of values that are surely no objects; none where objects or anything may come."""
    types = shape.types if shape else ANYTHING
    return frozenset() if "object" in types else types - {"null"}


def play_value(turn: Turn, path: str) -> Outcome | Refusal | None:
    """Return the outcome of a request for the value at *path*; `None` where it is answered as ever."""
    if turn.scene.is_orphan(path):
        return absent(path, turn) if turn.tells_absence else None
    if stands_alone(turn, path):
        return None
    return _PLAYERS[turn.part.role](turn, path)


def _read(turn: Turn, path: str) -> Outcome | Refusal | None:
    stored = turn.scene.stored(path)
    if stored is None:
        # Where nothing can be said of absence, to delete a value is to let it be as at the beginning.
        return absent(path, turn) if path in turn.scene.marks and turn.tells_absence else None
    # What a query asks of the value is not known: which of a list, or how it is told.
    is_narrowed = bool(turn.request.raw.query and turn.request.query)
    # Who wrote a record by itself may have written any.
    is_value = _VALUE in stored[1] and not is_narrowed
    return _told(turn, Written(path=path), stored[1][_VALUE]) if is_value else None


def _view(turn: Turn, path: str) -> Outcome | Refusal | None:
    is_gone = turn.scene.stored(path) is None and path in turn.scene.marks
    return absent(path, turn) if is_gone and turn.tells_absence else None


def _put(turn: Turn, path: str) -> Outcome | Refusal | None:
    value, scene = turn.request.body, turn.scene
    if isinstance(value, bytes):
        return None
    is_there = scene.stored(path) is not None or (path not in scene.marks and "{" not in scene.resource.item)
    change = KeepEntity(
        contract=turn.contract,
        path=path,
        collection=path.lstrip("/"),
        record={_VALUE: value},
        is_new=not is_there,
    )
    wanted = (200, 204) if is_there else (201, 200, 204)
    status = next((each for each in wanted if turn.declares(each)), None)
    return _told(turn, Written(path=path, status=status, changes=(change,)), value)


def _delete(turn: Turn, path: str) -> Outcome | Refusal | None:
    if turn.scene.stored(path) is None and path in turn.scene.marks:
        return absent(path, turn) if turn.tells_absence else None
    change = RemoveEntity(contract=turn.contract, path=path, collection=path.lstrip("/"))
    status = next((each for each in (204, 200) if turn.declares(each)), None)
    return _told(turn, Written(path=path, status=status, changes=(change,)))


def _told(turn: Turn, written: Written, value: JsonValue = None) -> Outcome | Refusal | None:
    """Answer with *value* where the operation answers with one that may be it, else with what it declares."""
    chosen = turn.plan.choose(written.status, turn.request.raw.header("accept"))
    if isinstance(chosen, Refusal):
        return chosen
    if chosen.status >= 400:  # noqa: PLR2004 -- only errors are declared: nothing can have been done
        return None
    stream = stable_seed(turn.manner.seed, "item", written.path)
    content = chosen.content
    if content is None:
        return outcome_of(turn, chosen, b"", stream, written=written)
    schema = content.schema
    is_shown = value is not None and schema is not None and _types(content.shape) and schema.is_valid(value)
    if not is_shown and turn.part.role is Role.READ:
        return None
    whole = value if is_shown else turn.scene.inventor.whole(content, stream, turn.manner)
    return outcome_of(turn, chosen, content.write(whole), stream, written=written)


_PLAYERS: Final[Mapping[Role, Callable[[Turn, str], Outcome | Refusal | None]]] = {
    Role.READ: _read,
    Role.VIEW: _view,
    Role.REPLACE: _put,
    Role.DELETE: _delete,
}
