"""A request that is asked again is understood once, where nothing but the request has a say in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from locum.behaviour import Request
from locum.behaviour.preferences import read_preferences
from locum.behaviour.request_memory import key_of

Play = Callable[..., Any]
SIZE = {"name": "size", "in": "query", "schema": {"type": "integer", "maximum": 9}}
ANSWER = {"200": {"description": "", "content": {"application/json": {}}}}
PATHS = {"/pets": {"get": {"operationId": "pets", "parameters": [SIZE], "responses": ANSWER}}}


def kept(play: Play, *, handlers: Any = None, **sent: Any) -> Any:  # noqa: ANN401 -- as the stage has it
    """Return what is remembered of a request that was sent twice."""
    stage = play(PATHS, handlers=handlers or {})
    for _ in range(2):
        stage.send("pets", **sent)
    raw = stage.raw("pets", **sent)
    key = key_of(stage.route("pets"), raw, read_preferences(raw))
    return stage.stand_in.requests.find(key) if key else None


def test_a_request_is_remembered_as_it_was_understood(play: Play) -> None:
    """Its values have been read and checked; the second time nothing is."""
    request = kept(play, query="size=3", headers={"accept": "*/*"})

    assert isinstance(request, Request)
    assert request.query == {"size": 3}
    assert request.raw.headers == (("accept", "*/*"),)


@pytest.mark.parametrize(
    "sent",
    [{"query": "size=10"}, {"headers": {"prefer": "code=200"}}, {"body": b"said"}],
    ids=["refused", "with preferences", "with a body"],
)
def test_what_may_be_decided_otherwise_is_not_remembered(play: Play, sent: dict[str, Any]) -> None:
    """A refusal may be worded otherwise in another session; a body could be changed."""
    assert kept(play, **sent) is None


def test_what_a_handler_is_given_is_its_own(play: Play) -> None:
    """It may change the values of its request, and finds them as they were sent the next time."""
    seen: list[int] = []

    def pets(request: Request) -> dict[str, Any]:
        seen.append(len(request.query))
        request.query["more"] = 1  # type: ignore[index]  # what a handler should not do
        return {}

    assert kept(play, handlers={"pets": pets}, query="size=3") is None
    assert seen == [1, 1]
