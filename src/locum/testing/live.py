"""A live server on a free port, on the loop of the stand-ins."""

from __future__ import annotations

import asyncio
import socket
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from locum.server.wire import WiredProtocol
from locum.testing.loop import Loop

__all__ = ["LiveServer"]

_LOOK_S: Final = 0.002
_PATIENCE_S: Final = 10.0


class LiveServer:
    """Serves *app* on a free port of this machine until it is stopped. Mutable: it owns a socket."""

    def __init__(self, app: ASGIApp, loop: Loop) -> None:
        config = uvicorn.Config(
            app,
            http=WiredProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._socket = socket.create_server(("127.0.0.1", 0))
        port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._serving = loop.submit(self._server.serve(sockets=[self._socket]))
        loop.run(self._ready())

    def stop(self) -> None:
        """Take no more connections; what is under way ends by itself."""
        self._server.should_exit = True

    async def _ready(self) -> None:
        ends = asyncio.get_running_loop().time() + _PATIENCE_S
        while not self._server.started:
            if self._serving.done() or asyncio.get_running_loop().time() > ends:
                raise RuntimeError(f"no server could be started at {self.url}")
            await asyncio.sleep(_LOOK_S)
