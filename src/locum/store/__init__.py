"""Keeps what outlives a request: sessions and their journals, in the memory of one process.

What lives here: the one mutable object of the process. What must not: deciding what a change means (room
`behaviour`, `changes.py`), HTTP. Read `store.py` first.
"""

from locum.store.bounds import Bounds
from locum.store.recent import Recent
from locum.store.rings import Rings
from locum.store.state_file import StateFile
from locum.store.store import Dropped, Store

__all__ = ["Bounds", "Dropped", "Recent", "Rings", "StateFile", "Store"]
