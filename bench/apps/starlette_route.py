"""A plain Starlette application: one route per operation, prepared bodies, no checks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def build(document: dict[str, Any]) -> Starlette:
    """Return the application; the bodies are the examples of *document*."""
    routes = [
        Route(path, _endpoint(operation), methods=[method.upper()])
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    return Starlette(routes=routes)


def _endpoint(operation: dict[str, Any]) -> Callable[[Request], Awaitable[Response]]:
    body = orjson.dumps(operation["responses"]["200"]["content"]["application/json"]["example"])

    async def endpoint(_: Request) -> Response:
        return Response(body, media_type="application/json")

    return endpoint
