"""Lets httpx and requests talk to an application in the same process, faults and time limits included."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import httpx
import requests
from requests.adapters import HTTPAdapter
from starlette.types import ASGIApp
from urllib3 import HTTPHeaderDict, HTTPResponse

from locum.testing.calling import Answer, Ask, BrokenOffError, play
from locum.testing.loop import Loop

__all__ = ["AsyncTransport", "RequestsAdapter", "Transport"]


class Transport(httpx.BaseTransport):
    """For `httpx.Client(transport=…)`, whatever host it calls."""

    def __init__(self, app: ASGIApp, loop: Loop) -> None:
        self._app, self._loop = app, loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        ask = _ask(request, request.read())
        try:
            return _response(self._loop.run(_within(self._app, ask, _limit(request))), request)
        except (BrokenOffError, TimeoutError) as error:
            raise _failure(error, request) from error


class AsyncTransport(httpx.AsyncBaseTransport):
    """For `httpx.AsyncClient(transport=…)`, whatever host it calls and whichever loop it runs on."""

    def __init__(self, app: ASGIApp, loop: Loop) -> None:
        self._app, self._loop = app, loop

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        ask = _ask(request, await request.aread())
        future = self._loop.submit(_within(self._app, ask, _limit(request)))
        try:
            return _response(await asyncio.wrap_future(future), request)
        except (BrokenOffError, TimeoutError) as error:
            raise _failure(error, request) from error


class RequestsAdapter(HTTPAdapter):
    """For `session.mount("https://", …)` of requests, whatever host is called."""

    def __init__(self, app: ASGIApp, loop: Loop) -> None:
        super().__init__()
        self._app, self._loop = app, loop

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:  # noqa: ANN401 -- the signature is that of requests
        """Answer one request."""
        ask = Ask(
            method=request.method or "GET",
            url=request.url or "",
            headers=tuple((_bytes(name), _bytes(text)) for name, text in request.headers.items()),
            body=_content(request.body),
        )
        try:
            answer = self._loop.run(_within(self._app, ask, _seconds(options.get("timeout"))))
        except TimeoutError as error:
            raise requests.exceptions.ReadTimeout("the stand-in took too long", request=request) from error
        except BrokenOffError as error:
            raise requests.exceptions.ConnectionError(str(error), request=request) from error
        return self.build_response(request, _as_urllib3(answer, request))


async def _within(app: ASGIApp, ask: Ask, seconds: float | None) -> Answer:
    return await asyncio.wait_for(play(app, ask), seconds)


def _ask(request: httpx.Request, body: bytes) -> Ask:
    return Ask(method=request.method, url=str(request.url), headers=tuple(request.headers.raw), body=body)


def _limit(request: httpx.Request) -> float | None:
    limits = request.extensions.get("timeout") or {}
    seconds: float | None = limits.get("read")
    return seconds


def _response(answer: Answer, request: httpx.Request) -> httpx.Response:
    return httpx.Response(
        answer.status, headers=list(answer.headers), stream=httpx.ByteStream(answer.body), request=request
    )


def _failure(error: Exception, request: httpx.Request) -> httpx.TransportError:
    if isinstance(error, TimeoutError):
        return httpx.ReadTimeout("the stand-in took too long", request=request)
    kind = httpx.ReadError if "reset" in str(error) else httpx.RemoteProtocolError
    return kind(str(error), request=request)


def _seconds(timeout: Any) -> float | None:  # noqa: ANN401 -- whatever requests takes
    limit = timeout[1] if isinstance(timeout, tuple) else timeout
    return limit if isinstance(limit, int | float) else None


def _content(body: Any) -> bytes:  # noqa: ANN401 -- whatever requests takes
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str | bytes):
        return _bytes(body, "utf-8")
    return b"".join(_bytes(piece, "utf-8") for piece in body)


def _bytes(text: str | bytes, encoding: str = "latin-1") -> bytes:
    return text.encode(encoding) if isinstance(text, str) else text


def _as_urllib3(answer: Answer, request: requests.PreparedRequest) -> HTTPResponse:
    headers = HTTPHeaderDict()
    for name, text in answer.headers:
        headers.add(name.decode("latin-1"), text.decode("latin-1"))
    return HTTPResponse(
        body=io.BytesIO(answer.body),
        headers=headers,
        status=answer.status,
        version=11,
        version_string="HTTP/1.1",
        preload_content=False,
        request_method=request.method,
        request_url=request.url,
    )
