"""Plays a catalogue against a running server and says which scenarios hold."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

from locum.behaviour.calls import Call
from locum.cli.plays import Play, Way
from locum.cli.verdicts import judge_fault, judge_reply
from locum.errors import Diagnostic, UnreachableError
from locum.server import CONTROL_PATH
from locum.verify.wire import Observed, exchange

__all__ = ["Verdict", "own_server", "prove"]

#: Plays under way at the same time: most of them wait.
_AT_ONCE: Final = 32
_TIMEOUT_S: Final = 15.0
#: How long dripping bytes are watched.
_WATCHED_S: Final = 0.6
_NUMBERS: Final = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one play; it holds when there are no *faults*."""

    play: Play
    faults: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether everything came as it was promised."""
        return not self.faults


def prove(plays: Sequence[tuple[Play, str]], server: str) -> list[Verdict]:
    """Play *plays*, each at the address beside it and in a session of its own of the server at *server*.

    Raises `UnreachableError` when there is no server.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda each: _verdict(each[0], url=each[1], server=server), plays)
        return [each for each in found if each]


def _verdict(play: Play, *, url: str, server: str) -> Verdict | None:
    session = f"scenarios-{next(_NUMBERS)}"
    # What the usual call creates or deletes must not be there, or gone, for the call that is judged.
    beside = f"{session}-usual"
    sessions = [session, beside] if play.way is Way.FORCED else [session]
    if play.natural.clock or play.natural.settings:
        refused = next(filter(None, (_begin(play, each, server) for each in sessions)), "")
        if refused:
            return Verdict(play=play, faults=(refused,))
    usual = _send(play.usual, url, beside) if play.way is Way.FORCED else None
    early = _send_before(play, url, session, server)
    if early:
        return Verdict(play=play, faults=(early,))
    fault = play.scenario.force.fault if play.scenario.force else None
    is_slow = fault is not None and (fault.head_bytes_per_s or fault.body_bytes_per_s)
    observed = _send(play.call, url, session, enough_s=_WATCHED_S if is_slow else 0.0)
    if usual is not None and fault is not None and not usual.raw_body and play.is_usual:
        return None  # nothing is there that could be spoilt
    return Verdict(play=play, faults=tuple(_faults(play, observed, usual)))


def _faults(play: Play, observed: Observed, usual: Observed | None) -> Iterator[str]:
    if usual is None:
        # At another path no operation says what the reply is like.
        operation = None if play.natural.path else play.plan.operation
        yield from judge_reply(observed, play.scenario.status, operation)
        return
    force = play.scenario.force
    status = usual.status if play.is_usual else play.scenario.status
    fault = force.fault if force else None
    is_exempt = force is not None and bool(fault or force.edits or force.text)
    if not is_exempt:
        # The reply to `HEAD` has no body to be judged.
        operation = None if play.call.method == "HEAD" else play.plan.operation
        yield from judge_reply(observed, status, operation)
    elif observed.head and observed.status != status:
        yield f"status {observed.status} came instead of {status}"
    elif not observed.head and fault is not None and not fault.cut and not fault.head_bytes_per_s:
        yield "no reply came"
    is_same = force is not None and not (force.ignored or force.clock)
    yield from judge_fault(play.scenario, observed, usual, is_same=is_same)


def _send_before(play: Play, url: str, session: str, server: str) -> str:
    """Send a request that leads to a scenario when it is sent often, all times but the last.

    Return what is wrong if the scenario is met too early.
    """
    times, pace = play.natural.times, play.natural.pace
    for number in range(1, times):
        if _send(play.call, url, session).status == play.scenario.status:
            return f"status {play.scenario.status} came at call {number} of {times} already"
        if pace is not None and number % pace.calls == 0:
            path = f"{CONTROL_PATH}/sessions/{session}/clock/advance"
            refused = _set_up("POST", path, {"by": f"PT{pace.seconds}S"}, server)
            if refused:
                return refused
    return ""


def _send(call: Call, url: str, session: str, *, enough_s: float = 0.0) -> Observed:
    return exchange(url, call, headers=[("Locum-Session", session)], timeout_s=_TIMEOUT_S, enough_s=enough_s)


def _begin(play: Play, session: str, server: str) -> str:
    """Let the session begin as the play asks; return what is wrong if it does not."""
    natural = play.natural
    body: dict[str, object] = {}
    if natural.clock:
        body["clock"] = {"mode": "frozen", "instant": natural.clock}
    if natural.settings:
        body["settings"] = {play.scenario.contract: dict(natural.settings)}
    return _set_up("PUT", f"{CONTROL_PATH}/sessions/{session}", body, server)


def _set_up(method: str, path: str, body: Mapping[str, object], server: str) -> str:
    """Tell the control API how a session is to be; return what is wrong if it does not take it."""
    call = Call(
        method=method,
        path=path,
        headers=(("Content-Type", "application/json"),),
        body=json.dumps(body).encode(),
    )
    observed = exchange(server, call, timeout_s=_TIMEOUT_S)
    if observed.status in {200, 201}:
        return ""
    return (
        f"the session could not be set up: {observed.status} {observed.body[:200].decode('utf-8', 'replace')}"
    )


@contextmanager
def own_server(words: Sequence[str]) -> Iterator[str]:
    """Serve what *words* of `locum serve` say on a free port, and yield its address."""
    command = [sys.executable, "-m", "locum", "serve", *words, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # noqa: S603 -- our own program
        try:
            line = process.stdout.readline() if process.stdout else ""
            url = line.strip().rpartition(" ")[2]
            if not url.startswith("http"):
                fault = Diagnostic(code="scenarios.no-server", message="no server could be started")
                raise UnreachableError(fault)
            yield url
        finally:
            process.terminate()
