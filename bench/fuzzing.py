"""Plays one document: starts our server on it, lets Schemathesis run, and reads what it holds against us.

The server is told one credential for each security scheme, and Schemathesis uses it, so that its check of
ignored authentication means something. Of a large document whole families of paths are played.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

from locum.catalog import Entry, Reading, load
from locum.contract.model import Location, Operation, Route, SecurityScheme, SecurityType
from locum.errors import LocumError

__all__ = ["Failure", "Play", "Played", "play", "read"]

_PHASES: Final = "examples,coverage,fuzzing,stateful"
_SECRET: Final = "secret-of-the-bench"  # noqa: S105 -- opens nothing but the stand-in
_USER: Final = "bench"
_PATIENCE_S: Final = 60
#: What a run says that had no time to end.
_CUT: Final = "cut"
_CHECKED: Final = frozenset({0, 1})


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """How a document is played: *mode* is a verb of ours with its flags, *most* how many operations at most.

    References may not leave *root*; after *seconds* the run ends, and what was found by then counts.
    """

    document: Path
    root: Path
    mode: Sequence[str]
    seed: int = 1
    examples: int = 15
    most: int = 40
    seconds: int = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What Schemathesis holds against an operation; *count* is how often it said so."""

    operation: str
    kind: str
    message: str
    exchange: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of it: operations there and played, requests made, failures, and what went wrong."""

    operations: int = 0
    chosen: int = 0
    cases: int = 0
    failures: tuple[Failure, ...] = ()
    trouble: str = ""
    is_cut: bool = False


def read(asked: Play) -> Entry | None:
    """Return the document as our server reads it, or `None`."""
    with suppress(LocumError):
        return load(str(asked.document), Reading(root=asked.root))
    return None


def play(asked: Play, entry: Entry) -> Played:
    """Serve the document, run all phases and checks, and return what was found."""
    routes = entry.contract.routes
    chosen = _sample(routes, asked.most)
    if not chosen:
        return Played(operations=len(routes))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_fixtures(folder, entry)
        _write_configuration(folder, entry, chosen, asked)
        with _served(asked, folder) as (port, trouble):
            printed = trouble or _run(folder, asked, f"http://127.0.0.1:{port}{entry.base_path}")
        found = _read(folder)
    is_cut = printed == _CUT
    return replace(
        found,
        operations=len(routes),
        chosen=len(chosen),
        trouble="" if is_cut else printed,
        is_cut=is_cut,
    )


def _sample(routes: Sequence[Route], most: int) -> list[Route]:
    """Return at most *most* routes: whole families of paths, in an order that the document has no say in."""
    if len(routes) <= most:
        return list(routes)
    families: dict[str, list[Route]] = defaultdict(list)
    for each in routes:
        plain = [part for part in each.path.split("/") if part and "{" not in part]
        families["/".join(plain[:2])].append(each)
    chosen: list[Route] = []
    for name in sorted(families, key=lambda name: hashlib.sha256(name.encode()).digest()):
        if not chosen or len(chosen) + len(families[name]) <= most:
            chosen += families[name][: most - len(chosen)]
    return chosen


def _write_fixtures(folder: Path, entry: Entry) -> None:
    """Tell the stand-in one credential of each scheme, with every scope that is asked for."""
    scopes: dict[str, set[str]] = defaultdict(set)
    for operation in _readable(entry, entry.contract.routes):
        for requirement in operation.security:
            for name, asked in requirement.schemes.items():
                scopes[name].update(asked)
    credentials = [
        {
            "id": f"key-{number}",
            "scheme": name,
            "secret": f"{_USER}:{_SECRET}" if _is_basic(scheme) else _SECRET,
            "kind": "any",
            "scopes": sorted(scopes[name]),
            "status": "active",
        }
        for number, (name, scheme) in enumerate(entry.contract.security_schemes.items())
    ]
    (folder / "contract.yaml").write_text(yaml.safe_dump({"credentials": credentials}), encoding="utf-8")


def _is_basic(scheme: SecurityScheme) -> bool:
    return scheme.type is SecurityType.HTTP and scheme.http_scheme == "basic"


def _readable(entry: Entry, routes: Iterable[Route]) -> Iterator[Operation]:
    for route in routes:
        with suppress(LocumError):
            yield entry.contract.operation(route)


def _write_configuration(folder: Path, entry: Entry, chosen: Sequence[Route], asked: Play) -> None:
    lines = [
        f"seed = {asked.seed}",
        "continue-on-failure = true",
        "color = false",
        "warnings = false",
        "request-timeout = 30.0",
        "max-redirects = 0",
        "[generation]",
        'database = "none"',
        f"max-examples = {asked.examples}",
        "[output.truncation]",
        "enabled = false",
    ]
    taken = {_label(each) for each in chosen}
    left = [_label(each) for each in entry.contract.routes if _label(each) not in taken]
    if left:
        lines += ["[[operations]]", f"include-name = {json.dumps(left)}", "enabled = false"]
    by_headers: dict[str, list[str]] = defaultdict(list)
    for operation in _readable(entry, chosen):
        told = ", ".join(
            f"{json.dumps(name)} = {json.dumps(text)}" for name, text in _headers(operation, entry)
        )
        if told:
            by_headers[told].append(_label(operation.route))
    for told, names in by_headers.items():
        lines += ["[[operations]]", f"include-name = {json.dumps(names)}", f"headers = {{ {told} }}"]
    for name, scheme in entry.contract.security_schemes.items():
        if scheme.type is SecurityType.API_KEY and scheme.location is not Location.HEADER:
            lines += [f"[auth.openapi.{json.dumps(name)}]", f"api_key = {json.dumps(_SECRET)}"]
    (folder / "schemathesis.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _label(route: Route) -> str:
    return f"{route.method.value} {route.path}"


def _headers(operation: Operation, entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the headers of the first requirement that asks for something."""
    for name in next((each.schemes for each in operation.security if each.schemes), ()):
        scheme = entry.contract.security_schemes.get(name)
        if scheme is None or scheme.type is SecurityType.MUTUAL_TLS:
            continue
        if scheme.type is not SecurityType.API_KEY:
            pair = base64.b64encode(f"{_USER}:{_SECRET}".encode()).decode()
            yield "Authorization", f"Basic {pair}" if _is_basic(scheme) else f"Bearer {_SECRET}"
        elif scheme.location in {Location.HEADER, None}:
            yield scheme.parameter or name, _SECRET


