"""Reads who calls, as the tester names them: a file of credentials, variables of the environment.

A file maps names to secrets: a part (`good`, `other-tenant`, `wrong-kind`, `expired`, `no-scope`, `limited`)
or the id of a credential of the fixtures, and what is sent, or a mapping with `secret`, `scheme`, `part`.
`${NAME}` is a variable of the environment. `LOCUM_CREDENTIAL_NO_SCOPE` says `no-scope` without a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from locum.behaviour.model import Credential, Fixtures
from locum.catalog.sheet import Fault, Sheet, read_sheet
from locum.contract.model import JsonObject, JsonValue, SecurityScheme
from locum.errors import Diagnostic, SettingsError, UnreachableError, Where, nearest
from locum.verify.identities import Identities, Identity, Part, identities_of

__all__ = ["read_credentials", "read_values"]

_PREFIX: Final = "LOCUM_CREDENTIAL_"
_VALUE_PREFIX: Final = "LOCUM_VALUE_"
_VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEMA: Final = cast(
    "JsonObject",
    {
        "type": "object",
        "additionalProperties": {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["secret"],
                    "properties": {
                        "secret": {"type": "string", "minLength": 1},
                        "scheme": {"type": "string"},
                        "part": {"enum": [*Part]},
                        "kind": {"type": "string"},
                        "scopes": {"type": "array", "items": {"type": "string"}},
                    },
                },
            ]
        },
    },
)
_VALUES: Final = cast(
    "JsonObject",
    {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
)


def read_credentials(
    path: Path | None,
    *,
    environment: Mapping[str, str],
    fixtures: Fixtures,
    schemes: Mapping[str, SecurityScheme],
    scopes: Iterable[str] = (),
) -> Identities:
    """Return who the tester says there is; those of *fixtures* where nobody is named.

    *scopes* are all that the operations ask for.

    Raises `FixtureError` for a file that says something else, `UnreachableError` for one that is not there.
    """
    given: dict[str, JsonValue] = {
        name.removeprefix(_PREFIX).lower().replace("_", "-"): text
        for name, text in environment.items()
        if name.startswith(_PREFIX) and text
    }
    if path is not None:
        sheet = read_sheet(_content(path), file=str(path), schema=_SCHEMA)
        faults = [*_unknown_schemes(sheet, schemes)]
        if faults:
            raise sheet.refusal(faults)
        given = {**given, **sheet.value}
    if not given:
        return identities_of(fixtures, scopes)
    known = {each.credential.id: each for each in identities_of(fixtures, scopes).everybody}
    everybody = [_identity(name, said, known, schemes, environment) for name, said in given.items()]
    if not any(each.part is Part.GOOD for each in everybody):
        first = everybody[0]
        everybody[0] = Identity(credential=first.credential, part=Part.GOOD)
    return Identities(everybody=tuple(everybody), are_supplied=True)


def read_values(path: Path | None, *, environment: Mapping[str, str]) -> dict[str, str]:
    """Return the values the tester supplies by name: of a file, and of `LOCUM_VALUE_*`."""
    given = {
        name.removeprefix(_VALUE_PREFIX).lower(): text
        for name, text in environment.items()
        if name.startswith(_VALUE_PREFIX)
    }
    if path is not None:
        sheet = read_sheet(_content(path), file=str(path), schema=_VALUES)
        given |= {name: _text(value) for name, value in sheet.value.items()}
    return given


def _text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        told = f"cannot be read: {error.strerror or error}"
        fault = Diagnostic(code="verify.unreadable", message=told, where=Where(file=str(path)))
        raise UnreachableError(fault) from error


def _unknown_schemes(sheet: Sheet, schemes: Mapping[str, SecurityScheme]) -> Iterator[Fault]:
    for name, said in sheet.value.items():
        if isinstance(said, dict) and "scheme" in said and said["scheme"] not in schemes:
            close = nearest(said["scheme"], schemes)
            hint = f"did you mean `{close}`?" if close else f"known: {', '.join(schemes) or 'none'}"
            told = f"the contract has no security scheme `{said['scheme']}`"
            yield Fault("unknown-scheme", told, (name, "scheme"), hint)


def _identity(
    name: str,
    said: JsonValue,
    known: Mapping[str, Identity],
    schemes: Mapping[str, SecurityScheme],
    environment: Mapping[str, str],
) -> Identity:
    told: dict[str, JsonValue] = said if isinstance(said, dict) else {"secret": said}
    like = known.get(name)
    scheme = told.get("scheme") or (like.credential.scheme if like else next(iter(schemes), ""))
    part = _part(name, told, like)
    listed = told.get("scopes")
    credential = Credential(
        id=name,
        scheme=str(scheme),
        secret=_filled(str(told["secret"]), environment),
        kind=str(told.get("kind") or (like.credential.kind if like else "")),
        scopes=frozenset(map(str, listed)) if isinstance(listed, list) else frozenset(),
    )
    return Identity(credential=credential, part=part)


def _part(name: str, told: Mapping[str, JsonValue], like: Identity | None) -> Part:
    if isinstance(told.get("part"), str):
        return Part(str(told["part"]))
    if name in set(Part):
        return Part(name)
    return like.part if like else Part.LIMITED


def _filled(text: str, environment: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        if found[1] not in environment:
            told = f"the variable `{found[1]}` that a credential names is not set"
            raise SettingsError(Diagnostic(code="verify.unset-variable", message=told))
        return environment[found[1]]

    return _VARIABLE.sub(value, text)
