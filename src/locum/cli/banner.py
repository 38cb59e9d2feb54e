"""What is told when the server stands: where, what, and a line to try."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from locum.catalog import Entry
from locum.cli.curl import curl_line
from locum.cli.narration import shown_path
from locum.contract import Contract, inspect_contract
from locum.errors import Severity
from locum.server import CONTROL_PATH, is_controlled, is_loopback
from locum.settings import Settings

__all__ = ["banner", "control_hint", "listening_line", "reached"]

#: Up to so many operations are read for the banner; more would be felt at the start.
_CHEAP: Final = 100


def listening_line(url: str) -> str:
    """Return the line scripts wait for; its end is the one Prism prints."""
    return f"locum is listening on {url}"


def banner(url: str, entries: Sequence[Entry], settings: Settings) -> str:
    """Return what a person wants to know after the start with *settings*."""
    rows = _aligned([_row(entry, url + entry.base_path) for entry in entries])
    told = [*_hints(url, entries, settings), ("Control", control_hint(url, entries, settings))]
    hints = _aligned([(f"{subject}:", text) for subject, text in told])
    return "\n".join([f"locum {version('locum')}", *rows, "", *hints, ""])


def control_hint(url: str, entries: Sequence[Entry], settings: Settings) -> str:
    """Return where the control API is, or why it is nowhere."""
    if is_controlled(entries, settings):
        asks = ", with the control token" if settings.control_token else ""
        return f"{url}{CONTROL_PATH}/ui/{asks}"
    if not settings.control:
        return "off"
    if not settings.control_token and not is_loopback(settings.host):
        return f"off, since others can reach {settings.host}; set LOCUM_CONTROL_TOKEN to have it"
    return f"off, since the contract itself has paths below {CONTROL_PATH.rpartition('/')[0]}"


def reached(entries: Sequence[Entry], upstream: str) -> list[Entry]:
    """Return *entries* with the prefixes that lead to their operations at *upstream*, `""` for a stand-in.

    Paths are put behind the upstream's own: a prefix it ends with already would stand there twice.
    """
    own = urlsplit(upstream).path.rstrip("/")
    return [replace(each, base_path="") if own.endswith(each.base_path) else each for each in entries]


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [f"  {line.rstrip()}" for line in lines]


def _row(entry: Entry, address: str) -> tuple[str, str, str, str]:
    contract = entry.contract
    return entry.name, f"{contract.title} {contract.version}".strip(), _operations(contract), address


def _operations(contract: Contract) -> str:
    """Return how many operations there are, and how many cannot be used where looking is cheap."""
    count = len(contract.routes)
    text = f"{count} operation{'' if count == 1 else 's'}"
    broken = count - sum(1 for _ in contract.readable_operations()) if count <= _CHEAP else 0
    return f"{text}, {broken} of them unusable" if broken else text


def _hints(url: str, entries: Sequence[Entry], settings: Settings) -> Iterator[tuple[str, str]]:
    lines = (curl_line(entry, url + entry.base_path) for entry in entries)
    yield "Try", next((line for line in lines if line), f"curl {url}{entries[0].base_path}/openapi.json")
    origins = [entry.fixtures_origin for entry in entries if entry.fixtures.credentials]
    if origins:
        yield "Credentials", _common(origins)
    if not all(entry.fixtures.credentials for entry in entries):
        yield "Credentials", "any well-formed one, where no contract.yaml names them"
    yield "Try it out", f"{url}{entries[0].base_path}/ui/"
    errors = {entry.origin: _errors(entry.contract) for entry in entries}
    broken = [shlex.quote(shown_path(origin)) for origin, count in errors.items() if count]
    if broken:
        count, line = sum(errors.values()), " ".join([*broken, *_read_alike(settings)])
        yield "To mend", f"{count} error{'' if count == 1 else 's'}, told by: locum check {line}"


def _read_alike(settings: Settings) -> Iterator[str]:
    """Yield the flags by which `locum check` reads the documents as they were read here."""
    named = (("--fixtures", settings.fixtures), ("--root", settings.root))
    for flag, value in (*named, *(("--overlay", each) for each in settings.overlay)):
        if value:
            yield f"{flag} {shlex.quote(str(value))}"
    if settings.allow_remote_refs:
        yield "--allow-remote-refs"


def _errors(contract: Contract) -> int:
    """Return how many errors there are in a document, or outside its operations where looking is dear."""
    is_cheap = len(contract.routes) <= _CHEAP
    found = inspect_contract(contract, with_examples=False) if is_cheap else contract.diagnostics
    return sum(each.severity is Severity.ERROR for each in found)


def _common(paths: Sequence[str]) -> str:
    """Return one text for paths that differ in one folder at most."""
    if len(paths) == 1:
        return shown_path(paths[0])
    folders = sorted({shown_path(str(Path(path).parent.parent)) for path in paths})
    return ", ".join(f"{folder}/<name>/{Path(paths[0]).name}" for folder in folders)
