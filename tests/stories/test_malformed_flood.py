"""Ten thousand requests over real sockets, a tenth of them malformed, and the stand-in stays well.

`malformed.yaml` lists what is wrong, `wellformed.yaml` the others. The mix is the same in every run:
it is drawn with a fixed seed.
"""

from __future__ import annotations

import asyncio
import gzip
import random
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import psutil  # type: ignore[import-untyped]  # its stubs are a package of their own
import pytest
import yaml

if TYPE_CHECKING:
    from tests.stories.conftest import Running, Serve

REQUESTS: Final = 10_000
MALFORMED: Final = REQUESTS // 10
#: How often each of the large requests is sent.
RARE: Final = 3
CONNECTIONS: Final = 8
#: A request that is not answered by then hangs, however busy the machine is. To refuse a list of five million
#: numbers costs as much as a thousand small requests, and eight callers may wait for those of each other.
PATIENCE_S: Final = 600
#: How much larger a server may be after the flood than after the warm-up, which holds a few of each kind.
#: Large bodies leave holes of their size; 5 KB kept by each request would be found.
GROWTH_MB: Final = 48

HERE: Final = Path(__file__).parent

Text: TypeAlias = "str | list[str | list[Any]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What goes over the wire, and what may come of it: see `malformed.yaml` for the words."""

    to: str
    what: str
    wire: bytes
    cut: bool = False
    asked: bool = False
    rare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a call: a status, or `None` where the server hung up; *hung* where nothing came."""

    call: Call
    status: int | None = None
    hung: bool = False


def _bytes(text: Text) -> bytes:
    parts = [text] if isinstance(text, str) else text
    return b"".join(
        part.encode("latin-1") if isinstance(part, str) else part[0].encode("latin-1") * part[1]
        for part in parts
    )


def _calls(name: str) -> list[Call]:
    rows = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    flags = ("cut", "asked", "rare")
    return [
        Call(
            to=row["to"],
            what=row["what"],
            wire=_wire(row),
            **{flag: row.get(flag, False) for flag in flags},
        )
        for row in rows
    ]


def _wire(row: dict[str, Any]) -> bytes:
    body = _bytes(row.get("body", ""))
    if not row["line"]:
        return body
    body = gzip.compress(body) if row.get("gzip") else body
    line = _bytes(row["line"])
    lines = [line if b" HTTP/" in line or b" ICE/" in line else line + b" HTTP/1.1"]
    lines += [_bytes(header) for header in row.get("headers", [])]
    if row.get("host", True) and not any(each.startswith(b"Host:") for each in lines):
        lines.append(b"Host: x")
    if "body" in row and row.get("length", True):
        lines.append(b"Content-Length: %d" % len(body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _mix(wellformed: list[Call], malformed: list[Call]) -> list[Call]:
    """Return the flood: each malformed call in turn among well-formed ones, shuffled with a fixed seed."""
    rare = [call for call in malformed if call.rare] * RARE
    usual = [call for call in malformed if not call.rare]
    ill = rare + [usual[number % len(usual)] for number in range(MALFORMED - len(rare))]
    calls = ill + [wellformed[number % len(wellformed)] for number in range(REQUESTS - MALFORMED)]
    random.Random(20240215).shuffle(calls)  # noqa: S311 -- an order, not a secret
    return calls


class Client:
    """One caller: keeps a connection to each server alive as long as the server does.

    Of all callers one at a time sends something *large*, so that memory does not depend on who meets whom.
    """

    def __init__(self, addresses: dict[str, tuple[str, int]], large: asyncio.Lock) -> None:
        self._addresses = addresses
        self._large = large
        self._open: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = {}

    async def play(self, calls: Iterator[Call]) -> list[Result]:
        """Make calls until there are none left, and close."""
        results: list[Result] = []
        for call in calls:
            async with self._large if call.rare else nullcontext():
                results.append(await self._call(call))
        for name in list(self._open):
            await self._drop(name)
        return results

    async def _call(self, call: Call) -> Result:
        was_open = call.to in self._open
        try:
            async with asyncio.timeout(PATIENCE_S):
                return Result(call=call, status=await self._exchange(call))
        except TimeoutError:
            await self._drop(call.to)
            return Result(call=call, hung=True)
        except (OSError, asyncio.IncompleteReadError):
            await self._drop(call.to)
            # A server may close a connection that was idle at any time (RFC 9112, 9.3.1).
            return await self._call(call) if was_open else Result(call=call)

    async def _exchange(self, call: Call) -> int:
        if call.to not in self._open:
            self._open[call.to] = await asyncio.open_connection(*self._addresses[call.to])
        reader, writer = self._open[call.to]
        writer.write(call.wire)
        if call.cut:
            # It may be incomplete: nothing more will come, and the connection is of no more use.
            with suppress(OSError):
                writer.write_eof()
        with suppress(OSError):
            await writer.drain()
        status, goes_on = await _read_answer(reader)
        if call.cut or not goes_on:
            await self._drop(call.to)
        return status

    async def _drop(self, name: str) -> None:
        if name in self._open:
            writer = self._open.pop(name)[1]
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Return the status of the final answer, and whether the connection goes on."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    if status < 200:
        return await _read_answer(reader)
    fields = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:-2])
    await reader.readexactly(int(fields.get(b"content-length", b"0")))
    return status, fields.get(b"connection", b"").strip() != b"close"


async def _flood(addresses: dict[str, tuple[str, int]], calls: Iterable[Call]) -> list[Result]:
    waiting, large = iter(calls), asyncio.Lock()
    played = await asyncio.gather(*(Client(addresses, large).play(waiting) for _ in range(CONNECTIONS)))
    return [result for results in played for result in results]


@pytest.fixture(scope="module")
def servers(serve: Serve) -> dict[str, Running]:
    """Return servers of their own, whose memory nobody else uses."""
    shelter = serve(str(HERE / "shelter" / "shelter.yaml"), "--fixtures", str(HERE / "shelter"))
    return {"built-in": serve(), "shelter": shelter}


def test_a_flood_with_a_tenth_malformed_harms_nothing(
    servers: dict[str, Running], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing hangs, fails or grows: every answer is one that the contract or HTTP has for it."""
    wellformed, malformed = _calls("wellformed.yaml"), _calls("malformed.yaml")
    addresses = {name: server.address for name, server in servers.items()}
    banner = {server.url: len(server.said.read_text()) for server in servers.values()}
    asyncio.run(_flood(addresses, [*wellformed, *malformed] * 3))
    before = _megabytes(servers)

    results = asyncio.run(_flood(addresses, _mix(wellformed, malformed)))

    growth = {name: round(size - before[name], 1) for name, size in _megabytes(servers).items()}
    with capsys.disabled():
        hung_up = sum(result.status is None for result in results)
        print(f"\n{len(results)} calls, {hung_up} cut off; grown by {growth} MB from {before}")  # noqa: T201
    assert len(results) == REQUESTS
    assert sorted({r.call.what for r in results if r.hung}) == []
    assert (
        sorted({(r.call.what, r.status) for r in results if (r.status or 0) >= 500 and not r.call.asked})
        == []
    )
    assert sorted({r.call.what for r in results if r.status is None and not r.call.cut}) == []
    assert sorted({r.call.what for r in results if r.call in wellformed and (r.status or 0) >= 404}) == []
    assert max(growth.values()) < GROWTH_MB
    assert all(server.process.poll() is None for server in servers.values())
    # Uvicorn warns of what is no HTTP; nothing else is worth a line.
    told = [
        line
        for server in servers.values()
        for line in server.said.read_text()[banner[server.url] :].splitlines()
    ]
    assert {line for line in told if not line.startswith("WARNING:  ")} == set()


def _megabytes(servers: dict[str, Running]) -> dict[str, float]:
    return {
        name: psutil.Process(server.process.pid).memory_info().rss / 2**20 for name, server in servers.items()
    }
