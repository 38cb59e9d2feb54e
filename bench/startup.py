"""From the start of a process to its first answer, by size of the document, in alternating rounds.

`python bench/startup.py --quick` takes under a minute. Servers run one at a time and on any core: starting is
what a person waits for. The first answer is a 200 to a checked request: listening early gains nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

import documents
from cases import CASES
from report import spread, table
from servers import BenchError, Server, Stage, installed, read_servers, start

_HERE: Final = Path(__file__).parent
_SERVERS: Final = ("locum-serve", "connexion-default", "prism")
_OURS: Final = "locum-serve"
_PATIENCE_S: Final = 180
#: Issue "the stand-in runs": the most of Prism's time that ours may take, by number of operations.
_GOALS: Final[Mapping[int, float]] = {10: 1.0, 1000: 1 / 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of one server with one document."""

    server: str
    operations: int
    first_answer_s: float
    cpu_s: float
    resident_mib: float


def main() -> int:
    """Start every server with every document, print the table and the goals, keep the figures as JSON."""
    given = _options()
    given.output.mkdir(parents=True, exist_ok=True)
    try:
        starts = _measure(given)
    except BenchError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{_starts_table(starts)}\n{_ratios_table(starts)}\n")
    written = given.output / "startup.json"
    written.write_text(json.dumps([asdict(each) for each in starts], indent=1), encoding="utf-8")
    sys.stderr.write(f"every start: {written}\n")
    return 0


def _measure(given: argparse.Namespace) -> list[Start]:
    written = documents.write_documents(given.output / "documents")
    servers = installed(read_servers(given.servers), given.peers)
    stage = Stage(peers=given.peers, logs=given.output, patience_s=_PATIENCE_S)
    for server in servers:
        # Not counted: the very first start reads every file from disk and compiles what was never run.
        _one(server, given.sizes[0], written[str(given.sizes[0])], given.port, stage)
    starts = []
    for number in range(given.rounds):
        for size in given.sizes:
            for server in servers if number % 2 == 0 else reversed(servers):
                sys.stderr.write(
                    f"round {number + 1} of {given.rounds}: {size} operations on {server.name}\n"
                )
                starts.append(_one(server, size, written[str(size)], given.port, stage))
    return starts


def _one(server: Server, size: int, document: Path, port: int, stage: Stage) -> Start:
    running = start(server, document, port, CASES["bill"].sample(0), stage)
    try:
        usage = running.usage()
    finally:
        running.stop()
    return Start(
        server=server.name,
        operations=size,
        first_answer_s=running.first_answer_s,
        cpu_s=usage.cpu_s,
        resident_mib=usage.resident_mib,
    )


def _starts_table(starts: Sequence[Start]) -> str:
    cells = dict.fromkeys((each.operations, each.server) for each in starts)
    return table(
        "Start to first answer: median [min-max] of the rounds",
        ("operations", "server", "first answer s", "CPU s", "memory MiB"),
        (
            (
                f"{size:,}",
                server,
                spread([each.first_answer_s for each in _of(starts, server, size)], ".2f"),
                spread([each.cpu_s for each in _of(starts, server, size)], ".2f"),
                spread([each.resident_mib for each in _of(starts, server, size)]),
            )
            for size, server in cells
        ),
    )


def _ratios_table(starts: Sequence[Start]) -> str:
    cells = dict.fromkeys((each.operations, each.server) for each in starts if each.server != _OURS)
    rows = []
    for size, server in cells:
        pairs = list(zip(_of(starts, _OURS, size), _of(starts, server, size), strict=False))
        if not pairs:
            continue
        ratios = [ours.first_answer_s / other.first_answer_s for ours, other in pairs]
        memory = [ours.resident_mib / other.resident_mib for ours, other in pairs]
        rows.append(
            (
                f"{size:,}",
                server,
                spread(ratios, ".2f"),
                spread(memory, ".2f"),
                _verdict(server, size, ratios),
            )
        )
    return table(
        f"{_OURS} as a share of the other", ("operations", "other", "first answer", "memory", "goal"), rows
    )


def _verdict(server: str, size: int, ratios: Sequence[float]) -> str:
    if server != "prism" or size not in _GOALS:
        return ""
    goal = _GOALS[size]
    return f"at most {goal:.2f}: {'reached' if median(ratios) <= goal else 'MISSED'}"


def _of(starts: Sequence[Start], server: str, size: int) -> list[Start]:
    return [each for each in starts if (each.server, each.operations) == (server, size)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("servers", nargs="*", default=_SERVERS, help="names out of servers.toml")
    parser.add_argument("--quick", action="store_true", help="10 and 1,000 operations, three rounds")
    parser.add_argument("--sizes", nargs="+", type=int, choices=documents.SIZES)
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--port", type=int, default=4190)
    parser.add_argument(
        "--peers", type=Path, default=_HERE / "node_modules", help="folder where npm put the peers"
    )
    parser.add_argument(
        "--output", type=Path, default=_HERE / "results", help="folder for figures, logs, documents"
    )
    given = parser.parse_args()
    given.sizes = given.sizes or ((10, 1000) if given.quick else documents.SIZES)
    given.rounds = given.rounds or (3 if given.quick else 5)
    given.peers, given.output = given.peers.resolve(), given.output.resolve()
    return given


if __name__ == "__main__":
    sys.exit(main())
