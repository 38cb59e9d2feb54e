"""Sends a request on to the real API, byte for byte, and takes its answer in.

Headers that belong to one connection stay on it (RFC 9110, 7.6.1), and no coding is asked for that cannot be
looked into. Nothing is followed, unpacked or remembered: redirects, codings and cookies are the client's
affair. A long or endless answer is taken in up to a bound, and the rest as the client takes it.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import httpcore

from locum.behaviour import RawRequest
from locum.behaviour.relays import RelayBroken
from locum.errors import Diagnostic, SettingsError
from locum.proxy.codings import readable_codings

__all__ = ["Answer", "Forwarder", "UpstreamError", "open_forwarder"]

#: RFC 9110, 7.6.1; RFC 9112, 6; and what every server makes anew.
_HOP_BY_HOP: Final = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te"}
    | {"trailer", "trailers", "transfer-encoding", "upgrade"}
)
_NOT_SENT_ON: Final = _HOP_BY_HOP | {"host", "content-length", "expect", "locum-session", "locum-because"}
_NOT_SENT_BACK: Final = _HOP_BY_HOP | {"content-length", "date"}
#: What is said for a client that says nothing, as Prism says it.
_USUAL: Final = (("accept", "application/json, text/plain, */*"), ("user-agent", "locum"))
#: Methods that say how long their body is even where they have none; some servers ask for it (RFC 9110, 8.6).
_CARRIERS: Final = frozenset({"POST", "PUT", "PATCH"})
#: Media types that may never end.
_ENDLESS: Final = (b"text/event-stream", b"multipart/x-mixed-replace")
#: Connections kept to the real API.
_CONNECTIONS: Final = 100
_PORTS: Final = {b"http": 80, b"https": 443}
#: What HTTP knows (RFC 9110, 15); others cannot be passed on.
_STATUSES: Final = range(100, 600)
_BODILESS: Final = frozenset({204, 304})


class UpstreamError(Exception):
    """The real API could not be asked; *reason* says why in the words of Node.js, which Prism passes on."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"request to {url} failed, reason: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the real API said; *rest* are the bytes beyond *body*, *length* the length it announced."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    rest: AsyncIterator[bytes] | None = None
    length: int | None = None

    def header(self, name: str) -> str:
        """Return the value of header *name* (lower case), or `""`."""
        return next((text for key, text in self.headers if key == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarder:
    """Sends requests to one upstream; made by `open_forwarder`. *bound* is in bytes, *patience_s* seconds."""

    url: str
    scheme: bytes
    host: bytes
    port: int | None
    base: str
    pool: httpcore.AsyncConnectionPool
    bound: int
    patience_s: float

    async def send(self, raw: RawRequest, path: str) -> Answer:
        """Send *raw* to *path* below the upstream's own; raises `UpstreamError` when no answer comes."""
        patience: dict[str, float | None]
        patience = dict.fromkeys(("connect", "read", "write", "pool"), self.patience_s)
        target = f"{self.base}{path}" + (f"?{raw.query}" if raw.query else "")
        request = httpcore.Request(
            method=raw.method,
            url=httpcore.URL(
                scheme=self.scheme, host=self.host, port=self.port, target=target.encode("latin-1", "replace")
            ),
            headers=self._headers(raw),
            content=raw.body,
            extensions={"timeout": patience},
        )
        try:
            response = await self.pool.handle_async_request(request)
            if _is_endless(response):
                # The next event may be hours away.
                patience["read"] = None
            return await self._take_in(response, raw.method)
        except (*_FAILURES, OSError) as error:
            raise UpstreamError(f"{self.url}{path}", await self._reason(error)) from error

    def _headers(self, raw: RawRequest) -> list[tuple[bytes, bytes]]:
        sent = [pair for pair in raw.headers if pair[0] not in _left_out(raw.headers, _NOT_SENT_ON)]
        sent = [(name, readable_codings(text) if name == "accept-encoding" else text) for name, text in sent]
        known = {name for name, _ in sent}
        sent += [pair for pair in _USUAL if pair[0] not in known]
        if raw.body or raw.header("content-length") == "0" or raw.method in _CARRIERS:
            sent.append(("content-length", str(len(raw.body))))
        authority = self.host.decode() if self.port is None else f"{self.host.decode()}:{self.port}"
        named = [("host", authority), *sent]
        return [(name.encode("latin-1"), text.encode("latin-1")) for name, text in named]

    async def _take_in(self, response: httpcore.Response, method: str) -> Answer:
        if response.status not in _STATUSES:
            await response.aclose()
            message = f"illegal status {response.status}"
            raise httpcore.RemoteProtocolError(message)
        pairs = [(name.decode("latin-1").lower(), text.decode("latin-1")) for name, text in response.headers]
        announced = next((text for name, text in pairs if name == "content-length"), "")
        kept = tuple(pair for pair in pairs if pair[0] not in _left_out(pairs, _NOT_SENT_BACK))
        has_body = method != "HEAD" and response.status not in _BODILESS
        pieces = aiter(response.aiter_stream())
        body, is_whole = await _up_to(pieces, 0 if _is_endless(response) and has_body else self.bound)
        if is_whole:
            await response.aclose()
        return Answer(
            status=response.status,
            headers=kept,
            body=body,
            rest=None if is_whole else _until_closed(pieces, response),
            length=int(announced) if announced.isdigit() else None,
        )

    async def _reason(self, error: Exception) -> str:
        """Return why no answer came, in the words of Node.js where it has some."""
        told = str(error) or type(error).__name__
        if isinstance(error, httpcore.TimeoutException):
            return f"no answer within {self.patience_s:g} s"
        if isinstance(error, httpcore.ConnectError):
            return await self._unconnected(error, told)
        hung_up = isinstance(error, httpcore.ReadError | httpcore.WriteError) or "without sending" in told
        return "socket hang up" if hung_up else told

    async def _unconnected(self, error: Exception, told: str) -> str:
        causes = tuple(_causes(error))
        host = self.host.decode()
        if any(isinstance(each, socket.gaierror) for each in causes):
            return f"getaddrinfo ENOTFOUND {host}"
        is_refused = any(isinstance(each, ConnectionRefusedError) for each in causes)
        if is_refused or "All connection attempts failed" in told:
            port = self.port or _PORTS[self.scheme]
            return f"connect ECONNREFUSED {await _address_of(host, port)}:{port}"
        return told

    async def close(self) -> None:
        """Close all connections."""
        await self.pool.aclose()


_FAILURES: Final = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


async def _address_of(host: str, port: int) -> str:
    """Return the address that was called, as far as it can still be found out."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return host
    return str(found[0][4][0])


def _is_endless(response: httpcore.Response) -> bool:
    types = (text for name, text in response.headers if name.lower() == b"content-type")
    return any(text.lower().startswith(_ENDLESS) for text in types)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _left_out(headers: Iterable[tuple[str, str]], named: frozenset[str]) -> frozenset[str]:
    """Return *named* and what the header `Connection` names besides (RFC 9110, 7.6.1)."""
    listed = (text for name, text in headers if name == "connection")
    return named.union(word.strip().lower() for text in listed for word in text.split(","))


async def _up_to(pieces: AsyncIterator[bytes], bound: int) -> tuple[bytes, bool]:
    """Return the first bytes, a piece beyond *bound* at most, and whether they are all there are."""
    body = bytearray()
    while len(body) < bound or not bound:
        if not bound:
            return b"", False
        try:
            body += await anext(pieces)
        except StopAsyncIteration:
            return bytes(body), True
    return bytes(body), False


async def _until_closed(pieces: AsyncIterator[bytes], response: httpcore.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in pieces:
            yield piece
    except (*_FAILURES, OSError) as error:
        raise RelayBroken(f"the upstream broke off: {str(error) or type(error).__name__}") from error
    finally:
        await response.aclose()


def open_forwarder(
    upstream: str, *, through: str = "", is_checked: bool = True, bound: int, patience_s: float
) -> Forwarder:
    """Return a forwarder to the address *upstream*, by way of the HTTP proxy *through* if there is one.

    Without *is_checked* the certificate of the upstream may be anybody's. Raises `SettingsError` for an
    address that is none.
    """
    scheme, host, port, base = _parts(upstream, "upstream")
    pool = httpcore.AsyncConnectionPool(
        ssl_context=None if is_checked else _unchecked(),
        proxy=_way(through) if through else None,
        max_connections=_CONNECTIONS,
        keepalive_expiry=5,
        http2=False,
    )
    return Forwarder(
        url=f"{upstream.rstrip('/')}",
        scheme=scheme.encode(),
        host=host.encode("idna"),
        port=port,
        base=base.rstrip("/"),
        pool=pool,
        bound=bound,
        patience_s=patience_s,
    )


def _parts(address: str, what: str) -> tuple[str, str, int | None, str]:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _no_address(address, what, str(error)) from error
    if parts.scheme not in {"http", "https"} or not host:
        raise _no_address(address, what, "an address like `https://api.example.com/v1` is expected")
    return parts.scheme, host, port, parts.path


def _way(through: str) -> httpcore.Proxy:
    scheme, host, port, _ = _parts(through, "upstream-proxy")
    parts = urlsplit(through)
    return httpcore.Proxy(
        url=f"{scheme}://{host}:{port or (443 if scheme == 'https' else 80)}",
        auth=(parts.username, parts.password or "") if parts.username else None,
    )


def _unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _no_address(address: str, what: str, hint: str) -> SettingsError:
    message = f"{what}: {address!r} is no http or https address"
    return SettingsError(Diagnostic(code="settings.wrong-value", message=message, hint=hint))
