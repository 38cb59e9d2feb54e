from __future__ import annotations

import json

from locum.contract import read_contract

HEADERS = {
    "x-ratelimit-limit": {"schema": {"type": "integer"}},
    "x-internal-note": "an extension, not a header",
    "Retry-After": {"schema": {"type": "integer"}},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Meters", "version": "1"},
    "paths": {"/meters": {"get": {"responses": {"200": {"description": "Meters", "headers": HEADERS}}}}},
}


def test_a_header_may_be_called_like_an_extension() -> None:
    """In a map from names to headers, `x-ratelimit-limit` is a name (3.1.1, 4.8.17.1)."""
    contract = read_contract("meters.json", lambda _: json.dumps(DOCUMENT).encode())
    operation = contract.operation(contract.routes[0])

    assert [header.name for header in operation.responses[0].headers] == ["x-ratelimit-limit", "Retry-After"]
