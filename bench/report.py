"""What the user reads at the end: tables of medians with their spread, and the goals of the project."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from load import Cell
from servers import Server, Usage

__all__ = ["Goal", "Results", "goals_table", "ratios_table", "speed_table", "spread", "start_table", "table"]

Round = Mapping[str, Mapping[str, Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Everything one run has found; each round maps server and case to its cell."""

    servers: tuple[Server, ...]
    cases: tuple[str, ...]
    first_answer_s: Mapping[str, float]
    idle: Mapping[str, Usage]
    rounds: tuple[Round, ...]
    versions: Mapping[str, str]
    machine_load: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Ours is to be *times* as fast as *peer* on *case*, in requests per second."""

    ours: str
    peer: str
    case: str
    times: float


#: Issue "the stand-in runs": what has to be shown for the one-kilobyte object.
GOALS: Final = (
    Goal(ours="locum-mock", peer="prism", case="bill", times=2),
    Goal(ours="locum-serve", peer="prism", case="bill", times=2),
    Goal(ours="locum-mock-d", peer="prism-d", case="bill", times=20),
    Goal(ours="locum-serve", peer="prism-d", case="bill", times=20),
    Goal(ours="locum-serve", peer="prism-d", case="fresh", times=20),
    Goal(ours="locum-serve", peer="prism-d", case="list", times=20),
)


def spread(values: Sequence[float], form: str = ",.0f", unit: str = "") -> str:
    """Write down the median and, for more than one value, the range.

    >>> spread([1200, 900, 1000])
    '1,000 [900-1,200]'
    """
    middle = f"{median(values):{form}}{unit}"
    return middle if len(values) == 1 else f"{middle} [{min(values):{form}}-{max(values):{form}}]"


def table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out *rows* as a Markdown table that also reads well in a terminal."""
    lines = [list(heads), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    written = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join(["", f"**{title}**", "", written[0], rule, *written[1:]])


def start_table(results: Results) -> str:
    """Tell what it took each server to answer for the first time, all on one core, one after the other."""
    return table(
        "Servers; node {}, {}; load of the machine {:.1f} before, {:.1f} after".format(
            results.versions.get("node", "none"), results.versions["python"], *results.machine_load
        ),
        ("server", "version", "what", "first answer", "CPU", "idle memory"),
        (
            (
                server.name,
                results.versions[server.name],
                server.about,
                f"{results.first_answer_s[server.name]:.2f} s",
                f"{results.idle[server.name].cpu_s:.2f} s",
                f"{results.idle[server.name].resident_mib:.0f} MiB",
            )
            for server in results.servers
        ),
    )


def speed_table(results: Results) -> str:
    """Tell requests per second, processor time and latency of each server and case."""
    return table(
        "Speed: median [min-max] of the rounds",
        ("case", "server", "requests/s", "CPU us/request", "p50 ms", "p99 ms", "bytes", "MiB"),
        (
            (
                case,
                server.name,
                _of(results, server, case, lambda cell: cell.requests_per_s),
                _of(results, server, case, lambda cell: cell.cpu_us),
                _of(results, server, case, lambda cell: cell.p50_ms, ".2f"),
                _of(results, server, case, lambda cell: cell.p99_ms, ".1f"),
                f"{results.rounds[-1][server.name][case].bytes_per_answer:,.0f}",
                f"{results.rounds[-1][server.name][case].resident_mib:.0f}",
            )
            for case in results.cases
            for server in results.servers
        ),
    )


def ratios_table(results: Results) -> str:
    """Tell how many times as fast as every other server each of ours is; the figures to quote."""
    ours = [server for server in results.servers if server.name.startswith("locum")]
    others = [server for server in results.servers if server not in ours]
    return table(
        "Ours against the others: requests/s (cpu: CPU per request), median [min-max] of per-round ratios",
        ("ours", "other", *results.cases),
        (
            (each.name, other.name, *(_ratio(results, each.name, other.name, case) for case in results.cases))
            for each in ours
            for other in others
        ),
    )


def goals_table(results: Results) -> str:
    """Tell which of the goals this run has reached; a goal whose servers did not run is left out."""
    names = {server.name for server in results.servers}
    rows = []
    for goal in GOALS:
        if {goal.ours, goal.peer} <= names and goal.case in results.cases:
            values = speed_ratios(results, goal.ours, goal.peer, goal.case)
            verdict = "reached" if median(values) >= goal.times else "MISSED"
            wish = f"{goal.ours} at least {goal.times:g}x {goal.peer} on {goal.case}"
            rows.append((wish, spread(values, ".1f", "x"), verdict))
    return table("Goals", ("goal", "measured", ""), rows)


def speed_ratios(results: Results, ours: str, other: str, case: str) -> list[float]:
    """Return ours / other in requests per second, one ratio per round."""
    return [each[ours][case].requests_per_s / each[other][case].requests_per_s for each in results.rounds]


def _ratio(results: Results, ours: str, other: str, case: str) -> str:
    costs = [each[other][case].cpu_us / each[ours][case].cpu_us for each in results.rounds]
    return f"{spread(speed_ratios(results, ours, other, case), '.2f', 'x')} (cpu {median(costs):.2f}x)"


def _of(
    results: Results, server: Server, case: str, figure: Callable[[Cell], float], form: str = ",.0f"
) -> str:
    return spread([figure(each[server.name][case]) for each in results.rounds], form)
