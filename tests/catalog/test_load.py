from __future__ import annotations

from pathlib import Path

import pytest

from locum.catalog import Reading, attach_handlers, built_in, find_document, load, load_all, load_handlers
from locum.errors import ContractError, FixtureError, LocumError, UnreachableError

CREDENTIALS = "credentials: [{id: own, scheme: key, secret: s3cret}]"


def told(name_or_path: str, reading: Reading = Reading()) -> str:
    """Return what is told about a contract that cannot be loaded."""
    with pytest.raises(LocumError) as refused:
        load(name_or_path, reading)
    return str(refused.value)


def test_the_built_in_contracts_are_found_by_name() -> None:
    """Each has a document and a folder of fixtures, and can be loaded."""
    names = list(built_in())
    entries = load_all(())

    assert names == ["onomondo", "saas-billing", "senet", "talkdesk"]
    assert [entry.name for entry in entries] == names
    assert [entry.base_path for entry in entries] == [f"/{name}" for name in names]
    assert all(entry.fixtures.credentials for entry in entries)


def test_one_contract_alone_is_served_at_its_own_base_path(pets: Path) -> None:
    """The path of its first server, without the slash at the end."""
    entry = load(str(pets))

    assert (entry.name, entry.base_path, entry.origin) == ("pets", "/api/v2", str(pets))


def test_a_server_that_is_no_url_gives_no_base_path(pets: Path) -> None:
    """A bracket that does not close spoils nothing but itself."""
    pets.write_text(pets.read_text().replace("https://pets.example/api/v2/", "'https://[::1/api'"))

    assert load(str(pets)).base_path == ""


def test_contracts_of_one_name_are_numbered(pets: Path) -> None:
    """Each is served below a path of its own."""
    entries = load_all((str(pets), str(pets), str(pets)))

    assert [entry.base_path for entry in entries] == ["/pets", "/pets-2", "/pets-3"]


def test_a_document_called_like_every_other_is_named_by_its_folder(tmp_path: Path, pets: Path) -> None:
    """`billing/openapi.yaml` is the contract `billing`; the folder may be given instead of the file."""
    folder = tmp_path / "billing"
    folder.mkdir()
    pets.rename(folder / "openapi.yaml")

    assert find_document(str(folder / "openapi.yaml")).name == "billing"
    assert load(str(folder)).name == "billing"


