"""The records a contract's world consists of, as they are in a session."""

from __future__ import annotations

from typing import Any

from locum.behaviour import Refusal
from locum.behaviour.changes import DropRecord, PutRecord, collection_of
from locum.behaviour.entity_changes import ForgetEntities
from locum.contract import JsonObject
from locum.server.control.desk import Desk, conflict, missing

__all__ = ["clear_records", "delete_record", "get_record", "list_collections", "list_records", "put_record"]


def list_collections(desk: Desk, session: str, contract: str) -> JsonObject | Refusal:
    """List the collections of a contract's records."""
    refusal = desk.no_session(session) or desk.no_contract(contract)
    if refusal is not None:
        return refusal
    written = desk.store.state(session).records.get(contract, {})
    names = sorted({*desk.store.origin.get(contract, {}), *written})
    return {
        "collections": [
            {
                "name": name,
                "records": len(_records(desk, session, contract, name)),
                "written": name in written,
            }
            for name in names
        ]
    }


def clear_records(desk: Desk, session: str, contract: str) -> tuple[None, int] | Refusal:
    """Forget all that was written to a contract's records."""
    refusal = desk.no_session(session) or desk.no_contract(contract)
    if refusal is not None:
        return refusal
    desk.store.apply(session, ForgetEntities(contract=contract))
    return None, 204


def list_records(  # noqa: PLR0913 -- the operation has them
    desk: Desk, session: str, contract: str, collection: str, *, limit: int, offset: int
) -> JsonObject | Refusal:
    """List the records of a collection."""
    refusal = _absent(desk, session, contract, collection)
    if refusal is not None:
        return refusal
    found = _records(desk, session, contract, collection)
    return {"records": [*found[offset : offset + limit]], "total": len(found)}


def get_record(  # noqa: PLR0913 -- the operation has them
    desk: Desk, session: str, contract: str, collection: str, key: str, *, member: str
) -> JsonObject | Refusal:
    """Tell one record."""
    refusal = _absent(desk, session, contract, collection)
    if refusal is not None:
        return refusal
    found = _keyed(desk, session, contract, collection, member)
    return found[key] if key in found else missing(f"record in {collection} with the {member}", key, found)


def put_record(  # noqa: PLR0913 -- the operation has them
    desk: Desk, session: str, contract: str, collection: str, key: str, *, member: str, body: JsonObject
) -> tuple[JsonObject, int] | Refusal:
    """Put a record in the place of the one with the same key, else at the end."""
    refusal = desk.no_contract(contract)
    if refusal is not None:
        return refusal
    record = {member: key, **body}
    if str(record[member]) != key:
        return conflict(f"the record says {member}={str(record[member])[:100]!r}, the path {key!r}")
    is_new = key not in _keyed(desk, session, contract, collection, member)
    change = PutRecord(contract=contract, collection=collection, record=record, member=member)
    desk.store.apply(session, change)
    return record, 201 if is_new else 200


def delete_record(  # noqa: PLR0913 -- the operation has them
    desk: Desk, session: str, contract: str, collection: str, key: str, *, member: str
) -> tuple[None, int] | Refusal:
    """Take a record away."""
    found = get_record(desk, session, contract, collection, key, member=member)
    if isinstance(found, Refusal):
        return found
    desk.store.apply(session, DropRecord(contract=contract, collection=collection, key=key, member=member))
    return None, 204


def _absent(desk: Desk, session: str, contract: str, collection: str) -> Refusal | None:
    refusal = desk.no_session(session) or desk.no_contract(contract)
    if refusal is not None:
        return refusal
    known = {
        *desk.store.origin.get(contract, {}),
        *desk.store.state(session).records.get(contract, {}),
    }
    return None if collection in known else missing("collection", collection, known)


def _records(desk: Desk, session: str, contract: str, collection: str) -> tuple[JsonObject, ...]:
    return collection_of(desk.store.state(session), contract, collection, desk.store.origin)


def _keyed(desk: Desk, session: str, contract: str, collection: str, member: str) -> dict[str, Any]:
    """Return the records by key; of two with the same key the first counts."""
    found = _records(desk, session, contract, collection)
    return {str(each[member]): each for each in reversed(found) if member in each}
