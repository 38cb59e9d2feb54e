"""What is told when the server stands: where, what, and a line to try."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version

from locum.catalog import Entry
from locum.cli.curl import curl_line

__all__ = ["banner", "listening_line"]


def listening_line(url: str) -> str:
    """Return the line scripts wait for; its end is the one Prism prints."""
    return f"locum is listening on {url}"


def banner(url: str, entries: Sequence[Entry]) -> str:
    """Return what a person wants to know after the start."""
    rows = [_row(entry, url + entry.base_path) for entry in entries]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)) for row in rows
    ]
    return "\n".join(
        [
            f"locum {version('locum')}",
            "",
            *(f"  {line.rstrip()}" for line in lines),
            "",
            *_hints(url, entries),
        ]
    )


def _row(entry: Entry, address: str) -> tuple[str, str, str, str]:
    contract = entry.contract
    count = len(contract.routes)
    operations = f"{count} operation{'' if count == 1 else 's'}"
    return entry.name, f"{contract.title} {contract.version}".strip(), operations, address


def _hints(url: str, entries: Sequence[Entry]) -> Iterator[str]:
    lines = (curl_line(entry, url + entry.base_path) for entry in entries)
    if line := next((line for line in lines if line), ""):
        yield f"Try:          {line}"
    for origin in dict.fromkeys(entry.fixtures_origin for entry in entries if entry.fixtures_origin):
        yield f"Credentials:  {origin}"
    if not all(entry.fixtures.credentials for entry in entries):
        yield "Credentials:  any well-formed one is accepted where no contract.yaml names some"
    yield f"Documents:    {url}{entries[0].base_path}/openapi.json, to look through at /ui/"
    yield "Stop:         Ctrl-C"
