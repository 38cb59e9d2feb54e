"""The only module with sockets: a server on a port of loopback, until it is asked to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable

from servers.wire import Conversation

#: A connection on which nothing is said for so long is closed.
IDLE_S = 75.0


async def listen(converse: Callable[[], Conversation], *, port: int, delay_s: float) -> None:
    """Serve on *port* (0 takes a free one); print the address, and on SIGTERM how many calls came."""
    conversations: list[Conversation] = []

    async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = converse()
        conversations.append(conversation)
        try:
            await _attend(conversation, reader, writer, delay_s)
        except (ConnectionError, TimeoutError):
            pass  # The other side went away; there is nobody to tell.
        finally:
            writer.close()

    server = await asyncio.start_server(attend, "127.0.0.1", port)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    _say(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await stop.wait()
    server.close()
    _say(f"answered {sum(conversation.answered for conversation in conversations)}")


async def _attend(
    conversation: Conversation, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float
) -> None:
    while conversation.is_open:
        heard = await asyncio.wait_for(reader.read(65_536), IDLE_S)
        said = conversation.hear(heard)
        if said and delay_s:
            await asyncio.sleep(delay_s)
        writer.write(said)
        await writer.drain()
        if not heard:
            return


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
