"""Sends what the stand-in sends of its own accord: callbacks and webhooks.

To this machine, and to hosts the user has named; everything else is refused, since the address comes out of
a request. What is decided is decided in `behaviour/callbacks.py`. Nothing here holds an answer up: at most
so many are under way, and what is too much is dropped and told of.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urlsplit

import httpx

from locum.behaviour import Callout, Outcome, RawRequest, Reply
from locum.behaviour.callbacks import judge_acknowledgement
from locum.server.loopback import is_loopback

__all__ = ["Delivery", "Messenger"]

_log = logging.getLogger("locum.callbacks")
#: Under way at one time, for the whole process; what comes beyond it waits, up to the next number.
_AT_ONCE: Final = 16
_MOST_WAITING: Final = 256
_PATIENCE_S: Final = 10.0
_LARGEST_ANSWER: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a callout: *outcome* has status 0 where no answer came, and says why."""

    callout: Callout
    request: RawRequest
    outcome: Outcome
    at_s: float
    took_s: float


@dataclass(slots=True, kw_only=True, eq=False)
class Messenger:
    """Sends callouts; *hosts* are allowed beside loopback, as `host` or `host:port`."""

    hosts: frozenset[str] = frozenset()
    underway: set[asyncio.Task[None]] = field(default_factory=set)
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    def send(self, callouts: Iterable[Callout], tell: Callable[[Delivery], object]) -> None:
        """Send *callouts* in the background, and *tell* what became of each."""
        for callout in callouts:
            if len(self.underway) >= _MOST_WAITING:
                _log.warning("%s: dropped, %d callbacks are waiting already", callout.name, _MOST_WAITING)
                continue
            task = asyncio.create_task(self._deliver(callout, tell))
            self.underway.add(task)
            task.add_done_callback(self.underway.discard)

    async def _deliver(self, callout: Callout, tell: Callable[[Delivery], object]) -> None:
        async with self.gate:
            tell(await self.deliver(callout))

    async def deliver(self, callout: Callout) -> Delivery:
        """Send one callout and return what became of it; never raises."""
        at_s, began = time.time(), time.perf_counter()
        parts = _split(callout.url)
        request = RawRequest(
            method=callout.operation.route.method.value,
            path=parts.path or "/",
            query=parts.query,
            headers=(("host", parts.netloc), *((name.lower(), text) for name, text in callout.headers)),
            body=callout.body,
            base_url=f"{parts.scheme}://{parts.netloc}",
        )
        outcome = await self._exchange(callout)
        took_s = time.perf_counter() - began
        return Delivery(callout=callout, request=request, outcome=outcome, at_s=at_s, took_s=took_s)

    async def _exchange(self, callout: Callout) -> Outcome:
        what = f"the callback {callout.name}"
        problem = self.forbidden(callout.url)
        if problem:
            _log.warning("%s: not sent to %s: %s", callout.name, _told(callout.url), _told(problem))
            return Outcome(reply=Reply(status=0), because=(f"{what} was not sent: {problem}",))
        _log.info("%s: Making request to %s...", callout.name, _told(callout.url))
        try:
            reply = await asyncio.wait_for(_call(callout), _PATIENCE_S)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError, ValueError) as error:
            told = str(error) or type(error).__name__
            _log.error("%s: Request failed: %s", callout.name, told)
            return Outcome(reply=Reply(status=0), because=(f"{what} was not answered: {told}",))
        _log.info("%s: Request finished", callout.name)
        wrong = tuple(judge_acknowledgement(callout.operation, reply))
        for each in wrong:
            _log.warning("%s: %s: %s", callout.name, ".".join(map(str, each.location)), each.message)
        return Outcome(reply=reply, because=(what,), violations=wrong)

    def forbidden(self, url: str) -> str:
        """Return why nothing may be sent to *url*, or `""`."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            return f"it is no URL: {error}"
        if parts.scheme not in {"http", "https"} or not host:
            return "it is no http or https URL"
        if is_loopback(host) or {host, f"{host}:{port}"} & self.hosts:
            return ""
        return f"{host} is neither this machine nor a host given by --callback-host"


def _split(url: str) -> SplitResult:
    """Return the parts of *url*; what is no URL at all is told as a path."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", url, "", "")


async def _call(callout: Callout) -> Reply:
    """Send *callout* and return the answer, a long body cut; redirects are not followed."""
    # A context for TLS takes a while to make; no redirect can ask for one behind our back.
    verify = callout.url.startswith("https:")
    async with (
        httpx.AsyncClient(verify=verify, trust_env=False, timeout=_PATIENCE_S) as client,
        client.stream(
            callout.operation.route.method.value,
            callout.url,
            headers=[(name.encode("ascii", "replace"), text.encode()) for name, text in callout.headers],
            content=callout.body or None,
        ) as answer,
    ):
        body = bytearray()
        async for piece in answer.aiter_bytes():
            body += piece
            if len(body) > _LARGEST_ANSWER:
                break
        return Reply(
            status=answer.status_code,
            body=bytes(body[:_LARGEST_ANSWER]),
            media_type=answer.headers.get("content-type", ""),
            headers=tuple((name, text) for name, text in answer.headers.items() if name != "content-type"),
        )


def _told(text: str) -> str:
    """Return *text*, which a client sent, as one line of a log can hold it."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)
