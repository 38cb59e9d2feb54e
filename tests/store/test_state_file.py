from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from locum.behaviour.given_keys import Given
from locum.behaviour.session import Clock, ClockMode, Mark, State
from locum.errors import SettingsError, UnreachableError
from locum.store import StateFile, Store

STATE = State(
    clock=Clock(mode=ClockMode.RUNNING, instant=datetime(2024, 3, 1, tzinfo=UTC), running_since=12.5),
    seed="monday",
    settings={"api": {"busy": True}},
    records={"api": {"pets": ({"id": 1, "name": "R\ud800x"}, {"id": 2**70}), "owners/5/pets": ()}},
    marks={"api": {"/pets/1": Mark.CREATED, "/pets/7": Mark.GONE}},
    given={"api": {"/pets": Given(count=12, highest=7)}},
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """Clock, seed, settings, records, marks and keys given; large numbers and odd texts included."""
    file = StateFile(path=tmp_path / "state.json")
    file.write({"default": STATE, "anna": State()})

    assert file.read() == {"default": STATE, "anna": State()}
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_a_file_that_is_not_there_yet_holds_nothing(tmp_path: Path) -> None:
    """The first start has nothing to read."""
    assert StateFile(path=tmp_path / "state.json").read() == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"format": "locum sessions",\n "version": 1, oops}', ":2:16: error: the file is not JSON"),
        ("[]", "the file holds no sessions of locum"),
        ('{"openapi": "3.1.0"}', "the file holds no sessions of locum"),
        (
            '{"format": "locum sessions", "version": 3, "sessions": {"a": {"hours": 7}}}',
            "is of version 3, and this locum reads versions up to 2",
        ),
        ('{"format": "locum sessions", "version": 1, "sessions": {"a b": {}}}', "'a b' is no name"),
        (
            (
                '{"format": "locum sessions", "version": 1,'
                ' "sessions": {"a": {"records": {"api": {"pets": [1]}}}}}'
            ),
            "/sessions/a/records/api/pets/0",
        ),
        ("[" * 100_000, "state.broken"),
    ],
)
def test_a_broken_file_is_told_and_left_as_it_is(tmp_path: Path, text: str, told: str) -> None:
    """The place, what is wrong, what to do; the file keeps every byte."""
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(SettingsError) as refused:
        StateFile(path=path).read()

    assert told in str(refused.value)
    assert "move it away" in str(refused.value)
    assert path.read_text() == text


def test_a_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    """What cannot be put in place is told, and what was there stays."""
    path = tmp_path / "state.json"
    path.mkdir()
    with pytest.raises(UnreachableError, match="cannot be written"):
        StateFile(path=path).write({"default": STATE})

    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_a_store_gives_and_takes_its_states() -> None:
    """Sessions on their first day need not be kept; the others are as they were."""
    first, second = Store(), Store()
    first.snapshot("idle")
    first.put("anna", STATE)
    second.restore(first.states())

    assert first.states() == {"anna": STATE}
    assert second.state("anna") == STATE


def test_every_change_is_counted() -> None:
    """Whoever keeps a store elsewhere sees by one number that something has changed."""
    store = Store()
    seen = [store.revision]
    store.put("a", STATE)
    seen.append(store.revision)
    store.reset(["a"])
    seen.append(store.revision)
    store.drop("a")
    seen.append(store.revision)

    assert len(set(seen)) == 4


def test_the_file_is_for_people(tmp_path: Path) -> None:
    """It says what it is, and in which version."""
    path = tmp_path / "state.json"
    StateFile(path=path).write({"default": STATE})

    assert (found := json.loads(path.read_text()))["format"] == "locum sessions"
    assert found["sessions"]["default"]["marks"] == {"api": {"/pets/1": "created", "/pets/7": "gone"}}


def test_a_file_without_counted_keys_has_them_counted(tmp_path: Path) -> None:
    """What was written before keys were counted gives none of them again."""
    path = tmp_path / "state.json"
    StateFile(path=path).write({"default": STATE})
    found = json.loads(path.read_text())
    del found["sessions"]["default"]["given"]
    found["version"] = 1
    path.write_text(json.dumps(found))

    assert StateFile(path=path).read()["default"].given == {"api": {"/pets": Given(count=2, highest=7)}}


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    """A pipe or a device would be read for ever, and a folder cannot hold sessions."""
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(SettingsError, match="not a regular file"):
            StateFile(path=tmp_path / "pipe").read()
    with pytest.raises(SettingsError, match="not a regular file"):
        StateFile(path=tmp_path).read()


def test_a_member_more_is_a_version_more(tmp_path: Path) -> None:
    """An older program tells of the version, and not of a member that it does not know."""
    path = tmp_path / "state.json"
    StateFile(path=path).write({"default": STATE})
    found = json.loads(path.read_text())

    assert (found["version"], sorted(found["sessions"]["default"])) == (
        2,
        ["clock", "given", "marks", "records", "seed", "settings"],
    )


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Whoever has mistyped it reads its name."""
    with pytest.raises(UnreachableError, match=f"there is no folder {tmp_path / 'none'}"):
        StateFile(path=tmp_path / "none" / "state.json").write({})
