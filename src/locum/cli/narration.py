"""How diagnostics are shown to a person: short paths, colour on a terminal only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from locum.errors import Diagnostic, Severity

__all__ = ["narrate", "shortened"]

_COLOURS: Final = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.HINT: "cyan"}


def shortened(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return the diagnostics with paths below the current folder made relative to it."""
    here = Path.cwd()
    return tuple(_shortened(each, here) for each in diagnostics)


def narrate(diagnostics: Iterable[Diagnostic], *, err: bool = True) -> None:
    """Print diagnostics; click takes the colour away where nobody would see it."""
    for each in shortened(diagnostics):
        colour = _COLOURS[each.severity]
        text = str(each).replace(
            f"{each.severity}: ", click.style(each.severity.value, fg=colour, bold=True) + ": ", 1
        )
        click.echo(text, err=err)


def _shortened(diagnostic: Diagnostic, here: Path) -> Diagnostic:
    path = Path(diagnostic.where.file)
    if not path.is_absolute() or not path.is_relative_to(here):
        return diagnostic
    return replace(diagnostic, where=replace(diagnostic.where, file=str(path.relative_to(here))))