@contextmanager
def _served(asked: Play, folder: Path) -> Iterator[tuple[int, str]]:
    """Serve the document on a free port; what is given beside the port is why it cannot be, or nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    verb, *flags = asked.mode
    words = ["-p", str(port), "--fixtures", str(folder), "--root", str(asked.root), *flags]
    log = folder / "server.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "locum", verb, str(asked.document), *words],
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            is_there = _is_there(port, process)
            yield port, "" if is_there else f"not served: {log.read_text(encoding='utf-8')[-1000:]}"
        finally:
            process.terminate()
            process.wait(30)


def _is_there(port: int, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
        time.sleep(0.05)
    return False


def _run(folder: Path, asked: Play, url: str) -> str:
    """Run Schemathesis; return why there is no verdict, or nothing."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("SCHEMATHESIS_")}
    try:
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", str(asked.document), "--url", url),
                *("--checks", "all", "--phases", _PHASES),
                *("--report", "ndjson", "--report-ndjson-path", "run.ndjson"),
            ],
            cwd=folder,
            env=kept,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=asked.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _CUT
    return "" if done.returncode in _CHECKED else done.stdout[-1500:]


def _read(folder: Path) -> Played:
    """Read the events of a run, finished or not."""
    file = folder / "run.ndjson"
    found: dict[tuple[str, str, str], Failure] = {}
    cases = 0
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        with suppress(ValueError):  # the last line of a run that was cut
            told = json.loads(line).get("ScenarioFinished")
            recorder = told["recorder"] if told else {}
            cases += len(recorder.get("cases", ()))
            for each in _failures(recorder):
                key = (each.operation, each.kind, each.message[:80])
                first = found.get(key, replace(each, count=0))
                found[key] = replace(first, count=first.count + 1)
    return Played(cases=cases, failures=tuple(found.values()))


def _failures(recorder: Mapping[str, Any]) -> Iterator[Failure]:
    for case, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check.get("status") == "failure":
                told = check["failure_info"]["failure"]
                yield Failure(
                    operation=told.get("operation") or recorder["label"],
                    kind=check["name"],
                    message=f"{told.get('title', '')}: {told.get('message', '')}",
                    exchange=json.dumps(recorder.get("interactions", {}).get(case, {}))[:20_000],
                )
