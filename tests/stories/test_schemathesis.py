"""Schemathesis, as anybody would start it, finds nothing in the four built-in contracts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from tests.stories.conftest import Running

#: What a contract's rules say, and no document can: the same for every contract.
HOOKS = "locum.verify.hooks"
#: The time at a stand-in nobody has set the clock of.
NOW = "2024-02-15T12:00:00Z"

CREDENTIALS = {
    "onomondo": "Bearer api-key-of-fjordlight",
    "saas-billing": "Bearer session-of-admin-at-fjordlight",
    "senet": "usage-key-of-fjordlight",
    "talkdesk": "Bearer access-token-of-fjordlight",
}
#: `.ci/run` sets it: all settings then, and as many examples as cost minutes.
IS_LONG = "LOCUM_LONG_TESTS" in os.environ
EVERYTHING = (
    *("--checks", "all", "--phases", "examples,coverage,fuzzing,stateful", "--continue-on-failure"),
    *("--max-examples", "15" if IS_LONG else "4"),
)
#: All checks in all phases are those of the default and more: the default alone is for the long run.
SETTINGS = {"all checks and phases": EVERYTHING} | (
    {"default settings": ("--max-examples", "10")} if IS_LONG else {}
)


class Verdict(NamedTuple):
    """How a run ended, and what it printed."""

    code: int
    printed: str

    @property
    def summary(self) -> str:
        """The numbers of the run, as its last lines tell them."""
        cases = re.search(r"Test cases:\n\s+(.+)", self.printed)
        last = self.printed.strip().splitlines()[-1].strip("= ")
        return f"{cases[1] if cases else 'no test cases'}: {last}"


@pytest.fixture(scope="module")
def verdicts(stand_in: Running, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Verdict]:
    """Run Schemathesis with every setting against every contract, two at a time."""
    runs = [(contract, setting) for setting in SETTINGS for contract in CREDENTIALS]
    folder = tmp_path_factory.mktemp("schemathesis")

    def run(contract: str, setting: str) -> Verdict:
        return _schemathesis(stand_in, contract, folder, *SETTINGS[setting], hooks=HOOKS)

    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(runs, pool.map(run, *zip(*runs, strict=True)), strict=True))


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("contract", CREDENTIALS)
def test_schemathesis_finds_nothing(
    contract: str,
    setting: str,
    verdicts: dict[tuple[str, str], Verdict],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Plain `schemathesis run` against the running server ends with `No issues found`."""
    verdict = verdicts[contract, setting]

    with capsys.disabled():
        print(f"\n{contract}, {setting}: {verdict.summary}")  # noqa: T201 -- the figures are the point
    assert verdict.code == 0, verdict.printed
    assert "No issues found" in verdict.printed


def test_without_the_hooks_a_declared_403_is_a_finding(stand_in: Running, tmp_path: Path) -> None:
    """Schemathesis insists on 401 where `Authorization` is missing, whatever the contract declares."""
    verdict = _schemathesis(stand_in, "senet", tmp_path, *SETTINGS["all checks and phases"])

    assert verdict.code == 1
    assert re.findall(r"❌ (ST\d+ .+)", verdict.printed) == ["ST203 Missing required header accepted: 1"]
    assert "Got 403 when missing required 'Authorization' header, expected 401" in verdict.printed


def _schemathesis(stand_in: Running, contract: str, folder: Path, *words: str, hooks: str = "") -> Verdict:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{stand_in.url}/{contract}/openapi.json"]
    given = ["--header", f"Authorization: {CREDENTIALS[contract]}", "--seed", "1"]
    rules = {"SCHEMATHESIS_HOOKS": hooks, "LOCUM_CONTRACT": contract, "LOCUM_NOW": NOW} if hooks else {}
    done = subprocess.run(
        [*command, *given, *words],
        cwd=folder,
        env={**os.environ, "COLUMNS": "110", **rules},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=400,
        check=False,
    )
    return Verdict(done.returncode, done.stdout)
