"""The pytest plugin: the fixture `locum`, its marker, and the table of coverage at the end of the run.

Every run of pytest imports this module where locum is installed, so it imports nothing of the house: what
does the work (`locum.testing`) is named here, and loaded when the first test asks for it.
"""

from __future__ import annotations

import importlib
import os
import warnings
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from locum.testing import LocumFixture, Stages
    from locum.testing.coverage import Coverage
    from locum.testing.verifying import Case
    from locum.verify.model import Report

_TESTING: Final = "locum.testing"
_KEY: Final = "locum_coverage"
_MARKER: Final = (
    "locum(*contracts, scenario=, now=, seed=, settings=, check=True, dynamic=, locale=, fixtures=, "
    "handlers=): what the fixture `locum` stands in for, and how its session begins."
)
_VERIFY_MARKER: Final = (
    "locum_verify(contract, url=, profile='quick', headers=, credentials=, values=, baseline=, include=, "
    "exclude=, seed=, max_time=, per_s=, allow_writes=, strict=, fixtures=): hold a server to a contract; "
    "a test that asks for `locum_case` is run for each operation and suite."
)
_LONG: Final = 12


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the options of the table."""
    group = parser.getgroup("locum", "stand-ins for APIs")
    group.addoption(
        "--locum-coverage",
        choices=("off", "table", "missing"),
        default="table",
        help="What is told of the contracts at the end: nothing, a table, or with what is missing.",
    )
    group.addoption(
        "--locum-min-coverage",
        type=float,
        default=None,
        metavar="N",
        help="Fail unless N percent of what the contracts declare was exercised.",
    )
    parser.addini("locum_contracts", "Contracts that `locum` stands in for without a marker.", type="args")
    parser.addini("locum_min_coverage", "As --locum-min-coverage.", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and begin to count."""
    config.addinivalue_line("markers", _MARKER)
    config.addinivalue_line("markers", _VERIFY_MARKER)
    config.pluginmanager.register(_Run(config), "locum-run")


@pytest.fixture
def locum(request: pytest.FixtureRequest) -> Iterator[LocumFixture]:
    """Stand in for the APIs that the marker `locum` names, in a session of this test."""
    run = _run_of(request.config)
    stand_in = run.open(request.node)
    yield stand_in
    run.note(stand_in)
    stand_in.close()


@pytest.fixture
def locum_case(request: pytest.FixtureRequest) -> LocumCase:
    """Return one operation and suite of the contract that the marker `locum_verify` names.

    The server is at the marker's `url`, else where the fixture `locum_url` says.
    """
    marker = _verified(request.node)
    url = marker.kwargs.get("url") or request.getfixturevalue("locum_url")
    return LocumCase(_run_of(request.config).verdict(marker, str(url), request.node.path), request.param)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each operation and suite."""
    if "locum_case" in metafunc.fixturenames:
        marker = _verified(metafunc.definition)
        verifying, errors = _loaded(f"{_TESTING}.verifying"), _loaded("locum.errors")
        folders = _folders(metafunc.definition.path, metafunc.config)
        try:
            cases = verifying.cases_of(str(marker.args[0]), marker.kwargs, folders)
        except errors.LocumError as error:
            raise pytest.UsageError(str(error)) from None
        metafunc.parametrize("locum_case", cases, ids=map(str, cases), indirect=True)


class LocumCase:
    """What a verification says of one operation and suite."""

    def __init__(self, report: Report, case: Case) -> None:
        self.report, self.case = report, case

    def check(self) -> None:
        """Fail with what was found, skip where nothing could be looked at, warn of what is no failure."""
        told = _loaded(f"{_TESTING}.verifying").conclude(self.report, self.case)
        if told.failures:
            pytest.fail(told.failures, pytrace=False)
        if told.warnings:
            warnings.warn(pytest.PytestWarning(told.warnings), stacklevel=2)
        if told.unseen:
            pytest.skip(told.unseen)


def _verified(node: pytest.Item | pytest.Collector) -> pytest.Mark:
    marker = node.get_closest_marker("locum_verify")
    if marker is None or not marker.args:
        raise pytest.UsageError('`locum_case` needs `@pytest.mark.locum_verify("openapi.yaml", url=…)`')
    return marker


def _folders(file: Path, config: pytest.Config) -> tuple[Path, ...]:
    """Return where relative paths of markers are looked for."""
    return file.parent, config.rootpath, Path.cwd()


def _loaded(module: str) -> ModuleType:
    """Import a part of the house; what libraries warn of each other is nothing that a test can mend."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(module)


def _run_of(config: pytest.Config) -> _Run:
    run = config.pluginmanager.get_plugin("locum-run")
    if not isinstance(run, _Run):
        raise pytest.UsageError("the plugin of locum was unloaded while tests ran")
    return run


