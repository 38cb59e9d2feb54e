"""What is left open of a thing that was deleted is not called wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.verify import desk
from tests.verify.conftest import Asked, Serve, Told
from tests.verify.desk import Desk

from locum.catalog import Entry
from locum.verify.engine import run
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
RESOURCES = [each for each in SUITES if each.name == "resources"]


class Later(Desk):
    """Says of what is gone that it will be looked at later, or nothing clear at all."""

    def __init__(self, method: str, status: int) -> None:
        super().__init__()
        self.method, self.status, self.is_closed = method, status, False

    def __call__(self, asked: Asked) -> Told:
        """Answer one request."""
        if self.is_closed and asked.method == "GET":
            return Told(status=self.status)
        told = super().__call__(asked)
        if told.status != 404 or asked.method != self.method:
            return told
        self.is_closed = self.status != 202
        return Told(status=202 if self.status == 202 else 200, body={"id": 1, "title": "Gone"})


@pytest.mark.parametrize(("method", "status"), [("PUT", 202), ("DELETE", 202), ("PUT", 403)])
def test_what_is_not_shown_to_be_wrong_is_not_told(
    written: Written, serve: Serve, method: str, status: int
) -> None:
    """Who accepts a change for later (202) has confirmed nothing; who shows nothing has not either."""
    url = serve(Later(method, status))
    report = run(prepare(written(desk.DOCUMENT), Wish(url=url, allow_writes=True)), RESOURCES, JUDGES)
    told = {each.rule for each in report.findings}

    assert told & {"resource.raised", "resource.deleted-unknown", "resource.deleted-again"} == set()
