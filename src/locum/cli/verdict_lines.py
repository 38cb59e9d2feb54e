"""What a person sees of a verification in a terminal: a line while it runs, and the verdict at its end.

Texts of servers are printed as text: no markup, nothing that moves the cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from types import TracebackType
from typing import Final, Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from locum.verify.events import Event, EventKind
from locum.verify.model import ExitCode, Finding, Report, Severity, Step
from locum.verify.reports.curl import curl_words
from locum.verify.reports.summary import Mark, matrix, sentence, summarize
from locum.verify.reports.told import alike, held, place_of, printable, replay_line

__all__ = ["Progress", "tell_report"]

_COLOURS: Final = {
    Severity.FAILURE: "bold red",
    Severity.WARNING: "yellow",
    Severity.DEVIATION: "cyan",
}
_MARKS: Final = {Mark.BROKEN: "red", Mark.WARNED: "yellow", Mark.UNDECLARED: "yellow", Mark.KNOWN: "magenta"}
#: Kinds of findings of one operation told at length; of the rest a line each.
_AT_LENGTH: Final = 10
#: Untested things told; the reports have them all.
_UNTESTED: Final = 15
#: So long a sequence is shown whole.
_STEPS: Final = 3
_SHOWN: Final = 300
_INDENT: Final = 4


class Progress:
    """A listener that keeps one line up to date on a terminal, and says nothing elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None
        self._suite, self._requests, self._failures = "", 0, 0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._status = self._console.status("starting …")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, event: Event) -> None:
        """Note one event and show where the run is."""
        self._suite = event.suite or self._suite
        self._requests += event.kind is EventKind.EXCHANGED
        found = event.result.findings if event.result else ()
        self._failures += sum(each.severity is Severity.FAILURE for each in found)
        if self._status is not None:
            self._status.update(
                Text(f"{self._suite}: {self._requests} requests, {self._failures} failures so far")
            )


def tell_report(report: Report, console: Console) -> None:
    """Print *report*, without secrets (`prepared`): findings, gaps, and the verdict last."""
    findings = [*report.findings, *report.expired]
    order = {name: place for place, name in enumerate(report.declared)}
    findings.sort(key=lambda each: order.get(each.operation, len(order)))
    for operation, group in groupby(findings, key=lambda each: each.operation):
        console.print(Text(f"\n{operation or report.contract}", style="bold"))
        _tell_group([*group], report, console)
    _tell_known(report, console)
    _tell_untested(report, console)
    _tell_statuses(report, console)
    _tell_numbers(report, console)


def _tell_group(findings: list[Finding], report: Report, console: Console) -> None:
    """Print the findings of one operation: of those alike the first, and in what the others differ."""
    expired = {each.identity for each in report.expired}
    new = [each for each in findings if each.identity not in expired]
    groups = [*alike(new), *alike(each for each in findings if each.identity in expired)]
    for number, (first, *others) in enumerate(groups):
        is_long = number < _AT_LENGTH
        word = "expired" if first.identity in expired else first.severity.value
        told = first.promise if is_long else f"{first.promise}: {place_of(first)}"
        _print(console, Text.assemble((f"{word} ", _COLOURS[first.severity]), _text(told)), 2)
        for line in _facts(first, report, console.width) if is_long else ():
            _print(console, line, _INDENT)
        if others:
            names = ", ".join(f"{each.kind} {each.id}".strip() for each in others)
            also = _text(f"also     {len(others)} more: {names}")
            also.stylize("dim")
            _print(console, also, _INDENT)


def _print(console: Console, text: Text, indent: int) -> None:
    """Print *text* below an indent, wrapped at the width; a command is left whole, to be copied."""
    is_command = text.plain.startswith(("$", "replay"))
    lines = text.split() if is_command else text.wrap(console, max(20, console.width - indent))
    for line in lines:
        line.rstrip()
        console.print(Text(" " * indent).append_text(line), soft_wrap=True)


def _facts(finding: Finding, report: Report, width: int) -> Iterator[Text]:
    source = " ".join(filter(None, (finding.source, finding.confidence)))
    told = {
        "at": place_of(finding),
        "expected": finding.expected if finding.expected != finding.promise else "",
        "received": finding.received,
        "contract": str(finding.where),
        "rule": " ".join(filter(None, (finding.rule, f"[{source}]" if source else ""))),
    }
    for name, text in told.items():
        if text:
            yield Text.assemble((f"{name:9}", "dim"), _text(text[:_SHOWN]))
    for step in _telling(finding.steps):
        if step is None:
            yield Text(f"… {len(finding.steps) - 2} more, told by the reports …", style="dim")
        else:
            yield from _exchange(step, finding, width)
    yield Text(f"replay   {replay_line(finding, report)}", style="dim")


