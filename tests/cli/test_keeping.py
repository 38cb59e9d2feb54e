"""Records that survive a restart: a server as a process, ended and started again."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from tests.disks import full_disk, until

from locum.behaviour.session import State
from locum.cli.keeping import Keeping
from locum.store import StateFile, Store

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

SHOP = Path(__file__).parents[1] / "properties" / "resources" / "shop.yaml"


@contextmanager
def serving(folder: Path, end: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """Serve the shop with its state in *folder* until the block ends, then *end* the server."""
    command = [sys.executable, "-m", "locum", "serve", str(SHOP), "--port", "0", "--state", "state.json"]
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().rpartition(" ")[2].strip()
        finally:
            process.send_signal(end)
            try:
                process.wait(20)
            finally:
                process.kill()


def call(url: str, method: str = "GET", body: Json = None, session: str = "default") -> Json:
    """Return the JSON of an answer, or its status where it is refused."""
    request = urllib.request.Request(  # noqa: S310 -- our own server
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Locum-Session": session},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 -- our own server
            text = reply.read()
            return json.loads(text) if text else reply.status
    except urllib.error.HTTPError as error:
        return error.code


def test_records_survive_a_restart(tmp_path: Path) -> None:
    """What was created is there, what was deleted is not, in the session it was done in."""
    with serving(tmp_path) as url:
        made = call(f"{url}/customers", "POST", {"name": "Ada"}, "anna")
        call(f"{url}/customers/1", "DELETE", session="anna")
    with serving(tmp_path) as url:
        kept = call(f"{url}/customers/{made['id']}", session="anna")
        gone = call(f"{url}/customers/1", session="anna")
        other = call(f"{url}/customers/1")

    assert kept == made
    assert (gone, other["id"]) == (404, 1)


def test_a_broken_file_stops_the_start_and_stays(tmp_path: Path) -> None:
    """Exit code 2, file, line and column, and what to do about it."""
    (tmp_path / "state.json").write_text("{oops")
    done = subprocess.run(
        [sys.executable, "-m", "locum", "serve", str(SHOP), "--port", "0", "--state", "state.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.returncode == 2
    assert "state.json:1:2: error: the file is not JSON" in done.stderr
    assert (tmp_path / "state.json").read_text() == "{oops"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such locks")
def test_two_servers_do_not_share_a_file(tmp_path: Path) -> None:
    """The second ends with exit code 3 and says why; the first goes on, and leaves the file free."""
    command = [sys.executable, "-m", "locum", "serve", str(SHOP), "--port", "0", "--state", "state.json"]
    with serving(tmp_path, signal.SIGKILL) as url:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
        assert call(f"{url}/customers/1")["id"] == 1

    assert done.returncode == 3
    assert "state.json: error: another server keeps its sessions in this file [state.taken]" in done.stderr
    with serving(tmp_path) as url:
        assert call(f"{url}/customers/1")["id"] == 1


def test_a_killed_server_loses_its_last_second_at_most(tmp_path: Path) -> None:
    """The file is never a half, whenever the server is killed, and holds what was done before."""
    with serving(tmp_path, signal.SIGKILL) as url:
        made = call(f"{url}/customers", "POST", {"name": "Ada"})
        while '"Ada"' not in (tmp_path / "state.json").read_text():
            call(f"{url}/customers/{made['id']}")
        for number in range(20):
            call(f"{url}/customers", "POST", {"name": f"late {number}"})
    with serving(tmp_path) as url:
        kept = call(f"{url}/customers/{made['id']}")

    assert kept == made


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_full_disk_loses_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is told once, the old file stays, and what was done meanwhile is written when there is room."""
    store, path = Store(), tmp_path / "state.json"
    keeping = Keeping(store_only, store, StateFile(path=path))

    async def life() -> None:
        async with lived(keeping):
            store.put("anna", State(seed="monday"))
            await until(lambda: "monday" in path.read_text() if path.exists() else False)
            with full_disk():
                store.put("anna", State(seed="tuesday" * 2_000))
                await until(lambda: "are not kept" in caplog.text)
                assert "monday" in path.read_text()
            await until(lambda: "tuesday" in path.read_text())

    asyncio.run(life())

    assert caplog.text.count("are not kept, and tried again") == 1
    assert caplog.text.count("are kept again") == 1


async def store_only(_: Scope, receive: Receive, send: Send) -> None:
    """Have nothing but a lifespan."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()


@asynccontextmanager
async def lived(app: ASGIApp) -> AsyncIterator[None]:
    """Let *app* start, and end it with the block."""
    told: asyncio.Queue[Message] = asyncio.Queue()
    has_begun = asyncio.Event()

    async def send(_: Message) -> None:
        has_begun.set()

    life = asyncio.ensure_future(app({"type": "lifespan"}, told.get, send))
    await told.put({"type": "lifespan.startup"})
    await has_begun.wait()
    yield
    await told.put({"type": "lifespan.shutdown"})
    await life
