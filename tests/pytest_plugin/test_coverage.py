"""What is counted of the contracts, and what is made of it."""

from __future__ import annotations

import pytest
from tests.pytest_plugin.test_fixture import DOCUMENT

TESTS = """
import pytest

pytestmark = pytest.mark.locum("pets.yaml")

def test_plain(locum):
    locum.client().get("/pets")

def test_sorted(locum):
    locum.client().get("/pets?sort=name")

@pytest.mark.locum(check=False)
def test_wrong(locum):
    locum.client().get("/pets?limit=10")
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Return a project whose tests exercise a part of its contract."""
    (pytester.path / "pets.yaml").write_text(DOCUMENT)
    pytester.makepyfile(TESTS)
    return pytester


def test_the_run_ends_with_a_table(project: pytest.Pytester) -> None:
    """Operations, statuses, parameters and enum values: what was exercised of what is declared."""
    result = project.runpytest_inprocess("--locum-coverage=missing")

    result.stdout.fnmatch_lines(
        [
            "*locum: what the clients have exercised*",
            "operation *statuses  parameters  enum values  exercised",
            "pets listPets *2/2 *2/2 *1/2 *85 %",
            "    not: query.sort=age",
            "all: 1 of 1 operations *2/2 *2/2 *1/2 *85 %",
        ]
    )


@pytest.mark.parametrize(("least", "code"), [("85", 0), ("90", 1)])
def test_coverage_gates(project: pytest.Pytester, least: str, code: int) -> None:
    """Below the percentage asked for the run fails, and says why."""
    result = project.runpytest_inprocess(f"--locum-min-coverage={least}")

    assert result.ret == code
    assert (
        "FAIL locum: 85.7 % of the contracts was exercised, less than 90 %" in result.stdout.str()
    ) == bool(code)


def test_the_gate_can_stand_in_the_configuration(project: pytest.Pytester) -> None:
    """`locum_min_coverage` holds for everybody; a flag overrides it."""
    project.makeini("[pytest]\nlocum_min_coverage = 90\n")

    assert project.runpytest_inprocess().ret == 1
    assert project.runpytest_inprocess("--locum-min-coverage=10").ret == 0


def test_workers_are_counted_together(project: pytest.Pytester) -> None:
    """Under pytest-xdist the table is that of all workers, and the gate judges it once."""
    alone = project.runpytest_inprocess("--locum-coverage=missing")
    result = project.runpytest_subprocess(
        *("-p", "xdist", "-n2", "--locum-coverage=missing", "--locum-min-coverage=90"),
        *("-p", "no:cacheprovider"),
    )

    rows = [line for line in alone.outlines if line.startswith(("pets ", "all:", "    not:"))]
    assert [line for line in result.outlines if line.startswith(("pets ", "all:", "    not:"))] == rows
    assert result.ret == 1
    assert result.stdout.str().count("FAIL locum") == 1


def test_a_gate_without_any_test_is_not_passed(pytester: pytest.Pytester) -> None:
    """Where nothing was exercised, nothing was covered."""
    pytester.makepyfile("def test_it():\n    pass\n")

    assert pytester.runpytest_inprocess("--locum-min-coverage=1").ret == 1
