"""Tells whether the answers of a server are valid by its contract, and broken requests refused.

`python bench/validity.py` asks each server for many bodies per operation; two independent validators look at
them, formats asserted: jsonschema-rs and jsonschema. Then each probe of `cases.py` is sent and must be a 4xx.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final

import documents
import jsonschema
import jsonschema_rs
from cases import CASES, PROBES, Case, Sample
from report import table
from servers import BenchError, Running, Stage, ask, installed, read_servers, start

_HERE: Final = Path(__file__).parent
_OURS: Final = "locum"
#: The second validator is a hundred times slower; it sees every n-th body.
_EVERY: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found of one server: counts by case, and the probes that were let by."""

    server: str
    asked: int
    valid: Mapping[str, int]
    distinct: Mapping[str, int]
    first_fault: str
    let_by: tuple[str, ...]


def main() -> int:
    """Look at every server; exit with 1 when one of ours sends an invalid body or lets a probe by."""
    given = _options()
    given.output.mkdir(parents=True, exist_ok=True)
    try:
        verdicts = _verdicts(given)
    except BenchError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{_table(verdicts)}\n")
    for each in verdicts:
        for line in (each.first_fault, *each.let_by):
            sys.stdout.write(f"{each.server}: {line}\n" if line else "")
    ours = [each for each in verdicts if each.server.startswith(_OURS)]
    return int(any(each.let_by or min(each.valid.values()) < each.asked for each in ours))


def _verdicts(given: argparse.Namespace) -> list[Verdict]:
    written = documents.write_documents(given.output / "documents")
    stage = Stage(peers=given.peers, logs=given.output)
    verdicts = []
    for server in installed(read_servers(given.servers), given.peers):
        if not server.validates:
            continue
        sys.stderr.write(f"looking at {server.name}\n")
        running = start(server, written[server.document], given.port, CASES["bill"].sample(0), stage)
        try:
            verdicts.append(_verdict(running, given.bodies))
        finally:
            running.stop()
    return verdicts


def _verdict(running: Running, count: int) -> Verdict:
    document = documents.plain()
    valid, distinct, faults = {}, {}, []
    for name, case in CASES.items():
        bodies = _bodies(running, case, count)
        fault_of = _validator(documents.answer_schema(document, case.operation_id))
        found = [fault_of(number, body) for number, body in enumerate(bodies)]
        valid[name], distinct[name] = found.count(""), len(set(bodies))
        faults += [f"{name}: {each}" for each in found if each][:1]
    let_by = [f"{each.name}: {said}" for each in PROBES if (said := _let_by(running, each.sample))]
    return Verdict(
        server=running.server.name,
        asked=count,
        valid=valid,
        distinct=distinct,
        first_fault="; ".join(faults),
        let_by=tuple(let_by),
    )


def _bodies(running: Running, case: Case, count: int) -> list[bytes]:
    with closing(HTTPConnection("127.0.0.1", running.port, timeout=30)) as connection:
        return [_body(connection, case.sample(number)) for number in range(count)]


def _body(connection: HTTPConnection, sample: Sample) -> bytes:
    connection.request(sample.method, sample.path, sample.body or None, sample.sent_headers())
    response = connection.getresponse()
    body = response.read()
    return body if response.status == HTTPStatus.OK else b""


def _validator(schema: dict[str, Any]) -> Callable[[int, bytes], str]:
    quick = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    careful = jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )

    def fault(number: int, body: bytes) -> str:
        try:
            value = json.loads(body)
        except ValueError:
            return f"not a 200 with JSON: {body[:80]!r}"
        if wrong := next(quick.iter_errors(value), None):
            return f"{wrong.message[:200]} at {'/'.join(map(str, wrong.instance_path))}"
        if number % _EVERY == 0 and (second := next(careful.iter_errors(value), None)):
            return f"{second.message[:200]} at {second.json_path} (by jsonschema alone)"
        return ""

    return fault


def _let_by(running: Running, sample: Sample) -> str:
    status, _ = ask(running.port, sample)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return ""
    return f"answered with {status}" if status else "not answered at all"


def _table(verdicts: list[Verdict]) -> str:
    return table(
        "Valid bodies (distinct ones), and broken requests refused",
        ("server", "bodies per case", *CASES, "refused"),
        (
            (
                each.server,
                f"{each.asked:,}",
                *(f"{each.valid[name] / each.asked:.0%} ({each.distinct[name]:,})" for name in CASES),
                f"{len(PROBES) - len(each.let_by)} of {len(PROBES)}",
            )
            for each in verdicts
        ),
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "servers", nargs="*", help="names out of servers.toml; all of them when none is given"
    )
    parser.add_argument(
        "--bodies", type=int, default=200, help="bodies per operation; 1,000 at most are distinct"
    )
    parser.add_argument("--port", type=int, default=4191)
    parser.add_argument(
        "--peers", type=Path, default=_HERE / "node_modules", help="folder where npm put the peers"
    )
    parser.add_argument(
        "--output", type=Path, default=_HERE / "results", help="folder for logs and documents"
    )
    given = parser.parse_args()
    given.peers, given.output = given.peers.resolve(), given.output.resolve()
    return given


if __name__ == "__main__":
    sys.exit(main())
