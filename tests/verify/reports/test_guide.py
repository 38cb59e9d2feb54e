"""What `docs/reports.md` says is so."""

from __future__ import annotations

import re
from pathlib import Path

from locum.verify.baseline import read_baseline
from locum.verify.reports import WRITERS

GUIDE = (Path(__file__).parents[3] / "docs" / "reports.md").read_text(encoding="utf-8")


def test_every_format_is_explained() -> None:
    """The table has the formats there are, in their order but for none."""
    told = re.findall(r"^\| `([a-z-]+)` \|", GUIDE, re.MULTILINE)

    assert sorted(told) == sorted(WRITERS)


def test_the_file_of_known_failures_can_be_read(tmp_path: Path) -> None:
    """The example is one."""
    (example,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    path = tmp_path / "known.yaml"
    path.write_text(example)

    (known,) = read_baseline(path).known
    assert str(known) == "ids become numbers with release 4, team-pets, until 2026-12-31"
