"""A tester who sets the clock of a session sees, over a socket, what the documentation prints."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.stories.conftest import Running


def test_the_printed_usage_comes_out_under_the_preset_clock(stand_in: Running) -> None:
    """S2-16 to S2-20: 45230 calls by 2024-01-27T23:08:12Z lead to 52000; other sessions do not see it."""
    instant = {"instant": "2024-01-27T23:08:12Z"}
    _ask(stand_in, "PUT", "/_locum/api/sessions/preset/clock", body=instant)

    usage = _usage(stand_in, "preset")

    assert usage["period"] == {"start": "2024-01-01T00:00:00Z", "end": "2024-01-31T23:59:59Z"}
    assert {name: metric["used"] for name, metric in usage["metrics"].items()} == {
        "apiCalls": 45230,
        "storage": 67.5,
        "seats": 7,
        "bandwidth": 234.8,
    }
    assert usage["projectedUsage"] == {"apiCalls": {"projected": 52000, "percentage": 52}}
    assert _usage(stand_in, "another")["period"]["start"] == "2024-02-01T00:00:00Z"


def _usage(stand_in: Running, session: str) -> Any:  # noqa: ANN401 -- JSON
    headers = {"Authorization": "Bearer session-of-admin-at-fjordlight", "Locum-Session": session}
    return _ask(stand_in, "GET", "/saas-billing/api/billing/usage", headers=headers)["data"]


def _ask(
    stand_in: Running,
    method: str,
    target: str,
    *,
    body: Any = None,  # noqa: ANN401 -- JSON
    headers: dict[str, str] | None = None,
) -> Any:  # noqa: ANN401 -- JSON
    connection = HTTPConnection(*stand_in.address, timeout=20)
    sent = {"Content-Type": "application/json"} if body is not None else {}
    try:
        connection.request(
            method, target, body=json.dumps(body) if body else None, headers=sent | (headers or {})
        )
        response = connection.getresponse()
        told = json.loads(response.read())
    finally:
        connection.close()
    assert response.status == 200, told
    return told
