"""No vendor lives in the code: what one API does differently is data."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "locum").rglob("*.py"))
BUILT_IN = sorted(path.stem for path in (ROOT / "openapi").glob("*.yaml"))


def test_there_are_built_in_contracts() -> None:
    """Four contracts come with the package."""
    assert BUILT_IN == ["onomondo", "saas-billing", "senet", "talkdesk"]


def test_no_vendor_is_named_in_the_code() -> None:
    """Neither built-in contracts nor vendors stand in `src/locum`, examples in docstrings apart."""
    names = re.compile("|".join([*map(re.escape, BUILT_IN), "senetco", "saas billing"]), re.IGNORECASE)
    named = [
        f"{module.relative_to(ROOT)}:{number}: {line.strip()}"
        for module in MODULES
        for number, line in enumerate(module.read_text(encoding="utf-8").splitlines(), 1)
        if names.search(line) and not line.lstrip().startswith((">>>", "'"))
    ]

    assert named == []
