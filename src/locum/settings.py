"""Settings: one frozen value, read once at the start and passed down.

A flag wins over a `LOCUM_*` variable, that over `locum.toml` (or `[tool.locum]` of `pyproject.toml`) in
the current folder, that over the default. A key that does not exist is an error, wherever it stands.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from locum.errors import Diagnostic, SettingsError, Where, nearest

__all__ = ["Settings", "read_settings"]

_PREFIX: Final = "LOCUM_"
#: Kubernetes and Docker links describe a service called `locum` by variables of this form.
_SERVICE_LINK: Final = re.compile(r"LOCUM_(SERVICE_(HOST|PORT)(_\w+)?|PORT_\d+_\w+|ENV_\w+|NAME)")
_TRUTHS: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}
#: Variables that say what `locum verify` is given, of which a server knows nothing.
_OTHERS: Final = ("LOCUM_CREDENTIAL_", "LOCUM_VALUE_")
_LAST_PORT: Final = 65_535


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a user can choose about the server. Relative paths are relative to the current folder."""

    #: Names and paths of the contracts to serve; all built-in ones when empty.
    contracts: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    #: 0 takes any free port.
    port: int = 4010
    #: Same seed, same answers.
    seed: str = ""
    locale: str = "en_US"
    #: Generate every value; otherwise the document's examples come first.
    dynamic: bool = False
    #: Where there is no example, send Prism's fixed values instead of generated ones.
    static: bool = False
    #: Tell refusals in Prism's words, for clients and scripts that compare them.
    prism: bool = False
    #: Do as if the document had no examples.
    ignore_examples: bool = False
    #: Send the document's examples as they are, valid or not, instead of mending or passing over them.
    examples_as_is: bool = False
    #: Answer 500 when a reply of ours breaks the contract, instead of telling in `sl-violations`.
    errors: bool = False
    #: Keep what operations create, change and delete.
    stateful: bool = True
    #: File that sessions are kept in, so that they survive a restart.
    state: Path | None = None
    cors: bool = True
    #: Send the callbacks of an operation with every call; otherwise with `Prefer: callback` alone.
    callbacks: bool = False
    #: Hosts beside this machine that callbacks and webhooks may be sent to.
    callback_hosts: tuple[str, ...] = ()
    #: Modules (dotted names or `.py` files) with functions named by `operationId`.
    handlers: tuple[str, ...] = ()
    #: Folder with `contract.yaml`, or with one folder per contract.
    fixtures: Path | None = None
    #: Folder that references may not leave.
    root: Path | None = None
    allow_remote_refs: bool = False
    #: How many interactions are kept of each session; 0 keeps none.
    journal: int = 1000
    #: How many sessions are kept beside `default`.
    sessions: int = 1000
    #: Serve the control API below `/_locum/api`; on an address that others can reach, only with a token.
    control: bool = True
    #: What every caller of the control API must show as a bearer token; nothing when empty.
    control_token: str = ""
    #: The real API that `locum proxy` stands before; no proxy when empty.
    upstream: str = ""
    #: The HTTP proxy by which the real API is reached, as `http://user:password@host:port`.
    upstream_proxy: str = ""
    #: Seconds that the real API may take for a connection, and between two pieces of its answer.
    upstream_patience: int = 60
    #: Seconds that a client may take for a request, a body longer while it comes; 0 waits for ever.
    client_patience: int = 30
    #: File that `locum proxy` records calls in: `.har`, or `.yaml` to be read and mended by people.
    save: Path | None = None
    #: OpenAPI overlays laid over each document, in this order.
    overlay: tuple[str, ...] = ()
    #: Recordings to be given again: HTTP Archives, `recordings.yaml`, folders of examples.
    replay: tuple[str, ...] = ()
    #: Take any certificate of the real API.
    insecure: bool = False
    #: Look at more of a proxied request than its credentials.
    validate_request: bool = True
    #: Read again what changes.
    watch: bool = False
    #: 0 tells of starts and faults, 1 of each request, 2 of each choice; -1 of nothing.
    verbosity: int = 0


