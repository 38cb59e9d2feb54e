"""The stand-in passes the audition it gives: `locum verify` finds nothing in it, whatever the seed."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from locum.catalog import load
from locum.verify.bench import Profile
from locum.verify.engine import run
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare

if TYPE_CHECKING:
    from tests.stories.conftest import Running, Serve

#: The instant at which the clock of a stand-in stands.
NOW = datetime(2024, 2, 15, 12, tzinfo=UTC)
#: Schemathesis plays in its own story.
PLANNER = [each for each in SUITES if each.name != "generated"]
#: `.ci/run` asks for all of them.
SEEDS = ["0", "a seed in words", "7"] if "LOCUM_LONG_TESTS" in os.environ else ["a seed in words"]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("contract", ["onomondo", "saas-billing", "senet", "talkdesk"])
def test_nothing_is_found_in_the_stand_in(contract: str, seed: str, stand_in: Running) -> None:
    """Every suite, held to every word and to what is only assumed: no finding, and something was tested."""
    wish = Wish(
        url=f"{stand_in.url}/{contract}",
        profile=Profile.QUICK,
        seed=seed,
        now=NOW,
        is_strict=True,
        has_assumptions=True,
    )

    report = run(prepare(load(contract), wish), PLANNER, JUDGES)

    assert [each.identity for each in report.findings] == []
    assert [each.what for each in report.untested if "failed" in each.reason] == []
    assert report.exit_code == 0


PETSTORE = Path(__file__).parent / "documents" / "petstore.yaml"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found_in_a_document_that_is_written_to(seed: str, serve: Serve) -> None:
    """The official Petstore, with leave to write, every suite of the planner in full: no finding at all."""
    wish = Wish(
        url=serve(str(PETSTORE)).url,
        profile=Profile.FULL,
        seed=seed,
        now=NOW,
        allow_writes=True,
        is_strict=True,
        has_assumptions=True,
    )

    report = run(prepare(load(str(PETSTORE)), wish), PLANNER, JUDGES)

    assert [each.identity for each in report.findings] == []
    assert [each.what for each in report.untested if "failed" in each.reason] == []
    assert report.exit_code == 0
