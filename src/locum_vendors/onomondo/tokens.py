"""Makes and reads the tokens that lead from one page to the next.

A token is the Base64 of `<time>@<sim_id>` of the last record of its page (V1-06). Where one SIM has several
records at that time, `#<n>` counts those before it, so that none is lost or repeated at any limit.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error
from datetime import UTC, datetime
from typing import Final, NamedTuple

__all__ = ["START", "Position", "read_token", "write_token"]

_TOKEN: Final = re.compile(
    r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.000Z@)?([0-9]{9})(?(1)(?:#([1-9][0-9]{0,5}))?)"
)
#: A time before every record.
START: Final = -1


class Position(NamedTuple):
    """The last record of a page: its time (Unix seconds), its SIM, and how many like it came before."""

    at: int
    sim_id: str
    twins: int = 0


def write_token(position: Position) -> str:
    """Return the token of the page behind *position*.

    >>> write_token(Position(1580371454, "000000001"))
    'MjAyMC0wMS0zMFQwODowNDoxNC4wMDBaQDAwMDAwMDAwMQ=='
    """
    time = datetime.fromtimestamp(position.at, UTC).isoformat()[:19]
    twins = f"#{position.twins}" if position.twins else ""
    return b64encode(f"{time}.000Z@{position.sim_id}{twins}".encode()).decode()


def read_token(token: str) -> Position | None:
    """Return what *token* stands for; `None` when no token reads like this.

    The vendor's own example names a SIM and no time: it stands at the start of the list (S1-05).

    >>> read_token("MDAyNDY0OTk5")
    Position(at=-1, sim_id='002464999', twins=0)
    """
    try:
        text = b64decode(token, validate=True).decode("ascii")
        matched = _TOKEN.fullmatch(text)
        if matched is None or b64encode(text.encode()).decode() != token:
            return None
        time = matched[1]
        at = int(datetime.fromisoformat(f"{time}+00:00").timestamp()) if time else START
    except (Error, ValueError):
        return None
    return Position(at, matched[2], int(matched[3] or 0))
