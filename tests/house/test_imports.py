"""The house as the architecture draws it: which room may know which, and what each may touch."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeGuard

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "locum"
MODULES = sorted(SOURCE.rglob("*.py"))

#: From the inside out; a room may import the rooms before it, and itself.
ROOMS = (
    "errors",
    "settings",
    "aside",
    "contract",
    "generation",
    "behaviour",
    "catalog",
    "store",
    "server",
    "proxy",
    "verify",
    "testing",
    "pytest_plugin",
    "cli",
    "__main__",
)
#: Neighbours on one floor that do not know each other.
APART = frozenset({("proxy", "server"), ("verify", "server"), ("verify", "proxy")})
PURE = ("contract", "generation", "behaviour")

#: What a pure room may not import: clock, chance, disk, network, processes.
IMPURE = (
    *("asyncio", "multiprocessing", "selectors", "signal", "subprocess", "sys", "threading"),
    *("time", "random", "secrets", "uuid.uuid1", "uuid.uuid4"),
    *("fcntl", "glob", "os", "pathlib", "shutil", "tempfile", "logging"),
    *(
        "ftplib",
        "http.client",
        "http.server",
        "httpcore",
        "httpx",
        "requests",
        "socket",
        "ssl",
        "urllib.request",
        "urllib3",
    ),
)
#: Names that reach out without an import: functions, and methods of harmless modules.
REACHING_CALLS = frozenset({"open", "input", "print", "hash"})
REACHING_METHODS = frozenset(
    {"datetime.now", "datetime.today", "datetime.utcnow", "date.today", "uuid.uuid1", "uuid.uuid4"}
)

#: What only these rooms may know.
FRAMEWORKS = {
    "connexion": {"server"},
    "uvicorn": {"server", "testing", "cli"},
    "click": {"cli"},
    "rich": {"cli"},
    "faker": {"generation"},
    "schemathesis": {"verify"},
}


class Import(NamedTuple):
    """One imported name, where, and whether it stands inside a function."""

    name: str
    place: str
    room: str
    nested: bool


@cache
def tree_of(module: Path) -> ast.Module:
    """Return the syntax tree of *module*."""
    return ast.parse(module.read_text(encoding="utf-8"))


def place_of(module: Path, node: ast.stmt | ast.expr) -> str:
    """Return file and line of *node*, as editors know it."""
    return f"{module.relative_to(ROOT)}:{node.lineno}"


def room_of(module: Path) -> str:
    """Return the room of a file below `src/locum`; the package itself is outside of all."""
    return module.relative_to(SOURCE).parts[0].removesuffix(".py")


@cache
def imports() -> tuple[Import, ...]:
    """Return everything that is imported anywhere, as dotted names."""
    return tuple(found for module in MODULES for found in _imports(module))


def _imports(module: Path) -> Iterator[Import]:
    tree, room = tree_of(module), room_of(module)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    nested = {id(inner) for function in functions for inner in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (Import(name, place_of(module, node), room, id(node) in nested) for name in names)


def test_imports_point_inwards() -> None:
    """A room imports only rooms before it in the order of the architecture, by whole names."""
    reach = {
        room: frozenset(each for each in ROOMS[: index + 1] if (room, each) not in APART)
        for index, room in enumerate(ROOMS)
    }
    outward = [
        f"{found.place}: {found.name}"
        for found in imports()
        if found.name.startswith(".")
        or (found.name.startswith("locum.") and found.name.split(".")[1] not in reach.get(found.room, ROOMS))
    ]

    assert outward == []


def test_no_import_of_our_own_hides_in_a_function() -> None:
    """What a module needs of the house stands at its top."""
    hidden = [
        f"{found.place}: {found.name}"
        for found in imports()
        if found.nested and found.name.startswith("locum")
    ]

    assert hidden == []


def test_a_pure_room_touches_no_clock_chance_disk_or_network() -> None:
    """Disk, socket, clock and randomness enter the pure rooms as arguments."""
    imported = [
        f"{found.place}: {found.name}"
        for found in imports()
        if found.room in PURE and f"{found.name}.".startswith(tuple(f"{name}." for name in IMPURE))
    ]
    reached = [
        f"{place_of(module, node)}: {ast.unparse(node)}"
        for module in MODULES
        if room_of(module) in PURE
        for node in ast.walk(tree_of(module))
        if _reaches_out(node)
    ]

    assert imported + reached == []


def _reaches_out(node: ast.AST) -> TypeGuard[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in REACHING_CALLS
    return isinstance(node, ast.Attribute) and ".".join(ast.unparse(node).split(".")[-2:]) in REACHING_METHODS


def test_a_framework_is_known_to_few_rooms() -> None:
    """Connexion, click, rich, Faker and Schemathesis each have one room; uvicorn those with sockets."""
    foreign = [
        f"{found.place}: {found.name}"
        for found in imports()
        if found.room not in FRAMEWORKS.get(found.name.split(".")[0], {found.room})
    ]

    assert foreign == []
