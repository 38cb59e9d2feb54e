"""What a test asks of its stand-in, read from its markers and forgiving nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from locum.contract.model import JsonValue
from locum.errors import Diagnostic, SettingsError, nearest
from locum.settings import Settings

__all__ = ["KEYWORDS", "Terms", "found_in", "read_terms"]

#: Beyond what a long test sends.
_INTERACTIONS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is served, and how the session of the test begins.

    *served* is the same for all tests that share a stand-in. *checks* tells whether the test fails when its
    client breaks the contract.
    """

    served: Settings
    scenarios: tuple[str, ...] = ()
    now: str = ""
    seed: str = ""
    settings: Mapping[str, JsonValue] = field(default_factory=dict)
    checks: bool = True


def read_terms(
    markers: Sequence[tuple[tuple[Any, ...], Mapping[str, Any]]],
    *,
    contracts: Iterable[str] = (),
    folders: Iterable[Path] = (),
) -> Terms:
    """Return what *markers* say, the nearest first; the arguments of the nearest that has some count.

    *contracts* is what is served when no marker says so. Relative paths are looked for in *folders*.
    Raises `SettingsError` for a keyword that does not exist or a value of another kind.
    """
    given = {name: value for _, said in reversed(markers) for name, value in said.items()}
    named = next((names for names, _ in markers if names), tuple(contracts))
    wrong = [_wrong(name, value) for name, value in given.items()]
    faults = [fault for fault in wrong if fault] + [
        _fault(f"a contract is named by a text or a path, not {each!r}")
        for each in named
        if not isinstance(each, str | Path)
    ]
    if faults:
        raise SettingsError(*faults)
    served = Settings(
        contracts=tuple(found_in(str(each), folders) for each in named),
        port=0,
        journal=_INTERACTIONS,
        dynamic=given.get("dynamic", False),
        locale=given.get("locale", "en_US"),
        handlers=tuple(found_in(each, folders) for each in _texts(given.get("handlers", ()))),
        verbosity=-1,
    )
    if "fixtures" in given:
        served = replace(served, fixtures=Path(found_in(str(given["fixtures"]), folders)))
    now = given.get("now", "")
    return Terms(
        served=served,
        scenarios=_texts(given.get("scenario", ())),
        now=now.isoformat() if isinstance(now, datetime) else now,
        seed=str(given.get("seed", "")),
        settings=given.get("settings", {}),
        checks=given.get("check", True),
    )


def _is_texts(value: object) -> bool:
    is_listed = isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)
    return isinstance(value, str) or is_listed


def _is_instant(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, datetime) and value.tzinfo is not None)


#: Keywords of the marker: what each takes, and how to tell.
KEYWORDS: Final[Mapping[str, tuple[str, Callable[[object], bool]]]] = {
    "scenario": ("the name of a scenario, or a list of names", _is_texts),
    "now": ("an instant such as 2024-01-27T23:08:12Z, or a datetime with a time zone", _is_instant),
    "seed": ("a text or a number", lambda value: isinstance(value, str | int)),
    "settings": ("a mapping of switches", lambda value: isinstance(value, Mapping)),
    "check": ("true or false", lambda value: isinstance(value, bool)),
    "dynamic": ("true or false", lambda value: isinstance(value, bool)),
    "locale": ("a text", lambda value: isinstance(value, str)),
    "fixtures": ("the path of a folder", lambda value: isinstance(value, str | Path)),
    "handlers": ("a module or a .py file, or a list of them", _is_texts),
}


def _wrong(name: str, value: object) -> Diagnostic | None:
    if name not in KEYWORDS:
        close = nearest(name, KEYWORDS)
        hint = f"did you mean `{close}`?" if close else f"it takes: {', '.join(KEYWORDS)}"
        return _fault(f"the marker `locum` takes no `{name}`", hint)
    expected, fits = KEYWORDS[name]
    return None if fits(value) else _fault(f"`{name}` of the marker `locum` is {expected}, not {value!r}")


def _texts(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def found_in(name: str, folders: Iterable[Path]) -> str:
    """Return the path of *name* where one of *folders* has it, else *name* as it is."""
    is_bare = "/" not in name and "." not in name
    if is_bare or "://" in name:
        return name
    return next((str(folder / name) for folder in folders if (folder / name).exists()), name)


def _fault(message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code="testing.wrong-marker", message=message, hint=hint)
