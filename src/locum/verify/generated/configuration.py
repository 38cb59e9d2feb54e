"""Writes `schemathesis.toml`: how much is generated, and how a server is treated meanwhile.

Source: the configuration reference of Schemathesis 4.32; its JSON Schema comes with the package, and a test
holds what is written here against it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from locum.verify.bench import Profile

__all__ = ["Wanted", "write_configuration"]

#: Examples of one operation in the random phase, by profile.
_EXAMPLES: Final = {Profile.QUICK: 1, Profile.FULL: 40, Profile.FUZZ: 100}
#: Examples of all operations together in the profile `full`, and what each has at least.
_ALL_EXAMPLES: Final = 400
_FEWEST: Final = 4
_STATEFUL: Final = 10
_PHASES: Final = {
    Profile.QUICK: ("examples", "coverage"),
    Profile.FULL: ("examples", "coverage", "fuzzing", "stateful"),
    Profile.FUZZ: ("examples", "coverage", "fuzzing", "stateful"),
}
#: Methods that change nothing (RFC 9110, 9.2.1); others are tried only where writing is allowed.
_SAFE: Final = ("trace", "options")
#: What is taken of one body, in bytes.
_MOST_RECORDED: Final = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be generated.

    *operations* is how many are called, *left_out* are ids of those that are not. *headers* go with the calls
    of one operation, their values being names of environment variables. *per_s* is requests a second,
    *seconds* ends the run.
    """

    profile: Profile
    url: str
    seed: int
    operations: int = 1
    left_out: Sequence[str] = ()
    headers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    allows_writes: bool = False
    is_verified: bool = True
    timeout_s: float = 10.0
    per_s: float | None = None
    seconds: float | None = None


def write_configuration(wanted: Wanted) -> str:
    """Return the text of the file; no secret is in it."""
    top: dict[str, object] = {
        "seed": wanted.seed,
        "base-url": wanted.url,
        "workers": 1,
        "continue-on-failure": True,
        "tls-verify": wanted.is_verified,
        "request-timeout": wanted.timeout_s,
        "max-redirects": 0,
        "warnings": False,
        "color": False,
    }
    if wanted.seconds is not None and wanted.profile is Profile.FUZZ:
        top["max-time"] = max(1, int(wanted.seconds))
    if wanted.per_s is not None:
        top["rate-limit"] = _rate(wanted.per_s)
    tables = [_table("", top), _phases(wanted), *_keys(wanted), *_operations(wanted)]
    return "\n".join(tables)


def _rate(per_s: float) -> str:
    """Return a rate as Schemathesis reads it: whole requests in a second, a minute or an hour.

    >>> _rate(20.0), _rate(0.5)
    ('20/s', '30/m')
    """
    for unit, seconds in (("s", 1), ("m", 60), ("h", 3600)):
        if per_s * seconds >= 1:
            return f"{int(per_s * seconds)}/{unit}"
    return "1/h"


def _phases(wanted: Wanted) -> str:
    played = _PHASES[wanted.profile]
    coverage: dict[str, object] = {"enabled": "coverage" in played}
    if not wanted.allows_writes:
        coverage["unexpected-methods"] = list(_SAFE)
    return "\n".join(
        [
            _table(
                "generation",
                {
                    "database": "none",
                    "no-shrink": True,
                    "unique-inputs": True,
                    "max-examples": _examples(wanted),
                },
            ),
            _table("cache", {"enabled": False}),
            _table("output.truncation", {"enabled": True, "max-recorded-payload-size": _MOST_RECORDED}),
            _table("phases.examples", {"enabled": "examples" in played}),
            _table("phases.coverage", coverage),
            _table("phases.fuzzing", {"enabled": "fuzzing" in played}),
            _table("phases.stateful", {"enabled": "stateful" in played}),
            _table("phases.stateful.generation", {"max-examples": _STATEFUL}),
        ]
    )


def _examples(wanted: Wanted) -> int:
    """Return how many examples each operation has: in `full` the fewer, the more operations there are."""
    most = _EXAMPLES[wanted.profile]
    if wanted.profile is not Profile.FULL:
        return most
    return min(most, max(_FEWEST, _ALL_EXAMPLES // max(1, wanted.operations)))


def _keys(wanted: Wanted) -> list[str]:
    """Return the secrets of schemes that send them elsewhere than in a header."""
    return [
        _table(f"auth.openapi.{_key(scheme)}", {"api_key": f"${{{variable}}}"})
        for scheme, variable in wanted.keys.items()
    ]


def _operations(wanted: Wanted) -> list[str]:
    tables = []
    if wanted.left_out:
        tables.append(
            _table("operations", {"include-operation-id": list(wanted.left_out), "enabled": False}, many=True)
        )
    for operation, headers in wanted.headers.items():
        if operation not in wanted.left_out:
            told = {name: f"${{{variable}}}" for name, variable in headers.items()}
            tables.append(
                _table("operations", {"include-operation-id": operation, "headers": told}, many=True)
            )
    return tables


def _table(name: str, values: Mapping[str, object], *, many: bool = False) -> str:
    head = f"[[{name}]]" if many else f"[{name}]" if name else ""
    return "\n".join([head, *(f"{_key(key)} = {_value(value)}" for key, value in values.items()), ""])


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    # JSON strings, numbers and truth values are TOML (1.0.0), but for one character.
    return json.dumps(value).replace("\\u007f", "\\u007F")
