"""What is served in a test run: each set of contracts is built once and shared, each test has its session."""

from __future__ import annotations

import re
from itertools import count

from locum.server.service import Service, build_service
from locum.settings import Settings
from locum.testing.loop import Loop
from locum.testing.stand_in import LocumFixture
from locum.testing.terms import Terms

__all__ = ["Stages"]


class Stages:
    """All stand-ins of a process. Mutable: it builds them when they are first asked for."""

    def __init__(self) -> None:
        self._loop: Loop | None = None
        self._services: dict[Settings, Service] = {}
        self._numbers = count(1)

    def open(self, terms: Terms, test: str) -> LocumFixture:
        """Return the stand-in of one test, its session as *terms* say. Raises any error of the tree."""
        if self._loop is None:
            self._loop = Loop()
        service = self._services.get(terms.served)
        if service is None:
            service = self._services[terms.served] = build_service(terms.served)
        name = f"{next(self._numbers)}-{re.sub(r'[^A-Za-z0-9._-]+', '-', test)}"[:100]
        stand_in = LocumFixture(service, self._loop, name)
        stand_in.begin(terms)
        return stand_in

    def close(self) -> None:
        """End what runs beside the tests."""
        if self._loop is not None:
            self._loop.close()
            self._loop = None