def test_a_path_in_the_home_folder_is_understood(
    tmp_path: Path, pets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`~` is written in settings, where no shell replaces it."""
    monkeypatch.setenv("HOME", str(tmp_path))

    assert load("~/pets.yaml").origin == str(pets)


def test_fixtures_beside_the_document_are_taken(pets: Path) -> None:
    """`fixtures/<name of the document>/contract.yaml` belongs to it."""
    folder = pets.parent / "fixtures" / "pets"
    folder.mkdir(parents=True)
    (folder / "contract.yaml").write_text(CREDENTIALS)

    entry = load(str(pets))

    assert [credential.secret for credential in entry.fixtures.credentials] == ["s3cret"]
    assert entry.fixtures_origin == str(folder / "contract.yaml")
    beside = ("contract.yaml", "invariants.yaml", "records.yaml", "scenarios.yaml")
    assert entry.list_files() == {pets, *(folder / name for name in beside)}


@pytest.mark.parametrize("inner", ["", "pets"])
def test_fixtures_may_lie_elsewhere(pets: Path, tmp_path: Path, inner: str) -> None:
    """`--fixtures` names a folder with `contract.yaml`, or with one folder per contract."""
    folder = tmp_path / "elsewhere" / inner
    folder.mkdir(parents=True)
    (folder / "contract.yaml").write_text(CREDENTIALS)

    entry = load(str(pets), Reading(fixtures=tmp_path / "elsewhere"))

    assert [credential.id for credential in entry.fixtures.credentials] == ["own"]


def test_a_folder_without_fixtures_is_told(pets: Path, tmp_path: Path) -> None:
    """Who asks for fixtures wants some; both places that were looked at are named."""
    with pytest.raises(FixtureError, match=r"there is no contract\.yaml for `pets` here") as refused:
        load(str(pets), Reading(fixtures=tmp_path))

    assert str(tmp_path / "pets" / "contract.yaml") in str(refused.value)


def test_an_unknown_name_is_told_with_the_nearest_one() -> None:
    """A slip in a built-in name."""
    with pytest.raises(ContractError):
        load("onomodo")

    assert told("onomodo") == (
        "error: no contract is called `onomodo`, and no file either [catalog.unknown-contract]\n"
        "  hint: did you mean `onomondo`?"
    )


def test_a_missing_file_is_told_with_the_nearest_one(pets: Path) -> None:
    """A slip in a path."""
    missing = str(pets.with_name("pest.yaml"))
    with pytest.raises(UnreachableError):
        load(missing)

    assert told(missing) == (
        f"{missing}: error: there is no such file [catalog.no-such-file]\n  hint: did you mean {pets}?"
    )


def test_a_folder_of_several_documents_is_told(pets: Path) -> None:
    """Which one is meant cannot be guessed."""
    pets.with_name("other.yaml").write_text("{}")

    assert told(str(pets.parent)) == (
        f"{pets.parent}: error: expected one OpenAPI document in this folder [catalog.no-single-document]\n"
        "  hint: name the file; here: other.yaml, pets.yaml"
    )


def test_a_document_that_cannot_be_fetched_is_unreachable() -> None:
    """An address nobody answers at is not a broken document."""
    with pytest.raises(UnreachableError, match="the host cannot be reached"):
        load("http://127.0.0.1:9/openapi.yaml")


@pytest.mark.parametrize(
    ("reading", "follows"),
    [
        (Reading(root=Path()), False),
        (Reading(), True),
        (Reading(root=Path("..")), True),
    ],
)
def test_references_reach_the_folder_above_unless_told_otherwise(
    pets: Path, monkeypatch: pytest.MonkeyPatch, reading: Reading, *, follows: bool
) -> None:
    """Documents share files with a folder beside them; one nobody trusts is kept to its own."""
    inner = pets.parent / "api" / "inner.yaml"
    inner.parent.mkdir()
    inner.write_text(pets.read_text().replace("{description: All}", "{$ref: '../common.yaml#/all'}"))
    (pets.parent / "common.yaml").write_text("all: {description: All}")
    monkeypatch.chdir(inner.parent)
    contract = load(str(inner), reading).contract

    described = [response.description for response in contract.operation(contract.routes[0]).responses]

    assert (described == ["All"]) is follows


def test_a_checkout_may_share_files_among_its_folders(pets: Path) -> None:
    """Under version control the whole checkout is the document's own."""
    inner = pets.parent / "deep" / "api" / "inner.yaml"
    inner.parent.mkdir(parents=True)
    inner.write_text(pets.read_text().replace("{description: All}", "{$ref: '../../common.yaml#/all'}"))
    (pets.parent / "common.yaml").write_text("all: {description: All}")
    (pets.parent / ".git").mkdir()
    contract = load(str(inner)).contract

    assert contract.operation(contract.routes[0]).responses[0].description == "All"


def test_handlers_are_matched_with_operations(pets: Path) -> None:
    """A function that matches no operation is told with the nearest one; the others are attached."""
    module = pets.with_name("answers.py")
    module.write_text("def listPets(): ...\ndef listPest(): ...\ndef other(): ...\n")

    (entry,), warnings = attach_handlers([load(str(pets))], [load_handlers(str(module))])

    assert list(entry.handlers) == ["listPets"]
    assert [str(warning).splitlines()[0] for warning in warnings] == [
        f"{module}: warning: no operation has the id `{name}`, so this function is never called"
        " [handlers.unknown-operation]"
        for name in ("listPest", "other")
    ]
    assert [warning.hint for warning in warnings] == [
        "did you mean `listPets`?",
        "start the name of a helping function with an underscore",
    ]
