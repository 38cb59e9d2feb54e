"""Writes a report down in the formats that people and machines read; pure functions of the report.

What lives here: one module a format, and what they share (`told.py`, `summary.py`, `curl.py`).
What must not: judging, sending, the terminal (room `cli`). Everything is written through `write`, which
takes the secrets out first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from locum.behaviour.redaction import Redaction
from locum.verify.model import Report
from locum.verify.reports.annotations import github, gitlab
from locum.verify.reports.html import html
from locum.verify.reports.json_lines import json_lines
from locum.verify.reports.junit import junit, junit_with_places
from locum.verify.reports.prepared import prepared
from locum.verify.reports.sarif import sarif
from locum.verify.reports.traffic import traffic

__all__ = ["WRITERS", "Writer", "prepared", "write"]

Writer: TypeAlias = Callable[[Report], bytes]

#: What each is called on the command line.
WRITERS: Final[Mapping[str, Writer]] = {
    "junit": junit,
    "junit-places": junit_with_places,
    "html": html,
    "jsonl": json_lines,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
    "har": traffic,
}


def write(name: str, report: Report, redaction: Redaction, *, folder: str = "") -> bytes:
    """Return *report* as the writer *name* has it, without secrets, with paths relative to *folder*."""
    return WRITERS[name](prepared(report, redaction, folder=folder))
