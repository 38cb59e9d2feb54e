"""Finds documents: built-in ones by name, installed ones by entry point, anybody's by path.

A built-in contract is a document `openapi/<name>.yaml` and a folder `fixtures/<name>/`, of the checkout
when locum runs from one, else of the installed package.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import locum
from locum.catalog.retrieval import STANDARD_INPUT, is_url
from locum.errors import ContractError, Diagnostic, UnreachableError, Where, nearest

__all__ = ["Found", "built_in", "find_document", "installed"]

_SUFFIXES: Final = (".yaml", ".yml", ".json")
#: What may lie beside a document and is none.
_FIXTURES: Final = frozenset(
    {"contract.yaml", "invariants.yaml", "records.yaml", "scenarios.yaml", "tolerances.yaml"}
)
#: Names that say what a file is and not whose; the folder's name says more.
_COMMON_STEMS: Final = frozenset({"openapi", "swagger", "api", "spec", "index", "main", "root"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A document that exists: its *name*, its path or address, and the folder its fixtures may lie in."""

    name: str
    document: str
    fixtures: Path | None = None


def built_in() -> Mapping[str, Found]:
    """Return the built-in contracts by name, sorted."""
    home = _home()
    return {
        path.stem: Found(name=path.stem, document=str(path), fixtures=home / "fixtures" / path.stem)
        for path in sorted((home / "openapi").glob("*.yaml"))
    }


def installed() -> Mapping[str, Found]:
    """Return the contracts of installed packages by name: entry points `locum.contracts`.

    An entry point names a package, whose folder holds one document and may hold a `contract.yaml`.
    """
    found = {}
    for point in sorted(entry_points(group="locum.contracts"), key=lambda point: point.name):
        spec = find_spec(point.module)
        folders = list(spec.submodule_search_locations or ()) if spec else []
        if folders:
            document = _only_document(Path(folders[0]))
            found[point.name] = Found(name=point.name, document=str(document), fixtures=document.parent)
    return found


def find_document(name_or_path: str) -> Found:
    """Return the document called *name_or_path*: a built-in or installed name, a file, a folder, an address.

    `-` is what comes by standard input, as if it were a file of the current folder.

    Raises `UnreachableError` when there is no such file, `ContractError` when there is no such name.
    """
    if is_url(name_or_path):
        return Found(name=_name_of(Path(_path_in(name_or_path))), document=name_or_path)
    if name_or_path == STANDARD_INPUT:
        return Found(name="stdin", document=name_or_path)
    # No name has a folder in it, and going through all installed packages takes time.
    named = {} if os.sep in name_or_path else _named()
    if name_or_path in named:
        return named[name_or_path]
    path = Path(name_or_path).expanduser()
    if path.is_dir():
        path = _only_document(path)
    if path.exists():
        return Found(name=_name_of(path), document=str(path), fixtures=_fixtures_beside(path))
    raise _missing(name_or_path, path, _named())


def _named() -> Mapping[str, Found]:
    return {**installed(), **built_in()}


def _home() -> Path:
    package = Path(locum.__file__).parent
    checkout = package.parent.parent
    return checkout if (checkout / "openapi").is_dir() and package.parent.name == "src" else package / "_data"


def _name_of(path: Path) -> str:
    stem = path.name.split(".")[0]
    name = path.absolute().parent.name if stem.lower() in _COMMON_STEMS else path.stem
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name) or "contract"


def _fixtures_beside(path: Path) -> Path:
    return path.parent / "fixtures" / path.stem


def _only_document(folder: Path) -> Path:
    """Return the document of *folder*: one with a usual name, else the only one there is."""
    files = [
        path for path in sorted(folder.iterdir()) if path.suffix in _SUFFIXES and path.name not in _FIXTURES
    ]
    usual = [path for path in files if path.stem.lower() in ("openapi", "swagger")]
    chosen = usual or files
    if len(chosen) != 1:
        listed = ", ".join(path.name for path in chosen[:10]) or "no .yaml, .yml or .json file"
        raise ContractError(
            Diagnostic(
                code="catalog.no-single-document",
                message="expected one OpenAPI document in this folder",
                where=Where(file=str(folder)),
                hint=f"name the file; here: {listed}",
            )
        )
    return chosen[0]


def _path_in(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # no URL at all; whoever fetches it will say so
        return ""


def _missing(name_or_path: str, path: Path, named: Mapping[str, Found]) -> ContractError | UnreachableError:
    if _looks_like_path(name_or_path):
        return UnreachableError(
            Diagnostic(
                code="catalog.no-such-file",
                message="there is no such file",
                where=Where(file=name_or_path),
                hint=_near_file(path),
            )
        )
    close = nearest(name_or_path, named)
    return ContractError(
        Diagnostic(
            code="catalog.unknown-contract",
            message=f"no contract is called `{name_or_path}`, and no file either",
            hint=f"did you mean `{close}`?" if close else f"built in: {', '.join(named) or 'none'}",
        )
    )


def _looks_like_path(text: str) -> bool:
    return "/" in text or "\\" in text or text.startswith((".", "~")) or text.endswith(_SUFFIXES)


def _near_file(path: Path) -> str:
    if not path.parent.is_dir():
        return f"there is no folder {path.parent} either"
    beside = [entry.name for entry in path.parent.iterdir() if entry.suffix in _SUFFIXES]
    close = nearest(path.name, beside)
    return f"did you mean {path.parent / close}?" if close else ""
