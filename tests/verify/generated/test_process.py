"""How the process of Schemathesis is ended."""

from __future__ import annotations

from locum.contract.model import JsonObject
from locum.verify.generated.process import Job, events_of


def test_what_takes_too_long_is_stopped_and_is_no_failure() -> None:
    """A process that thinks and tells nothing is not waited for beyond its time."""
    document: JsonObject = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}
    job = Job(document=document, configuration="", url="http://127.0.0.1:9", seconds=0.0)

    assert [*events_of(job)] == []
