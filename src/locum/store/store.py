"""Sessions, kept: the one mutable object of the process.

Snapshots go out, changes come in. Every method is one synchronous step, and all of them are called from the
event loop, so that no two ever overlap: that is the critical section, and it needs no lock. A writer that
waits between its snapshot and its changes loses nothing either, since changes are operations that are
applied to the state as it is by then (`behaviour/changes.py`).
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from locum.behaviour.changes import Change, Origin, apply_all
from locum.behaviour.journal import Interaction
from locum.behaviour.model import Outcome, RawRequest
from locum.behaviour.session import DEFAULT_SESSION, UNTOUCHED, ClockMode, Snapshot, State
from locum.contract.model import Route
from locum.store.bounds import Bounds
from locum.store.rings import Rings
from locum.store.weights import growth, without_first

__all__ = ["Dropped", "Store"]

_log = logging.getLogger("locum.sessions")
#: So many dropped sessions are remembered by name.
_REMEMBERED: Final = 100
_BOUNDS: Final = Bounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A session that was given up for a newer one, and when: real times in seconds since the epoch."""

    session: str
    at_s: float
    used_at_s: float


@dataclass(slots=True)
class _Held:
    """One session; *snapshot* is kept while it stays true, which is while the clock stands still.

    *weight* is how many bytes its written records take.
    """

    state: State
    used_at_s: float
    snapshot: Snapshot | None = None
    weight: int = 0


class Store:
    """Sessions by name, the longest idle first; *real_time* gives seconds since the epoch.

    A session exists from its first use, and costs about a kilobyte. Beyond `Bounds.sessions` the one that
    has been idle longest is dropped, and beyond `Bounds.record_bytes` of written records as well; `default`
    never is.
    """

    def __init__(
        self,
        bounds: Bounds = _BOUNDS,
        *,
        initial: State = UNTOUCHED,
        real_time: Callable[[], float] = time.time,
    ) -> None:
        self.bounds = bounds
        #: What sessions begin with.
        self.initial = initial
        #: The records that are there from the start; set by whoever serves contracts.
        self.origin: Origin = {}
        self.real_time = real_time
        self.rings = Rings(bounds)
        self.dropped: deque[Dropped] = deque(maxlen=_REMEMBERED)
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._number = 0
        #: How many bytes the written records of all sessions take.
        self.weight = 0
        #: Counts changes of sessions, so that who keeps them elsewhere knows when.
        self.revision = 0
        self._hold(DEFAULT_SESSION)

    def names(self) -> list[str]:
        """Return the names of all sessions, the most recently used first."""
        return list(reversed(self._held))

    def knows(self, session: str) -> bool:
        """Tell whether *session* has been used, and not been dropped since."""
        return session in self._held

    def state(self, session: str) -> State:
        """Return the state of *session*; that of one nobody has used is the initial one."""
        held = self._held.get(session)
        return held.state if held else self.initial

    def states(self) -> dict[str, State]:
        """Return the states of all sessions that are not as on their first day."""
        return {name: held.state for name, held in self._held.items() if held.state is not self.initial}

    def restore(self, states: Mapping[str, State]) -> None:
        """Let sessions be in *states*, as they were kept."""
        for name, state in states.items():
            self.put(name, state)

    def used_at(self, session: str) -> float:
        """Return the real time at which *session* was last used, in seconds since the epoch."""
        return self._held[session].used_at_s

    def snapshot(self, session: str) -> Snapshot:
        """Return *session* as it is now; using it."""
        held = self._use(session)
        if held.snapshot is not None:
            return held.snapshot
        made = held.state.snapshot(session, held.used_at_s)
        if held.state.clock.mode is ClockMode.FROZEN:
            held.snapshot = made
        return made

    def apply(self, session: str, *changes: Change) -> State:
        """Make *changes* in *session*, all or none, and return its new state; using it.

        Raises `OverflowError` when a clock would leave the calendar.
        """
        held = self._use(session)
        self._change(held, apply_all(held.state, changes, self.origin))
        self._make_room(session)
        return held.state

    def put(self, session: str, state: State) -> None:
        """Let *session* be in *state*, whatever it was before; using it."""
        self._change(self._use(session), state)
        self._make_room(session)

    def reset(self, sessions: Iterable[str]) -> None:
        """Let *sessions* be as on their first day, and forget their interactions."""
        for name in sessions:
            self.put(name, self.initial)
            self.rings.clear(name)

    def drop(self, session: str) -> None:
        """Forget *session* altogether."""
        held = self._held.pop(session, None)
        self.weight -= held.weight if held else 0
        self.revision += 1
        self.rings.clear(session)

    def record(  # noqa: PLR0913 -- one value for each column of the journal
        self,
        session: str,
        request: RawRequest,
        outcome: Outcome,
        *,
        at_s: float,
        took_s: float,
        contract: str = "",
        route: Route | None = None,
    ) -> Interaction:
        """Write down what became of *request*, and return it with its number."""
        self._number += 1
        held = self._held.get(session) or self._hold(session)
        kept_request, kept_outcome = self.rings.cut(request, outcome)
        interaction = Interaction(
            number=self._number,
            session=session,
            at_s=at_s,
            session_time=held.snapshot.now if held.snapshot else held.state.clock.now(at_s),
            took_s=took_s,
            request=kept_request,
            request_size=len(request.body),
            outcome=kept_outcome,
            reply_size=len(outcome.reply.body),
            contract=contract,
            route=route,
        )
        if self.bounds.interactions:
            self.rings.add(interaction)
        return interaction

    def _use(self, session: str) -> _Held:
        held = self._held.get(session)
        if held is None:
            return self._hold(session)
        self._held.move_to_end(session)
        held.used_at_s = self.real_time()
        return held

    def _hold(self, session: str) -> _Held:
        held = self._held[session] = _Held(self.initial, self.real_time())
        while len(self._held) > self.bounds.sessions + 1:
            name = next(each for each in self._held if each != DEFAULT_SESSION)
            self._give_up(name, f"more than {self.bounds.sessions} are in use")
        return held

    def _change(self, held: _Held, state: State) -> None:
        grown = growth(held.state, state, self.origin)
        held.state, held.snapshot = state, None
        held.weight += grown
        self.weight += grown
        self.revision += 1

    def _make_room(self, session: str) -> None:
        """Drop idle sessions while written records are too many; of those that stay, the first ones go."""
        most = self.bounds.record_bytes
        if self.weight <= most:
            return
        staying = {session, DEFAULT_SESSION}
        for name in [each for each, held in self._held.items() if held.weight > 0 and each not in staying]:
            if self.weight > most:
                self._give_up(name, f"records of more than {most} bytes are kept")
        for name in sorted(staying, key=lambda each: -self._weight_of(each)):
            self._lighten(name)

    def _lighten(self, session: str) -> None:
        held = self._held.get(session)
        while held and self.weight > self.bounds.record_bytes:
            lighter = without_first(held.state)
            if lighter is held.state:
                return
            self._change(held, lighter)
            _log.warning("session %s lost the records it wrote first: there are too many bytes", session)

    def _weight_of(self, session: str) -> int:
        held = self._held.get(session)
        return held.weight if held else 0

    def _give_up(self, name: str, reason: str) -> None:
        gone = Dropped(session=name, at_s=self.real_time(), used_at_s=self._held[name].used_at_s)
        self.drop(name)
        self.dropped.append(gone)
        _log.warning("session %s was dropped: %s", name, reason)
