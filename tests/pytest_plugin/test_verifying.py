"""A server of one's own, held to its contract by a test for each operation and suite."""

from __future__ import annotations

from datetime import date

import pytest
from tests.pytest_plugin.test_fixture import DOCUMENT
from tests.verify.conftest import Asked, Serve, Told, serve

from locum.testing.verifying import verdict_on
from locum.verify.model import ExitCode

__all__ = ["serve"]

TESTS = """
import pytest

@pytest.mark.locum_verify("pets.yaml", url="{url}"{more})
def test_contract(locum_case):
    locum_case.check()
"""


def keeping(asked: Asked) -> Told:
    """Answer as the contract says."""
    if asked.path != "/pets":
        return Told(status=404, body={})
    if asked.method not in {"GET", "HEAD"}:
        return Told(status=405, headers={"Allow": "GET, HEAD"}, body={})
    limit, sort = asked.query.get("limit", ["1"]), asked.query.get("sort", ["name"])
    is_right = (
        limit[0].isdigit() and limit[0].isascii() and 1 <= int(limit[0]) <= 9 and sort[0] in {"name", "age"}
    )
    is_single = len(limit) == len(sort) == 1 and not limit[0].startswith("0")
    return Told(body=[1, 2]) if is_right and is_single else Told(status=400, body={})


def breaking(asked: Asked) -> Told:
    """Answer with texts where the contract says numbers."""
    told = keeping(asked)
    return Told(body=["one"]) if told.status == 200 else told


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Return a project with a document."""
    (pytester.path / "pets.yaml").write_text(DOCUMENT)
    return pytester


def run(project: pytest.Pytester, url: str, more: str = "") -> pytest.RunResult:
    """Return what came of a test module that verifies the server at *url*."""
    project.makepyfile(TESTS.replace("{url}", url).replace("{more}", more))
    return project.runpytest_inprocess("-v", "-p", "no:cacheprovider")


def test_one_test_for_each_operation_and_suite(project: pytest.Pytester, serve: Serve) -> None:
    """A broken promise fails the tests of its suite, with all that a report tells, and no other."""
    result = run(project, serve(breaking))
    outcomes = result.parseoutcomes()

    result.stdout.fnmatch_lines(["*test_contract[[]listPets-conformance] FAILED*"])
    result.stdout.fnmatch_lines(["*test_contract[[]listPets-parameters] *"])
    assert outcomes["failed"] < outcomes.get("passed", 0) + outcomes["skipped"]
    result.stdout.fnmatch_lines(["operation: listPets", "received:*", "*$ curl -i*"])
    assert "Traceback" not in result.stdout.str()


def test_a_finding_that_is_known_fails_nothing(project: pytest.Pytester, serve: Serve) -> None:
    """The same file of known failures as on the command line."""
    url = serve(breaking)
    report = verdict_on("pets.yaml", url, {}, (project.path,), environment={}, today=date(2026, 11, 26))
    rows = "".join(f"  - {{finding: '{each.identity}', reason: later}}\n" for each in report.findings)
    (project.path / "known.yaml").write_text(f"known:\n{rows}")
    result = run(project, url, ', baseline="known.yaml"')

    assert report.exit_code == ExitCode.NEW_FAILURES
    assert "failed" not in result.parseoutcomes()


def test_a_server_that_is_not_there_fails(project: pytest.Pytester) -> None:
    """Silence is no praise."""
    result = run(project, "http://127.0.0.1:9")

    assert set(result.parseoutcomes()) == {"errors"}
    result.stdout.fnmatch_lines(["*nothing answers at http://127.0.0.1:9: *"])


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('@pytest.mark.locum_verify("pets.yaml", profil="full")', "did you mean `profile`?"),
        ('@pytest.mark.locum_verify("pets.yml")', "pets.yml"),
        ("", "`locum_case` needs"),
    ],
)
def test_a_wrong_marker_is_told_when_tests_are_collected(
    project: pytest.Pytester, source: str, said: str
) -> None:
    """What is wrong is said in a line."""
    project.makepyfile(f"import pytest\n{source}\ndef test_it(locum_case):\n    pass\n")
    result = project.runpytest_inprocess("-p", "no:cacheprovider")

    assert result.ret != 0
    assert said in result.stdout.str() + result.stderr.str()
