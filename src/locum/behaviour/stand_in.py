"""One contract, played: the whole way of a request from what was sent to what is sent back.

The one mutable thing of this room: it keeps what was compiled, and nothing else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from inspect import isawaitable
from typing import Any

from locum.behaviour.answer import NO_OPTIONS, Options, answer
from locum.behaviour.body_memory import BodyMemory
from locum.behaviour.callbacks import unknown_callback, with_callouts
from locum.behaviour.contents import Generates
from locum.behaviour.handlers import Handler, adapt_handler
from locum.behaviour.handling import conclude, failed, unusable
from locum.behaviour.judges import judges_of
from locum.behaviour.model import Fixtures, Outcome, Preferences, RawRequest, Refusal, Request
from locum.behaviour.plans import Plan, compile_plan
from locum.behaviour.preferences import NO_PREFERENCES, forces, read_preferences
from locum.behaviour.recordings import NO_RECORDINGS, Recordings
from locum.behaviour.refusals import refuse
from locum.behaviour.replaying import replayed
from locum.behaviour.request_memory import key_of, remember
from locum.behaviour.resources import Player, compile_player
from locum.behaviour.session import NO_SNAPSHOT, Snapshot
from locum.behaviour.siblings import refusal_beside
from locum.behaviour.staging import NO_CUE, Cue, cue, limited
from locum.behaviour.subjects import stream_of
from locum.behaviour.world import World
from locum.contract.contract import Contract
from locum.contract.model import JsonValue, Route
from locum.errors import ContractError

__all__ = ["StandIn"]


@dataclass(slots=True, kw_only=True, eq=False)
class StandIn:
    """Plays *contract*; *handlers* are plain functions by operation id.

    *on_failure* is told of an error that a handler raised, before the caller gets a 500.
    Without *obeys_preferences* no request can ask for another answer than the handlers'.
    """

    contract: Contract
    generator: Generates
    fixtures: Fixtures = Fixtures()
    seed: int | str = 0
    handlers: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    options: Options = NO_OPTIONS
    #: Replies that are given again, before anything else answers.
    recordings: Recordings = NO_RECORDINGS
    obeys_preferences: bool = True
    on_failure: Callable[[Request, Exception], None] = lambda _request, _error: None
    plans: dict[tuple[str, str], Plan] = field(default_factory=dict)
    adapted: dict[str, Handler] = field(default_factory=dict)
    bodies: BodyMemory = field(default_factory=BodyMemory)
    #: Requests that were understood; see `request_memory.py`.
    requests: BodyMemory = field(default_factory=BodyMemory)
    player: Player | None = None
    #: What worlds have built so far; see `World.once`.
    kept: MutableMapping[Hashable, Any] = field(default_factory=dict)

    def respond(
        self, route: Route, raw: RawRequest, snapshot: Snapshot = NO_SNAPSHOT
    ) -> Outcome | Awaitable[Outcome]:
        """Return the outcome of *raw* in a session; an awaitable one where the handler is a coroutine."""
        asked = read_preferences(raw) if self.obeys_preferences else NO_PREFERENCES
        is_asked = isinstance(asked, Preferences) and asked.scenario is not None
        if is_asked or snapshot.activations or (self.fixtures.rate_limits and self._counts_calls(snapshot)):
            return self._staged(route, raw, snapshot, asked)
        return self._usual(route, raw, snapshot, asked)

    def _counts_calls(self, snapshot: Snapshot) -> bool:
        """Tell whether a rate limit is switched on in a session."""
        settings = self._settings(snapshot)
        return any(settings.get(each.switch) is True for each in self.fixtures.rate_limits)

    def _staged(
        self, route: Route, raw: RawRequest, snapshot: Snapshot, asked: Preferences | Refusal
    ) -> Outcome | Awaitable[Outcome]:
        """Return the outcome where a scenario may be played or calls are counted."""
        name = self.contract.name
        cued = (
            NO_CUE
            if isinstance(asked, Refusal)
            else cue(asked.scenario, self.fixtures.scenarios, route, contract=name, snapshot=snapshot)
        )
        usual = self._usual(route, cued.without(raw), cued.moved(snapshot), cued.refusal or asked)
        if isinstance(usual, Outcome):
            return self._played(route, raw, snapshot, usual, cued)
        return self._staged_later(route, raw, snapshot, usual, cued)

    async def _staged_later(
        self, route: Route, raw: RawRequest, snapshot: Snapshot, usual: Awaitable[Outcome], cued: Cue
    ) -> Outcome:
        return self._played(route, raw, snapshot, await usual, cued)

    def _played(
        self, route: Route, raw: RawRequest, snapshot: Snapshot, usual: Outcome, cued: Cue
    ) -> Outcome:
        try:
            plan = self.plan(route)
        except ContractError:
            return usual
        world = self.world(raw, snapshot)
        usual = limited(
            usual,
            raw,
            plan,
            fixtures=self.fixtures,
            contract=self.contract.name,
            world=world,
            windows=snapshot.windows,
        )
        return cued.play(usual, raw, plan, fixtures=self.fixtures, realm=self.contract.name, now=snapshot.now)

    def _usual(
        self, route: Route, raw: RawRequest, snapshot: Snapshot, asked: Preferences | Refusal
    ) -> Outcome | Awaitable[Outcome]:
        # A handler may change what it is given.
        key = None if route.operation_id in self.handlers else key_of(route, raw, asked)
        request: Request | Outcome | None = self.requests.find(key) if key else None
        if request is None:
            request = self.understand(route, raw, asked, snapshot)
            remember(self.requests, key, request, self.plan)
        if isinstance(request, Outcome):
            return request
        recording = self.recordings.find(request) if self.recordings else None
        if recording is not None:
            found = replayed(recording, request, self.plan(route), self.options)
            return self._told(found, request, snapshot)
        handler = self._handler(request)
        if handler is None:
            return self._kept(request, snapshot) or self.answer(request, snapshot)
        try:
            result = handler(request, self.world(raw, snapshot))
        except Exception as error:  # noqa: BLE001 -- a user's function may raise anything
            return self._failed(request, error)
        if isawaitable(result):
            return self._later(request, result, snapshot)
        return self.conclude(request, result, snapshot)

    def _kept(self, request: Request, snapshot: Snapshot) -> Outcome | None:
        """Return the outcome of a request that speaks of something kept in the session, if it does."""
        if not self.options.stateful or forces(request.preferences):
            return None
        self.player = self.player or compile_player(
            self.contract, self.fixtures, self.options, self.plan, self.bodies
        )
        found = self.player.play(request, snapshot, snapshot.seed or self.seed)
        return self._told(found, request, snapshot) if found else None

    def understand(
        self,
        route: Route,
        raw: RawRequest,
        preferences: Preferences | Refusal = NO_PREFERENCES,
        snapshot: Snapshot = NO_SNAPSHOT,
    ) -> Request | Outcome:
        """Return *raw* as a checked request, or the outcome that refuses it."""
        try:
            plan = self.plan(route)
            if isinstance(preferences, Refusal):
                return self.refuse(plan.misheard(preferences), raw, plan, snapshot)
            unfit = plan.unfit(preferences.code, raw)
            if unfit is not None:
                return self.refuse(unfit, raw, plan, snapshot)
            verdict = plan.authorize(raw)
            if isinstance(verdict, Refusal):
                whole = plan.told_whole(verdict, raw)
                return self.refuse(plan.wished(whole, preferences), raw, plan, snapshot)
            settings = self._settings(snapshot)
            checked = plan.checker.check(
                raw, identity=verdict.identity, preferences=preferences, now=snapshot.now, settings=settings
            )
        except ContractError as error:
            return self.refuse(unusable(error), raw, None)
        if preferences.callback and isinstance(checked, Request):
            checked = unknown_callback(checked) or checked
        if isinstance(checked, Refusal):
            return self.refuse(plan.wished(checked, preferences), raw, plan, snapshot)
        return checked

    def world(self, raw: RawRequest, snapshot: Snapshot) -> World:
        """Return what a handler sees beside *raw*."""
        written = snapshot.records.get(self.contract.name)
        return World(
            now=snapshot.now,
            seed=snapshot.seed or str(self.seed),
            settings=self._settings(snapshot),
            records={**self.fixtures.records, **written} if written else self.fixtures.records,
            base_url=raw.base_url,
            kept=self.kept,
        )

    def answer(self, request: Request, snapshot: Snapshot = NO_SNAPSHOT) -> Outcome:
        """Return the outcome of a checked request that no handler answers."""
        outcome = answer(
            request,
            contract=self.contract,
            fixtures=self.fixtures,
            generator=self.generator,
            seed=snapshot.seed or self.seed,
            options=self.options,
            plan=self.plan(request.operation.route),
            memory=self.bodies,
        )
        return self._told(outcome, request, snapshot)

    def _told(self, found: Outcome | Refusal, request: Request, snapshot: Snapshot) -> Outcome:
        """Return *found* as it leaves: a refusal in the contract's words, an outcome with its callbacks."""
        if isinstance(found, Refusal):
            return self.refuse(found, request.raw, self.plan(request.operation.route), snapshot)
        if not request.operation.callbacks:
            return found
        return with_callouts(
            found,
            request,
            generator=self.generator,
            seed=snapshot.seed or self.seed,
            by_default=self.options.callbacks,
        )

    def conclude(self, request: Request, result: object, snapshot: Snapshot = NO_SNAPSHOT) -> Outcome:
        """Return the outcome of what a handler gave."""
        plan, accept = self.plan(request.operation.route), request.raw.header("accept")
        stream = stream_of(request, snapshot.seed or self.seed)
        try:
            found = conclude(result, request, plan=plan, accept=accept, stream=stream)
        except ContractError as error:
            found = unusable(error)
        return self._told(found, request, snapshot)

    def refuse(
        self, refusal: Refusal, raw: RawRequest, plan: Plan | None = None, snapshot: Snapshot = NO_SNAPSHOT
    ) -> Outcome:
        """Return the outcome that tells *refusal*; without *plan*, in words for the contract as a whole."""
        settings, fixtures = self._settings(snapshot), self.fixtures
        return refuse(
            refusal,
            fixtures=fixtures if settings is fixtures.settings else replace(fixtures, settings=settings),
            plan=plan,
            accept=raw.header("accept"),
            realm=self.contract.name,
            manners=self.options.manners,
        )

    def refuse_beside(self, unknown: Refusal, raw: RawRequest) -> Outcome:
        """Return the outcome at a path that the contract does not have, which *unknown* tells."""
        known = refusal_beside(
            raw, schemes=self.contract.security_schemes, fixtures=self.fixtures, realm=self.contract.name
        )
        return self.refuse(known or unknown, raw)

    def _settings(self, snapshot: Snapshot) -> Mapping[str, JsonValue]:
        """Return the switches in force in a session: its own over those of the fixtures."""
        changed = snapshot.settings.get(self.contract.name)
        return {**self.fixtures.settings, **changed} if changed else self.fixtures.settings

    def plan(self, route: Route) -> Plan:
        """Return what is compiled for *route*; raises `ContractError` when the operation cannot be used."""
        key = (route.path, route.method)
        if key not in self.plans:
            operation, handler = self.contract.operation(route), self.handlers.get(route.operation_id)
            self.plans[key] = compile_plan(
                operation,
                contract=self.contract,
                fixtures=self.fixtures,
                generator=self.generator,
                judges=judges_of(handler),
                # A handler refuses for itself, and in its own words.
                requirements=self.fixtures.requirements(operation) if handler is None else (),
                manners=self.options.manners,
            )
        return self.plans[key]

    def _handler(self, request: Request) -> Handler | None:
        name, asked = request.operation.operation_id, request.preferences
        if name not in self.handlers or forces(asked):
            return None
        if name not in self.adapted:
            self.adapted[name] = adapt_handler(self.handlers[name], request.operation)
        return self.adapted[name]

    async def _later(self, request: Request, result: Awaitable[object], snapshot: Snapshot) -> Outcome:
        try:
            found = await result
        except Exception as error:  # noqa: BLE001 -- a user's function may raise anything
            return self._failed(request, error)
        return self.conclude(request, found, snapshot)

    def _failed(self, request: Request, error: Exception) -> Outcome:
        self.on_failure(request, error)
        return self.refuse(failed(request), request.raw, self.plan(request.operation.route))
