"""`locum check`: everything that is wrong with a document, in one reading."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from locum.catalog import Entry, Reading, attach_handlers, installed_handlers, load
from locum.catalog.rules import load_rules
from locum.cli.dispatch_hints import dispatch_hints
from locum.cli.faker_hints import faker_hints
from locum.cli.narration import narrate, shortened
from locum.cli.refusal_hints import refusal_hints
from locum.cli.resource_report import report_resources, tell_resources
from locum.cli.rule_proofs import prove_rules
from locum.cli.second_opinion import second_opinion
from locum.cli.trial import try_answers
from locum.contract.inspection import inspect_contract
from locum.errors import Diagnostic, LocumError, Severity, UnreachableError

__all__ = ["check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found in one document; *usable* counts operations, 0 for a document that cannot be read."""

    document: str
    operations: int = 0
    usable: int = 0
    readable: bool = True
    #: What a document that cannot be used ends with: 2, or 3 if it is not there.
    unusable: int = 2
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0 without errors, 1 with, 2 when the document cannot be used, 3 when there is none."""
        if not self.readable:
            return self.unusable
        return int(any(each.severity is Severity.ERROR for each in self.diagnostics))


@click.command(epilog="\b\nExample:\n  locum check their-api.yaml")
@click.argument("contracts", nargs=-1, required=True, metavar="DOCUMENT|NAME...")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--resources", is_flag=True, help="Tell the resources that a stateful stand-in keeps, and why.")
@click.option("--fixtures", type=click.Path(path_type=Path), metavar="DIR", help="Folder with contract.yaml.")
@click.option(
    "--root", type=click.Path(path_type=Path), metavar="DIR", help="Folder that references may not leave."
)
@click.option("--allow-remote-refs", is_flag=True, help="Follow http(s) references.")
@click.option(
    "--overlay",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Lay an OpenAPI overlay over the document.",
)
def check(  # noqa: PLR0913 -- one argument for each flag
    contracts: Sequence[str],
    *,
    as_json: bool,
    resources: bool,
    fixtures: Path | None,
    root: Path | None,
    allow_remote_refs: bool,
    overlay: tuple[Path, ...],
) -> None:
    """Tell everything that is wrong with documents, with place and hint.

    Exit code 0: nothing, or warnings only; 1: errors; 2: a document that cannot be used at all; 3: one that
    is not there.
    """
    reading = Reading(fixtures=fixtures, root=root, allow_remote_refs=allow_remote_refs, overlays=overlay)
    if resources:
        sys.exit(_resources(contracts, reading, as_json=as_json))
    verdicts = [_verdict(contract, reading) for contract in contracts]
    if as_json:
        click.echo(json.dumps([_as_json(verdict) for verdict in verdicts], indent=2))
    else:
        for verdict in verdicts:
            _tell(verdict)
    sys.exit(max(verdict.exit_code for verdict in verdicts))


def _resources(contracts: Sequence[str], reading: Reading, *, as_json: bool) -> int:
    """Tell what was recognised in each document; one that cannot be read is told as ever."""
    reports: list[object] = []
    code = 0
    for document in contracts:
        try:
            entry = load(document, reading)
        except LocumError as error:
            narrate(error.diagnostics)
            code = max(code, _code_of(error))
            continue
        if as_json:
            reports.append({"document": document, **report_resources(entry)})
        else:
            click.echo("\n".join(tell_resources(document, entry)))
    if as_json:
        click.echo(json.dumps(reports, indent=2))
    return code


def _verdict(document: str, reading: Reading) -> Verdict:
    try:
        entry = load(document, reading)
    except LocumError as error:
        return Verdict(
            document=document,
            readable=False,
            unusable=_code_of(error),
            diagnostics=shortened(error.diagnostics),
        )
    own, trial = inspect_contract(entry.contract), try_answers(entry.contract)
    told = (
        *entry.warnings,
        *own,
        *(each for each in trial.diagnostics if each not in own),
        *faker_hints(entry.contract),
        *dispatch_hints(entry.contract),
        *refusal_hints(entry.contract),
        *_rules(entry),
    )
    return Verdict(
        document=document,
        operations=len(entry.contract.routes),
        usable=trial.usable,
        diagnostics=shortened((*told, *second_opinion(entry.contract, own))),
    )


def _code_of(error: LocumError) -> int:
    """Return the exit code of a document that cannot be loaded."""
    return 3 if isinstance(error, UnreachableError) else 2


def _rules(entry: Entry) -> tuple[Diagnostic, ...]:
    """Return what is wrong with the rules of a contract, and what of them cannot be proven."""
    try:
        rules = load_rules(entry)
    except LocumError as error:
        return error.diagnostics
    (whole,), _ = attach_handlers([entry], installed_handlers([entry.name]))
    return (*rules.diagnostics, *prove_rules(whole, rules))


def _tell(verdict: Verdict) -> None:
    narrate(verdict.diagnostics, err=False)
    click.echo(_summary(verdict))


def _summary(verdict: Verdict) -> str:
    if not verdict.readable:
        return f"{verdict.document}: not usable"
    counts = Counter(each.severity for each in verdict.diagnostics)
    told = ", ".join(_count(counts[severity], severity.value) for severity in Severity if counts[severity])
    operations = f"{_count(verdict.operations, 'operation')}, {verdict.usable} usable"
    return f"{verdict.document}: {operations}, {told or 'nothing to mend'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _as_json(verdict: Verdict) -> dict[str, object]:
    told = asdict(verdict)
    del told["unusable"]
    return {**told, "exit_code": verdict.exit_code}
