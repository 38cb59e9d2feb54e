from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from locum.cli.known_failures import with_known
from locum.errors import SettingsError
from locum.verify.model import ExitCode, Finding, Report

TODAY = date(2026, 11, 26)
FINDING = Finding(operation="listPets", rule="schema.body", promise="Every id is a whole number")
REPORT = Report(
    contract="pets", url="http://a.test", profile="quick", seed="", started_at_s=0.0, findings=(FINDING,)
)


def known(file: Path | None, *flags: str, **environment: str) -> Report:
    """Return the report as the flags make it."""
    return with_known(
        REPORT,
        file,
        updates="update" in flags,
        prunes="prune" in flags,
        environment=environment,
        today=TODAY,
    )


def test_an_update_makes_the_next_run_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was news becomes known, and the file says so."""
    file = tmp_path / "known.yaml"

    assert known(file).exit_code == ExitCode.NEW_FAILURES
    assert known(file, "update").exit_code == ExitCode.KEPT
    assert known(file).exit_code == ExitCode.KEPT
    assert "0 known failures before, 1 now" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is mistyped does not look like a file without entries; an update is silent."""
    known(tmp_path / "knwon.yaml")
    said = capsys.readouterr().err
    known(tmp_path / "known.yaml", "update")

    assert "no such file, so no failure is known" in said
    assert "no such file" not in capsys.readouterr().err


def test_what_is_gone_is_told_and_pruned_on_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stale entry is a hint; pruning takes it out and leaves the rest."""
    file = tmp_path / "known.yaml"
    file.write_text("known:\n  - {finding: a b - -, reason: c}\n")
    known(file)
    said = capsys.readouterr().err
    known(file, "prune")

    assert "`a b - -` was not found any more" in said
    assert "a b - -" not in file.read_text()


def test_nothing_is_written_in_ci(tmp_path: Path) -> None:
    """A pipeline that asks for an update is told, and its file stays."""
    file = tmp_path / "known.yaml"

    with pytest.raises(SettingsError):
        known(file, "update", CI="1")
    assert not file.exists()


def test_an_update_needs_a_file() -> None:
    """There is no file by default that could be written by mistake."""
    with pytest.raises(SettingsError) as caught:
        known(None, "update")

    assert caught.value.diagnostics[0].code == "baseline.no-file"
