"""The entry point: finds the verb, and turns every error of the tree into a text and an exit code."""

from __future__ import annotations

import errno
import importlib
import logging
import os
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Never

import click

from locum.cli.narration import narrate
from locum.cli.staying import made_to_stay
from locum.errors import (
    ContractError,
    Diagnostic,
    FixtureError,
    GenerationError,
    LocumError,
    SettingsError,
    UnreachableError,
    nearest,
)

__all__ = ["VERBS", "ExitCode", "Verb", "main"]


class ExitCode:
    """What the process says when it ends."""

    KEPT: Final = 0
    BROKEN: Final = 1
    MISUSE: Final = 2
    UNREACHABLE: Final = 3


@dataclass(frozen=True, slots=True)
class Verb:
    """A command: where it lives as `module:name`, and what the overview says of it."""

    target: str
    summary: str


#: `locum --help` reads this table and imports none of the modules.
VERBS: Final[Mapping[str, Verb]] = {
    "serve": Verb("locum.cli.serve:serve", "Stand in for APIs: built-in ones by name, yours by document."),
    "mock": Verb("locum.cli.mock:mock", "Stand in for one API with the flags and manners of Prism."),
    "proxy": Verb(
        "locum.cli.proxy:proxy", "Stand between clients and a real API, and check both by a document."
    ),
    "scenarios": Verb("locum.cli.scenarios:scenarios", "List what can be made to go wrong, and prove it."),
    "verify": Verb("locum.cli.verify:verify", "Hold a running server to a contract, and say what it breaks."),
    "compare": Verb("locum.cli.compare:compare", "Tell where the mock and the real server differ."),
    "rules": Verb("locum.cli.rules:rules", "Propose rules that the schemas of a document cannot say."),
    "check": Verb("locum.cli.check:check", "Tell everything that is wrong with a document."),
}

#: The command line of httpx, which comes with httpx and brings rich and pygments: a twentieth of a start.
#: httpx itself does without it where they are not installed; to whoever imports one, it is not there.
_UNUSED: Final = ("httpx._main",)

_EXIT_CODES: Final[Mapping[type[LocumError], int]] = {
    ContractError: ExitCode.MISUSE,
    FixtureError: ExitCode.MISUSE,
    SettingsError: ExitCode.MISUSE,
    GenerationError: ExitCode.BROKEN,
    UnreachableError: ExitCode.UNREACHABLE,
}


class _Verbs(click.Group):
    """A group whose commands are named by a table and imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- the signature is click's
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = VERBS.get(cmd_name)
        if verb is None:
            close = nearest(cmd_name, VERBS)
            hint = f"did you mean `{close}`?" if close else f"verbs: {', '.join(VERBS)}"
            raise click.UsageError(f"there is no verb `{cmd_name}`; {hint}", ctx)
        module, _, name = verb.target.partition(":")
        for unused in _UNUSED:
            sys.modules.setdefault(unused, None)  # type: ignore[arg-type]  # what says "not there" to imports
        with made_to_stay():
            command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- the signature is click's
        with formatter.section("Commands"):
            formatter.write_dl([(name, verb.summary) for name, verb in VERBS.items()])


@click.group(cls=_Verbs, epilog="\b\nExample:\n  locum serve their-api.yaml --port 8080")
@click.version_option(package_name="locum", message="locum %(version)s")
def _locum() -> None:
    """Stand in for real APIs: an OpenAPI document in, a contract-valid server out."""


def main() -> Never:
    """Run the command line and end the process. Exit codes: 0 kept, 1 broken, 2 misuse, 3 unreachable."""
    if not sys.warnoptions:
        # What libraries warn of each other is nothing a user can mend; `-W` and `-X dev` show it.
        warnings.simplefilter("ignore")
    # It tells of every function that failed; what that means for a rule is told by a verdict.
    logging.getLogger("cel").setLevel(logging.CRITICAL)
    try:
        _run()
    except LocumError as error:
        narrate(error.diagnostics)
        sys.exit(_EXIT_CODES.get(type(error), ExitCode.BROKEN))
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        narrate(_told(error))
        sys.exit(ExitCode.BROKEN)
    sys.exit(ExitCode.KEPT)


def _run() -> None:
    """Run the verb, and write what Python would only write when nobody can tell of a failure any more."""
    try:
        _locum.main(prog_name="locum")
    finally:
        try:
            if sys.stdout is not None:  # closed by whoever started this, as by `>&-`
                sys.stdout.flush()
        except OSError:
            # What is left cannot be written; Python would try once more at the end, and complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise


def _told(error: Exception) -> list[Diagnostic]:
    """Return what is to be said of a failure: nothing where the reader of a pipe has gone."""
    if isinstance(error, BrokenPipeError):
        return []
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return [_no_room(error)]
    return [_fault_of_ours(error)]


def _no_room(error: OSError) -> Diagnostic:
    place = f": {error.filename}" if error.filename else ""
    return Diagnostic(
        code="cli.no-room", message=f"there is no room to write to{place}", hint="free some space on the disk"
    )


def _fault_of_ours(error: Exception) -> Diagnostic:
    return Diagnostic(
        code="cli.internal",
        message=f"this is a fault of locum: {type(error).__name__}: {error}",
        hint="please report it with the document; `python -X dev -m locum …` shows where it happens",
    )