class _Run:
    """One run of pytest, or one worker of it. Mutable: it holds what is served and counts."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.stages: Stages | None = None
        self.coverage: Coverage | None = None
        #: By what was asked: what came of it, or why nothing did.
        self.verdicts: dict[tuple[str, ...], Report | str] = {}
        self.open_now: dict[str, tuple[LocumFixture, bool]] = {}

    def open(self, node: pytest.Item) -> LocumFixture:
        """Return the stand-in of a test."""
        testing, errors = _loaded(_TESTING), _loaded("locum.errors")
        markers = [(each.args, each.kwargs) for each in node.iter_markers("locum")]
        try:
            terms = testing.read_terms(
                markers,
                contracts=self.config.getini("locum_contracts"),
                folders=_folders(node.path, self.config),
            )
            self.stages = self.stages or testing.Stages()
            stand_in: LocumFixture = self.stages.open(terms, node.name)
        except errors.LocumError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        self.open_now[node.nodeid] = (stand_in, terms.checks)
        return stand_in

    def verdict(self, marker: pytest.Mark, url: str, file: Path) -> Report:
        """Return what was found on the server at *url*; it is asked once."""
        key = (url, repr(marker.args), repr(sorted(marker.kwargs.items())), str(file.parent))
        if key not in self.verdicts:
            verifying, errors = _loaded(f"{_TESTING}.verifying"), _loaded("locum.errors")
            try:
                self.verdicts[key] = verifying.verdict_on(
                    str(marker.args[0]),
                    url,
                    marker.kwargs,
                    _folders(file, self.config),
                    environment=os.environ,
                    today=datetime.now(UTC).date(),
                )
            except errors.LocumError as error:
                self.verdicts[key] = str(error)
        found = self.verdicts[key]
        if isinstance(found, str):
            pytest.fail(found, pytrace=False)
        return found

    def note(self, stand_in: LocumFixture) -> None:
        """Count what a test has exercised."""
        counting = _loaded(f"{_TESTING}.coverage")
        entries = stand_in.entries
        found = counting.Coverage(
            declared=counting.declared(entries), exercised=counting.exercised(stand_in.interactions, entries)
        )
        self.coverage = found if self.coverage is None else self.coverage | found

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Fail a test whose client broke the contract; show what was asked where a test fails."""
        try:
            result = yield
        finally:
            stand_in, checks = self.open_now.pop(item.nodeid, (None, False))
            if stand_in is not None:
                breaches = _loaded(f"{_TESTING}.breaches")
                lines = "\n".join(breaches.journal_lines(stand_in.interactions, stand_in.redaction))
                item.add_report_section("call", "locum", lines)
        if stand_in is not None and checks and (found := stand_in.breaches()):
            pytest.fail(breaches.told(found), pytrace=False)
        return result

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ANN401, ARG002 -- the signature is that of pytest-xdist
        """Take over what a worker has counted."""
        told = getattr(node, "workeroutput", {}).get(_KEY)
        if told is not None:
            counting = _loaded(f"{_TESTING}.coverage")
            found = counting.Coverage.from_json(told)
            self.coverage = found if self.coverage is None else self.coverage | found

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what was counted, or judge it."""
        output = getattr(self.config, "workeroutput", None)
        if output is not None and self.coverage is not None:
            output[_KEY] = self.coverage.as_json()
        elif self.falls_short() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the table."""
        choice = self.config.getoption("--locum-coverage")
        if self.coverage is not None and choice != "off":
            table = _loaded(f"{_TESTING}.coverage_table")
            terminalreporter.section("locum: what the clients have exercised")
            for line in table.coverage_lines(self.coverage, missing=_LONG if choice == "missing" else 0):
                terminalreporter.write_line(line)
        if self.falls_short():
            share = f"{self.coverage.percent:.1f} %" if self.coverage else "nothing"
            text = f"FAIL locum: {share} of the contracts was exercised, less than {self.least():g} %"
            terminalreporter.write_line(text, red=True, bold=True)

    def pytest_unconfigure(self) -> None:
        """End what runs beside the tests."""
        if self.stages is not None:
            self.stages.close()
            self.stages = None

    def least(self) -> float:
        """Return the percentage that is asked for, 0 for none."""
        given = self.config.getoption("--locum-min-coverage")
        if given is not None:
            return float(given)
        text = self.config.getini("locum_min_coverage")
        try:
            return float(text or 0)
        except ValueError as error:
            raise pytest.UsageError(f"locum_min_coverage must be a number, not {text!r}") from error

    def falls_short(self) -> bool:
        """Tell whether less was exercised than is asked for; workers do not judge."""
        is_worker = hasattr(self.config, "workerinput")
        least = self.least()
        percent = self.coverage.percent if self.coverage else 0.0
        return not is_worker and least > 0 and percent < least
