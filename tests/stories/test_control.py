"""The control API passes what every other contract here passes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.stories.conftest import Running


def test_schemathesis_finds_nothing_in_the_control_api(serve: Callable[..., Running], tmp_path: Path) -> None:
    """All checks, all phases, against a server of its own: no issue."""
    url = f"{serve('senet', 'onomondo').url}/_locum/api/openapi.json"
    phases = ("--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--continue-on-failure")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "schemathesis.cli",
            "run",
            url,
            *phases,
            "--max-examples",
            "5",
            "--seed",
            "1",
        ],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "110"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=240,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert re.search(r"(\d+) selected / \1 total", done.stdout)
