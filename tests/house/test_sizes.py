"""Everything fits one sitting."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "locum"
TEXTS = {str(path.relative_to(SOURCE)): path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40


def test_a_module_has_at_most_300_lines() -> None:
    """A longer module has two meanings, and is split by them."""
    lines = {name: len(text.splitlines()) for name, text in TEXTS.items()}

    assert {name for name, count in lines.items() if count > LONGEST_MODULE} == set()


def test_a_function_has_at_most_40_lines() -> None:
    """A function, its docstring left out, is seen at a glance."""
    too_long = [
        f"{name}:{node.lineno} {node.name}"
        for name, text in TEXTS.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION
    ]

    assert too_long == []


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_a_module_opens_with_what_lives_there() -> None:
    """The first thing in a module is a docstring, and no placeholder."""
    opening = {name: ast.get_docstring(ast.parse(text)) or "" for name, text in TEXTS.items()}

    assert [name for name, text in opening.items() if not text or "placeholder" in text.lower()] == []
