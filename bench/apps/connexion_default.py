"""Connexion as it comes: its default `AsyncApp`, its own checks, a handler that returns a prepared dict.

Called as `connexion_default.py DOCUMENT PORT`. Answers are the examples of the document, `{}` without one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import uvicorn
from connexion import AsyncApp
from connexion.resolver import Resolver


def build(document: dict[str, Any]) -> AsyncApp:
    """Return the application; *document* is changed: its bearer scheme is told how to check a token."""
    document["components"]["securitySchemes"]["bearer"]["x-bearerInfoFunc"] = f"{__name__}.accept_token"
    handlers = {
        operation["operationId"]: _handler(operation)
        for item in document["paths"].values()
        for operation in item.values()
    }
    app = AsyncApp(__name__)
    app.add_api(document, resolver=Resolver(handlers.__getitem__))
    return app


def accept_token(token: str) -> dict[str, str]:
    """Accept any token, as a stand-in without fixtures does."""
    return {"sub": token}


def _handler(operation: dict[str, Any]) -> Callable[..., Awaitable[object]]:
    answer = operation["responses"]["200"]["content"]["application/json"].get("example", {})
    # Connexion does not choose between the content types of different statuses: the handler has to.
    headers = {"Content-Type": "application/json"}

    async def handler(**_: object) -> object:
        return answer, HTTPStatus.OK, headers

    return handler


if __name__ == "__main__":
    # Connexion's own reading of a file takes seconds per megabyte; parsing it here is in its favour.
    uvicorn.run(
        build(json.loads(Path(sys.argv[1]).read_bytes())),
        port=int(sys.argv[2]),
        access_log=False,
        log_level="warning",
    )
