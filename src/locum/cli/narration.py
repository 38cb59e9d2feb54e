"""How diagnostics are shown to a person: short paths, colour on a terminal only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from locum.errors import Diagnostic, Severity

__all__ = ["narrate", "shortened", "shown_path"]

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}


def shortened(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics with paths below the current folder made relative to it."""
    return tuple(_shortened(each) for each in diagnostics)


def narrate(diagnostics: Iterable[Diagnostic], *, err: bool = True) -> None:
    """Print diagnostics, in colour on a terminal unless `NO_COLOR` says no (no-color.org)."""
    is_coloured = False if os.environ.get("NO_COLOR") else None
    for each in shortened(diagnostics):
        colour = _COLOURS[each.severity]
        text = str(each).replace(
            f"{each.severity}: ", click.style(each.severity.value, fg=colour, bold=True) + ": ", 1
        )
        click.echo(text, err=err, color=is_coloured)


def shown_path(path: str) -> str:
    """Return *path* relative to the current folder when it is below it."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path


def _shortened(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, where=replace(diagnostic.where, file=shown_path(diagnostic.where.file)))
