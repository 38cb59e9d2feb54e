"""Sends bytes chosen one by one over a connection of their own, and makes of what comes back an exchange."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass

from locum.behaviour.calls import Call
from locum.verify.model import Received, Sent, Step
from locum.verify.target import Target
from locum.verify.wire import Ended, Observed, listen, written

__all__ = ["Spoken", "speak", "speak_bytes", "whole_call"]

#: Seconds within which even a server that is surprised has to say something.
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What came back, byte by byte; *observed* is `None` where there was no connection."""

    step: Step
    observed: Observed | None = None


def whole_call(target: Target, call: Call) -> Call:
    """Return *call* with the headers that every call of *target* has."""
    own = {name.lower() for name, _ in call.headers}
    added = tuple(pair for pair in target.headers if pair[0].lower() not in own)
    return Call(
        method=call.method,
        path=call.path,
        query=call.query,
        headers=(*added, *call.headers),
        body=call.body,
    )


def speak(target: Target, call: Call) -> Spoken:
    """Return what *call* is answered, to the last byte; the connection ends with the answer.

    Raises `SpentError` once time or requests are used up.
    """
    whole = whole_call(target, call)
    content = written(whole, target.base_path, target.authority)
    sent = Sent(
        method=call.method,
        url=f"{target.url}{call.target}",
        headers=(("Host", target.authority), ("Connection", "close"), *whole.headers),
        body=call.body,
    )
    return speak_bytes(target, content, sent)


def speak_bytes(target: Target, content: bytes, sent: Sent) -> Spoken:
    """Return what the bytes *content* are answered; *sent* is how they are told of."""
    timeout_s = min(target.take_turn(), _PATIENCE_S)
    try:
        with target.open_socket(timeout_s) as connection:
            began = time.monotonic()
            # Who refuses early does not read on; the answer may be there all the same.
            with contextlib.suppress(ConnectionError):
                connection.sendall(content)
            observed = listen(connection, began, timeout_s)
    except (OSError, ValueError) as error:
        return Spoken(step=Step(sent=sent, failure=f"no whole answer: {error}"))
    return Spoken(step=_step(sent, observed), observed=observed)


def _step(sent: Sent, observed: Observed) -> Step:
    status = observed.status
    if status is None:
        words = {Ended.OPEN: "timed out", Ended.RESET: "the connection was reset"}
        return Step(sent=sent, failure=f"no answer: {words.get(observed.ended, 'the connection was closed')}")
    lines = (line.decode("latin-1").partition(":") for line in observed.head.split(b"\r\n")[1:])
    received = Received(
        status=status,
        headers=tuple((name.strip(), text.strip()) for name, _, text in lines),
        body=observed.body,
        took_s=observed.took_s,
    )
    return Step(sent=sent, received=received)
