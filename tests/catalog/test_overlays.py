from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from locum.catalog import Reading, load, load_all
from locum.catalog.overlays import read_overlays
from locum.errors import FixtureError, UnreachableError

DOCUMENT: Any = {
    "openapi": "3.1.0",
    "info": {"title": "Pets", "version": "1"},
    "paths": {
        "/pets": {
            "get": {"tags": ["pets"], "responses": {"200": {"description": "all"}}},
            "delete": {"x-internal": True, "responses": {"204": {"description": "gone"}}},
        },
        "/owners": {"get": {"x-internal": True, "responses": {"200": {"description": "all"}}}},
    },
}


def laid(tmp_path: Path, *actions: Any) -> Any:  # noqa: ANN401 -- a document, walked freely
    """Return the document with an overlay of these actions laid over it, and what was warned of."""
    file = tmp_path / "overlay.yaml"
    file.write_text(yaml.safe_dump({"overlay": "1.0.0", "info": {"title": "O"}, "actions": list(actions)}))
    overlays = read_overlays([file], lambda name: Path(name).read_bytes())
    return overlays.lay_over(DOCUMENT), overlays.warnings


def test_an_update_is_merged_into_every_match(tmp_path: Path) -> None:
    """Members are merged, lists grow, and anything else is replaced."""
    made, warnings = laid(
        tmp_path,
        {"target": "$.paths.*.get", "update": {"summary": "Read", "tags": ["more"]}},
        {"target": "$.info.title", "update": "Cats"},
        {"target": "$.paths['/pets'].get.tags", "update": "last"},
    )

    assert made["paths"]["/pets"]["get"]["tags"] == ["pets", "more", "last"]
    assert made["paths"]["/owners"]["get"]["tags"] == ["more"]
    assert made["info"] == {"title": "Cats", "version": "1"}
    assert warnings == []


def test_a_removal_takes_every_match_away(tmp_path: Path) -> None:
    """What a filter finds goes, from lists as well; the document that was read stays as it is."""
    made, _ = laid(
        tmp_path,
        {"target": "$.paths.*[?@['x-internal'] == true]", "remove": True},
        {"target": "$.paths['/pets'].get.tags[0]", "remove": True},
    )

    assert list(made["paths"]["/pets"]) == ["get"]
    assert made["paths"]["/owners"] == {}
    assert made["paths"]["/pets"]["get"]["tags"] == []
    assert DOCUMENT["paths"]["/pets"]["get"]["tags"] == ["pets"]


def test_the_root_can_be_updated(tmp_path: Path) -> None:
    """`$` is the whole document."""
    made, _ = laid(tmp_path, {"target": "$", "update": {"servers": [{"url": "/v2"}]}})

    assert made["servers"] == [{"url": "/v2"}]


def test_an_action_that_finds_nothing_is_told(tmp_path: Path) -> None:
    """A target that misses is a warning with its line."""
    _, warnings = laid(tmp_path, {"target": "$.paths['/cats']", "update": {}})

    assert [each.code for each in warnings] == ["overlay.no-match"]
    assert warnings[0].where.line == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("overlay: 1.0.0\nactions: [{target: '$.['}]", "fixtures.wrong-value"),
        ("overlay: 1.0.0\nactions: [{update: {}}]", "fixtures.missing-key"),
        ("overlay: 2.0.0\nactions: [{target: $}]", "fixtures.wrong-value"),
        ("overlay: 1.0.0", "fixtures.missing-key"),
    ],
)
def test_a_file_that_is_no_overlay_is_told_with_its_place(tmp_path: Path, text: str, code: str) -> None:
    """Each fault has file and pointer."""
    file = tmp_path / "overlay.yaml"
    file.write_text(text)

    with pytest.raises(FixtureError) as told:
        read_overlays([file], lambda name: Path(name).read_bytes())

    assert told.value.diagnostics[0].code == code
    assert told.value.diagnostics[0].where.file == str(file)


