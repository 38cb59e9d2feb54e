"""In process: the application called directly, beside a Starlette route and Connexion as it comes.

`python bench/micro.py` takes half a minute. All run in one process, in small batches that take turns, and
processor time is counted, so ratios hold within a tenth even on a busy machine: the figures for CI.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import documents
from apps import connexion_default, starlette_route
from cases import CASES, PROBES, Case, Sample
from report import table
from servers import BenchError
from starlette.types import ASGIApp, Message, Scope

from locum.server.service import build_service
from locum.settings import Settings

_BATCHES: Final = 15
_BATCH: Final = 60
_WARM_UP: Final = 300
_US: Final = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, laid out for ASGI ahead of time, and the status it must get."""

    scope: Scope
    body: bytes
    status: int


Timings = MutableMapping[str, list[float]]


def main() -> int:
    """Measure every case against every application, then one application at both ends of a large document."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(_run(given.cases, documents.write_documents(Path(folder))))
        except BenchError as error:
            sys.stderr.write(f"{error}\n")
            return 1
    return 0


async def _run(cases: Sequence[str], written: Mapping[str, Path]) -> None:
    applications = _applications(written)
    measured = {
        name: await _compare({each: (app, _calls(CASES[name])) for each, app in applications.items()})
        for name in cases
    }
    sys.stdout.write(f"{_costs_table(measured)}\n")
    large = _locum(written[str(documents.SIZES[-1])], dynamic=True)
    sys.stdout.write(f"{_flatness_table(await _compare(_flatness(large)))}\n")


def _applications(written: Mapping[str, Path]) -> Mapping[str, ASGIApp]:
    return {
        "Starlette route": starlette_route.build(json.loads(written["examples"].read_bytes())),
        "Connexion default": connexion_default.build(json.loads(written["examples"].read_bytes())),
        "locum serve": _locum(written["plain"], dynamic=True),
        "locum serve, no state": _locum(written["plain"], dynamic=True, stateful=False),
        "locum mock": _locum(written["examples"], dynamic=False),
    }


def _locum(document: Path, *, dynamic: bool, stateful: bool = True) -> ASGIApp:
    return build_service(Settings(contracts=(str(document),), dynamic=dynamic, stateful=stateful)).app


def _flatness(app: ASGIApp) -> Mapping[str, tuple[ASGIApp, Sequence[Call]]]:
    last = documents.SIZES[-1] // len({case.operation_id for case in CASES.values()}) - 1
    path = CASES["total"].sample(1).path
    unknown = next(probe.sample for probe in PROBES if probe.name == "unknown path")
    return {
        "first operation": (app, [_call(Sample(path=path))]),
        "last operation": (app, [_call(Sample(path=f"/group{last}{path}"))]),
        "404": (app, [_call(unknown, status=404)]),
    }


def _calls(case: Case) -> Sequence[Call]:
    return [_call(case.sample(number)) for number in range(1000)]


def _call(sample: Sample, status: int = 200) -> Call:
    path, _, query = sample.path.partition("?")
    body = sample.body.encode()
    headers = {"host": "127.0.0.1", **sample.sent_headers()} | (
        {"content-length": str(len(body))} if body else {}
    )
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": sample.method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 4010),
    }
    return Call(scope=scope, body=body, status=status)


async def _compare(variants: Mapping[str, tuple[ASGIApp, Sequence[Call]]]) -> Timings:
    timings: Timings = {name: [] for name in variants}
    for name, (app, calls) in variants.items():
        await asyncio.create_task(_play(name, app, calls, _WARM_UP, 0))
    for number in range(_BATCHES):
        for name, (app, calls) in variants.items():
            # A task of its own, as a server makes one: context variables do not leak from one to the next.
            spent = await asyncio.create_task(_play(name, app, calls, _BATCH, number * _BATCH))
            timings[name].append(spent / _BATCH * _US)
    return timings


async def _play(name: str, app: ASGIApp, calls: Sequence[Call], count: int, start: int) -> float:
    """Send *count* requests and return the processor seconds they took."""
    statuses: list[int] = []

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    chosen = [calls[number % len(calls)] for number in range(start, start + count)]
    begun = time.process_time()
    for call in chosen:
        message = {"type": "http.request", "body": call.body, "more_body": False}

        async def receive(message: Message = message) -> Message:
            return message

        await app(dict(call.scope), receive, send)
    spent = time.process_time() - begun
    if statuses != [call.status for call in chosen]:
        found = sorted(set(statuses))
        raise BenchError(
            f"{name}: {chosen[0].scope['path']} was answered with {found}, not {chosen[0].status}"
        )
    return spent


def _costs_table(measured: Mapping[str, Timings]) -> str:
    return table(
        "Processor time of one request in process: least, median, and median ratios",
        ("case", "application", "least us", "median us", "of the Starlette route", "of Connexion default"),
        (
            (
                case,
                name,
                f"{min(spent):.1f}",
                f"{median(spent):.1f}",
                f"{_ratio(spent, timings['Starlette route']):.2f}x",
                f"1/{1 / _ratio(spent, timings['Connexion default']):.1f}",
            )
            for case, timings in measured.items()
            for name, spent in timings.items()
        ),
    )


def _flatness_table(timings: Timings) -> str:
    return table(
        f"locum serve with {documents.SIZES[-1]:,} operations",
        ("request", "least us", "median us", "of the first operation"),
        (
            (
                name,
                f"{min(spent):.1f}",
                f"{median(spent):.1f}",
                f"{_ratio(spent, timings['first operation']):.2f}x",
            )
            for name, spent in timings.items()
        ),
    )


def _ratio(ours: Sequence[float], other: Sequence[float]) -> float:
    return median(mine / theirs for mine, theirs in zip(ours, other, strict=True))


if __name__ == "__main__":
    sys.exit(main())
