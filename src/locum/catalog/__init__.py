"""Finds and loads contracts, fixtures and handlers; the room that reads disk.

What lives here: looking up documents, fetching files, `contract.yaml`, handler modules.
What must not: HTTP serving, and deciding what is answered. Read `load.py` first.
"""

from locum.catalog.entry import Entry, Handler
from locum.catalog.handlers import HandlerModule, attach_handlers, installed_handlers, load_handlers
from locum.catalog.load import Reading, load, load_all
from locum.catalog.lookup import Found, built_in, find_document, installed
from locum.catalog.retrieval import Retriever, is_url
from locum.catalog.scenarios import read_pattern

__all__ = [
    "Entry",
    "Found",
    "Handler",
    "HandlerModule",
    "Reading",
    "Retriever",
    "attach_handlers",
    "built_in",
    "find_document",
    "installed",
    "installed_handlers",
    "is_url",
    "load",
    "load_all",
    "load_handlers",
    "read_pattern",
]
