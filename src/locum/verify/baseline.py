"""Known failures: a file that says which findings are not news, why, who sees to it, and until when.

    known:
      - finding: listPets schema.body body/*/id wrong-type
        reason: ids become numbers with release 4
        owner: team-pets
        expires: 2026-12-31

A finding is its identity in words (`Finding.identity`), so that an entry covers one fault and not a class.
What must not live here: the clock and the environment; they are arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from locum.catalog.sheet import Fault, Sheet, read_sheet
from locum.contract.model import JsonObject
from locum.errors import Diagnostic, FixtureError, SettingsError, Severity, Where, nearest
from locum.verify.model import Report
from locum.verify.model import Severity as Weight

__all__ = ["Baseline", "Known", "apply", "pruned", "read_baseline", "stale", "updated", "write_baseline"]

_SCHEMA: Final[JsonObject] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "known": {
            "type": ["array", "null"],
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["finding", "reason"],
                "properties": {
                    "finding": {"type": "string", "minLength": 1},
                    "reason": {"type": "string", "minLength": 1},
                    "owner": {"type": "string"},
                    "expires": {"type": "string"},
                },
            },
        }
    },
}
_HEADER: Final = """\
# Known failures of `locum verify`: what is listed here is told, and fails nothing until it expires.
# finding   operation, rule, location and kind, as the report tells them
# reason    why it is not mended yet
# owner     who sees to it
# expires   the last day on which it is known (YYYY-MM-DD); afterwards the run ends with 3
"""
_UNEXPLAINED: Final = "not explained yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One known failure; *expires* is the last day on which it is known, `None` for never."""

    finding: str
    reason: str
    owner: str = ""
    expires: date | None = None
    where: Where = field(default=Where(), compare=False)

    def has_expired(self, today: date) -> bool:
        """Tell whether its day is over."""
        return self.expires is not None and today > self.expires

    def __str__(self) -> str:
        until = f"until {self.expires.isoformat()}" if self.expires else ""
        return ", ".join(filter(None, (self.reason, self.owner, until)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The known failures of one file; *text* is the file as it was written."""

    file: str
    known: tuple[Known, ...] = ()
    text: str = ""


def read_baseline(path: Path) -> Baseline:
    """Return what the file at *path* says; one that is not there knows nothing.

    Raises `SettingsError` with every fault: unknown keys, wrong days, findings listed twice.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Baseline(file=str(path))
    except OSError as error:
        fault = _diagnostic("unreadable", f"the file cannot be read: {error.strerror}", str(path))
        raise SettingsError(fault) from error
    try:
        return _understood(content, str(path))
    except FixtureError as error:
        told = (
            replace(each, code=each.code.replace("fixtures.", "baseline.", 1)) for each in error.diagnostics
        )
        raise SettingsError(*told) from error


def apply(report: Report, baseline: Baseline, today: date) -> Report:
    """Return *report* with what *baseline* knows told as known, or as expired from the day after on."""
    by_finding = {each.finding: each for each in baseline.known}
    covered = [each for each in report.findings if each.identity in by_finding]
    over = {name for name, each in by_finding.items() if each.has_expired(today)}
    return replace(
        report,
        findings=tuple(each for each in report.findings if each.identity not in by_finding),
        known=tuple(each for each in covered if each.identity not in over),
        expired=tuple(each for each in covered if each.identity in over),
        reasons={each.identity: str(by_finding[each.identity]) for each in covered},
    )


def stale(report: Report, baseline: Baseline) -> tuple[Diagnostic, ...]:
    """Return what *baseline* lists and a whole run did not find, with the nearest that it did find.

    A run that was interrupted, or could not test, says nothing about that.
    """
    if report.interrupted or report.obstacle:
        return ()
    found = [each.identity for each in (*report.findings, *report.known, *report.expired)]
    return tuple(_stale(each, found) for each in baseline.known if each.finding not in found)


def updated(baseline: Baseline, report: Report, *, reason: str = _UNEXPLAINED) -> Baseline:
    """Return *baseline* with every new failure of *report* at its end; what it has stays as it is written."""
    news = {each.identity: each for each in report.findings if each.severity is Weight.FAILURE}
    if not news:
        return baseline
    known = (*baseline.known, *(Known(finding=each, reason=reason) for each in news))
    rows = "".join(_entry(known[-len(news) :][at], each.promise) for at, each in enumerate(news.values()))
    return _if_it_reads(baseline, f"{baseline.text.rstrip()}{rows}\n", known) or _rewritten(baseline, known)


def pruned(baseline: Baseline, report: Report) -> Baseline:
    """Return *baseline* without what a whole run did not find any more; the rest stays as it is written."""
    gone = {each.where.pointer for each in stale(report, baseline)}
    if not gone:
        return baseline
    known = tuple(each for each in baseline.known if each.where.pointer not in gone)
    lines = baseline.text.splitlines(keepends=True)
    starts = [_start(lines, each.where.line or 1) for each in baseline.known] + [len(lines)]
    dropped = {
        number
        for at, each in enumerate(baseline.known)
        if each.where.pointer in gone
        for number in range(starts[at], starts[at + 1])
    }
    text = "".join(line for number, line in enumerate(lines) if number not in dropped)
    return _if_it_reads(baseline, text, known) or _rewritten(baseline, known)


def write_baseline(baseline: Baseline, environment: Mapping[str, str]) -> None:
    """Write *baseline* to its file; raises `SettingsError` in CI, where nobody sees what became known."""
    if environment.get("CI", "").lower() not in {"", "0", "false", "no"}:
        hint = "update it on a machine of your own, explain each entry, and commit it"
        raise SettingsError(_diagnostic("in-ci", "known failures are not written in CI", baseline.file, hint))
    path = Path(baseline.file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(baseline.text, encoding="utf-8")
    except OSError as error:
        fault = _diagnostic("unwritable", f"the file cannot be written: {error.strerror}", baseline.file)
        raise SettingsError(fault) from error


def _understood(content: bytes, file: str) -> Baseline:
    sheet = read_sheet(content, file=file, schema=_SCHEMA)
    rows = sheet.value.get("known") or []
    faults = [*_wrong_days(rows), *_twice(rows)]
    if faults:
        raise sheet.refusal(faults)
    places = _places(sheet, len(rows))
    known = tuple(
        Known(
            finding=" ".join(row["finding"].split()),
            reason=row["reason"],
            owner=row.get("owner", ""),
            expires=date.fromisoformat(row["expires"]) if row.get("expires") else None,
            where=where,
        )
        for row, where in zip(rows, places, strict=True)
    )
    return Baseline(file=file, known=known, text=content.decode("utf-8", "replace"))


def _wrong_days(rows: Iterable[Mapping[str, str]]) -> Iterable[Fault]:
    for at, row in enumerate(rows):
        try:
            date.fromisoformat(row.get("expires") or "2000-01-01")
        except ValueError:
            told = f"`{row['expires']}` is no day; expected YYYY-MM-DD"
            yield Fault("wrong-value", told, ("known", at, "expires"))


def _twice(rows: Iterable[Mapping[str, str]]) -> Iterable[Fault]:
    seen: set[str] = set()
    for at, row in enumerate(rows):
        name = " ".join(row["finding"].split())
        if name in seen:
            yield Fault("twice", f"`{name}` is listed already", ("known", at, "finding"))
        seen.add(name)


def _places(sheet: Sheet, count: int) -> list[Where]:
    """Return the place of each entry."""
    refusal = sheet.refusal([Fault("place", "", ("known", at)) for at in range(count)])
    return [each.where for each in refusal.diagnostics]


def _stale(known: Known, found: Iterable[str]) -> Diagnostic:
    close = nearest(known.finding, found)
    hint = f"nearest: `{close}`" if close else "`--baseline-prune` takes it out"
    return Diagnostic(
        code="baseline.stale",
        message=f"`{known.finding}` was not found any more",
        where=known.where,
        hint=hint,
        severity=Severity.HINT,
    )


def _start(lines: list[str], line: int) -> int:
    """Return the index of the first line that belongs to an entry: the comments right above it do."""
    start = line - 1
    while start > 0 and lines[start - 1].lstrip().startswith("#") and lines[start - 1][:1] != "#":
        start -= 1
    return start


def _if_it_reads(baseline: Baseline, text: str, known: tuple[Known, ...]) -> Baseline | None:
    """Return *baseline* as *text* if that says just what is *known*."""
    try:
        read = _understood(text.encode(), baseline.file)
    except FixtureError:
        return None
    return read if known and read.known == known else None


def _rewritten(baseline: Baseline, known: tuple[Known, ...]) -> Baseline:
    """Return *baseline* written anew with *known*."""
    body = "".join(_entry(each) for each in known)
    return replace(baseline, known=known, text=f"{_HEADER}known:{body or ' []'}\n")


def _entry(known: Known, promise: str = "") -> str:
    row = {"finding": known.finding, "reason": known.reason}
    row |= {"owner": known.owner} if known.owner else {}
    lines = yaml.safe_dump(row, sort_keys=False, allow_unicode=True, width=1000).splitlines()
    lines += [f"expires: {known.expires.isoformat()}"] if known.expires else []
    comment = f"\n  # {' '.join(promise.split())}" if promise else ""
    return f"{comment}\n  - " + "\n    ".join(lines)


def _diagnostic(code: str, message: str, file: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code=f"baseline.{code}", message=message, where=Where(file=file), hint=hint)
