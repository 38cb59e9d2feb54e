"""The environment variables by which a process that Schemathesis owns finds the rules."""

from __future__ import annotations

from typing import Final

__all__ = ["CONTRACT", "FIXTURES", "NOW", "ROOT"]

#: A document, or the name of a contract that is built in.
CONTRACT: Final = "LOCUM_CONTRACT"
#: The folder that holds what lies beside it.
FIXTURES: Final = "LOCUM_FIXTURES"
#: The folder that its references may not leave.
ROOT: Final = "LOCUM_ROOT"
#: The time at the server (RFC 3339).
NOW: Final = "LOCUM_NOW"
