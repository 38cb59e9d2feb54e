"""Turns names and paths into entries: document, fixtures, handlers, read and matched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from locum.behaviour.model import Fixtures
from locum.behaviour.recordings import Recording
from locum.behaviour.requirements import Requirement
from locum.catalog.entry import Entry
from locum.catalog.fixtures import read_fixtures
from locum.catalog.invariants import RULES_FILE
from locum.catalog.lookup import Found, built_in, find_document
from locum.catalog.overlays import Overlays, read_overlays
from locum.catalog.recordings import read_recordings
from locum.catalog.records import read_records
from locum.catalog.retrieval import Retriever, is_url
from locum.catalog.rules import requirements_by
from locum.catalog.scenarios import common_scenarios, read_scenarios
from locum.contract.contract import Contract
from locum.contract.limits import Limits
from locum.contract.model import Operation
from locum.contract.reader import read_contract
from locum.errors import ContractError, Diagnostic, FixtureError, UnreachableError, Where

__all__ = ["Reading", "load", "load_all"]

_FIXTURES_FILE: Final = "contract.yaml"
_RECORDS_FILE: Final = "records.yaml"
_SCENARIOS_FILE: Final = "scenarios.yaml"
_RECORDINGS_FILE: Final = "recordings.yaml"
_VERSION_CONTROL: Final = (".git", ".hg", ".svn", ".jj")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How documents are read.

    *fixtures* is a folder that holds `contract.yaml`, or one folder `<name>/` per contract.
    *root* is the folder that references may not leave. Without it that is the checkout the document is
    in, else the folder above its own.
    """

    fixtures: Path | None = None
    root: Path | None = None
    allow_remote_refs: bool = False
    #: Recordings to be given again, beside those that lie with the document.
    recordings: tuple[Path, ...] = ()
    #: Overlays to be laid over each document, in this order.
    overlays: tuple[Path, ...] = ()
    limits: Limits = Limits()


def load(name_or_path: str, reading: Reading = Reading()) -> Entry:
    """Return the entry of one contract, served alone. Raises as `read_contract`, or `UnreachableError`."""
    entry = _read(find_document(name_or_path), reading)
    return replace(entry, base_path=_server_path(entry.contract))


def load_all(names_or_paths: Sequence[str], reading: Reading = Reading()) -> tuple[Entry, ...]:
    """Return the entries of several contracts, of all built-in ones when none is named.

    Entries that share a name are numbered: `billing`, `billing-2`.
    """
    if len(names_or_paths) == 1:
        return (load(names_or_paths[0], reading),)
    found = [find_document(each) for each in names_or_paths] or _all_built_in()
    taken: set[str] = set()
    entries = []
    for each in found:
        name = _free_name(each.name, taken)
        taken.add(name)
        others = [other.document for other in found if other is not each]
        entries.append(replace(_read(replace(each, name=name), reading, others), base_path=f"/{name}"))
    return tuple(entries)


def _all_built_in() -> list[Found]:
    found = list(built_in().values())
    if not found:
        fault = Diagnostic(
            code="catalog.nothing-to-serve",
            message="this installation brings no contracts",
            hint="name a document; the built-in ones come with the wheel and with a checkout",
        )
        raise ContractError(fault)
    return found


def _server_path(contract: Contract) -> str:
    first = next((url for server in contract.servers for url in server.urls), "")
    try:
        return urlsplit(first).path.rstrip("/")
    except ValueError:  # no URL at all, such as one whose bracket does not close
        return ""


