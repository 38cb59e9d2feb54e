"""The tools a bench can run, and how each says what it found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench_run import Tool

from locum.verify.plan import SUITES

LOCUM = (
    "{python} -m locum verify {contract} --url {url} --profile {profile} --seed {seed} --now {now} --quiet"
    " --report jsonl={report} {part}"
)
SCHEMATHESIS = (
    "{python} -m schemathesis.cli run {document} --url {url} --header 'Authorization: '{authorization}"
    " --seed {seed} --workers 1 --generation-database none --report json --report-json-path {report}"
)


#: The suites that plan what they ask. They are played before requests are generated and are not moved by
#: that, so that what they find is found by the whole as well, at a third of the cost.
PLANNED = " ".join(f"--suite {each.name}" for each in SUITES if each.name != "generated")


def _lines(report: Path) -> Iterator[dict[str, Any]]:
    for line in report.read_text().splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue  # The last line of a run that was cut off.


def found_by_locum(report: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return the identities of all findings that make a run fail, and of those that only warn."""
    found = [line for line in _lines(report) if line.get("type") == "finding"]
    failures, warnings = (
        frozenset(line["identity"] for line in found if line.get("severity") == severity)
        for severity in ("failure", "warning")
    )
    return failures, warnings


def found_by_schemathesis(report: Path) -> tuple[frozenset[str], frozenset[str]]:
    """Return every failure by operation, code and title; nothing only warns."""
    failures = json.loads(report.read_text())["failures"]
    found = frozenset(
        f"{operation} {each['code']} {each['title']}" for each in failures for operation in each["operations"]
    )
    return found, frozenset()


def _maker(
    command: str,
    findings: Callable[[Path], tuple[frozenset[str], frozenset[str]]],
    parts: tuple[str, ...] = ("",),
) -> Callable[[str | None, str, float], Tool]:
    return lambda given, profile, timeout_s: Tool(
        command=given or command,
        findings=findings,
        profile=profile,
        timeout_s=timeout_s,
        parts=("",) if given else parts,
    )


TOOLS: Mapping[str, Callable[[str | None, str, float], Tool]] = {
    "locum": _maker(LOCUM, found_by_locum, (PLANNED, "")),
    "locum-planned": _maker(LOCUM, found_by_locum, (PLANNED,)),
    "schemathesis": _maker(SCHEMATHESIS, found_by_schemathesis),
}
