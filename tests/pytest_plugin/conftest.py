"""Keeps the house in memory, since modules written in Rust cannot be imported twice.

Pytester forgets what a run in the same process has imported.
"""

import pytest

import locum.testing  # noqa: F401 -- see above


@pytest.fixture(autouse=True)
def _only_our_plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load no other plugin in runs within a run: pytest would compile each of them anew, every time."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "locum.pytest_plugin")
