"""`locum.verify.hooks`, as a person uses it: with plain `schemathesis run` and a document with rules."""

from __future__ import annotations

import os
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
        [*command, "--phases", "coverage", "--continue-on-failure"],
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
    ("fault", "variables", "check"),
    [
        ("wrong-count", {}, "rules"),
        ("wrong-count", {"LOCUM_CONTRACT": "rooms.yaml"}, "counted"),
        ("backwards", {"LOCUM_CONTRACT": "rooms.yaml"}, "forward"),
    ],
)
def test_a_broken_rule_is_a_failure(
    document: Path, serve: Serve, fault: str, variables: dict[str, str], check: str
) -> None:
    """By one check for all rules of a document, or by one of its own where the contract is named."""
    told = schemathesis(document, serve(fault), SCHEMATHESIS_HOOKS="locum.verify.hooks", **variables)

    promise = {"wrong-count": "The count is true", "backwards": "A stay ends after it starts"}[fault]
    assert f"Custom check failed: `{check}`" in told
    assert promise in told
