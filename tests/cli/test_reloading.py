from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Self

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from locum.cli import reloading
from locum.cli.reloading import Swappable, Version


class Says:
    """An application that answers with one word and keeps a diary of its life."""

    def __init__(self, word: str, diary: list[str]) -> None:
        self.word = word
        self.diary = diary

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or start and stop."""
        if scope["type"] == "http":
            await send({"type": "http.response.body", "body": self.word.encode()})
            return
        for step in ("startup", "shutdown"):
            await receive()
            self.diary.append(f"{self.word} {step}")
            await send({"type": f"lifespan.{step}.complete"})


class Server:
    """The server's side of ASGI, for one application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.orders: asyncio.Queue[Message] = asyncio.Queue()
        self.answers: asyncio.Queue[Message] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        """Start the application."""
        self.task = asyncio.create_task(self._run({"type": "lifespan"}))
        await self.order("startup")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop the application."""
        await self.order("shutdown")
        await self.task

    async def order(self, step: str) -> None:
        """Tell the application to start or stop, and wait until it has."""
        await self.orders.put({"type": f"lifespan.{step}"})
        answer = await asyncio.wait_for(self.answers.get(), 5)
        assert answer == {"type": f"lifespan.{step}.complete"}

    async def ask(self) -> str:
        """Return what a request is answered with."""
        said: list[bytes] = []

        async def send(message: Message) -> None:
            said.append(message["body"])

        await self.app({"type": "http"}, self.orders.get, send)
        return b"".join(said).decode()

    async def wait_for(self, word: str) -> None:
        """Return once requests are answered with *word*."""
        async with asyncio.timeout(5):
            while await self.ask() != word:
                await asyncio.sleep(0.005)

    async def _run(self, scope: Scope) -> None:
        await self.app(scope, self.orders.get, self.answers.put)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file that is looked at often."""
    monkeypatch.setattr(reloading, "_PAUSE_S", 0.01)
    path = tmp_path / "word.txt"
    path.write_text("one")
    return path


def test_a_changed_file_is_served_at_once(file: Path) -> None:
    """The new application is started before the old one is stopped."""
    diary: list[str] = []

    def build() -> Version:
        return Version(app=Says(file.read_text(), diary), list_files=lambda: [file])

    async def change() -> None:
        async with Server(Swappable(build(), build)) as server:
            assert await server.ask() == "one"
            file.write_text("another")
            await server.wait_for("another")

    asyncio.run(change())

    assert diary == ["one startup", "another startup", "one shutdown", "another shutdown"]


def test_a_change_that_cannot_be_used_keeps_the_old_one(file: Path) -> None:
    """The old application goes on until a good one can be built."""
    tried: list[str] = []

    def build() -> Version | None:
        tried.append(file.read_text())
        if file.read_text() == "broken":
            return None
        return Version(app=Says(file.read_text(), []), list_files=lambda: [file])

    async def change() -> None:
        first = build()
        assert first
        async with Server(Swappable(first, build)) as server:
            file.write_text("broken")
            async with asyncio.timeout(5):
                while "broken" not in tried:
                    await asyncio.sleep(0.005)
            assert await server.ask() == "one"
            file.write_text("good again")
            await server.wait_for("good again")

    asyncio.run(change())


def test_a_file_that_joins_later_is_watched(file: Path) -> None:
    """Referenced files are read on first use, while the server runs."""
    late = file.parent / "late.txt"
    late.write_text("a")
    files = [file]

    def build() -> Version:
        return Version(app=Says(file.read_text() + late.read_text(), []), list_files=lambda: files)

    async def change() -> None:
        async with Server(Swappable(build(), build)) as server:
            files.append(late)
            await asyncio.sleep(0.05)
            late.write_text("changed")
            await server.wait_for("onechanged")

    asyncio.run(change())


def test_an_application_without_a_lifespan_is_swapped_as_well(file: Path) -> None:
    """ASGI lets an application refuse the lifespan."""

    async def plain(scope: Scope, _: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(scope["type"])
        await send({"type": "http.response.body", "body": file.read_bytes()})

    def build() -> Version:
        return Version(app=plain, list_files=lambda: [file])

    async def change() -> None:
        async with Server(Swappable(build(), build)) as server:
            file.write_text("two")
            await server.wait_for("two")

    asyncio.run(change())