def test_an_overlay_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing file cannot be reached."""
    with pytest.raises(UnreachableError):
        read_overlays([tmp_path / "none.yaml"], lambda name: Path(name).read_bytes())


def test_a_document_is_read_with_its_overlays(tmp_path: Path) -> None:
    """Operations that were added are there, those that were removed are not; files are watched."""
    document, overlay = tmp_path / "pets.yaml", tmp_path / "overlay.yaml"
    document.write_text(yaml.safe_dump(DOCUMENT))
    added = {"get": {"operationId": "cats", "responses": {"200": {"$ref": "#/components/responses/Ok"}}}}
    actions = [
        {"target": "$.paths['/owners']", "remove": True},
        {"target": "$.paths", "update": {"/cats": added}},
        {"target": "$", "update": {"components": {"responses": {"Ok": {"description": "ok"}}}}},
    ]
    overlay.write_text(yaml.safe_dump({"overlay": "1.0.0", "actions": actions}))
    entry = load(str(document), Reading(overlays=(overlay,)))
    cats = next(each for each in entry.contract.routes if each.operation_id == "cats")

    assert [each.path for each in entry.contract.routes] == ["/pets", "/pets", "/cats"]
    assert entry.contract.operation(cats).responses[0].status == "200"
    assert overlay in entry.list_files()


def test_a_copy_is_merged_into_every_match(tmp_path: Path) -> None:
    """What is copied is what stands there by then; an update comes before it."""
    made, warnings = laid(
        tmp_path,
        {"target": "$.paths['/pets'].get", "update": {"summary": "Read"}},
        {"target": "$.paths['/owners']", "copy": "$.paths['/pets']"},
        {"target": "$.info", "copy": "$.paths", "update": {"version": "2"}},
    )

    assert made["paths"]["/owners"]["get"] == {
        "x-internal": True,
        "tags": ["pets"],
        "summary": "Read",
        "responses": {"200": {"description": "all"}},
    }
    assert list(made["paths"]["/owners"]) == ["get", "delete"]
    assert made["info"] == {"title": "Pets", "version": "2"}
    assert warnings == []


def test_matches_of_one_update_are_apart(tmp_path: Path) -> None:
    """A later action changes what it targets, and nothing that was once written with it."""
    made, _ = laid(
        tmp_path,
        {"target": "$.paths.*.get", "update": {"x-owner": {"name": "Ada"}}},
        {"target": "$.paths['/pets'].get['x-owner']", "update": {"name": "Eve"}},
    )

    assert made["paths"]["/owners"]["get"]["x-owner"] == {"name": "Ada"}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"updates": {}}, "neither update, remove nor copy says what is to be done"),
        ({"copy": "$.none"}, "copy finds nothing in the document where one thing is meant"),
        ({"copy": "$.paths.*"}, "copy finds 2 in the document where one thing is meant"),
    ],
)
def test_an_action_that_does_nothing_is_told(tmp_path: Path, action: Any, message: str) -> None:  # noqa: ANN401
    """A slip of the pen does not pass for a change."""
    made, warnings = laid(tmp_path, {"target": "$.info", **action})

    assert made == DOCUMENT
    assert [(each.code, each.message) for each in warnings] == [
        ("overlay.nothing-to-do", f"{message}; the action does nothing")
    ]


def test_an_overlay_for_another_document_is_laid_over_and_told(tmp_path: Path) -> None:
    """Whoever names both means it, but may have mistaken one."""
    overlay, document = overlay_for(tmp_path, "other.yaml"), documents(tmp_path, "a.yaml")[0]

    entry = load(document, Reading(overlays=(overlay,)))

    assert entry.contract.title == "Cats"
    assert [(each.code, each.where.line) for each in entry.warnings] == [("overlay.other-document", 3)]


def test_an_overlay_is_for_the_document_it_extends(tmp_path: Path) -> None:
    """Of several documents it amends its own."""
    overlay = overlay_for(tmp_path, "./b.yaml")

    entries = load_all(documents(tmp_path, "a.yaml", "b.yaml"), Reading(overlays=(overlay,)))

    assert [(each.contract.title, each.warnings) for each in entries] == [("Pets", ()), ("Cats", ())]


def documents(folder: Path, *names: str) -> list[str]:
    """Write the document under each of *names*."""
    for name in names:
        (folder / name).write_text(yaml.safe_dump(DOCUMENT))
    return [str(folder / name) for name in names]


def overlay_for(folder: Path, document: str) -> Path:
    """Write an overlay that extends *document*."""
    overlay = folder / "overlay.yaml"
    actions = "actions: [{target: $.info, update: {title: Cats}}]"
    overlay.write_text(f"overlay: 1.0.0\ninfo: {{title: O}}\nextends: {document}\n{actions}\n")
    return overlay
