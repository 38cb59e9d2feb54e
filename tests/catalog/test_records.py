from __future__ import annotations

from pathlib import Path

import pytest

from locum.catalog import load
from locum.catalog.records import read_records
from locum.errors import FixtureError


def test_records_come_by_collection_in_order() -> None:
    """Each collection is a tuple of the objects listed; ids with leading zeros stay text."""
    read = read_records(b"tags:\n- {id: b}\n- {id: '001', size: 2}\nsims: []\n", file="records.yaml")

    assert read == {"tags": ({"id": "b"}, {"id": "001", "size": 2}), "sims": ()}


def test_an_empty_sheet_holds_nothing() -> None:
    """A file without content is no fault."""
    assert read_records(b"", file="records.yaml") == {}


def test_a_record_that_is_no_object_is_told_with_its_line() -> None:
    """What a handler could not read is refused when the contract is loaded."""
    with pytest.raises(FixtureError) as refused:
        read_records(b"tags:\n- {id: a}\n- b\n", file="records.yaml")

    assert [(each.where.line, each.where.pointer) for each in refused.value.diagnostics] == [(3, "/tags/1")]


def test_records_beside_the_fixtures_are_loaded(pets: Path) -> None:
    """`records.yaml` is read where `contract.yaml` lies, and belongs to the files of the entry."""
    folder = pets.parent / "fixtures" / "pets"
    folder.mkdir(parents=True)
    (folder / "contract.yaml").write_text("realm: pets\n")
    (folder / "records.yaml").write_text("pets: [{name: Rex}]\n")

    entry = load(str(pets))

    assert entry.fixtures.records == {"pets": ({"name": "Rex"},)}
    assert folder / "records.yaml" in entry.list_files()


def test_without_records_there_are_none(pets: Path) -> None:
    """A `contract.yaml` may lie alone."""
    folder = pets.parent / "fixtures" / "pets"
    folder.mkdir(parents=True)
    (folder / "contract.yaml").write_text("realm: pets\n")

    assert load(str(pets)).fixtures.records == {}


def test_records_that_cannot_be_read_are_told(pets: Path) -> None:
    """A folder in place of the file is a fault of the fixtures."""
    folder = pets.parent / "fixtures" / "pets"
    (folder / "records.yaml").mkdir(parents=True)
    (folder / "contract.yaml").write_text("realm: pets\n")

    with pytest.raises(FixtureError) as refused:
        load(str(pets))

    assert [each.code for each in refused.value.diagnostics] == ["fixtures.unreadable"]
