"""What `--baseline`, `--baseline-update` and `--baseline-prune` do to a report and to their file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import click

from locum.cli.narration import narrate
from locum.errors import Diagnostic, SettingsError, Severity, Where
from locum.verify.baseline import apply, pruned, read_baseline, stale, updated, write_baseline
from locum.verify.model import Report

__all__ = ["with_known"]


def with_known(  # noqa: PLR0913 -- one for each flag, and what they need
    report: Report,
    file: Path | None,
    *,
    updates: bool,
    prunes: bool,
    environment: Mapping[str, str],
    today: date,
) -> Report:
    """Return *report* with what *file* knows told as known; the file is written where that is asked for.

    Raises `SettingsError` for a file that cannot be read, and for writing it in CI.
    """
    if file is None:
        if updates or prunes:
            flag = "--baseline-update" if updates else "--baseline-prune"
            fault = Diagnostic(
                code="baseline.no-file", message=f"{flag} needs a file", hint="name it with `--baseline FILE`"
            )
            raise SettingsError(fault)
        return report
    if not updates and not file.exists():
        narrate([_missing(file)])
    before = read_baseline(file)
    told = apply(report, before, today)
    after = pruned(before, told) if prunes else before
    after = updated(after, told) if updates else after
    if after is not before:
        write_baseline(after, environment)
        click.echo(f"{file}: {len(before.known)} known failures before, {len(after.known)} now", err=True)
    if not prunes:
        narrate(stale(told, before))
    return apply(report, after, today) if after is not before else told


def _missing(file: Path) -> Diagnostic:
    return Diagnostic(
        code="baseline.missing",
        message="there is no such file, so no failure is known",
        where=Where(file=str(file)),
        severity=Severity.WARNING,
        hint="`--baseline-update` writes it",
    )
