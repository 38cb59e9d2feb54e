"""Many testers on one server: everyone has a world of their own, and nobody's writing is lost."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.stories.conftest import Running

HERE = Path(__file__).parent / "world"
TESTERS = 200
CONTROL = "/_locum/api"


@pytest.fixture(scope="module")
def world(serve: Callable[..., Running]) -> Running:
    """Serve a world that shows what it is."""
    return serve(str(HERE / "world.yaml"), "--handlers", str(HERE / "handlers.py"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One connection to the server, kept open; httpx takes ten times as long."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, method: str, path: str, body: object = None, session: str = "default") -> Any:  # noqa: ANN401 -- any JSON value
        """Return the JSON of an answer, which is a good one."""
        sent = b"" if body is None else json.dumps(body).encode()
        typed = "" if body is None else "content-type: application/json\r\n"
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\nlocum-session: {session}\r\n{typed}"
        self.writer.write(f"{head}content-length: {len(sent)}\r\n\r\n".encode() + sent)
        told = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = re.search(r"content-length: (\d+)", told)
        content = await self.reader.readexactly(int(length[1])) if length else b""
        assert told.startswith("HTTP/1.1 2"), told + content.decode()
        return json.loads(content) if content else None


@asynccontextmanager
async def line(world: Running) -> AsyncIterator[Line]:
    """Open a connection."""
    reader, writer = await asyncio.open_connection(*world.address)
    try:
        yield Line(reader=reader, writer=writer)
    finally:
        writer.close()
        await writer.wait_closed()


async def said(world: Running, *call: Any) -> Any:  # noqa: ANN401 -- any JSON value
    """Return the answer to one call, made over a connection of its own."""
    async with line(world) as own:
        return await own.ask(*call)


async def work_alone(world: Running, number: int) -> None:
    """Arrange a world of one's own in any order, and find it so, whatever others do meanwhile."""
    name, at = f"tester-{number}", f"{CONTROL}/sessions/tester-{number}"
    arrangements: list[tuple[str, str, object]] = [
        ("PUT", f"{at}/clock", {"instant": f"{1990 + number % 60}-01-01T00:00:{number % 60:02}Z"}),
        ("PUT", f"{at}/seed", {"seed": f"seed-{number}"}),
        ("PUT", f"{at}/settings/world", {"colour": f"colour-{number}"}),
        ("PUT", f"{at}/records/world/things/thing-{number}", {}),
        ("POST", "/visits", None),
    ]
    random.Random(number).shuffle(arrangements)  # noqa: S311 -- no secret
    async with line(world) as own:
        for method, path, body in arrangements:
            await own.ask(method, path, body, name)
        await own.ask("POST", f"{at}/clock/advance", {"by": f"P{number}D"})
        seen = await own.ask("GET", "/world", None, name)
    day = datetime(1990 + number % 60, 1, 1, 0, 0, number % 60, tzinfo=UTC) + timedelta(days=number)

    assert seen == {
        "now": day.isoformat(),
        "seed": f"seed-{number}",
        "colour": f"colour-{number}",
        "things": [f"thing-{number}"],
        "visits": 1,
    }


def test_two_hundred_testers_never_see_each_other(world: Running) -> None:
    """Each with a clock, a seed, switches, records and a journal, all at once on one server."""

    async def everybody() -> tuple[Any, list[int], Any]:
        await asyncio.gather(*(work_alone(world, number) for number in range(TESTERS)))
        async with line(world) as own:
            guesses = [await own.ask("GET", "/guess", None, f"tester-{number}") for number in range(20)]
            journal = await own.ask("GET", f"{CONTROL}/journal?session=tester-7")
            return await own.ask("GET", "/world", None, "somebody-else"), guesses, journal

    untouched, guesses, journal = asyncio.run(everybody())

    assert untouched == {
        "now": "2024-02-15T12:00:00+00:00",
        "seed": "",
        "colour": "grey",
        "things": [],
        "visits": 0,
    }
    assert len(set(guesses)) == 20
    assert [each["operation"] for each in journal["interactions"]] == ["guess", "lookAround", "visit"]


def test_writers_in_one_session_lose_nothing(world: Running) -> None:
    """A hundred visits, a hundred seconds and fifty records at the same time all count."""
    at = f"{CONTROL}/sessions/crowd"
    writing: list[tuple[Any, ...]] = [
        *[("POST", "/visits", None, "crowd")] * 100,
        *[("POST", f"{at}/clock/advance", {"by": "PT1S"})] * 100,
        *[("PUT", f"{at}/records/world/things/t{number}", {}) for number in range(50)],
    ]
    random.Random(1).shuffle(writing)  # noqa: S311 -- no secret

    async def everybody() -> tuple[Any, Any]:
        await said(world, "POST", f"{at}/reset")
        await asyncio.gather(*(said(world, *call) for call in writing))
        return await said(world, "GET", "/world", None, "crowd"), await said(world, "GET", at)

    seen, told = asyncio.run(everybody())

    assert (seen["visits"], len(seen["things"]), seen["now"]) == (100, 50, "2024-02-15T12:01:40+00:00")
    assert told["interactions"] == 101


def test_the_same_session_answers_the_same_twice(world: Running) -> None:
    """A reset session with the same seed says what it said before."""
    at = f"{CONTROL}/sessions/again"

    async def answers() -> list[Any]:
        async with line(world) as own:
            await own.ask("POST", f"{at}/reset")
            await own.ask("PUT", f"{at}/seed", {"seed": "monday"})
            return [await own.ask("GET", path, None, "again") for path in ("/guess", "/world")]

    assert asyncio.run(answers()) == asyncio.run(answers())
