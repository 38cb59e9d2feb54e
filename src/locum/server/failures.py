"""What is said when something fails that nobody foresaw: all of it to the log, a problem to the client."""

from __future__ import annotations

import logging

import orjson
from connexion.lifecycle import ConnexionRequest, ConnexionResponse

from locum.behaviour import Request

__all__ = ["on_handler_failure", "on_unexpected"]

_log = logging.getLogger("locum.failures")


def on_unexpected(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
    """Answer 500 without a traceback (RFC 9457); a fault of the stand-in itself is a bug to report."""
    _log.error("unexpected: %s %s", request.method, request.url.path, exc_info=error)
    problem = {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "the stand-in failed in a way nobody foresaw; its log says where",
    }
    return ConnexionResponse(status_code=500, mimetype="application/problem+json", body=orjson.dumps(problem))


def on_handler_failure(request: Request, error: Exception) -> None:
    """Log an error that a handler raised; the client is told that it failed, not how."""
    _log.error("handler of %s failed", request.operation.operation_id, exc_info=error)
