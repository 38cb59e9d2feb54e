"""`locum.verify.hooks`, as a person uses it: with plain `schemathesis run` and a document with rules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.verify.generated.conftest import Serve


def schemathesis(document: Path, url: str, **variables: str) -> str:
    """Return what `schemathesis run` prints."""
    command = [sys.executable, "-m", "schemathesis.cli", "run", document.name, "--url", url, "--seed", "1"]
    done = subprocess.run(
        [*command, "--phases", "coverage", "--continue-on-failure", "--warnings", "off"],
        cwd=document.parent,
        env={**os.environ, "COLUMNS": "120", **variables},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    return done.stdout


def test_a_correct_server_is_told_nothing(document: Path, serve: Serve) -> None:
    """What Schemathesis alone calls a failure, the rules of the document explain."""
    url = serve()

    alone = schemathesis(document, url)
    told = schemathesis(document, url, SCHEMATHESIS_HOOKS="locum.verify.hooks")

    assert "ST202" in alone
    assert "No issues found" in told


@pytest.mark.parametrize(
    ("variables", "checks"),
    [({}, {"rules"}), ({"LOCUM_CONTRACT": "rooms.yaml"}, {"counted", "forward"})],
)
def test_a_broken_rule_is_a_failure(
    document: Path, serve: Serve, variables: dict[str, str], checks: set[str]
) -> None:
    """By one check for all rules of a document, or by one of its own where the contract is named."""
    url = serve("wrong-count", "backwards")
    told = schemathesis(document, url, SCHEMATHESIS_HOOKS="locum.verify.hooks", **variables)

    assert set(re.findall(r"Custom check failed: `(\w+)`", told)) == checks
    assert "The count is true" in told
    assert "A stay ends after it starts" in told
