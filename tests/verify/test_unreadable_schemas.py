"""A document with a schema that cannot be used: the rest of it is tested all the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import pytest
from tests.verify import desk
from tests.verify.conftest import Serve
from tests.verify.desk import Desk

from locum.catalog import Entry
from locum.contract.pointers import split_pointer
from locum.verify.engine import run
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

Written = Callable[[Mapping[str, Any]], Entry]
PLAYED = [each for each in SUITES if each.name != "generated"]
BROKEN = {"type": "object", "properties": {"effort": {"$ref": "#/nowhere"}}}
LIST, ONE = "/paths/~1tasks/get", "/paths/~1tasks~1{taskId}"
JSON = "content/application~1json/schema"


@pytest.mark.parametrize("schema", [{"$ref": "#/nowhere"}, BROKEN], ids=["itself", "within"])
@pytest.mark.parametrize(
    "pointer",
    [
        f"{LIST}/responses/200/{JSON}",
        f"{LIST}/responses/200/headers/X-Count/schema",
        f"{LIST}/parameters/0/schema",
        f"{ONE}/parameters/0/schema",
        f"{ONE}/get/responses/200/{JSON}",
        f"{ONE}/get/responses/404/{JSON}",
        f"{ONE}/put/requestBody/{JSON}",
        f"{ONE}/patch/requestBody/{JSON}",
        f"/paths/~1tasks/post/requestBody/{JSON}",
        f"/paths/~1tasks/post/responses/201/{JSON}",
    ],
)
def test_no_suite_fails(written: Written, serve: Serve, pointer: str, schema: Mapping[str, Any]) -> None:
    """What cannot be read is not judged, wherever it stands, and takes nothing else along."""
    document = deepcopy(dict(desk.DOCUMENT))
    *way, last = split_pointer(pointer)
    place: Any = document
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    place[last] = schema
    report = run(prepare(written(document), Wish(url=serve(Desk()), allow_writes=True)), PLAYED, JUDGES)

    assert [each.reason for each in report.untested if each.reason.startswith("it has failed")] == []
    assert report.requests > 0
