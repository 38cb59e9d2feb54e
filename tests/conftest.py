"""What every test runs under, made for speed alone: no test may depend on it."""

from __future__ import annotations

import gc
import os

from hypothesis import settings

# Tests start some eighty processes of ours: they read what the first one has compiled.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Six thousand tests and what they import stay to the end, so there is nothing to collect among them.
gc.disable()


# No law speaks of time: whoever else is at work on the machine must break none.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


def pytest_collection_finish() -> None:
    """Collect from now on, and pass over what is there by now."""
    gc.freeze()
    gc.enable()
