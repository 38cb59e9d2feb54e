"""What statuses are called: alike on every version of Python, whose names for some have changed twice.

Source: RFC 7231 to 7233 and RFC 4918 (422), which most servers speak; RFC 9110 renamed three of them.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

__all__ = ["PHRASES", "UNNAMED"]

#: The names that differ between 3.11 and 3.14 of `http.HTTPStatus`.
_UNSTABLE: Final = {
    413: "Payload Too Large",
    414: "URI Too Long",
    416: "Range Not Satisfiable",
    422: "Unprocessable Entity",
}
#: What each status is called that has a name; others are `UNNAMED` on the wire, as Node.js has it.
PHRASES: Final = {each.value: each.phrase for each in HTTPStatus} | _UNSTABLE
UNNAMED: Final = "unknown"
