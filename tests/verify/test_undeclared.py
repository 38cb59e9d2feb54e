"""What is said of statuses that the document does not declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from locum.behaviour.calls import Call
from locum.catalog import Entry
from locum.verify.judges.undeclared import severity_of_undeclared
from locum.verify.model import Received, Sent, Severity, Step
from locum.verify.seen import Seen

Written = Callable[[Mapping[str, Any]], Entry]


def _severity(entry: Entry, status: int, *, is_wrong: bool) -> Severity | None:
    (route,) = entry.contract.routes
    operation = entry.contract.operation(route)
    step = Step(sent=Sent(method="POST", url="/things"), received=Received(status=status))
    call = Call(method="POST", path="/things")
    return severity_of_undeclared(
        Seen(call=call, step=step, operation=operation, is_wrong=is_wrong), operation
    )


@pytest.mark.parametrize(
    ("declared", "status", "is_wrong", "expected"),
    [
        ("404", 415, True, None),
        ("400", 415, True, None),
        ("400", 404, True, Severity.WARNING),
        ("400", 404, False, Severity.FAILURE),
        ("400", 413, False, Severity.FAILURE),
        ("404", 422, True, Severity.WARNING),
        ("404", 400, True, Severity.WARNING),
        ("400", 422, True, Severity.FAILURE),
        ("422", 400, True, Severity.FAILURE),
        ("404", 400, False, Severity.FAILURE),
        ("404", 429, False, Severity.WARNING),
        ("404", 500, True, Severity.FAILURE),
        ("404", 409, True, Severity.FAILURE),
    ],
)
def test_what_a_document_forgets_to_declare_of_wrong_requests_fails_nothing(
    written: Written, declared: str, status: int, *, is_wrong: bool, expected: Severity | None
) -> None:
    """HTTP's own words need no declaration, others warn; another word than the document has chosen fails."""
    answers = {each: {"description": each} for each in ("200", declared)}
    entry = written(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/things": {"post": {"operationId": "addThing", "responses": answers}}},
        }
    )

    assert _severity(entry, status, is_wrong=is_wrong) is expected


def test_what_a_path_names_need_not_be_there(written: Written) -> None:
    """An id of an example is seldom one of the server's: a document that forgets 404 is told so."""
    entry = written(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/things/{id}": {
                    "post": {
                        "operationId": "getThing",
                        "parameters": [
                            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                        ],
                        "responses": {"200": {"description": "ok"}},
                    }
                }
            },
        }
    )

    assert _severity(entry, 404, is_wrong=False) is Severity.WARNING
    assert _severity(entry, 409, is_wrong=False) is Severity.FAILURE
