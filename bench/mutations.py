"""Damages documents and serves what is left: a clear error or a working server, never a traceback or a hang.

`python bench/mutations.py FOLDER... --count 500` takes every document below the folders in turn, cuts it down
to a few paths, damages it, and calls every operation of the application in process: plainly, well-formed, and
for every declared status. Each worker is a process of its own, watched by the clock and stopped at a limit.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import resource
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import orjson

from locum.behaviour import Fixtures
from locum.behaviour.calls import Call, compose
from locum.behaviour.scenarios import Natural
from locum.catalog import Entry
from locum.contract import Contract, Limits, inspect_contract, read_contract
from locum.contract.source import read_source
from locum.errors import LocumError
from locum.generation import Generator
from locum.server import build_app
from locum.settings import Settings

_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml"})
_METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options")
#: Paths of a document that are kept, so that damage is near to what is called.
_PATHS: Final = 6
_MOST_STATUSES: Final = 6


def _nested(depth: int, key: str = "items") -> Any:  # noqa: ANN401 -- JSON
    value: Any = {}
    for _ in range(depth):
        value = {key: value, "type": "array"}
    return value


_JUNK: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1e308, 10**30, "", "x", "(", "\u0000", "9" * 5000, [], [None], {}, [[[]]],
    {"a": {"b": 1}}, _nested(60), _nested(400), {"$ref": "#"}, {"$ref": ""}, {"$ref": 5}, {"$ref": "#/paths"},
    {"$ref": "nowhere.yaml#/a"}, {"$ref": "http://a.invalid/b#/c"}, {"$ref": "#/components/schemas/Nobody"},
    {"type": "array", "minItems": 10**9}, {"type": "string", "minLength": 10**9}, {"type": "banana"},
    {"type": "string", "pattern": "^(a+)+$"}, {"type": "string", "pattern": "["}, {"enum": []}, {"not": {}},
    {"oneOf": [{"type": "object", "properties": {c: {} for c in "abcdefgh"}}] * 12},
    {"type": "object", "minProperties": 10**6}, {"type": "number", "multipleOf": 0}, {"const": 1e300},
    {"type": "array", "contains": {"const": 1}, "minContains": 10**6}, {"enum": [*range(100_000)]},
    {"oneOf": [{"const": number} for number in range(2000)]}, {"type": "string", "maxLength": 10**12},
    {"type": "number", "multipleOf": 1e-300}, {"type": "integer", "exclusiveMinimum": True, "minimum": 1},
    {"type": ["string", None, 5, []]}, {"type": "string", "example": None}, {"$ref": "#/paths/%ZZ%00"},
    {"$ref": "#/components/schemas/%50et"}, {"type": "string", "pattern": "(?:a{1000}){1000}"},
    {"type": "string", "pattern": "^(([a-z])+.)+[A-Z]([a-z])+$", "maxLength": 2}, "x" * 5_000_000,
    {"type": "array", "uniqueItems": True, "minItems": 5000, "items": {"type": "string", "maxLength": 3}},
    {"$dynamicRef": "#nobody"}, {"properties": {"a": {"allOf": [{"$ref": "#"}]}}},
)  # fmt: skip
_KEYS: Final = (
    "$ref", "type", "required", "properties", "allOf", "oneOf", "anyOf", "not", "enum", "$id", "$anchor",
    "parameters", "schema", "pattern", "in", "name", "items", "examples", "example", "content", "responses",
    "headers", "security", "style", "explode", "discriminator", "additionalProperties", "format", "default",
    "nullable", "minItems", "maximum", "xml", "encoding", "callbacks", "servers",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One damaged document: its file, and the seed of its damage."""

    file: Path
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What became of a job: *kind* is `served`, `refused`, `traceback`, `status`, `hang` or `died`."""

    job: Job
    kind: str
    detail: str = ""
    took_s: float = 0.0
    answers: int = 0
    resident_mib: int = 0


def main() -> int:
    """Run all jobs; exit with 1 when one ended in anything but an error told or a working server."""
    given = _options()
    files = sorted(each for folder in given.folders for each in _documents(folder))
    if not files:
        sys.stderr.write("no document below the folders given\n")
        return 2
    jobs = [Job(file=files[number % len(files)], seed=given.seed + number) for number in range(given.count)]
    findings = list(_watched(jobs, given.limit))
    counts = Counter(each.kind for each in findings)
    sys.stdout.write(f"{len(findings)} damaged documents: {dict(counts)}\n")
    slowest = max(findings, key=lambda each: each.took_s)
    sys.stdout.write(
        f"{sum(each.answers for each in findings)} answers; "
        f"slowest {slowest.took_s:.1f} s ({slowest.job.file.name}, seed {slowest.job.seed}); "
        f"largest {max(each.resident_mib for each in findings)} MiB\n"
    )
    bad = [each for each in findings if each.kind not in {"served", "refused"}]
    for each in bad:
        sys.stdout.write(f"\n{each.kind}: {each.job.file} --seed {each.job.seed} --count 1\n{each.detail}\n")
    return int(bool(bad))


def _documents(folder: Path) -> Iterator[Path]:
    found = [folder] if folder.is_file() else sorted(folder.rglob("*"))
    for each in found:
        if each.suffix in _SUFFIXES and each.is_file():
            start = each.read_bytes()[:4000]
            if any(word in start for word in (b"openapi", b"swagger")) and b"paths" in each.read_bytes():
                yield each


def _watched(jobs: list[Job], limit_s: float) -> Iterator[Finding]:
    """Run *jobs* one after the other in a worker, a new one where the last hung or died."""
    context = multiprocessing.get_context("spawn")
    todo = list(reversed(jobs))
    while todo:
        ours, theirs = context.Pipe()
        worker = context.Process(target=_work, args=(theirs,), daemon=True)
        worker.start()
        theirs.close()
        while todo:
            job = todo.pop()
            try:
                ours.send(job)
                # The first job of a worker waits for its imports as well.
                if not ours.poll(limit_s + 10):
                    yield Finding(job=job, kind="hang", took_s=limit_s)
                    break
                yield ours.recv()
            except (EOFError, OSError):  # before the job reached it, or at work
                worker.join()
                yield Finding(job=job, kind="died", detail=f"exit code {worker.exitcode}")
                break
        worker.kill()
        worker.join()


def _work(jobs: Connection) -> None:
    generator = Generator()
    while True:
        try:
            job: Job = jobs.recv()
        except EOFError:
            return
        began = time.perf_counter()
        kind, detail, answers = _outcome(job, generator)
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        took_s = time.perf_counter() - began
        jobs.send(
            Finding(job=job, kind=kind, detail=detail, took_s=took_s, answers=answers, resident_mib=size)
        )


def _outcome(job: Job, generator: Generator) -> tuple[str, str, int]:
    document: Any = read_source(job.file.read_bytes(), str(job.file), Limits()).value
    chance = random.Random(job.seed)  # noqa: S311 -- not for secrets
    document = _cut_down(json.loads(json.dumps(document)), chance)
    for _ in range(chance.randint(1, 8)):
        _damage(document, chance)
    content = _written(document, chance)

    def retrieve(uri: str) -> bytes:
        return content if Path(uri) == job.file else Path(uri).read_bytes()

    try:
        contract = read_contract(
            job.file.as_posix(), retrieve, name="damaged", root=job.file.parent.parent.as_posix()
        )
        inspect_contract(contract)
        entry = Entry(name="damaged", origin=str(job.file), contract=contract)
        return _called(entry, generator)
    except LocumError as error:
        return "refused", str(error)[:200], 0
    except Exception:  # noqa: BLE001 -- this is what is looked for
        return "traceback", traceback.format_exc(limit=-8), 0


def _written(document: object, chance: random.Random) -> bytes:
    """Return the bytes of *document*: JSON, now and then in another encoding or with something between."""
    content = orjson.dumps(document, default=str) if _fits(document) else json.dumps(document).encode()
    text = content.decode("utf-8", "replace")
    spoilt = (
        text.encode("utf-16"), text.encode("utf-32"), content.replace(b",", b",\x00", 1), content + b"\x00",
        content.replace(b"{", b"? [a, b]\n: ", 1), b"x: &a {b: *a}\n" + content, content[: len(content) // 2],
        b"a: " + b"[" * 100_000, content.replace(b'":', b'"\t:').replace(b",", b",\r\n"),
    )  # fmt: skip
    return chance.choice(spoilt) if chance.random() < 0.05 else content  # noqa: PLR2004


def _fits(document: object) -> bool:
    try:
        orjson.dumps(document)
    except TypeError:
        return False
    return True


def _cut_down(document: Any, chance: random.Random) -> Any:  # noqa: ANN401 -- JSON
    paths = document.get("paths") if isinstance(document, dict) else None
    if isinstance(paths, dict) and len(paths) > _PATHS:
        document["paths"] = {name: paths[name] for name in chance.sample(sorted(paths), _PATHS)}
    return document


def _damage(document: Any, chance: random.Random) -> None:  # noqa: ANN401 -- JSON
    """Drop, swap or add something, more often near to the paths than elsewhere."""
    paths = document.get("paths") if isinstance(document, dict) else None
    # Where the paths are gone, the rest is damaged all the same.
    todo: list[Any] = [paths if paths and chance.random() < 0.5 else document]  # noqa: PLR2004
    places: list[tuple[Any, Any]] = []
    while todo:
        value = todo.pop()
        members = (
            list(value.items())
            if isinstance(value, dict)
            else list(enumerate(value))
            if isinstance(value, list)
            else []
        )
        places += [(value, key) for key, _ in members]
        todo += [member for _, member in members]
    if not places:
        return
    holder, key = chance.choice(places)
    action = chance.randrange(5)
    junk = json.loads(json.dumps(chance.choice(_JUNK)))
    if action == 0:
        del holder[key]
    elif action == 1 and isinstance(holder, dict):
        holder[chance.choice(_KEYS)] = junk
    elif action == 2:  # noqa: PLR2004 -- a part of the document in the place of another: wrong kinds, circles
        other, name = chance.choice(places)
        holder[key] = json.loads(json.dumps(other[name]))
    else:
        holder[key] = junk


def _called(entry: Entry, generator: Generator) -> tuple[str, str, int]:
    app = build_app([entry], Settings(callbacks=True))
    answers = 0
    wrong: list[str] = []
    for call in _calls(entry.contract, generator):
        status = asyncio.run(_status(app, call))
        answers += 1
        # 501 says that this one operation cannot be used; a status asked for may be any that is declared.
        asked = next((text for name, text in call.headers if name == "Prefer"), "")
        if status >= 500 and status != 501 and f"code={status}" not in asked and not _declares(entry, status):  # noqa: PLR2004
            wrong.append(f"{call.method} {call.target} {asked} -> {status}")
    return ("status", "\n".join(wrong[:5]), answers) if wrong else ("served", "", answers)


def _declares(entry: Entry, status: int) -> bool:
    return f'"{status // 100}' in json.dumps(entry.contract.document.get("paths"), default=str)


def _calls(contract: Contract, generator: Generator) -> Iterator[Call]:
    for route in contract.routes:
        bare = Call(method=route.method.value, path=route.path.replace("{", "%7B").replace("}", "%7D"))
        yield bare
        yield Call(method=bare.method, path=bare.path, body=b'{"a":[1,{}]}').with_header(
            "Content-Type", "application/json"
        )
        try:
            operation = contract.operation(route)
        except LocumError:
            continue
        made = compose(
            Natural(operation=route.operation_id),
            operation,
            contract=contract,
            fixtures=Fixtures(),
            generator=generator,
        )
        if made is None:
            continue
        yield made
        yield made.with_header("Prefer", "dynamic=true, variant=random")
        for response in operation.responses[:_MOST_STATUSES]:
            code = response.status.replace("XX", "00").replace("default", "418")
            yield made.with_header("Prefer", f"code={code}")
        for name in {media.name for response in operation.responses for media in response.content}:
            if name.isascii() and name.isprintable():
                yield made.with_header("Accept", name)


async def _status(app: Any, call: Call) -> int:  # noqa: ANN401 -- an ASGI application
    sent: list[Any] = []
    headers = [
        ("host", "localhost"),
        *call.headers,
        *([("content-length", str(len(call.body)))] if call.body else []),
    ]
    path, _, query = call.target.partition("?")
    scope = {
        "type": "http", "method": call.method, "path": unquote(path), "raw_path": path.encode(),
        "query_string": query.encode(), "root_path": "", "scheme": "http", "http_version": "1.1",
        "server": ("localhost", 80), "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), text.encode("latin-1", "replace")) for name, text in headers],
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": call.body, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 -- a message
        sent.append(message)

    await app(scope, receive, send)
    return int(sent[0]["status"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=20, help="seconds for one document")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
