from __future__ import annotations

import sys
from pathlib import Path

import pytest

from locum.catalog import installed, installed_handlers, load


@pytest.fixture
def package(pets: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a package that brings a contract, its credentials and a handler."""
    site = pets.parent / "site"
    package = site / "brings_pets"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('looking must not import')\n")
    pets.rename(package / "openapi.yaml")
    (package / "contract.yaml").write_text("credentials: [{id: own, scheme: key, secret: s3cret}]")
    (site / "brings_handlers.py").write_text("def listPets(): return 'handled'\n")
    metadata = site / "brings_pets-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: brings-pets\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(
        "[locum.contracts]\nour-pets = brings_pets\n[locum.handlers]\nour-pets = brings_handlers\n"
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return package


def test_an_installed_contract_is_found_by_name(package: Path) -> None:
    """The entry point names a package; its folder holds the document and `contract.yaml`."""
    entry = load("our-pets")

    assert installed()["our-pets"].document == str(package / "openapi.yaml")
    assert entry.name == "our-pets"
    assert [credential.id for credential in entry.fixtures.credentials] == ["own"]


def test_installed_handlers_serve_the_contract_they_are_named_for(package: Path) -> None:
    """No other contract gets them, and their module is not imported for another."""
    (module,) = installed_handlers(["our-pets", "their-cats"])

    assert module.contract == "our-pets"
    assert module.handlers["listPets"]() == "handled"
    assert installed_handlers(["their-cats"]) == ()
