"""Try a verifier on servers of which each has one fault, and print what it found and what it missed.

    python tests/mutants/bench.py
    python tests/mutants/bench.py --contract senet --group C --seeds 1 2 3
    python tests/mutants/bench.py --tool schemathesis --more "--max-examples 25" --sample 1/4
    python tests/mutants/bench.py --profile quick --sample 1/6 --at-least A=100 B=100 C=95 D=100

Every subject is a server of its own on a free port: the reference and its harmless variants, on which the
tool has to be silent, and one server for each fault of `faults.yaml`. A fault is found if the tool says so
and did not say the same of the reference. What locum finds without generated requests it finds with them, so
these are asked for only where a fault was not found yet; cost is told of right servers, where all is run.
With `--results FILE` a run that was broken off goes on.
Ends with 0, or with 1 if there was a false alarm or a group fell short of `--at-least`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from bench_report import shortfalls, table
from bench_run import Subject, Tool, Trial, try_out
from bench_store import Store
from bench_tools import TOOLS
from servers.build import ALL_NAMES
from table import GROUPS, faults, variants


def main() -> int:
    """Run the bench and print its table."""
    given = _arguments()
    tool = TOOLS[given.tool](given.command, given.profile, given.timeout)
    tool = replace(tool, command=f"{tool.command} {given.more}".rstrip())
    subjects = list(_subjects(given))
    store = Store(given.results, key=tool.key)
    first = [each for each in subjects if each.kind == "reference"]
    rest = [each for each in subjects if each.kind != "reference"]
    with ThreadPoolExecutor(given.jobs) as pool:
        trials = list(pool.map(lambda each: _tried(each, tool, store), [*first, *rest]))
    print(table(trials))
    short = shortfalls(trials, dict(each.split("=", 1) for each in given.at_least))
    print(*short, sep="\n")
    return 1 if short else 0


def _tried(subject: Subject, tool: Tool, store: Store) -> Trial:
    if (known := store.find(subject)) is not None:
        return known
    trial = try_out(subject, tool)
    store.keep(trial)
    print(
        f"{subject.label:28} {trial.verdict:10} {trial.calls:6} calls {trial.took_s:6.1f} s", file=sys.stderr
    )
    return trial


def _subjects(given: argparse.Namespace) -> Iterator[Subject]:
    """Yield what is to be tried, for each contract and seed: the reference, variants, and faults once."""
    for seed in given.seeds:
        for contract in given.contract:
            yield Subject(kind="reference", contract=contract, seed=seed)
            here = [each.id for each in variants() if contract in each.contracts and given.variants]
            yield from _chosen("variant", [(contract, name) for name in here], seed, given)
    wanted = [each for each in faults() if each.contract in given.contract and each.group in given.group]
    yield from _chosen("fault", [(each.contract, each.id) for each in wanted], given.seeds[0], given)


def _chosen(
    kind: str, named: list[tuple[str, str]], seed: str, given: argparse.Namespace
) -> Iterator[Subject]:
    subjects = (Subject(kind=kind, id=name, contract=contract, seed=seed) for contract, name in named)
    named_only = set(given.only)
    yield from (
        each
        for each in subjects
        if each.is_in(given.sample)
        and each.id not in given.leave_out
        and (not named_only or each.id in named_only)
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tool", choices=sorted(TOOLS), default="locum")
    parser.add_argument(
        "--command", help="instead of the tool's own; {contract} {document} {url} … are filled in"
    )
    parser.add_argument("--more", default="", metavar="WORDS", help="added to the tool's own command")
    parser.add_argument("--profile", default="full", help="what {profile} stands for")
    parser.add_argument("--contract", nargs="+", choices=ALL_NAMES, default=ALL_NAMES)
    parser.add_argument("--group", nargs="+", choices=sorted(GROUPS), default=sorted(GROUPS))
    parser.add_argument("--except", dest="leave_out", nargs="+", default=[], metavar="ID", help="not these")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="ID", help="no other faults and variants than these"
    )
    parser.add_argument("--seeds", nargs="+", default=["1"], help="reference and variants run with each")
    parser.add_argument("--sample", default="1/1", metavar="I/N", help="the I-th of N parts")
    parser.add_argument("--no-variants", dest="variants", action="store_false")
    parser.add_argument("--jobs", type=int, default=2, help="servers tried at a time")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one server")
    parser.add_argument("--results", type=Path, help="file of JSON lines, to go on from")
    parser.add_argument("--at-least", nargs="+", default=[], metavar="GROUP=PERCENT")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
