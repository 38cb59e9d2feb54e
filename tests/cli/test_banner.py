"""What is told when the server stands: a line to try, and where the control API is."""

from __future__ import annotations

from pathlib import Path

import pytest

from locum.catalog import Entry, load
from locum.cli.banner import banner, control_hint, reached
from locum.settings import Settings

PETS = """
openapi: 3.0.3
info: {title: Pets, version: '1'}
servers: [{url: 'https://real.test/v2'}]
paths:
  /pets:
    get: {operationId: listPets, responses: {'204': {description: None}}}
"""


@pytest.fixture
def pets(tmp_path: Path) -> Entry:
    """Return the entry of a document whose server has a path."""
    path = tmp_path / "pets.yaml"
    path.write_text(PETS)
    return load(str(path))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (Settings(), "http://here/_locum/api/ui/"),
        (Settings(control_token="t"), "http://here/_locum/api/ui/, with the control token"),
        (Settings(host="0.0.0.0", control_token="t"), "http://here/_locum/api/ui/, with the control token"),  # noqa: S104 -- nothing listens
        (
            Settings(host="0.0.0.0"),  # noqa: S104 -- nothing listens
            "off, since others can reach 0.0.0.0; set LOCUM_CONTROL_TOKEN to have it",
        ),
        (Settings(control=False), "off"),
    ],
)
def test_where_the_control_api_is_or_why_it_is_nowhere(settings: Settings, told: str) -> None:
    """Who cannot find it learns what to set."""
    assert control_hint("http://here", [load("senet")], settings) == told


@pytest.mark.parametrize(
    ("upstream", "tried"),
    [
        ("", "http://here/v2/pets"),
        ("https://real.test", "http://here/v2/pets"),
        ("https://real.test/v2/", "http://here/pets"),
        ("https://real.test/api/v2", "http://here/pets"),
        ("https://real.test/v3", "http://here/v2/pets"),
    ],
)
def test_the_line_to_try_names_no_prefix_twice(pets: Entry, upstream: str, tried: str) -> None:
    """Where the upstream ends with the document's prefix, the line goes without it."""
    told = banner("http://here", reached([pets], upstream), Settings())

    assert f"curl {tried}\n" in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("", ""),
        ("multipleOf: 0", "To mend:      1 error, told by: locum check 'my pets.yaml'\n"),
        ("multipleOf: 0, maximum: many", "To mend:      2 errors, told by: locum check 'my pets.yaml'\n"),
    ],
)
def test_a_document_with_errors_is_told_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, told: str
) -> None:
    """Who serves a document that is wrong somewhere learns of it, and how to see where."""
    content = f"{{application/json: {{schema: {{type: number, {wrong}}}}}}}"
    monkeypatch.chdir(tmp_path)
    Path("my pets.yaml").write_text(
        PETS.replace("'204': {description: None}", f"'200': {{description: One, content: {content}}}")
    )

    said = banner("http://here", [load("my pets.yaml")], Settings())

    assert ("To mend" in said) is bool(told)
    assert told in said


def test_the_line_to_check_with_reads_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flags that change what is read are in it, so that it tells of the same errors."""
    monkeypatch.chdir(tmp_path)
    Path("pets.yaml").write_text(PETS.replace("operationId", "parameters: 7, operationId"))
    settings = Settings(
        root=Path(".."), allow_remote_refs=True, overlay=("a.yaml", "b c.yaml"), fixtures=Path("seen")
    )
    said = banner("http://here", [load("pets.yaml")], settings)

    assert (
        "locum check pets.yaml --fixtures seen --root .. --overlay a.yaml --overlay 'b c.yaml'"
        " --allow-remote-refs\n"
    ) in said