def read_settings(
    flags: Mapping[str, object],
    *,
    environment: Mapping[str, str],
    folder: Path,
    defaults: Settings = Settings(),
) -> Settings:
    """Return what is in force; a flag of `None` was not given. Raises `SettingsError`, all faults in it."""
    faults: list[Diagnostic] = []
    given = {**_from_file(folder, faults), **_from_environment(environment, faults)}
    given |= {name: value for name, value in flags.items() if value is not None and value != ()}
    for name in ("journal", "sessions", "client_patience"):
        count = given.get(name)
        if isinstance(count, int) and count < 0:
            faults.append(_fault("wrong-value", f"{name} cannot be {count}", hint="0 or more is expected"))
    port = given.get("port")
    if isinstance(port, int) and not 0 <= port <= _LAST_PORT:
        faults.append(
            _fault("wrong-value", f"port {port} does not exist", hint=f"0 to {_LAST_PORT} is expected")
        )
    if faults:
        raise SettingsError(*faults)
    return replace(defaults, **given)


def _from_environment(environment: Mapping[str, str], faults: list[Diagnostic]) -> dict[str, Any]:
    found = {}
    for variable, text in environment.items():
        linked = _SERVICE_LINK.fullmatch(variable) or text.startswith(("tcp://", "udp://"))
        if not variable.startswith(_PREFIX) or linked or variable.startswith(_OTHERS):
            continue
        name = variable.removeprefix(_PREFIX).lower()
        if name not in _CONVERTERS:
            known = [_PREFIX + each.upper() for each in _CONVERTERS]
            faults.append(_unknown(variable, known, Where(file=f"variable {variable}")))
            continue
        try:
            found[name] = _CONVERTERS[name](text)
        except ValueError as error:
            faults.append(_fault("wrong-value", str(error), Where(file=f"variable {variable}")))
    return found


def _from_file(folder: Path, faults: list[Diagnostic]) -> dict[str, Any]:
    own, shared = folder / "locum.toml", folder / "pyproject.toml"
    path = own if own.is_file() else shared
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # A broken pyproject.toml is not ours to complain about.
        if path == own:
            faults.append(_fault("syntax", f"not TOML: {error}", Where(file=path.name)))
        return {}
    table = document if path == own else document.get("tool", {}).get("locum", {})
    return _converted(table, text, path.name, faults)


def _converted(table: Mapping[str, Any], text: str, file: str, faults: list[Diagnostic]) -> dict[str, Any]:
    found = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        where = Where(file=file, line=_line_of(key, text))
        if name not in _CONVERTERS:
            faults.append(_unknown(key, _CONVERTERS, where))
            continue
        try:
            found[name] = _CONVERTERS[name](value)
        except ValueError as error:
            faults.append(_fault("wrong-value", f"`{key}`: {error}", where))
    return found


def _line_of(key: str, text: str) -> int | None:
    pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), None)


def _boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    msg = f"expected true or false, found {value!r}"
    raise ValueError(msg)


def _whole_number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d+\s*", value):
        return int(value)
    msg = f"expected a whole number, found {value!r}"
    raise ValueError(msg)


def _text(value: object) -> str:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    msg = f"expected text, found {value!r}"
    raise ValueError(msg)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    msg = f"expected a list of texts, found {value!r}"
    raise ValueError(msg)


def _path(value: object) -> Path:
    return Path(_text(value)).expanduser()


_BY_TYPE: Final[Mapping[str, Callable[[object], Any]]] = {
    "bool": _boolean,
    "int": _whole_number,
    "str": _text,
    "tuple[str, ...]": _texts,
    "Path | None": _path,
}
_CONVERTERS: Final = {field.name: _BY_TYPE[str(field.type)] for field in fields(Settings)}


def _unknown(key: str, known: Iterable[str], where: Where) -> Diagnostic:
    close = nearest(key, known)
    hint = f"did you mean `{close}`?" if close else f"known: {', '.join(known)}"
    return _fault("unknown-key", f"there is no setting `{key}`", where, hint)


def _fault(code: str, message: str, where: Where = Where(), hint: str = "") -> Diagnostic:
    return Diagnostic(code=f"settings.{code}", message=message, where=where, hint=hint)
