"""The command line as a user has it: words in, output and an exit code out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from locum.cli import main


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def locum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `locum` with some words and variables in a fresh folder."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("LOCUM_")]:
        monkeypatch.delenv(name)

    def run(*words: str, **environment: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["locum", *words])
        for name, text in environment.items():
            monkeypatch.setenv(name, text)
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return run
