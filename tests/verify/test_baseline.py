from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from locum.errors import SettingsError
from locum.verify.baseline import apply, pruned, read_baseline, stale, updated, write_baseline
from locum.verify.model import ExitCode, Finding, Report, Severity

TODAY = date(2026, 11, 26)
TEXT = """\
# what we know of
known:
  # ids become numbers
  - finding: listPets schema.body body/*/id wrong-type
    reason: waits for release 4
    owner: team-pets
    expires: 2026-12-31
  - finding: listPets protocol.head - -
    reason: "a proxy: in between"
"""
IDS = Finding(
    operation="listPets",
    rule="schema.body",
    location="body/*/id",
    kind="wrong-type",
    promise="Every id is a whole number",
)
HEAD = Finding(operation="listPets", rule="protocol.head", promise="HEAD is answered like GET")
NEW = Finding(operation="addPet", rule="status.server-error", kind="5xx", promise="No request\nbreaks it")
WARNING = Finding(
    operation="addPet", rule="paging.order", promise="Pages keep their order", severity=Severity.WARNING
)


def report_of(*findings: Finding) -> Report:
    """Return the report of a whole run."""
    return Report(
        contract="pets", url="http://a.test", profile="quick", seed="", started_at_s=0.0, findings=findings
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file of known failures."""
    path = tmp_path / "known.yaml"
    path.write_text(TEXT)
    return path


def test_what_is_known_fails_nothing(file: Path) -> None:
    """A listed finding is told with its reason, and the run ends with 0."""
    report = apply(report_of(IDS, HEAD), read_baseline(file), TODAY)

    assert (report.findings, report.known, report.expired) == ((), (IDS, HEAD), ())
    assert report.reasons[IDS.identity] == "waits for release 4, team-pets, until 2026-12-31"
    assert report.exit_code == ExitCode.KEPT


def test_another_kind_at_the_same_place_is_news(file: Path) -> None:
    """An entry covers one fault and not a class."""
    missing = replace(IDS, kind="missing")
    report = apply(report_of(IDS, missing), read_baseline(file), TODAY)

    assert (report.findings, report.known) == ((missing,), (IDS,))
    assert report.exit_code == ExitCode.NEW_FAILURES


@pytest.mark.parametrize(
    ("today", "code"), [(date(2026, 12, 31), ExitCode.KEPT), (date(2027, 1, 1), ExitCode.EXPIRED)]
)
def test_a_known_failure_expires_after_its_last_day(file: Path, today: date, code: int) -> None:
    """From the day after on the run ends with 3."""
    report = apply(report_of(IDS, HEAD), read_baseline(file), today)

    assert report.exit_code == code
    assert report.expired == ((IDS,) if code else ())


def test_a_file_that_is_not_there_knows_nothing(tmp_path: Path) -> None:
    """A first run needs no file."""
    assert read_baseline(tmp_path / "none.yaml").known == ()


def test_every_fault_of_the_file_is_told_with_its_place(tmp_path: Path) -> None:
    """Unknown keys with the nearest known one, wrong days, missing reasons, entries listed twice."""
    path = tmp_path / "known.yaml"
    path.write_text(
        "known:\n  - finding: a b - -\n    raeson: x\n  - {finding: c, reason: d, expires: soon}\n"
    )

    with pytest.raises(SettingsError) as caught:
        read_baseline(path)

    assert {(each.code, each.where.line, each.hint) for each in caught.value.diagnostics} == {
        ("baseline.unknown-key", 3, "did you mean `reason`?"),
        ("baseline.missing-key", 2, ""),
    }


def test_days_and_repetitions_are_looked_at(tmp_path: Path) -> None:
    """A day must be one, and a finding stands once."""
    path = tmp_path / "known.yaml"
    path.write_text("known:\n  - {finding: c, reason: d, expires: 2026-02-30}\n  - {finding: c, reason: e}\n")

    with pytest.raises(SettingsError) as caught:
        read_baseline(path)

    assert [(each.code, each.where.line) for each in caught.value.diagnostics] == [
        ("baseline.wrong-value", 2),
        ("baseline.twice", 3),
    ]


def test_what_is_not_found_any_more_is_told_and_pruned(file: Path) -> None:
    """The nearest of what was found is named, and pruning keeps the rest and the comment above."""
    baseline = read_baseline(file)
    moved = replace(IDS, location="body/*/idx")
    report = apply(report_of(moved, HEAD), baseline, TODAY)
    left = pruned(baseline, report)
    file.write_text(left.text)

    (told,) = stale(report, baseline)
    assert told.hint == f"nearest: `{moved.identity}`"
    assert told.where.line == 4
    assert left.text == "# what we know of\nknown:\n" + TEXT[TEXT.index("  - finding: listPets protocol") :]
    assert [each.finding for each in read_baseline(file).known] == [HEAD.identity]


def test_pruning_everything_leaves_an_empty_list(file: Path) -> None:
    """The file stays one that can be read."""
    left = pruned(read_baseline(file), report_of(NEW))
    file.write_text(left.text)

    assert read_baseline(file).known == ()


def test_an_interrupted_run_prunes_nothing(file: Path) -> None:
    """What was not looked for is not gone."""
    baseline = read_baseline(file)

    assert pruned(baseline, replace(report_of(), interrupted=True)) is baseline
    assert stale(replace(report_of(), obstacle="nothing answers"), baseline) == ()


def test_updating_adds_failures_and_keeps_what_was_explained(file: Path) -> None:
    """New failures come to the end, warnings do not; what is read back is what was written."""
    baseline = read_baseline(file)
    report = apply(report_of(IDS, NEW, WARNING), baseline, TODAY)
    write_baseline(updated(baseline, report), {})
    after = read_baseline(file)

    assert after.text.startswith(TEXT)
    assert [each.finding for each in after.known[2:]] == [NEW.identity]
    assert after.known[2].reason == "not explained yet"
    assert "# No request breaks it" in after.text
    assert apply(report_of(IDS, NEW), after, TODAY).exit_code == ExitCode.KEPT


def test_a_first_update_explains_the_file(tmp_path: Path) -> None:
    """Whoever opens it learns what its keys mean."""
    path = tmp_path / "deep" / "known.yaml"
    write_baseline(updated(read_baseline(path), report_of(NEW)), {"CI": ""})

    assert path.read_text().startswith("# Known failures of `locum verify`")
    assert [each.finding for each in read_baseline(path).known] == [NEW.identity]


def test_it_is_never_written_in_ci(file: Path) -> None:
    """A pipeline must not declare its own failures known."""
    baseline = updated(read_baseline(file), report_of(NEW))

    with pytest.raises(SettingsError) as caught:
        write_baseline(baseline, {"CI": "true"})

    assert caught.value.diagnostics[0].code == "baseline.in-ci"
    assert file.read_text() == TEXT
