"""The catalogue of a contract as requests: each scenario in each way, on each operation it can happen to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from locum.behaviour import StandIn
from locum.behaviour.calls import Call, compose
from locum.behaviour.derived import derived_scenarios
from locum.behaviour.plans import Plan
from locum.behaviour.scenarios import Natural, Scenario
from locum.catalog import Entry
from locum.errors import ContractError
from locum.generation import Generator

__all__ = ["Play", "Way", "catalogue", "list_plays"]


class Way(StrEnum):
    """How a scenario is brought about."""

    NATURAL = "natural"
    FORCED = "forced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One scenario in one way on one operation.

    *call* is what is sent, *usual* the same request without the scenario; *natural* tells of the session.
    """

    scenario: Scenario
    way: Way
    plan: Plan
    call: Call
    usual: Call
    natural: Natural

    @property
    def operation_id(self) -> str:
        """The operation that is called."""
        return self.plan.operation.operation_id

    @property
    def is_usual(self) -> bool:
        """Whether the reply is the usual one but for what is done to it."""
        force = self.scenario.force
        is_done = force is not None and not (force.cause or force.status or force.clock)
        return self.way is Way.FORCED and is_done


def catalogue(entry: Entry) -> list[tuple[Scenario, list[Play]]]:
    """Return every scenario of *entry*, each with its plays; operations that cannot be used have none."""
    stand_in = StandIn(
        contract=entry.contract, generator=Generator(), fixtures=entry.fixtures, handlers=entry.handlers
    )
    plans = dict(_usable(stand_in))
    own = [(each, list(list_plays(each, plans, stand_in))) for each in entry.fixtures.scenarios]
    derived = [
        (each, list(list_plays(each, plans, stand_in)))
        for plan in plans.values()
        for each in derived_scenarios(plan, contract=entry.contract, fixtures=entry.fixtures)
    ]
    return own + derived


def _usable(stand_in: StandIn) -> Iterator[tuple[str, Plan]]:
    for route in stand_in.contract.routes:
        try:
            plan = stand_in.plan(route)
            _ = plan.checker
        except ContractError:
            continue
        yield route.operation_id, plan


def list_plays(scenario: Scenario, plans: dict[str, Plan], stand_in: StandIn) -> Iterator[Play]:
    """Yield the plays of *scenario* for which a request can be made."""
    for natural in scenario.naturals:
        plan = plans.get(natural.operation)
        call = _composed(natural, plan, stand_in)
        if plan is not None and call is not None:
            yield Play(scenario=scenario, way=Way.NATURAL, plan=plan, call=call, usual=call, natural=natural)
    if scenario.force is None:
        return
    for name, plan in plans.items():
        if not scenario.speaks_of(name):
            continue
        natural = scenario.request or Natural(operation=name)
        usual = _composed(natural, plan, stand_in)
        if usual is not None and natural.operation == name:
            call = usual.with_header("Prefer", _preference(scenario))
            yield Play(scenario=scenario, way=Way.FORCED, plan=plan, call=call, usual=usual, natural=natural)


def _composed(natural: Natural, plan: Plan | None, stand_in: StandIn) -> Call | None:
    if plan is None:
        return None
    return compose(
        natural,
        plan.operation,
        contract=stand_in.contract,
        fixtures=stand_in.fixtures,
        generator=stand_in.generator,
    )


def _preference(scenario: Scenario) -> str:
    return f"code={scenario.status}" if scenario.is_derived else f"scenario={scenario.name}"
