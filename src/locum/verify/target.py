"""The server under test, over real sockets: ordinary calls, paced, bounded and observed.

`http.client` and not a friendlier library: it sends the target and the headers as they are given, follows no
redirect, keeps answers' headers in order and twice where they came twice, and hides nothing. What it refuses
to send goes by `wire.py`. The only room of the process that waits.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

from locum.behaviour.calls import Call
from locum.errors import Diagnostic, SettingsError
from locum.verify.model import Received, Sent, Step
from locum.verify.retrying import retry_after_s

__all__ = ["Limits", "SpentError", "Target"]

_VERSIONS: Final = {9: "HTTP/0.9", 10: "HTTP/1.0", 11: "HTTP/1.1"}
#: Bytes that are read of one body.
_MOST_BODY: Final = 64 * 1024 * 1024
#: Seconds that are waited at most because a server says so, at once and in a whole run.
_LONGEST_PAUSE_S: Final = 60.0
_ALL_PAUSES_S: Final = 180.0
_PAUSES_OF_ONE_CALL: Final = 3
_BUSY: Final = frozenset({429, 503})
#: What OpenSSL makes of an answer without TLS.
_PLAIN: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})


class SpentError(Exception):
    """Time or requests are used up; the message says which. Never leaves the engine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much may be asked of a server.

    *per_s* is the number of requests a second, *requests* that of the whole run; *seconds* ends the run.
    """

    timeout_s: float = 10.0
    per_s: float | None = None
    requests: int | None = None
    seconds: float | None = None
    is_verified: bool = True


class Target:
    """Sends calls to one server, one after the other, over a connection that is kept open.

    *url* is the contract's base. *headers* go with every call that does not say otherwise.
    Mutable: it counts, waits, and holds a connection.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Iterable[tuple[str, str]] = (),
        limits: Limits = Limits(),
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = url.rstrip("/")
        self.headers = tuple(headers)
        self.limits = limits
        self.requests = 0
        self._parts = _checked(self.url)
        self._clock, self._pause = clock, pause
        self._began = clock()
        self._next_at = self._began
        self._paused_s = 0.0
        self._connection: http.client.HTTPConnection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def left_s(self) -> float:
        """Seconds left of the run."""
        if self.limits.seconds is None:
            return float("inf")
        return self.limits.seconds - (self._clock() - self._began)

    def send(self, call: Call) -> Step:
        """Return what *call* is answered; a server that is busy is asked again when it says so.

        Raises `SpentError` once time or requests are used up.
        """
        step = self._send_once(call)
        for _ in range(_PAUSES_OF_ONE_CALL):
            wanted_s = self._wanted_pause_s(step)
            if wanted_s is None:
                break
            self._paused_s += wanted_s
            self._pause(wanted_s)
            step = self._send_once(call)
        return step

    def converse(self, call: Call, times: int) -> list[Step]:
        """Return what *call* is answered *times* times on one connection; fewer where the server ends it.

        A server may end a connection between two requests (RFC 9112, 9.6), and only there.
        Raises `SpentError` once time or requests are used up.
        """
        self.close()
        steps: list[Step] = []
        for number in range(times):
            sent, timeout_s = self.written(call), self.take_turn()
            if number and self._connection is None:
                break
            try:
                steps.append(Step(sent=sent, received=self._exchange(sent, call, timeout_s)))
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
                self.close()
                if not number:
                    steps.append(Step(sent=sent, failure=_told(error)))
                break
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.close()
                steps.append(Step(sent=sent, failure=_told(error)))
                break
        return steps

    def rest(self, seconds: float) -> None:
        """Give the server time to finish what it has begun, as far as there is time left."""
        self._pause(min(seconds, max(0.0, self.left_s)))

    def take_turn(self) -> float:
        """Wait until a request may leave, count it, and return how long it may take, in seconds.

        Raises `SpentError` once time or requests are used up.
        """
        if self.limits.requests is not None and self.requests >= self.limits.requests:
            raise SpentError(f"the budget of {self.limits.requests} requests is used up")
        now = self._clock()
        wait_s = max(0.0, self._next_at - now)
        if self.left_s - wait_s <= 0:
            raise SpentError(f"the {self.limits.seconds:g} s given are over")
        if wait_s:
            self._pause(wait_s)
        if self.limits.per_s:
            self._next_at = max(now, self._next_at) + 1 / self.limits.per_s
        self.requests += 1
        return max(0.05, min(self.limits.timeout_s, self.left_s))

    def close(self) -> None:
        """Close the connection that is kept open."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        self._connection = None

    def _wanted_pause_s(self, step: Step) -> float | None:
        """Return how long the server asks to wait, `None` where it does not, or for too long."""
        received = step.received
        if received is None or received.status not in _BUSY:
            return None
        told = next((text for name, text in received.headers if name.lower() == "retry-after"), "")
        wanted_s = retry_after_s(told)
        if wanted_s is None or wanted_s > min(_LONGEST_PAUSE_S, _ALL_PAUSES_S - self._paused_s, self.left_s):
            return None
        return wanted_s

    def _send_once(self, call: Call) -> Step:
        timeout_s = self.take_turn()
        sent = self.written(call)
        was_open = self._connection is not None
        try:
            return Step(sent=sent, received=self._exchange(sent, call, timeout_s))
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
            self.close()
            if not was_open:
                return Step(sent=sent, failure=_told(error))
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            return Step(sent=sent, failure=_told(error))
        # A server may close a connection that was kept open at any time (RFC 9112, 9.3.1).
        try:
            return Step(sent=sent, received=self._exchange(sent, call, timeout_s))
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            return Step(sent=sent, failure=_told(error))

    def written(self, call: Call) -> Sent:
        """Return the request that goes out for *call*; an empty header takes a usual one away."""
        own = {name.lower() for name, _ in call.headers}
        headers = [pair for pair in self.headers if pair[0].lower() not in own]
        usual = {name.lower() for name, _ in self.headers}
        said = [pair for pair in call.headers if pair[1] or pair[0].lower() not in usual]
        sent = [("Host", self._parts.netloc.rpartition("@")[2]), *headers, *said]
        if call.body or call.method in {"POST", "PUT", "PATCH"}:
            sent.append(("Content-Length", str(len(call.body))))
        return Sent(method=call.method, url=f"{self.url}{call.target}", headers=tuple(sent), body=call.body)

    def _exchange(self, sent: Sent, call: Call, timeout_s: float) -> Received:
        connection = self._connected(timeout_s)
        began = self._clock()
        target = f"{self._parts.path}{call.target}" or "/"
        connection.putrequest(sent.method, target, skip_host=True, skip_accept_encoding=True)
        for name, text in sent.headers:
            connection.putheader(name, text.encode("latin-1", "replace"))
        connection.endheaders(sent.body or None)
        _hurry(connection.sock)
        with connection.getresponse() as response:
            body = response.read(_MOST_BODY)
            if response.length and len(body) < _MOST_BODY:
                raise http.client.IncompleteRead(body, response.length)
            received = Received(
                status=response.status,
                headers=tuple(response.getheaders()),
                body=body,
                took_s=self._clock() - began,
                http_version=_VERSIONS.get(response.version, "HTTP/1.1"),
            )
            if response.will_close or not response.isclosed():
                self.close()
        return received

    def _connected(self, timeout_s: float) -> http.client.HTTPConnection:
        if self._connection is None:
            self._connection = self._new_connection(timeout_s)
        elif self._connection.sock is not None:
            self._connection.sock.settimeout(timeout_s)
        return self._connection

    def _new_connection(self, timeout_s: float) -> http.client.HTTPConnection:
        host, port = self._parts.hostname or "", self._parts.port
        if self._parts.scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=timeout_s)
        return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=self.trust())

    def trust(self) -> ssl.SSLContext:
        """Return how certificates are looked at."""
        if self.limits.is_verified:
            return ssl.create_default_context()
        return ssl._create_unverified_context()  # noqa: S323, SLF001 -- asked for by `--insecure`

    def open_socket(self, timeout_s: float) -> socket.socket:
        """Return a connection of its own to the server, for bytes chosen one by one. Raises `OSError`."""
        host = self._parts.hostname or ""
        is_plain = self._parts.scheme == "http"
        plain = socket.create_connection((host, self._parts.port or (80 if is_plain else 443)), timeout_s)
        return plain if is_plain else self.trust().wrap_socket(plain, server_hostname=host)

    @property
    def base_path(self) -> str:
        """The path of the contract's base, without a slash at its end."""
        return self._parts.path

    @property
    def authority(self) -> str:
        """Host and port as `Host` tells them."""
        return self._parts.netloc.rpartition("@")[2]


def _hurry(connection: socket.socket | None) -> None:
    """Acknowledge at once: a server that writes head and body apart would else wait 40 ms for each answer."""
    if connection is not None and hasattr(socket, "TCP_QUICKACK"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


def _checked(url: str) -> SplitResult:
    """Return the parts of *url*; raises `SettingsError` where it is no address of a server."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known:
        fault = Diagnostic(
            code="verify.wrong-url",
            message=f"`{url}` is no address of a server",
            hint="expected http://host:port/base or https://…",
        )
        raise SettingsError(fault)
    return parts


def _told(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        way_out = "SSL_CERT_FILE names a file of those to trust, --insecure takes any"
        return f"the certificate is not trusted: {error.verify_message}; {way_out}"
    if isinstance(error, ssl.SSLError) and error.reason in _PLAIN:
        return "the server speaks no TLS; its address may begin with http://"
    words = str(error) or type(error).__name__
    return f"no whole answer: {words}"
