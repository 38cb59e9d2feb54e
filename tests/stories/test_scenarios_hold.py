"""Everything in the catalogue of the built-in contracts happens as it is promised, on a real socket."""

from __future__ import annotations

import subprocess
import sys


def test_every_scenario_holds() -> None:
    """`locum scenarios --check` plays natural and forced scenarios of all contracts and finds no fault."""
    done = subprocess.run(
        [sys.executable, "-m", "locum", "scenarios", "--check"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    last = done.stdout.strip().splitlines()[-1]
    assert (done.returncode, last.partition(" hold ")[2]) == (0, "(100 %)"), done.stdout + done.stderr
    assert int(last.partition(" of ")[0]) > 500
