"""Requests per second of every installed server, side by side in one run.

`python bench/run.py --quick` takes about five minutes. See README.md for what the figures mean.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

import documents
from cases import CASES, PROBES, request_lines
from load import Cell, measure, warm_up
from report import Results, goals_table, ratios_table, speed_table, start_table
from servers import BenchError, Running, Server, Stage, ask, installed, read_servers, start, versions

_HERE: Final = Path(__file__).parent
_QUICK_CASES: Final = ("bill", "fresh", "list", "order")
_SAMPLED: Final = 20
_SETTLE_S: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run; cores are `None` where servers and load run unpinned."""

    servers: tuple[str, ...]
    cases: tuple[str, ...]
    rounds: int
    load_s: int
    base_port: int
    peers: Path
    output: Path
    server_core: int | None
    load_core: int | None


def main() -> int:
    """Run the plan of the command line, print the tables, keep the figures as JSON."""
    plan = _plan(sys.argv[1:])
    try:
        results = _run(plan)
    except BenchError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for table in (start_table, speed_table, ratios_table, goals_table):
        sys.stdout.write(f"{table(results)}\n")
    (plan.output / "run.json").write_text(json.dumps(asdict(results), indent=1), encoding="utf-8")
    sys.stderr.write(f"every figure of every round: {plan.output / 'run.json'}\n")
    return 0


def _run(plan: Plan) -> Results:
    written = documents.write_documents(plan.output / "documents")
    requests = _write_requests(plan)
    servers = installed(read_servers(plan.servers), plan.peers)
    load_before = os.getloadavg()[0]
    with ExitStack() as cleanup:
        running = [_start(plan, server, written, number, cleanup) for number, server in enumerate(servers)]
        idle = {each.server.name: each.usage() for each in running}
        for each in running:
            _require_honest(each, plan.cases)
        _settle(plan, running, requests)
        rounds = list(_rounds(plan, running, requests))
    return Results(
        servers=tuple(servers),
        cases=plan.cases,
        first_answer_s={each.server.name: each.first_answer_s for each in running},
        idle=idle,
        rounds=tuple(rounds),
        versions=versions(servers, plan.peers),
        machine_load=(load_before, os.getloadavg()[0]),
    )


def _start(
    plan: Plan, server: Server, written: Mapping[str, Path], number: int, cleanup: ExitStack
) -> Running:
    sys.stderr.write(f"starting {server.name}\n")
    stage = Stage(peers=plan.peers, logs=plan.output, core=plan.server_core)
    running = start(server, written[server.document], plan.base_port + number, CASES["bill"].sample(0), stage)
    cleanup.callback(running.stop)
    return running


def _require_honest(running: Running, cases: Sequence[str]) -> None:
    """Raise `BenchError` unless every case is answered with 200; tell of broken requests that are let by."""
    for name in cases:
        for number in range(_SAMPLED):
            sample = CASES[name].sample(number * 37)
            status, _ = ask(running.port, sample)
            if status != HTTPStatus.OK:
                raise BenchError(f"{running.server.name} answered {status} to {sample.method} {sample.path}")
    if not running.server.validates:
        return
    for probe in PROBES:
        status, _ = ask(running.port, probe.sample)
        if not HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            # Some peers let a few by, above all formats; `validity.py` counts them. It is said, not hidden.
            said = f"answered with {status}" if status else "not answered at all"
            sys.stderr.write(f"{running.server.name}: {probe.name}: not refused but {said}\n")


def _settle(plan: Plan, running: Sequence[Running], requests: Mapping[str, Path]) -> None:
    for each in running:
        sys.stderr.write(f"warming up {each.server.name}\n")
        for case in plan.cases:
            warm_up(each, requests[case], _SETTLE_S, plan.load_core)


def _rounds(
    plan: Plan, running: Sequence[Running], requests: Mapping[str, Path]
) -> Iterator[dict[str, dict[str, Cell]]]:
    for number in range(plan.rounds):
        cells: dict[str, dict[str, Cell]] = {each.server.name: {} for each in running}
        for case in plan.cases:
            # A B C, then C B A: what gets slower with time hits each server alike.
            for each in running if number % 2 == 0 else reversed(running):
                sys.stderr.write(f"round {number + 1} of {plan.rounds}: {case} on {each.server.name}\n")
                cells[each.server.name][case] = measure(each, requests[case], plan.load_s, plan.load_core)
        yield cells


def _write_requests(plan: Plan) -> Mapping[str, Path]:
    paths = {name: plan.output / f"{name}.requests" for name in plan.cases}
    for name, path in paths.items():
        path.write_text(request_lines(CASES[name]), encoding="utf-8")
    return paths


def _plan(words: Sequence[str]) -> Plan:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "servers", nargs="*", help="names out of servers.toml; all of them when none is given"
    )
    parser.add_argument("--quick", action="store_true", help="four cases, three rounds of one second")
    parser.add_argument("--cases", nargs="+", choices=CASES, help="the operations to load")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=int, help="length of one measured load")
    parser.add_argument("--base-port", type=int, default=4100, help="the first of one port per server")
    parser.add_argument(
        "--peers", type=Path, default=_HERE / "node_modules", help="folder where npm put the peers"
    )
    parser.add_argument(
        "--output", type=Path, default=_HERE / "results", help="folder for figures, logs, documents"
    )
    parser.add_argument(
        "--unpinned", action="store_true", help="do not bind servers to core 0 and load to core 1"
    )
    given = parser.parse_args(words)
    bound = not given.unpinned and (os.cpu_count() or 1) > 1
    return Plan(
        servers=tuple(given.servers),
        cases=tuple(given.cases or (_QUICK_CASES if given.quick else CASES)),
        rounds=given.rounds or (3 if given.quick else 5),
        load_s=given.seconds or (1 if given.quick else 3),
        base_port=given.base_port,
        peers=given.peers.resolve(),
        output=given.output.resolve(),
        server_core=0 if bound else None,
        load_core=1 if bound else None,
    )


if __name__ == "__main__":
    sys.exit(main())
