"""Hypothesis, asked for a text where our own walk over a pattern found none: rare, slow, and never random."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from locum.generation.bundle import Check
from locum.generation.dialect import to_python

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["texts_by_hypothesis"]

_EXAMPLES = 200


def texts_by_hypothesis(
    patterns: tuple[str, ...], formats: tuple[str, ...], least: int, most: int | None, check: Check
) -> Iterator[str]:
    """Yield texts that match the first of *patterns* and pass *check*; none when hypothesis finds none.

    The search is derandomized, so that every process finds the same.
    """
    del formats
    if not patterns:
        return
    # Imported late: hypothesis costs half a second, and hardly any schema needs it.
    import hypothesis  # noqa: PLC0415
    from hypothesis import strategies  # noqa: PLC0415

    try:
        strategy: SearchStrategy[str] = strategies.from_regex(re.compile(to_python(patterns[0])))
    except re.error:
        return
    found: dict[str, None] = {}
    settings = hypothesis.settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=_EXAMPLES,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )

    @settings
    @hypothesis.given(strategy)
    def collect(text: str) -> None:
        if len(text) >= least and (most is None or len(text) <= most) and check(text):
            found[text] = None

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            collect()
        except hypothesis.errors.HypothesisException:
            return
    yield from found
