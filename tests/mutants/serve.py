"""Serve one of the small APIs on a port of loopback.

    python tests/mutants/serve.py senet --port 0

Prints `listening on URL` first, and when asked to stop (SIGTERM) how many calls it has answered.
The environment says what is wrong with it: `MUTANT` (an id of `faults.yaml`) and `VARIANT` (one of
`variants.yaml`); `NOW` is the instant it takes for now, 2024-02-15T12:00:00Z unless given. Its `Date` header
tells the same instant.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from datetime import UTC, datetime

from servers import build
from servers.exchange import NOON, Site
from servers.listen import listen

#: How long the slow variant takes over each answer.
SLOW_S = 0.15


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("contract", choices=build.ALL_NAMES)
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one")
    given = parser.parse_args()
    site = site_of(os.environ)
    converse = build.conversation_maker(given.contract, site, clock=time.monotonic)
    asyncio.run(listen(converse, port=given.port, delay_s=SLOW_S if site.has("E15") else 0))


def site_of(environment: os._Environ[str] | dict[str, str]) -> Site:
    """Read fault, variant and clock from *environment*."""
    now = environment.get("NOW")
    return Site(
        fault=environment.get("MUTANT", ""),
        variant=environment.get("VARIANT", ""),
        now=datetime.fromisoformat(now).astimezone(UTC) if now else NOON,
    )


if __name__ == "__main__":
    main()