def _telling(steps: tuple[Step, ...]) -> list[Step | None]:
    """Return the steps that are shown: of a long sequence the first and the telling last."""
    return [*steps] if len(steps) <= _STEPS else [steps[0], None, steps[-1]]


def _exchange(step: Step, finding: Finding, width: int) -> Iterator[Text]:
    for variable, told in held(step, finding).items():
        yield Text(f"# {variable}: {told}", style="dim")
    yield Text(f"$ {printable(_folded(curl_words(step.sent), width - _INDENT - 2))}")
    if step.received is None:
        yield _text(f"> no answer{f': {step.failure}' if step.failure else ''}")
    else:
        body = step.received.body[:_SHOWN].decode("utf-8", "replace").strip()
        rest = " …" if len(step.received.body) > _SHOWN else ""
        yield _text(f"> {step.received.status} {' '.join(body.split())}{rest}".rstrip())


def _folded(words: Iterable[str], width: int) -> str:
    """Return the command in lines of at most *width*, where its words allow."""
    lines = [""]
    for word in words:
        is_full = lines[-1] and len(lines[-1]) + len(word) + 3 > width
        if is_full:
            lines[-1] += " \\"
            lines.append(f"    {word}")
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(lines)


def _tell_known(report: Report, console: Console) -> None:
    if report.known:
        console.print(Text(f"\nKnown ({len(report.known)})", style="bold"))
    for finding in report.known:
        reason = report.reasons.get(finding.identity, "")
        told = f"{finding.operation or report.contract}: {finding.promise}{f' ({reason})' if reason else ''}"
        _print(console, _text(told), 2)


def _tell_untested(report: Report, console: Console) -> None:
    if report.untested:
        console.print(Text(f"\nNot tested ({len(report.untested)})", style="bold"))
    for each in report.untested[:_UNTESTED]:
        told = Text.assemble(_text(each.what), (": ", "dim"), _text(each.reason))
        _print(console, told, 2)
    if len(report.untested) > _UNTESTED:
        console.print(
            Text(f"  and {len(report.untested) - _UNTESTED} more; `--report html=FILE` has all", "dim")
        )


def _tell_statuses(report: Report, console: Console) -> None:
    """Print what each operation answered, one line an operation."""
    console.print(Text("\nStatuses", style="bold"))
    for row in matrix(report).rows:
        line = Text(f"{row.operation}:")
        for cell in row.cells:
            if cell.mark is not Mark.ABSENT:
                count = f" x{cell.count}" if cell.count else ""
                said = "" if cell.mark is Mark.KEPT else f" {cell.mark}"
                style = "dim" if cell.mark is Mark.UNSEEN else _MARKS.get(cell.mark, "green")
                line.append(f"  {cell.status}{count}{said}", style)
        _print(console, line, 2)


def _tell_numbers(report: Report, console: Console) -> None:
    summary = summarize(report)
    counts = {
        "failure": summary.failures,
        "warning": summary.warnings,
        "deviation": summary.deviations,
        "known": summary.known,
        "expired": summary.expired,
        "not tested": summary.untested,
    }
    weights = {each.value for each in Severity}
    told = ", ".join(
        f"{count} {name}{'s' if name in weights and count > 1 else ''}"
        for name, count in counts.items()
        if count
    )
    console.print()
    numbers = _text(
        f"{summary.answered} of {summary.operations} operations answered 2xx, "
        f"{summary.seen} of {summary.statuses} declared statuses seen, "
        f"{summary.evaluated} of {summary.rules} checks evaluated; "
        f"{report.requests} request{'' if report.requests == 1 else 's'} in {report.took_s:.1f} s, "
        f"seed {report.seed or '(none)'}"
    )
    _print(console, numbers, 0)
    style = "bold green" if report.exit_code == ExitCode.KEPT else "bold red"
    console.print(Text.assemble((_text(sentence(report)).plain, style), f" {told}" if told else ""))


def _text(text: str) -> Text:
    return Text(printable(text))
