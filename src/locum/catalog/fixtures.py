"""Reads `contract.yaml`, which says beside a document what the document cannot say.

The schema below is the format; `behaviour/model.py` says what each part means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from locum.behaviour.corrections import Correction
from locum.behaviour.model import (
    Cause,
    Credential,
    CredentialStatus,
    Fixtures,
    RefusalMembers,
    RefusalRule,
    Sibling,
)
from locum.behaviour.rate_limits import RateLimit
from locum.catalog.sheet import Fault, read_sheet
from locum.contract.model import JsonObject, SecurityScheme
from locum.errors import nearest

__all__ = ["read_fixtures"]

_TEXT: Final = {"type": "string"}
_NAME: Final = {"type": "string", "minLength": 1}
_TEXTS: Final = {"type": "array", "items": _NAME}


def _record(*required: str, **properties: object) -> object:
    """Return the schema of a mapping that has these keys and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [*required],
        "properties": properties,
    }


_CREDENTIAL: Final = _record(
    "id",
    "scheme",
    "secret",
    id=_NAME,
    scheme=_NAME,
    secret=_NAME,
    kind=_TEXT,
    scopes=_TEXTS,
    status={"enum": [status.value for status in CredentialStatus]},
    description=_TEXT,
    attributes={"type": "object"},
)

_REFUSAL: Final = _record(
    causes={"type": "array", "items": {"enum": [cause.value for cause in Cause]}},
    parameter=_NAME,
    when={"type": "object"},
    status={"type": "integer", "minimum": 100, "maximum": 599},
    headers={"type": "object", "additionalProperties": {"type": ["string", "number"]}},
    body={},
    source=_TEXT,
)

#: What the headers of a rate limit may tell.
_RATE_WORDS: Final = {"limit": 0, "remaining": 0, "reset": 0, "wait": 0}
_RATE_LIMIT: Final = _record(
    "calls",
    "window_s",
    "switch",
    calls={"type": ["integer", "string"], "minimum": 1},
    window_s={"type": "integer", "minimum": 1},
    switch=_NAME,
    by_caller={"type": ["boolean", "string"], "minLength": 1},
    headers={"type": "object", "additionalProperties": _TEXT},
)

_RESOURCE: Final = _record(
    "path",
    path=_NAME,
    ignore={"type": "boolean"},
    key=_NAME,
    population={"type": "integer", "minimum": 0, "maximum": 1000},
    invents={"type": "boolean"},
)

_SIBLING: Final = _record(
    *("path", "accepts"),
    path={"type": "string", "pattern": "^/"},
    accepts={"type": "object", "additionalProperties": _TEXTS, "minProperties": 1},
)

_SCHEMA: Final = cast(
    "JsonObject",
    _record(
        realm=_TEXT,
        hosts=_TEXTS,
        security=_record(
            accepts={"type": "object", "additionalProperties": _TEXTS},
            bare=_TEXTS,
        ),
        credentials={"type": "array", "items": _CREDENTIAL},
        refusals={"type": "array", "items": _REFUSAL},
        refusal_members={
            "type": "array",
            "items": _record("when", "members", when={"type": "object"}, members={"type": "object"}),
        },
        settings={"type": "object"},
        siblings={"type": "array", "items": _SIBLING},
        rate_limits={"type": "array", "items": _RATE_LIMIT},
        resources={"type": "array", "items": _RESOURCE},
    ),
)


def read_fixtures(
    content: bytes, *, file: str, schemes: Mapping[str, SecurityScheme], paths: Iterable[str] = ()
) -> Fixtures:
    """Return what *content* of *file* says; *schemes* and *paths* are those of the document it lies beside.

    Raises `FixtureError` with every fault found, each with its line.
    """
    sheet = read_sheet(content, file=file, schema=_SCHEMA)
    faults = [
        *_unknown_schemes(sheet.value, schemes),
        *_duplicate_ids(sheet.value),
        *_unknown_switches(sheet.value),
        *_unknown_paths(sheet.value, tuple(paths)),
    ]
    if faults:
        raise sheet.refusal(faults)
    value = sheet.value
    security = value.get("security", {})
    return Fixtures(
        credentials=tuple(_credential(entry) for entry in value.get("credentials", ())),
        accepts={scheme: frozenset(kinds) for scheme, kinds in security.get("accepts", {}).items()},
        bare=frozenset(security.get("bare", ())),
        realm=value.get("realm", ""),
        refusals=tuple(_refusal(entry) for entry in value.get("refusals", ())),
        refusal_members=tuple(RefusalMembers(**entry) for entry in value.get("refusal_members", ())),
        hosts=tuple(host.lower() for host in value.get("hosts", ())),
        settings=value.get("settings", {}),
        siblings=tuple(_sibling(entry) for entry in value.get("siblings", ())),
        rate_limits=tuple(RateLimit(**entry) for entry in value.get("rate_limits", ())),
        resources=tuple(Correction(**entry) for entry in value.get("resources", ())),
    )


