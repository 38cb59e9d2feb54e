"""Which operations are tested: by name, tag or path, by shard, by what has changed since another document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from hashlib import blake2b
from typing import Final, cast

import orjson

from locum.contract.contract import Contract
from locum.contract.model import JsonValue, Operation, Route, Schema
from locum.errors import ContractError, Diagnostic, SettingsError, nearest
from locum.verify.model import Untested

__all__ = ["Choice", "Shard", "fingerprint", "read_shard", "select"]

_TAG: Final = "tag:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of *count* parts, the *index*th from 1."""

    index: int
    count: int

    def has(self, name: str) -> bool:
        """Tell whether an operation is in this part: by its name alone, so that new ones move no other."""
        number = int.from_bytes(blake2b(name.encode(), digest_size=8).digest())
        return number % self.count == self.index - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a contract is tested; everything where nothing is said.

    Patterns are an operation id, `tag:NAME`, a path with `*`, or `METHOD /path`.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    shard: Shard | None = None
    base: Contract | None = field(default=None, compare=False)


def read_shard(text: str) -> Shard:
    """Read `i/n`; raises `SettingsError` for anything else.

    >>> read_shard("2/3")
    Shard(index=2, count=3)
    """
    index, _, count = text.partition("/")
    if index.isascii() and count.isascii() and index.isdigit() and count.isdigit():
        shard = Shard(index=int(index), count=int(count))
        if 1 <= shard.index <= shard.count:
            return shard
    fault = Diagnostic(
        code="verify.wrong-shard", message=f"`{text}` is no shard", hint="expected i/n, such as 1/4"
    )
    raise SettingsError(fault)


def select(contract: Contract, choice: Choice) -> tuple[tuple[Operation, ...], tuple[Untested, ...]]:
    """Return the operations that are tested, in the document's order, and why others are not.

    Raises `SettingsError` for a pattern that nothing in the contract has.
    """
    faults = [*_strangers(contract, (*choice.include, *choice.exclude))]
    if faults:
        raise SettingsError(*faults)
    chosen: list[Operation] = []
    left: list[Untested] = []
    before = _fingerprints(choice.base) if choice.base is not None else None
    for route in contract.routes:
        reason = _reason(route, choice)
        if not reason:
            try:
                operation = contract.operation(route)
            except ContractError as error:
                reason = f"the document cannot be used here: {str(error).partition(chr(10))[0]}"
            else:
                if before is None or before.get(_key(route)) != fingerprint(operation):
                    chosen.append(operation)
                    continue
                reason = "it has not changed"
        left.append(Untested(what=f"operation {route.operation_id}", reason=reason))
    return tuple(chosen), tuple(left)


def fingerprint(operation: Operation) -> str:
    """Return what an operation says, everything it refers to included, as one short text."""
    said = _said(operation)
    return blake2b(
        orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS), digest_size=16
    ).hexdigest()


def _reason(route: Route, choice: Choice) -> str:
    if choice.include and not any(_matches(route, each) for each in choice.include):
        return "`--include` names others"
    if any(_matches(route, each) for each in choice.exclude):
        return "`--exclude` names it"
    if choice.shard is not None and not choice.shard.has(_key(route)):
        return f"it is in another shard than {choice.shard.index}/{choice.shard.count}"
    return ""


def _key(route: Route) -> str:
    return f"{route.method.value} {route.path}"


def _matches(route: Route, pattern: str) -> bool:
    if pattern.startswith(_TAG):
        return any(fnmatchcase(tag, pattern.removeprefix(_TAG)) for tag in route.tags)
    if pattern.startswith("/"):
        return fnmatchcase(route.path, pattern)
    return fnmatchcase(route.operation_id, pattern) or fnmatchcase(_key(route), pattern)


def _strangers(contract: Contract, patterns: Sequence[str]) -> Iterable[Diagnostic]:
    for pattern in patterns:
        if not any(_matches(route, pattern) for route in contract.routes):
            known = [route.operation_id for route in contract.routes]
            close = nearest(pattern, known)
            hint = f"did you mean `{close}`?" if close else f"known: {', '.join(known[:20])}"
            yield Diagnostic(
                code="verify.nothing-matches", message=f"no operation matches `{pattern}`", hint=hint
            )


def _fingerprints(contract: Contract) -> Mapping[str, str]:
    found = {}
    for route in contract.routes:
        try:
            found[_key(route)] = fingerprint(contract.operation(route))
        except ContractError:
            continue
    return found


def _said(value: object) -> JsonValue:
    """Return what *value* says as JSON: schemas whole, places left out."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _said(each) for name, each in value.items()}
    if isinstance(value, list | tuple | frozenset | set):
        return [_said(each) for each in value]
    if hasattr(value, "bundle"):
        try:
            return _plain(cast("Schema", value).bundle())
        except ContractError as error:
            return str(error)
    names = getattr(type(value), "__dataclass_fields__", {})
    return {name: _said(getattr(value, name)) for name in names if name != "place"}


def _plain(value: JsonValue) -> JsonValue:
    return orjson.loads(orjson.dumps(value))  # type: ignore[no-any-return]
