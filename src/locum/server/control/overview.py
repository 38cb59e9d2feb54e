"""Tells what runs here."""

from __future__ import annotations

from importlib.metadata import version

from locum.behaviour import Refusal
from locum.catalog import Entry
from locum.contract import JsonObject
from locum.server.control.desk import Desk

__all__ = ["get_contract", "get_health", "get_info", "list_contracts"]


def get_health(desk: Desk) -> JsonObject:  # noqa: ARG001 -- one signature for all operations
    """Tell that the server is up."""
    return {"status": "ok"}


def get_info(desk: Desk) -> JsonObject:
    """Tell the version, what is kept, and what is kept at most."""
    store, bounds = desk.store, desk.store.bounds
    return {
        "name": "locum",
        "version": version("locum"),
        "sessions": len(store.names()),
        "interactions": len(store.rings),
        "bounds": {
            "sessions": bounds.sessions,
            "interactions": bounds.interactions,
            "violations": bounds.violations,
            "body_bytes": bounds.body_bytes,
            "journal_bytes": bounds.journal_bytes,
            "record_bytes": bounds.record_bytes,
        },
    }


def list_contracts(desk: Desk) -> JsonObject:
    """List what is served."""
    return {
        "contracts": [
            {**_described(each), "operations": len(each.contract.routes)} for each in desk.entries.values()
        ]
    }


def get_contract(desk: Desk, contract: str) -> JsonObject | Refusal:
    """Tell of one contract, with its operations."""
    refusal = desk.no_contract(contract)
    if refusal is not None:
        return refusal
    entry = desk.entries[contract]
    return {
        **_described(entry),
        "operations": [
            {
                "operation": each.operation_id,
                "method": each.method.value,
                "path": each.path,
                "summary": each.summary,
            }
            for each in entry.contract.routes
        ],
        "settings": {**entry.fixtures.settings},
        "collections": [*sorted(entry.fixtures.records)],
    }


def _described(entry: Entry) -> JsonObject:
    return {
        "name": entry.name,
        "title": entry.contract.title,
        "version": entry.contract.version,
        "base_path": entry.base_path,
        "document": f"{entry.base_path}/openapi.json",
    }
