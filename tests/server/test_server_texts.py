"""A server whose URL is a text of megabytes."""

from __future__ import annotations

import orjson

from locum.contract import read_contract
from locum.server.mounts import further_paths


def test_a_url_of_megabytes_is_read_once() -> None:
    """Read from each of its places to its end, it would hold the start for hours."""
    document = {
        "openapi": "3.0.3",
        "info": {"title": "", "version": ""},
        "paths": {},
        "servers": [{"url": "x" * 2_000_000}],
    }

    assert further_paths(read_contract("a.json", lambda _: orjson.dumps(document))) == ()
