"""The table of a bench: found by group, missed, false alarms, cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from bench_run import Trial
from table import GROUPS, faults, variants


def table(trials: Sequence[Trial]) -> str:
    """Return everything worth knowing about *trials* as text."""
    return "\n".join([*_groups(trials), "", *_confidences(trials), "", *_costs(trials), "", *_lists(trials)])


def shortfalls(trials: Sequence[Trial], at_least: Mapping[str, str]) -> list[str]:
    """Return a line for each false alarm and for each group that fell short of its percentage."""
    short = [f"false alarm: {trial.subject.label} ({trial.verdict})" for trial in false_alarms(trials)]
    for group, percent in at_least.items():
        here = _of_group(trials, group)
        found = sum(is_found(trial, trials) for trial in here)
        if here and found * 100 < float(percent) * len(here):
            short.append(f"group {group}: {found} of {len(here)} found, at least {percent} % are demanded")
    return short


def is_found(trial: Trial, trials: Sequence[Trial]) -> bool:
    """Tell whether the tool raised an alarm, and one that it does not raise on the reference."""
    reference = [
        each
        for each in trials
        if each.subject.kind == "reference"
        and (each.subject.contract, each.subject.seed) == (trial.subject.contract, trial.subject.seed)
    ]
    known = frozenset[str]().union(*(each.findings for each in reference))
    is_quiet = all(each.exit_code == 0 for each in reference)
    return trial.exit_code == 1 and (is_quiet or bool(trial.findings - known))


def false_alarms(trials: Sequence[Trial]) -> list[Trial]:
    """Return the references and variants on which the tool was not silent: a warning is an alarm as well."""
    right = (trial for trial in trials if trial.subject.kind != "fault")
    return [trial for trial in right if trial.exit_code != 0 or trial.warnings]


def is_told(trial: Trial, trials: Sequence[Trial]) -> bool:
    """Tell whether the tool found a fault, or at least warned of it."""
    return is_found(trial, trials) or (trial.exit_code == 0 and bool(trial.warnings))


def _of_group(trials: Sequence[Trial], group: str) -> list[Trial]:
    """Return the trials of a group, without the faults that break nothing but what is assumed."""
    assumed = {fault.id for fault in faults() if fault.confidence == "ASSUMED"}
    return [
        trial
        for trial in trials
        if trial.subject.kind == "fault" and trial.subject.id[0] == group and trial.subject.id not in assumed
    ]


def _groups(trials: Sequence[Trial]) -> Iterator[str]:
    contracts = sorted({trial.subject.contract for trial in trials})
    yield "| found | " + " | ".join(contracts) + " | all |"
    yield "|---" * (len(contracts) + 2) + "|"
    for group, name in GROUPS.items():
        here = _of_group(trials, group)
        cells = [[trial for trial in here if trial.subject.contract == contract] for contract in contracts]
        yield f"| {group} {name} | " + " | ".join(_share(cell, trials) for cell in [*cells, here]) + " |"
    every = [trial for group in GROUPS for trial in _of_group(trials, group)]
    cells = [[trial for trial in every if trial.subject.contract == contract] for contract in contracts]
    yield "| all but assumed | " + " | ".join(_share(cell, trials) for cell in [*cells, every]) + " |"


def _share(here: Sequence[Trial], trials: Sequence[Trial]) -> str:
    found = sum(is_found(trial, trials) for trial in here)
    warned = sum(is_told(trial, trials) for trial in here) - found
    also = f", {warned} warned of" if warned else ""
    return f"{found} of {len(here)} ({100 * found // len(here)} %){also}" if here else "-"


def _confidences(trials: Sequence[Trial]) -> Iterator[str]:
    sureness = {fault.id: fault.confidence for fault in faults()}
    yield "| found by how sure the fault is | |"
    yield "|---|---|"
    for word in sorted(set(sureness.values())):
        here = [each for each in trials if each.subject.kind == "fault" and sureness[each.subject.id] == word]
        if here:
            yield f"| {word} | {_share(here, trials)} |"


def _costs(trials: Sequence[Trial]) -> Iterator[str]:
    yield "| contract | calls on the reference | seconds, median | of processor time, median |"
    yield "|---|---|---|---|"
    for contract in sorted({each.subject.contract for each in trials if each.subject.kind != "fault"}):
        right = [
            each for each in trials if each.subject.contract == contract and each.subject.kind != "fault"
        ]
        calls = [trial.calls for trial in right if trial.subject.kind == "reference"]
        took, spent = ([getattr(each, name) for each in right] for name in ("took_s", "spent_s"))
        yield f"| {contract} | {', '.join(map(str, calls))} | {median(took):.1f} | {median(spent):.1f} |"


def _lists(trials: Sequence[Trial]) -> Iterator[str]:
    missed = [trial for trial in trials if trial.subject.kind == "fault" and not is_told(trial, trials)]
    told = {fault.id: f"{fault.rests}: {fault.says}" for fault in faults()}
    told |= {variant.id: variant.says for variant in variants()}
    yield f"missed: {len(missed)}"
    for trial in missed:
        yield f"  {trial.subject.id:5} {trial.subject.contract:13} {trial.verdict:9} {told[trial.subject.id]}"
    alarms = false_alarms(trials)
    yield f"false alarms: {len(alarms)}"
    for trial in alarms:
        said = told.get(trial.subject.id, "the reference")
        yield f"  {trial.subject.label:30} {trial.verdict:9} {said}"
        yield from (f"      {finding}" for finding in sorted(trial.findings | trial.warnings))
        if trial.said:
            yield f"      {trial.said.strip()[-200:]!r}"
