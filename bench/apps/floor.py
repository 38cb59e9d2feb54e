"""The floor: a bare ASGI application that looks at nothing and sends a prepared body.

Called as `floor.py DOCUMENT PORT`; *DOCUMENT* has examples. It checks nothing at all.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send


def build(document: dict[str, Any]) -> ASGIApp:
    """Return the application; a path it does not know by heart gets the smallest body."""
    bodies = _examples(document)
    smallest = min(bodies.values(), key=len)

    async def floor(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await receive()
        body = bodies.get(scope["path"], smallest)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return floor


def _examples(document: dict[str, Any]) -> dict[str, bytes]:
    return {
        path: json.dumps(operation["responses"]["200"]["content"]["application/json"]["example"]).encode()
        for path, item in document["paths"].items()
        for operation in item.values()
    }


if __name__ == "__main__":
    uvicorn.run(
        build(json.loads(Path(sys.argv[1]).read_bytes())),
        port=int(sys.argv[2]),
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
