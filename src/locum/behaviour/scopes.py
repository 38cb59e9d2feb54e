"""The names that the expressions of rules may read."""

from __future__ import annotations

from typing import Final

__all__ = ["ANSWER_SCOPE", "REQUEST_SCOPE"]

#: Of an answer: the query by name (a text, or a list of texts), the parameters of the path, the headers of
#: the answer by lower-case name, its status and body, the time in seconds since 1970, and the part of the
#: body that the rule stands at.
ANSWER_SCOPE: Final = ("query", "path", "headers", "status", "body", "now", "self")
#: Of a request: its parameters by location and declared name, typed by their schemas, headers by lower-case
#: name, its body, the time in seconds since 1970, the switches of the contract, and the value that the rule
#: stands at.
REQUEST_SCOPE: Final = ("query", "path", "headers", "cookies", "body", "now", "settings", "self")
