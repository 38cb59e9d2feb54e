"""Reads `scenarios.yaml`, which says beside a document what can go wrong and which request leads there.

The format is in `scenario_sheet.py`; `behaviour/scenarios.py` and `behaviour/faults.py` say what it means.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any, Final, NamedTuple

from locum.behaviour.activations import Pattern
from locum.behaviour.causes import Cause
from locum.behaviour.edits import Edit, EditKind
from locum.behaviour.faults import Cut, Delay, Distribution, Ending, Fault, Spoil
from locum.behaviour.scenarios import Force, Natural, Pace, Scenario
from locum.catalog.scenario_sheet import SCENARIOS_SCHEMA
from locum.catalog.sheet import Fault as Blemish
from locum.catalog.sheet import read_sheet
from locum.errors import nearest

__all__ = ["Scenarios", "common_scenarios", "read_pattern", "read_scenarios"]

_COMMON: Final = "common_scenarios.yaml"
_CONVERSIONS: Final = ("string", "number", "upper", "lower")


class Scenarios(NamedTuple):
    """What a sheet says: scenarios, and by operation what makes a request that is answered well."""

    scenarios: tuple[Scenario, ...]
    calls: Mapping[str, Natural]


def read_scenarios(
    content: bytes,
    *,
    file: str,
    contract: str,
    operations: Collection[str] | None = None,
    credentials: Collection[str] = (),
) -> Scenarios:
    """Return the scenarios that *content* of *file* lists, in order, and its calls.

    *operations* and *credentials* are the ids that may be named; `None` lets every operation be named.
    Raises `FixtureError` with every fault found, each with its line.
    """
    sheet = read_sheet(content, file=file, schema=SCENARIOS_SCHEMA)
    listed = sheet.value.get("scenarios", [])
    blemishes = [
        *_duplicates(listed),
        *_unknown_names(listed, operations, credentials),
        *_unknown_calls(sheet.value.get("calls", {}), operations, credentials),
        *_unusable_edits(listed),
    ]
    if blemishes:
        raise sheet.refusal(blemishes)
    return Scenarios(
        tuple(_scenario(each, contract) for each in listed),
        {name: _natural({**each, "operation": name}) for name, each in sheet.value.get("calls", {}).items()},
    )


def common_scenarios(contract: str) -> tuple[Scenario, ...]:
    """Return the scenarios that every contract has: what networks, proxies and servers do."""
    content = files(__package__).joinpath(_COMMON).read_bytes()
    return read_scenarios(content, file=_COMMON, contract=contract).scenarios


def _scenario(each: Mapping[str, Any], contract: str) -> Scenario:
    plain = {
        name: each[name] for name in ("id", "name", "title", "status", "source", "confidence") if name in each
    }
    return Scenario(
        **plain,
        contract=contract,
        operations=frozenset(each.get("operations", ())),
        naturals=tuple(_natural(one) for one in each.get("natural", ())),
        force=_force(each["force"]) if "force" in each else None,
        request=_natural(each["request"]) if "request" in each else None,
        pattern=read_pattern(each.get("pattern", {})),
    )


def _natural(each: Mapping[str, Any]) -> Natural:
    query = {name: _sent(value) for name, value in each.get("query", {}).items()}
    headers = {name.lower(): _text(value) for name, value in each.get("headers", {}).items()}
    pace = Pace(**each["pace"]) if "pace" in each else None
    return Natural(**{**each, "query": query, "headers": headers, "pace": pace})


def _sent(value: Any) -> str | tuple[str, ...] | None:  # noqa: ANN401 -- the schema has vouched for its shape
    return tuple(value) if isinstance(value, list) else _text(value)


def _text(value: str | float | None) -> str | None:
    return None if value is None else str(value)


def _force(each: Mapping[str, Any]) -> Force:
    made: dict[str, Any] = {
        **each,
        "headers": {name: str(value) for name, value in each.get("headers", {}).items()},
        "ignored": frozenset(each.get("ignored", ())),
        "edits": tuple(Edit(**{**one, "kind": EditKind(one["kind"])}) for one in each.get("edits", ())),
        "fault": _fault(each["fault"]) if "fault" in each else None,
        "cause": Cause(each["cause"]) if "cause" in each else None,
        "clock": _instant(each["clock"]) if "clock" in each else None,
    }
    return Force(**made)


def _fault(each: Mapping[str, Any]) -> Fault:
    made = {**each, "spoils": tuple(Spoil(word) for word in each.get("spoils", ()))}
    if "delay" in each:
        delay = each["delay"]
        made["delay"] = Delay(**{**delay, "distribution": Distribution(delay.get("distribution", "fixed"))})
    if "cut" in each:
        made["cut"] = Cut(each["cut"])
    if "ending" in each:
        made["ending"] = Ending(each["ending"])
    return Fault(**made)


def read_pattern(each: Mapping[str, Any]) -> Pattern:
    """Return the pattern that a mapping of the schema above says."""
    instants = {name: _instant(each[name]) for name in ("since", "until") if name in each}
    return Pattern(**{**each, **instants})


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.upper())


def _duplicates(listed: list[Mapping[str, Any]]) -> Iterator[Blemish]:
    for key in ("id", "name"):
        seen: set[str] = set()
        for index, each in enumerate(listed):
            word = each[key].lower()
            if word in seen:
                told = f"another scenario has the {key} `{each[key]}`"
                yield Blemish(f"duplicate-{key}", told, ("scenarios", index, key))
            seen.add(word)


def _unknown_names(
    listed: list[Mapping[str, Any]], operations: Collection[str] | None, credentials: Collection[str]
) -> Iterator[Blemish]:
    for index, each in enumerate(listed):
        steps = ("scenarios", index)
        named: list[tuple[tuple[str | int, ...], str]] = [
            ((*steps, "operations", at), name) for at, name in enumerate(each.get("operations", ()))
        ]
        for at, natural in enumerate(each.get("natural", ())):
            named.append(((*steps, "natural", at, "operation"), natural["operation"]))
            secret = natural.get("credential", "")
            if secret and secret not in credentials:
                yield _unknown("credential", secret, credentials, (*steps, "natural", at, "credential"))
        if operations is not None:
            for place, name in named:
                if name not in operations:
                    yield _unknown("operation", name, operations, place)


def _unknown_calls(
    calls: Mapping[str, Any], operations: Collection[str] | None, credentials: Collection[str]
) -> Iterator[Blemish]:
    for name, each in calls.items():
        if operations is not None and name not in operations:
            yield _unknown("operation", name, operations, ("calls", name))
        if each.get("credential") and each["credential"] not in credentials:
            yield _unknown("credential", each["credential"], credentials, ("calls", name, "credential"))


def _unknown(kind: str, name: str, known: Collection[str], steps: tuple[str | int, ...]) -> Blemish:
    close = nearest(name, known)
    hint = f"did you mean `{close}`?" if close else f"known: {', '.join(known) or 'none'}"
    return Blemish(f"unknown-{kind}", f"there is no {kind} `{name}`", steps, hint)


def _unusable_edits(listed: list[Mapping[str, Any]]) -> Iterator[Blemish]:
    for index, each in enumerate(listed):
        for at, one in enumerate(each.get("force", {}).get("edits", ())):
            steps = ("scenarios", index, "force", "edits", at)
            if one["kind"] == EditKind.CONVERT and one.get("to") not in _CONVERSIONS:
                hint = f"one of: {', '.join(_CONVERSIONS)}"
                yield Blemish("unknown-word", "`to` says no way of writing", steps, hint)
            if one["kind"] == EditKind.REPLACE:
                yield from _wrong_pattern(one, steps)


def _wrong_pattern(one: Mapping[str, Any], steps: tuple[str | int, ...]) -> Iterator[Blemish]:
    try:
        re.compile(one.get("pattern", ""))
    except re.error as error:
        yield Blemish("wrong-pattern", f"`pattern` is no regular expression: {error}", (*steps, "pattern"))
