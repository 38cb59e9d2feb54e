"""Everything fits one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "locum").rglob("*.py"))
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

#: Longer modules, each with its reason.
LONGER = {
    "contract/model.py": "one list of frozen values, read as a glossary",
}


def named(module: Path) -> str:
    """Return how a test calls *module*."""
    return str(module.relative_to(ROOT / "src" / "locum"))


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_has_at_most_300_lines(module: Path) -> None:
    """A module above 300 lines is split, or stands in the list with its reason."""
    lines = len(module.read_text(encoding="utf-8").splitlines())

    assert lines <= LONGEST_MODULE or named(module) in LONGER


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_function_has_at_most_40_lines(module: Path) -> None:
    """A function, its docstring left out, is seen at a glance."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]

    too_long = [node.name for node in functions if _length(node) > LONGEST_FUNCTION]

    assert too_long == []


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_a_module_opens_with_what_lives_there(module: Path) -> None:
    """The first thing in a module is a docstring that is no placeholder."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""

    assert text
    assert "placeholder" not in text.lower()
