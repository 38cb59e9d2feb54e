"""Finds out whether a scenario is to be played on a request, and whether its caller has called too often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from locum.behaviour.activations import Activation, due
from locum.behaviour.causes import Cause
from locum.behaviour.changes import Change, CountCall, CountRequest
from locum.behaviour.forcing import Stage, play_scenario, rank
from locum.behaviour.model import Fixtures, Outcome, RawRequest, Refusal
from locum.behaviour.plans import Plan
from locum.behaviour.rate_limits import Window, count_call
from locum.behaviour.refusals import refuse
from locum.behaviour.scenarios import Scenario, find_scenario
from locum.behaviour.session import Snapshot
from locum.behaviour.world import World
from locum.contract.delimiting import StyleError, decode
from locum.contract.model import Route
from locum.contract.styles import read_pairs
from locum.generation.streams import stable_seed

__all__ = ["NO_CUE", "Cue", "cue", "limited"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """The scenario that a request is to meet, if any; *refusal* tells of one that nobody knows."""

    scenario: Scenario | None = None
    why: str = ""
    draw: str = ""
    until: datetime | None = None
    changes: tuple[Change, ...] = ()
    refusal: Refusal | None = None

    def without(self, raw: RawRequest) -> RawRequest:
        """Return *raw* without the query parameters that the scenario ignores."""
        ignored = self.scenario.force.ignored if self.scenario and self.scenario.force else frozenset()
        if not ignored or not raw.query:
            return raw
        pairs = [(name, text) for name, text in read_pairs(raw.query) if _decoded(name) not in ignored]
        return replace(raw, query="&".join(f"{name}={text}" for name, text in pairs))

    def moved(self, snapshot: Snapshot) -> Snapshot:
        """Return *snapshot* with its clock at the instant the scenario names, if it names one."""
        clock = self.scenario.force.clock if self.scenario and self.scenario.force else None
        return replace(snapshot, now=clock) if clock else snapshot

    def play(  # noqa: PLR0913 -- everything a decision depends on is an argument
        self, usual: Outcome, raw: RawRequest, plan: Plan, *, fixtures: Fixtures, realm: str, now: datetime
    ) -> Outcome:
        """Return the outcome of *raw*, whose usual one is *usual*; what was counted is among its changes."""
        outcome = usual
        if self.scenario is not None:
            stage = Stage(
                raw=raw,
                plan=plan,
                fixtures=fixtures,
                realm=realm,
                now=now,
                why=self.why,
                stream=stable_seed(self.scenario.id, raw.path, raw.query),
                draw=self.draw,
                until=self.until,
            )
            outcome = play_scenario(self.scenario, usual, stage)
        return replace(outcome, changes=(*outcome.changes, *self.changes)) if self.changes else outcome


NO_CUE: Final = Cue()


def cue(
    asked: str | None, scenarios: Iterable[Scenario], route: Route, *, contract: str, snapshot: Snapshot
) -> Cue:
    """Return the cue of a request: the scenario it *asked* for, else the first that is due on its session."""
    known, operation = tuple(scenarios), route.operation_id
    if asked is not None:
        return _asked(asked, known, operation, session=snapshot.session)
    hit, looked = due(
        snapshot.activations,
        contract=contract,
        operation_id=operation,
        session=snapshot.session,
        now=snapshot.now,
    )
    changes = tuple(
        CountRequest(contract=each.contract, scenario=each.scenario, is_hit=is_hit) for each, is_hit in looked
    )
    found = find_scenario(known, hit.scenario) if hit else None
    if hit is None or not isinstance(found, Scenario):
        return Cue(changes=changes)
    return Cue(
        scenario=found,
        why=_reason(hit, snapshot.session),
        draw=f"{snapshot.seed}/{snapshot.session}/{hit.pattern.seed}/{hit.seen}",
        until=hit.pattern.until,
        changes=changes,
    )


def _reason(hit: Activation, session: str) -> str:
    most = "" if hit.pattern.times is None else f" of {hit.pattern.times}"
    return f"activated on session {session}: request {hit.seen + 1}, hit {hit.fired + 1}{most}"


def _asked(asked: str, known: tuple[Scenario, ...], operation: str, *, session: str) -> Cue:
    found = find_scenario(known, asked)
    if isinstance(found, Scenario) and found.speaks_of(operation):
        return Cue(scenario=found, why="asked for", draw=f"asked/{session}/{operation}")
    if isinstance(found, Scenario):
        told = f"it speaks of {', '.join(sorted(found.operations))}, not of {operation}"
    else:
        told = f"did you mean {found!r}?" if found else "`locum scenarios` lists those that there are"
    detail = f"scenario {asked[:60]!r} is not known here; {told}"
    return Cue(refusal=Refusal(cause=Cause.UNKNOWN_PREFERENCE, status=404, detail=detail))


def limited(  # noqa: PLR0913 -- everything a decision depends on is an argument
    usual: Outcome,
    raw: RawRequest,
    plan: Plan,
    *,
    fixtures: Fixtures,
    contract: str,
    world: World,
    windows: Mapping[str, Window],
) -> Outcome:
    """Return *usual* with the headers of the rate limits that hold, or the refusal of a call too many."""
    if not fixtures.rate_limits or _is_earlier(usual):
        return usual
    verdict = plan.authorize(raw)
    known = () if isinstance(verdict, Refusal) else verdict.identity.credentials
    count = count_call(
        fixtures.rate_limits,
        contract=contract,
        caller=",".join(each.id for each in known),
        now_s=world.now.timestamp(),
        windows=windows,
        settings=world.settings,
    )
    if count.wait_s:
        detail = f"too many calls; the next is let through in {count.wait_s} s"
        wait = (("Retry-After", str(count.wait_s)),)
        refusal = Refusal(cause=Cause.RATE_LIMITED, status=429, detail=detail, headers=wait)
        usual = refuse(
            refusal,
            fixtures=fixtures,
            plan=plan,
            accept=raw.header("accept"),
            stream=stable_seed("limited", raw.path),
            realm=contract,
        )
    if not count.headers and not count.counted:
        return usual
    named = {name for name, _ in count.headers}
    kept = tuple(pair for pair in usual.reply.headers if pair[0].lower() not in named)
    reply = replace(usual.reply, headers=(*kept, *count.headers))
    counting = tuple(CountCall(key=key, start=start) for key, start in count.counted)
    return replace(usual, reply=reply, changes=(*usual.changes, *counting))


def _is_earlier(usual: Outcome) -> bool:
    return usual.refusal is not None and rank(usual.refusal.cause) < rank(Cause.RATE_LIMITED)


def _decoded(text: str) -> str:
    try:
        return decode(text)
    except StyleError:
        return text
