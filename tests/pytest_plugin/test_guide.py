"""The examples of `docs/pytest.md` run as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.pytest_plugin.test_fixture import DOCUMENT
from tests.pytest_plugin.test_verifying import keeping
from tests.verify.conftest import Serve, serve

from locum.testing.terms import KEYWORDS
from locum.testing.verifying import VERIFY_KEYWORDS

__all__ = ["serve"]

GUIDE = (Path(__file__).parents[2] / "docs" / "pytest.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def test_the_first_example_passes(pytester: pytest.Pytester) -> None:
    """What a newcomer copies works."""
    pytester.makepyfile(BLOCKS[0])

    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_the_second_example_passes_on_a_correct_server(pytester: pytest.Pytester, serve: Serve) -> None:
    """Only the address is another one, which the fixture `locum_url` tells."""
    (pytester.path / "openapi.yaml").write_text(DOCUMENT)
    pytester.makepyfile(BLOCKS[1].replace("http://127.0.0.1:8000/v1", serve(keeping)))
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")

    assert result.parseoutcomes().keys() <= {"passed", "skipped", "warnings"}
    assert result.parseoutcomes()["passed"] > 5


def test_every_keyword_is_explained() -> None:
    """The guide names what the markers take."""
    told = set(re.findall(r"`([a-z_]+)`", GUIDE))

    assert {*KEYWORDS, *VERIFY_KEYWORDS} <= told