def _free_name(name: str, taken: set[str]) -> str:
    numbered = (f"{name}-{number}" for number in range(2, len(taken) + 2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def _read(found: Found, reading: Reading, others: Sequence[str] = ()) -> Entry:
    """Return the entry of a document that is served with the documents *others*."""
    retriever = Retriever(
        limit=reading.limits.file_bytes, allow_remote=reading.allow_remote_refs, home=found.document
    )
    paths = [each.expanduser() for each in reading.overlays]
    overlays = read_overlays(paths, retriever, found.document, others)
    contract = _contract(found, reading, retriever, overlays)
    path = _fixtures_path(found, reading)
    fixtures = _fixtures(path, retriever, contract) if path else Fixtures()
    fixtures = replace(fixtures, requirements=_requirements(path, retriever, contract))
    left_out: list[Diagnostic] = []
    return Entry(
        name=found.name,
        origin=found.document,
        contract=contract,
        fixtures=_with_scenarios(fixtures, path, retriever, contract),
        fixtures_origin=str(path or ""),
        recordings=tuple(_recordings(found, path, reading, retriever, left_out.append)),
        list_files=retriever.files,
        warnings=(*overlays.warnings, *left_out),
    )


def _contract(found: Found, reading: Reading, retriever: Retriever, overlays: Overlays) -> Contract:
    is_remote = is_url(found.document)
    try:
        return read_contract(
            # References are compared with the root as text, so both are absolute.
            found.document if is_remote else str(Path(found.document).absolute()),
            retriever,
            name=found.name,
            limits=reading.limits,
            # The document's own host may be asked again; the retriever refuses every other one.
            allow_remote_refs=reading.allow_remote_refs or is_remote,
            root=_root_of(found, reading),
            amend=overlays.lay_over,
        )
    except ContractError as error:
        if error.diagnostics[0].code == "contract.unreadable-file":
            raise UnreachableError(*error.diagnostics) from error
        raise


def _fixtures(path: Path, retriever: Retriever, contract: Contract) -> Fixtures:
    fixtures = read_fixtures(
        _content(path, retriever),
        file=str(path),
        schemes=contract.security_schemes,
        paths=[route.path for route in contract.routes],
    )
    records = _beside(path, _RECORDS_FILE, retriever)
    if records is None:
        return fixtures
    return replace(fixtures, records=read_records(records, file=str(path.with_name(_RECORDS_FILE))))


def _recordings(
    found: Found,
    fixtures: Path | None,
    reading: Reading,
    retriever: Retriever,
    notice: Callable[[Diagnostic], None],
) -> Iterator[Recording]:
    """Yield what was recorded: beside `contract.yaml`, beside the document as Specmatic has it, as asked."""
    beside = [fixtures.with_name(_RECORDINGS_FILE)] if fixtures else []
    if not is_url(found.document):
        document = Path(found.document)
        beside.append(document.with_name(f"{document.stem}_examples"))
    for path in (*(each for each in beside if each.exists()), *reading.recordings):
        yield from read_recordings(path.expanduser(), retriever, notice)


def _requirements(
    path: Path | None, retriever: Retriever, contract: Contract
) -> Callable[[Operation], tuple[Requirement, ...]]:
    sheet = _beside(path, RULES_FILE, retriever) if path else None
    return requirements_by(contract, sheet or b"", file=str(path.with_name(RULES_FILE)) if path else "")


def _with_scenarios(
    fixtures: Fixtures, path: Path | None, retriever: Retriever, contract: Contract
) -> Fixtures:
    """Return *fixtures* with the scenarios beside `contract.yaml`, and those that every contract has."""
    common = common_scenarios(contract.name)
    content = _beside(path, _SCENARIOS_FILE, retriever) if path else None
    if path is None or content is None:
        return replace(fixtures, scenarios=common)
    own = read_scenarios(
        content,
        file=str(path.with_name(_SCENARIOS_FILE)),
        contract=contract.name,
        operations=[route.operation_id for route in contract.routes],
        credentials=[each.id for each in fixtures.credentials],
    )
    taken = {word for each in own.scenarios for word in (each.id, each.name)}
    # One of the same id or name is the contract's own way to say it.
    rest = tuple(each for each in common if each.id not in taken and each.name not in taken)
    return replace(fixtures, scenarios=(*own.scenarios, *rest), calls=own.calls)


def _beside(path: Path, name: str, retriever: Retriever) -> bytes | None:
    """Return what the file *name* beside `contract.yaml` holds, `None` where there is none."""
    beside = path.with_name(name)
    try:
        return retriever(str(beside))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(beside, error) from error


def _content(path: Path, retriever: Retriever) -> bytes:
    try:
        return retriever(str(path))
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> FixtureError:
    reason = error.strerror or str(error)
    where = Where(file=str(path))
    return FixtureError(
        Diagnostic(code="fixtures.unreadable", message=f"the file cannot be read: {reason}", where=where)
    )


def _fixtures_path(found: Found, reading: Reading) -> Path | None:
    """Return the `contract.yaml` of a document: in the folder asked for, else beside the document."""
    if reading.fixtures is None:
        path = found.fixtures / _FIXTURES_FILE if found.fixtures else None
        return path if path and path.is_file() else None
    folder = reading.fixtures.expanduser()
    for path in (folder / found.name / _FIXTURES_FILE, folder / _FIXTURES_FILE):
        if path.is_file():
            return path
    raise FixtureError(
        Diagnostic(
            code="fixtures.not-found",
            message=f"there is no {_FIXTURES_FILE} for `{found.name}` here",
            where=Where(file=str(folder)),
            hint=f"expected {folder / found.name / _FIXTURES_FILE} or {folder / _FIXTURES_FILE}",
        )
    )


def _root_of(found: Found, reading: Reading) -> str | None:
    """Return the folder references may not leave: the one asked for, else the checkout, else the one above.

    Documents often share files with a folder beside them (`../common/errors.yaml`).
    """
    if reading.root is not None:
        return str(reading.root.expanduser().absolute())
    if is_url(found.document):
        return None
    folder = Path(found.document).absolute().parent
    checkouts = (each for each in (folder, *folder.parents) if _is_checkout(each))
    return str(next(checkouts, _neighbourhood(folder)))


def _is_checkout(folder: Path) -> bool:
    return any((folder / name).exists() for name in _VERSION_CONTROL)


def _neighbourhood(folder: Path) -> Path:
    """Return the folder above, but never one that holds everything a person has."""
    above, home = folder.parent, Path.home()
    return folder if above == home or above in home.parents else above
