"""The table of coverage at the end of a test run, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from locum.testing.coverage import Aspect, Coverage, Item

__all__ = ["coverage_lines"]


def coverage_lines(coverage: Coverage, *, missing: int = 0) -> Iterator[str]:
    """Yield a row for each operation and one for all; up to *missing* items that were left out of each."""
    names = sorted({item[:2] for item in coverage.declared})
    rows = [("operation", *(str(each) for each in list(Aspect)[1:]), "exercised")]
    rows += [_row(coverage, contract, operation) for contract, operation in names]
    rows.append(_total(coverage))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]  # noqa: B905 -- equal by construction
        yield "  ".join(cells).rstrip()
        if missing and 0 < number <= len(names):
            yield from _missing(coverage, names[number - 1], missing)


def _row(coverage: Coverage, contract: str, operation: str) -> tuple[str, ...]:
    mine = {item for item in coverage.declared if item[:2] == (contract, operation)}
    name = f"{contract} {operation}"
    if not any(item in coverage.exercised for item in mine):
        return (name, *("-" for _ in list(Aspect)[1:]), "0 %")
    return (name, *_shares(coverage, mine), _percent(coverage, mine))


def _total(coverage: Coverage) -> tuple[str, ...]:
    operations = {item for item in coverage.declared if item[2] == Aspect.OPERATION}
    name = f"all: {len(operations & coverage.exercised)} of {len(operations)} operations"
    return (name, *_shares(coverage, set(coverage.declared)), _percent(coverage, set(coverage.declared)))


def _shares(coverage: Coverage, items: set[Item]) -> Iterator[str]:
    for aspect in list(Aspect)[1:]:
        those = {item for item in items if item[2] == aspect}
        yield f"{len(those & coverage.exercised)}/{len(those)}" if those else ""


def _percent(coverage: Coverage, items: set[Item]) -> str:
    return f"{100 * len(items & coverage.exercised) // len(items)} %" if items else ""


def _missing(coverage: Coverage, name: tuple[str, ...], most: int) -> Iterator[str]:
    left = sorted(
        item
        for item in coverage.declared - coverage.exercised
        if item[:2] == name and item[2] != Aspect.OPERATION
    )
    told = [item[3] for item in left]
    if told:
        more = f", and {len(told) - most} more" if len(told) > most else ""
        yield f"    not: {', '.join(told[:most])}{more}"
