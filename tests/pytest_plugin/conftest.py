"""Keeps the house in memory, since modules written in Rust cannot be imported twice.

Pytester forgets what a run in the same process has imported.
"""

import locum.testing  # noqa: F401 -- see above
