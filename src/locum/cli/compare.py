"""`locum compare`: one plan on the mock and on the real server, and where they differ."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from locum.catalog import Entry, Reading, load
from locum.cli.known_failures import with_known
from locum.cli.narration import narrate, shown_path
from locum.cli.proving import own_server
from locum.cli.verify_words import (
    read_header,
    read_outputs,
    read_rate,
    see_writable,
    write_file,
    write_reports,
)
from locum.errors import Diagnostic, LocumError, SettingsError
from locum.verify.fidelity import (
    Played,
    Recording,
    played,
    propose,
    read_recording,
    refusal_edits,
    write_recording,
)
from locum.verify.fidelity import compare as compared
from locum.verify.model import ExitCode
from locum.verify.preparing import Wish, prepare, redaction_of
from locum.verify.reports import WRITERS
from locum.verify.selection import Choice
from locum.verify.target import Limits

__all__ = ["compare"]

_PATH: Final = click.Path(path_type=Path)


@click.command(
    epilog="\b\nExample:\n  locum compare openapi.yaml --url https://staging.example.com/v1 --save real.json"
)
@click.argument("contract", metavar="DOCUMENT|NAME")
@click.option("--url", help="Base address of the real server, without the contract's paths.")
@click.option("--against", type=_PATH, metavar="FILE", help="Answers kept by --save, instead of a server.")
@click.option("--save", type=_PATH, metavar="FILE", help="Keep the real answers, secrets left out.")
@click.option(
    "--update",
    type=_PATH,
    metavar="FILE",
    help="Write what contract and fixtures should say, as a patch.",
)
@click.option("--include", multiple=True, metavar="WHAT", help="Operation id, tag:NAME or path, with *.")
@click.option("--exclude", multiple=True, metavar="WHAT", help="What is left out, named the same way.")
@click.option("--credentials", type=_PATH, metavar="FILE", help="Who calls the real server.")
@click.option("--values", type=_PATH, metavar="FILE", help="Ids and dates that exist on the real server.")
@click.option(
    "-H", "--header", "headers", multiple=True, metavar="'NAME: TEXT'", help="Sent to the real server."
)
@click.option(
    "--rate-limit", default="5/s", show_default=True, metavar="N/s|N/m", help="Real requests, at most."
)
@click.option(
    "--timeout", type=float, default=10.0, show_default=True, metavar="S", help="Seconds for an answer."
)
@click.option("--allow-writes", is_flag=True, help="Call operations that change something as well.")
@click.option("--insecure", is_flag=True, help="Take any certificate.")
@click.option("--baseline", type=_PATH, metavar="FILE", help="Known differences, which fail nothing.")
@click.option("--baseline-update", is_flag=True, help="Add new differences to it; never where CI is set.")
@click.option("--baseline-prune", is_flag=True, help="Take out of it what is not found any more.")
@click.option(
    "--report", "reports", multiple=True, metavar="FORMAT=PATH", help=f"Write {', '.join(WRITERS)}."
)
@click.option("--fixtures", type=_PATH, metavar="DIR", help="Folder with contract.yaml.")
def compare(contract: str, *, reports: Sequence[str], **words: Any) -> None:  # noqa: ANN401 -- click has checked them
    """Play one plan on the mock and on the real server, and tell where they differ.

    In status, media type, headers, members, types, null, formats, words and ranges. Exit code 0: alike;
    1: they differ; 2: nothing could be compared; 3: known differences have expired.
    """
    try:
        code = _compared(contract, read_outputs(reports), words)
    except LocumError as error:
        narrate(error.diagnostics)
        code = ExitCode.COULD_NOT_TEST
    sys.exit(code)


def _compared(contract: str, outputs: Sequence[tuple[str, str]], words: dict[str, Any]) -> int:
    if (words["url"] is None) == (words["against"] is None):
        told = "either `--url` names the real server, or `--against` a file of its answers"
        raise SettingsError(Diagnostic(code="compare.no-side", message=told))
    entry = load(contract, Reading(fixtures=words["fixtures"]))
    see_writable(outputs, words["save"], words["update"])
    choice = Choice(include=tuple(words["include"]), exclude=tuple(words["exclude"]))
    own = [contract, *(["--fixtures", str(words["fixtures"])] if words["fixtures"] else [])]
    with own_server(own) as url:
        wish = Wish(url=f"{url}{entry.base_path}", allow_writes=words["allow_writes"], choice=choice)
        mock_report, mock = played(prepare(entry, wish))
    real = prepare(entry, _real_wish(words, choice))
    if words["against"] is not None:
        kept = read_recording(words["against"], real.operations)
        report, answers = replace(mock_report, url=kept.url), kept.steps
    else:
        report, answers = played(real)
    redaction = redaction_of(real)
    if words["save"] is not None:
        kept = Recording(contract=entry.name, url=words["url"] or "", steps=answers)
        write_recording(words["save"], kept, redaction, at_s=time.time())
    if words["update"] is not None:
        secrets = [each.secret for each in real.identities.secrets]
        _propose(entry, mock, answers, words["update"], secrets)
    report = with_known(
        compared(replace(report, profile="compare"), mock, answers),
        words["baseline"],
        updates=words["baseline_update"],
        prunes=words["baseline_prune"],
        environment=os.environ,
        today=datetime.now(UTC).date(),
    )
    write_reports(outputs, report, redaction)
    return report.exit_code


def _real_wish(words: dict[str, Any], choice: Choice) -> Wish:
    return Wish(
        # Where a file stands for the server, nothing is sent.
        url=words["url"] or "http://127.0.0.1",
        credentials=words["credentials"],
        values=words["values"],
        headers=tuple(read_header(text) for text in words["headers"]),
        limits=Limits(
            timeout_s=words["timeout"],
            per_s=read_rate(words["rate_limit"]),
            is_verified=not words["insecure"],
        ),
        choice=choice,
        allow_writes=words["allow_writes"],
        environment=os.environ,
    )


def _propose(
    entry: Entry, mock: Sequence[Played], answers: Sequence[Played], path: Path, secrets: Sequence[str]
) -> None:
    """Write the patch of the contract and its fixtures, and tell what it does not cover."""
    operations = list(entry.contract.readable_operations())
    sheet = entry.fixtures_origin
    beside = refusal_edits(Path(sheet).read_bytes(), sheet, mock, answers, secrets) if sheet else ()
    found = propose(
        operations, answers, lambda uri: Path(uri).read_text(encoding="utf-8"), shown_path, beside
    )
    write_file(path, found.patch.encode())
    click.echo(f"{path}: {found.patch.count(f'{chr(10)}@@')} places; `git apply` takes it", err=True)
    for each in found.by_hand:
        click.echo(f"  by hand: {each}", err=True)
