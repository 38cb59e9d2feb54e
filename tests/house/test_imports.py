"""The house as the architecture draws it: which room may know which, and what each may touch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "locum"
MODULES = sorted(SOURCE.rglob("*.py"))

#: From the inside out; a room may import the rooms before it, and itself.
ROOMS = ("errors", "settings", "contract", "generation", "behaviour", "catalog", "server", "cli", "__main__")
PURE = ("contract", "generation", "behaviour")

#: What a pure room may not import: clock, chance, disk, network, processes.
IMPURE = frozenset(
    {
        *(
            "asyncio",
            "datetime.now",
            "fcntl",
            "ftplib",
            "glob",
            "http",
            "httpx",
            "logging",
            "multiprocessing",
        ),
        *("os", "pathlib", "random", "requests", "secrets", "selectors", "shutil", "signal", "socket", "ssl"),
        *(
            "subprocess",
            "sys",
            "tempfile",
            "threading",
            "time",
            "urllib.request",
            "urllib3",
            "uvicorn",
            "uuid.uuid4",
        ),
    }
)
#: Calls that reach out without an import.
REACHING_OUT = frozenset({"open", "input", "print", "hash"})

#: Exceptions, each with its reason.
ALLOWED: dict[tuple[str, str], str] = {}

#: What only one room may know.
FRAMEWORKS = {
    "connexion": {"server"},
    "uvicorn": {"cli"},
    "click": {"cli"},
    "rich": {"cli"},
    "faker": {"generation"},
}


class Import(NamedTuple):
    """One imported name, and whether it stands inside a function."""

    name: str
    line: int
    nested: bool


def imports(module: Path) -> Iterator[Import]:
    """Yield what *module* imports, as dotted names."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    nested = {id(inner) for function in functions for inner in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, id(node) in nested)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: write the whole name"
            for alias in node.names:
                yield Import(f"{node.module}.{alias.name}", node.lineno, id(node) in nested)


def room_of(module: Path) -> str:
    """Return the room of a file below `src/locum`; the package itself is outside of all."""
    part = module.relative_to(SOURCE).parts[0]
    return part.removesuffix(".py")


def named(module: Path) -> str:
    """Return how a test calls *module*."""
    return str(module.relative_to(SOURCE))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_imports_point_inwards(module: Path) -> None:
    """A room imports only rooms before it in the order of the architecture."""
    room = room_of(module)
    reach = len(ROOMS) if room == "__init__" else ROOMS.index(room) + 1

    outward = [
        f"line {found.line}: {found.name}"
        for found in imports(module)
        if found.name.startswith("locum.") and found.name.split(".")[1] not in ROOMS[:reach]
    ]

    assert outward == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_no_import_of_our_own_hides_in_a_function(module: Path) -> None:
    """What a module needs of the house stands at its top."""
    hidden = [
        f"line {found.line}: {found.name}"
        for found in imports(module)
        if found.nested and found.name.startswith("locum")
    ]

    assert hidden == []


@pytest.mark.parametrize("module", [module for module in MODULES if room_of(module) in PURE], ids=named)
def test_a_pure_room_touches_no_clock_chance_disk_or_network(module: Path) -> None:
    """Disk, socket, clock and randomness enter the pure rooms as arguments."""
    reached = [
        f"line {found.line}: {found.name}"
        for found in imports(module)
        if any(found.name == name or found.name.startswith(name + ".") for name in IMPURE)
        and (named(module), found.name) not in ALLOWED
    ]
    tree = ast.parse(module.read_text(encoding="utf-8"))
    reached += [
        f"line {node.lineno}: {node.func.id}()"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REACHING_OUT
    ]
    reached += [
        f"line {node.lineno}: .{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "today", "utcnow", "uuid1", "uuid4", "urandom"}
    ]

    assert reached == []


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_framework_is_known_to_one_room(module: Path) -> None:
    """Connexion, uvicorn, click, rich and Faker are each imported in one room only."""
    room = room_of(module)

    foreign = [
        f"line {found.line}: {found.name}"
        for found in imports(module)
        if room not in FRAMEWORKS.get(found.name.split(".")[0], {room})
    ]

    assert foreign == []
