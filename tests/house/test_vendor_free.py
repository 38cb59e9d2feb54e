"""No vendor lives in the code: what one API does differently is data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src" / "locum").rglob("*.py"))
BUILT_IN = sorted(path.stem for path in (ROOT / "openapi").glob("*.yaml"))


def test_there_are_built_in_contracts() -> None:
    """Four contracts come with the package."""
    assert BUILT_IN == ["onomondo", "saas-billing", "senet", "talkdesk"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_no_vendor_is_named_in_the_code(module: Path) -> None:
    """Neither built-in contracts nor vendors stand in `src/locum`, examples in docstrings apart."""
    code = "\n".join(
        line
        for line in module.read_text(encoding="utf-8").splitlines()
        if not line.lstrip().startswith((">>>", "'"))
    )
    names = "|".join(re.escape(name) for name in [*BUILT_IN, "senetco", "saas billing"])

    assert re.findall(names, code, re.IGNORECASE) == []
