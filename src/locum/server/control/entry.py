"""The control API as an entry of the catalogue: its document, and a function for each operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib.resources import files
from typing import Any, Final

import orjson

from locum.behaviour import Credential, Fixtures
from locum.catalog import Entry
from locum.contract import Limits, read_contract
from locum.contract.source import read_source
from locum.server.control import clocks, journal, overview, records, scenarios, sessions, switches, webhooks
from locum.server.control.desk import Desk
from locum.server.control.place import CONTROL_PATH

__all__ = ["control_entry"]

_NAME: Final = "locum-control"
_FILE: Final = "openapi.yaml"
_OPERATIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "getHealth": overview.get_health,
    "getInfo": overview.get_info,
    "listContracts": overview.list_contracts,
    "getContract": overview.get_contract,
    "listWebhooks": webhooks.list_webhooks,
    "sendWebhook": webhooks.send_webhook,
    "resetAll": sessions.reset_all,
    "listSessions": sessions.list_sessions,
    "getSession": sessions.get_session,
    "putSession": sessions.put_session,
    "deleteSession": sessions.delete_session,
    "resetSession": sessions.reset_session,
    "getClock": clocks.get_clock,
    "setClock": clocks.set_clock,
    "advanceClock": clocks.advance_clock,
    "getSeed": switches.get_seed,
    "setSeed": switches.set_seed,
    "getSettings": switches.get_settings,
    "setSettings": switches.set_settings,
    "listCollections": records.list_collections,
    "clearRecords": records.clear_records,
    "listRecords": records.list_records,
    "getRecord": records.get_record,
    "putRecord": records.put_record,
    "deleteRecord": records.delete_record,
    "listScenarios": scenarios.list_scenarios,
    "listActiveScenarios": scenarios.list_active,
    "activateScenario": scenarios.activate_scenario,
    "deactivateScenario": scenarios.deactivate_scenario,
    "deactivateScenarios": scenarios.deactivate_all,
    "listInteractions": journal.list_interactions,
    "clearJournal": journal.clear_journal,
    "exportJournal": journal.export_journal,
    "getInteraction": journal.get_interaction,
}


def control_entry(desk: Desk, token: str = "") -> Entry:
    """Return the control API over *desk*; with *token*, every operation asks for it."""
    contract = read_contract(_FILE, {_FILE: _document(desk, token)}.__getitem__, name=_NAME)
    credential = Credential(id="control-token", scheme="controlToken", secret=token)
    return Entry(
        name=_NAME,
        origin=_FILE,
        contract=contract,
        base_path=CONTROL_PATH,
        fixtures=Fixtures(credentials=(credential,) if token else ()),
        handlers={name: partial(function, desk) for name, function in _OPERATIONS.items()},
    )


def _document(desk: Desk, token: str) -> bytes:
    """Return the document, true of this server: its contracts, and whether it asks for a token."""
    document: Any = read_source(files(__package__).joinpath(_FILE).read_bytes(), _FILE, Limits()).value
    contract = document["components"]["parameters"]["Contract"]
    contract["examples"] = {name: {"value": name} for name in desk.entries}
    return orjson.dumps(document if token else {**document, "security": []})
