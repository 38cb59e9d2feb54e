"""The tools a bench can run, and how each says what it found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench_run import Tool

LOCUM = (
    "{python} -m locum verify {contract} --url {url} --profile {profile} --seed {seed} --now {now} --quiet"
    " --report jsonl={report}"
)
SCHEMATHESIS = (
    "{python} -m schemathesis.cli run {document} --url {url} --header 'Authorization: '{authorization}"
    " --seed {seed} --workers 1 --generation-database none --report json --report-json-path {report}"
)


def _lines(report: Path) -> Iterator[dict[str, Any]]:
    for line in report.read_text().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue  # The last line of a run that was cut off.


def found_by_locum(report: Path) -> frozenset[str]:
    """Return the identities of all findings that make a run fail."""
    found = (line for line in _lines(report) if line.get("type") == "finding")
    return frozenset(line["identity"] for line in found if line.get("severity") == "failure")


def found_by_schemathesis(report: Path) -> frozenset[str]:
    """Return every failure by operation, code and title."""
    failures = json.loads(report.read_text())["failures"]
    return frozenset(
        f"{operation} {each['code']} {each['title']}" for each in failures for operation in each["operations"]
    )


def _maker(
    command: str, findings: Callable[[Path], frozenset[str]]
) -> Callable[[str | None, str, float], Tool]:
    return lambda given, profile, timeout_s: Tool(
        command=given or command, findings=findings, profile=profile, timeout_s=timeout_s
    )


TOOLS: Mapping[str, Callable[[str | None, str, float], Tool]] = {
    "locum": _maker(LOCUM, found_by_locum),
    "schemathesis": _maker(SCHEMATHESIS, found_by_schemathesis),
}