def _sibling(entry: dict[str, Any]) -> Sibling:
    accepts = {scheme: frozenset(kinds) for scheme, kinds in entry["accepts"].items()}
    return Sibling(path=entry["path"], accepts=accepts)


def _credential(entry: dict[str, Any]) -> Credential:
    known = {**entry, "scopes": frozenset(entry.get("scopes", ()))}
    return Credential(**{**known, "status": CredentialStatus(entry.get("status", "active"))})


def _refusal(entry: dict[str, Any]) -> RefusalRule:
    return RefusalRule(
        causes=frozenset(Cause(cause) for cause in entry.get("causes", ())),
        parameter=entry.get("parameter"),
        when=entry.get("when", {}),
        status=entry.get("status"),
        headers={name: str(value) for name, value in entry.get("headers", {}).items()},
        body=entry.get("body"),
    )


def _unknown_schemes(value: dict[str, Any], schemes: Mapping[str, SecurityScheme]) -> Iterator[Fault]:
    security = value.get("security", {})
    named: list[tuple[tuple[str | int, ...], str]] = [
        *(
            (("credentials", index, "scheme"), entry["scheme"])
            for index, entry in enumerate(value.get("credentials", ()))
        ),
        *((("security", "accepts", scheme), scheme) for scheme in security.get("accepts", {})),
        *(
            (("siblings", index, "accepts", scheme), scheme)
            for index, entry in enumerate(value.get("siblings", ()))
            for scheme in entry["accepts"]
        ),
        *((("security", "bare", index), scheme) for index, scheme in enumerate(security.get("bare", ()))),
    ]
    for steps, scheme in named:
        if scheme not in schemes:
            close = nearest(scheme, schemes)
            hint = f"did you mean `{close}`?" if close else f"declared: {', '.join(schemes) or 'none'}"
            yield Fault("unknown-scheme", f"the document declares no security scheme `{scheme}`", steps, hint)


def _unknown_switches(value: dict[str, Any]) -> Iterator[Fault]:
    """Yield what rate limits name and `settings` does not have, or the format of a header does not know."""
    settings = value.get("settings", {})
    for index, entry in enumerate(value.get("rate_limits", ())):
        parts = ("switch", "calls", "by_caller")
        named = [(key, entry[key]) for key in parts if isinstance(entry.get(key), str)]
        for key, name in named:
            if name not in settings:
                close = nearest(name, settings)
                hint = f"did you mean `{close}`?" if close else f"settings: {', '.join(settings) or 'none'}"
                yield Fault(
                    "unknown-switch", f"there is no setting `{name}`", ("rate_limits", index, key), hint
                )
        for name, text in entry.get("headers", {}).items():
            try:
                text.format_map(_RATE_WORDS)
            except (KeyError, ValueError, IndexError, AttributeError):
                hint = f"known words: {', '.join(f'{{{word}}}' for word in _RATE_WORDS)}"
                steps = ("rate_limits", index, "headers", name)
                yield Fault("unknown-word", f"`{text}` cannot be filled in", steps, hint)


def _unknown_paths(value: dict[str, Any], paths: tuple[str, ...]) -> Iterator[Fault]:
    """Yield the resources whose path the document does not have."""
    for index, entry in enumerate(value.get("resources", ())):
        if paths and entry["path"].rstrip("/") not in {each.rstrip("/") for each in paths}:
            close = nearest(entry["path"], paths)
            hint = f"did you mean `{close}`?" if close else "the template of an entity, or of its list"
            yield Fault(
                "unknown-path",
                f"the document has no path `{entry['path']}`",
                ("resources", index, "path"),
                hint,
            )


def _duplicate_ids(value: dict[str, Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, entry in enumerate(value.get("credentials", ())):
        if entry["id"] in seen:
            yield Fault(
                "duplicate-id", f"another credential is called `{entry['id']}`", ("credentials", index, "id")
            )
        seen.add(entry["id"])
