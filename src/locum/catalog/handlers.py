"""Loads handlers: plain functions that answer an operation in place of generation, found by `operationId`.

A module is imported because the user named it (`--handlers`) or installed it (entry point
`locum.handlers`, called as the contract it serves), and never because a document says so.
"""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Final

from locum.catalog.entry import Entry, Handler
from locum.errors import Diagnostic, SettingsError, Severity, Where, nearest

__all__ = ["HandlerModule", "attach_handlers", "installed_handlers", "load_handlers"]

#: A module may name its handlers in a mapping so called, for ids that are no Python names.
_TABLE: Final = "HANDLERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerModule:
    """The handlers of one module by operation id; *contract* `""` means that they serve every contract."""

    origin: str
    handlers: Mapping[str, Handler]
    file: Path | None = None
    contract: str = ""


def load_handlers(name_or_path: str) -> HandlerModule:
    """Return the handlers of a module, by dotted name or path of a `.py` file, imported afresh.

    Raises `SettingsError` when the module is missing or fails on import.
    """
    try:
        module = (
            _import_file(Path(name_or_path)) if name_or_path.endswith(".py") else _import_name(name_or_path)
        )
    except Exception as error:  # a module may fail in any way while it is imported
        raise SettingsError(_import_fault(name_or_path, error)) from error
    file = Path(module.__file__).absolute() if module.__file__ else None
    return HandlerModule(origin=name_or_path, handlers=_functions(module), file=file)


def installed_handlers(contracts: Iterable[str]) -> tuple[HandlerModule, ...]:
    """Return what installed packages offer for these contracts; no other package is imported."""
    wanted = frozenset(contracts)
    points = [point for point in entry_points(group="locum.handlers") if point.name in wanted]
    return tuple(replace(load_handlers(point.module), contract=point.name) for point in points)


def attach_handlers(
    entries: Iterable[Entry], modules: Iterable[HandlerModule]
) -> tuple[tuple[Entry, ...], tuple[Diagnostic, ...]]:
    """Return the entries with their handlers, and a warning for each function that matches no operation.

    A module named later wins over one named earlier.
    """
    entries, modules = tuple(entries), tuple(modules)
    return (
        tuple(replace(entry, handlers=_matching(entry, modules)) for entry in entries),
        tuple(warning for module in modules for warning in _unmatched(module, entries)),
    )


def _matching(entry: Entry, modules: Iterable[HandlerModule]) -> dict[str, Handler]:
    known = {route.operation_id for route in entry.contract.routes}
    return {
        name: handler
        for module in modules
        if module.contract in ("", entry.name)
        for name, handler in module.handlers.items()
        if name in known
    }


def _unmatched(module: HandlerModule, entries: Iterable[Entry]) -> list[Diagnostic]:
    served = [entry for entry in entries if module.contract in ("", entry.name)]
    known = [route.operation_id for entry in served for route in entry.contract.routes]
    return [
        _unmatched_warning(name, module.origin, known) for name in module.handlers if name not in set(known)
    ]


def _unmatched_warning(name: str, origin: str, known: Iterable[str]) -> Diagnostic:
    close = nearest(name, known)
    return Diagnostic(
        code="handlers.unknown-operation",
        message=f"no operation has the id `{name}`, so this function is never called",
        where=Where(file=origin),
        hint=f"did you mean `{close}`?"
        if close
        else "start the name of a helping function with an underscore",
        severity=Severity.WARNING,
    )


def _functions(module: ModuleType) -> dict[str, Handler]:
    own = {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }
    table: Mapping[str, Handler] = getattr(module, _TABLE, {})
    listed = {function for function in table.values() if inspect.isfunction(function)}
    return {**{name: value for name, value in own.items() if value not in listed}, **table}


def _import_name(name: str) -> ModuleType:
    # As `python -m` does: a module beside the user is found wherever the command is installed.
    if "" not in sys.path:
        sys.path.insert(0, "")
    known = sys.modules.get(name)
    return importlib.reload(known) if known else importlib.import_module(name)


def _import_file(path: Path) -> ModuleType:
    path = path.expanduser().absolute()
    if not path.is_file():
        raise FileNotFoundError(path)
    spec = importlib.util.spec_from_file_location(f"locum_handlers_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _import_fault(name: str, error: Exception) -> Diagnostic:
    where = Where(file=name)
    if isinstance(error, FileNotFoundError) and str(error).endswith(name.lstrip("./~")):
        return Diagnostic(code="handlers.no-such-file", message="there is no such file", where=where)
    if isinstance(error, ModuleNotFoundError) and error.name and name.startswith(error.name):
        return Diagnostic(
            code="handlers.no-such-module",
            message=f"there is no module `{error.name}`",
            where=where,
            hint="give a dotted module name that can be imported here, or the path of a .py file",
        )
    if isinstance(error, SyntaxError):
        where = Where(file=error.filename or name, line=error.lineno, column=error.offset)
    return Diagnostic(
        code="handlers.import-failed",
        message=f"the module fails on import: {type(error).__name__}: {error}",
        where=where,
    )
