"""The switch that answers a missing key as HTTP would, instead of as the contract does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(("strict", "status"), [(True, 401), (False, 403)])
def test_strict_http_answers_401_for_a_key_that_is_not_known(
    ask: Callable[..., Any], *, strict: bool, status: int
) -> None:
    """E0-03: the option `strict_http` gives 401 where the contract, which has none, gives 403."""
    client = ask(key="no-such-key", settings={"strict_http": strict})

    assert client.month("01", 2024, 1) == (status, {"message": "Authorization failure"})
