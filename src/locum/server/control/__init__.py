"""The control API: sessions, clocks, seeds, settings, records and the journal, over HTTP.

It is described by `openapi.yaml` beside this file and served as any other contract is: its operations are
plain functions over the store. What must not live here: deciding what a change means (room `behaviour`).
Read `entry.py` first.
"""

from locum.server.control.desk import Desk
from locum.server.control.entry import control_entry
from locum.server.control.place import CONTROL_PATH, ControlPlace

__all__ = ["CONTROL_PATH", "ControlPlace", "Desk", "control_entry"]
