"""`locum verify`: holds a running server to a contract, and says what it breaks."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

import click
from rich.console import Console

from locum.behaviour.calls import Call
from locum.catalog import Reading, load
from locum.cli.known_failures import with_known
from locum.cli.narration import narrate
from locum.cli.verdict_lines import Progress, tell_report
from locum.cli.verify_options import options
from locum.cli.verify_words import (
    read_header,
    read_instant,
    read_outputs,
    read_rate,
    see_writable,
    write_reports,
)
from locum.errors import Diagnostic, LocumError, SettingsError, UnreachableError, nearest
from locum.verify.baseline import read_baseline
from locum.verify.bench import Profile, SuiteEntry
from locum.verify.engine import StoppedError, Subject, run
from locum.verify.events import Event
from locum.verify.model import ExitCode, Finding, id_of, is_id
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare, redaction_of
from locum.verify.reports import prepared
from locum.verify.selection import Choice, read_shard
from locum.verify.target import Limits, Target

__all__ = ["verify"]

_EXAMPLE: Final = (
    "\b\nExample:\n  locum verify openapi.yaml --url https://staging.example.com/v1 --credentials keys.yaml"
)
_POLL_S: Final = 0.2
#: The words of the command line by name, as click has checked them.
Words: TypeAlias = Mapping[str, Any]


@click.command(epilog=_EXAMPLE)
@click.argument("contract", metavar="DOCUMENT|NAME")
@options
def verify(contract: str, *, replay: str | None, reports: Sequence[str], **words: Any) -> None:  # noqa: ANN401 -- click has checked them
    """Hold the server at --url to a contract: a document of yours, or a built-in one by name.

    Reads only, unless --allow-writes. Exit code 0: kept; 1: new failures; 2: nothing could be tested;
    3: only known failures that have expired; 130: interrupted.
    """
    # An expression that cannot be evaluated is told in the report; the library tells of it as well.
    logging.getLogger("cel").setLevel(logging.CRITICAL)
    try:
        code = _verified(contract, replay, read_outputs(reports), words)
    except LocumError as error:
        narrate(error.diagnostics)
        code = ExitCode.COULD_NOT_TEST
    sys.exit(code)


def _verified(contract: str, replay: str | None, outputs: Sequence[tuple[str, str]], words: Words) -> int:
    suites = _suites(words["suites"])
    if replay is not None:
        _insist_on_id(replay, words["baseline"])
    entry = load(contract, _reading(words))
    wish = _wish(words)
    subject = prepare(entry, wish)
    see_writable(outputs)
    _wait_for(subject.target, words["wait"])
    with Progress(Console(stderr=True, quiet=words["quiet"])) as progress:
        if replay is not None:
            return _replayed(subject, suites, replay, progress)
        report = run(subject, suites, JUDGES, [progress])
    report = with_known(
        report,
        words["baseline"],
        updates=words["baseline_update"],
        prunes=words["baseline_prune"],
        environment=os.environ,
        today=datetime.now(UTC).date(),
    )
    write_reports(outputs, report, redaction_of(subject))
    return report.exit_code


def _insist_on_id(wanted: str, file: Path | None) -> None:
    """Raise `SettingsError` for what no finding was ever called, with the nearest that *file* knows."""
    if is_id(wanted):
        return
    known = [id_of(each.finding) for each in read_baseline(file).known] if file is not None else []
    close = nearest(wanted, known)
    hint = f"did you mean `{close}`?" if close else "the report of a run tells the id of each finding"
    told = f"no finding is called `{wanted}`"
    raise SettingsError(Diagnostic(code="verify.unknown-finding", message=told, hint=hint))


def _replayed(subject: Subject, suites: Sequence[SuiteEntry], wanted: str, progress: Progress) -> int:
    """Run until the finding *wanted* is there again, and say whether it is."""
    found: list[Finding] = []

    def look(event: Event) -> None:
        for each in event.result.findings if event.result is not None else ():
            if each.id == wanted:
                found.append(each)
                raise StoppedError

    report = run(subject, suites, JUDGES, [progress, look])
    redaction = redaction_of(subject)
    if found:
        told = replace(report, findings=tuple(found), untested=())
        tell_report(prepared(told, redaction, folder=str(Path.cwd())), Console())
        return ExitCode.NEW_FAILURES
    if report.obstacle or report.interrupted:
        tell_report(prepared(report, redaction, folder=str(Path.cwd())), Console())
        return ExitCode.INTERRUPTED if report.interrupted else ExitCode.COULD_NOT_TEST
    click.echo(f"{wanted} is not there any more")
    return ExitCode.KEPT


def _suites(names: Sequence[str]) -> tuple[SuiteEntry, ...]:
    """Return the suites of these names, all of them without any; raises `SettingsError` for a strange one."""
    known = [each.name for each in SUITES]
    for name in names:
        if name not in known:
            close = nearest(name, known)
            hint = f"did you mean `{close}`?" if close else f"known: {', '.join(known)}"
            told = f"there is no suite `{name}`"
            raise SettingsError(Diagnostic(code="verify.unknown-suite", message=told, hint=hint))
    return tuple(each for each in SUITES if not names or each.name in names)


def _reading(words: Words) -> Reading:
    return Reading(
        fixtures=words["fixtures"], root=words["root"], allow_remote_refs=words["allow_remote_refs"]
    )


def _wish(words: Words) -> Wish:
    base = load(words["only_changed"], _reading(words)).contract if words["only_changed"] else None
    return Wish(
        url=words["url"],
        profile=Profile(words["profile"]),
        seed=words["seed"],
        credentials=words["credentials"],
        values=words["values"],
        headers=tuple(read_header(text) for text in words["headers"]),
        limits=Limits(
            timeout_s=words["timeout"],
            per_s=read_rate(words["rate_limit"]) if words["rate_limit"] else None,
            requests=words["max_requests"],
            seconds=words["max_time"],
            is_verified=not words["insecure"],
        ),
        choice=Choice(
            include=tuple(words["include"]),
            exclude=tuple(words["exclude"]),
            shard=read_shard(words["shard"]) if words["shard"] else None,
            base=base,
        ),
        allow_writes=words["allow_writes"],
        is_strict=words["strict"],
        has_assumptions=words["assumptions"],
        now=read_instant(words["now"]) if words["now"] else None,
        environment=os.environ,
    )


def _wait_for(target: Target, seconds: float) -> None:
    """Wait until something answers at all; raises `UnreachableError` when nothing does in time."""
    ends = time.monotonic() + seconds
    while True:
        step = target.send(Call(method="GET", path="/"))
        if step.received is not None:
            return
        if time.monotonic() >= ends:
            fault = Diagnostic(
                code="verify.unreachable",
                message=f"nothing answers at {target.url}: {step.failure}",
                hint="start the server first; `--wait 30` waits for one that is starting",
            )
            raise UnreachableError(fault)
        time.sleep(_POLL_S)
