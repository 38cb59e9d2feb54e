"""Makes what the engine runs of what a tester wishes: who calls, with which values, what is tested, how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from locum.behaviour.model import Credential
from locum.behaviour.redaction import Redaction, compile_redaction
from locum.behaviour.world import DEFAULT_INSTANT
from locum.catalog.clock_values import is_of_clock
from locum.catalog.entry import Entry
from locum.catalog.invariants import Promises
from locum.catalog.rules import load_rules
from locum.catalog.sheet import read_sheet
from locum.catalog.tolerances import Allowance, load_tolerances
from locum.contract.contract import Contract
from locum.errors import ContractError
from locum.verify.bases import UNSUPPLIED
from locum.verify.bench import Options, Profile
from locum.verify.credentials import read_credentials, read_values
from locum.verify.engine import Subject
from locum.verify.identities import Identities, Identity, Part
from locum.verify.selection import Choice, select
from locum.verify.supposing import supposed
from locum.verify.target import Limits, Target

__all__ = ["Wish", "is_loopback", "prepare", "redaction_of"]

_AGENT: Final = ("User-Agent", "locum-verify")
#: With fewer requests than this not everything can be asked.
_MANY: Final = 200
_ACCEPT: Final = ("Accept", "*/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a tester asks for; `Options`, `Limits` and `Choice` say what the parts mean.

    *is_strict* `None` is decided by the address: a server on this machine is held to every word, since it is
    an implementation or a stand-in; the vendor's own elsewhere is not failed for what it never said.
    *headers* go with every call of who opens. *environment* may name credentials and values.
    """

    url: str
    profile: Profile = Profile.FULL
    seed: str = "0"
    credentials: Path | None = None
    values: Path | None = None
    headers: tuple[tuple[str, str], ...] = ()
    limits: Limits = Limits()
    choice: Choice = Choice()
    allow_writes: bool = False
    is_strict: bool | None = None
    has_assumptions: bool = False
    now: datetime | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def prepare(entry: Entry, wish: Wish) -> Subject:
    """Return what the engine runs. Raises any error of the tree, before anything is sent."""
    allowance = _allowance(entry)
    local = is_loopback(wish.url)
    target = Target(wish.url, headers=(_AGENT, _ACCEPT), limits=_limits(wish.limits, allowance, local))
    identities = read_credentials(
        wish.credentials,
        environment=wish.environment,
        fixtures=entry.fixtures,
        schemes=entry.contract.security_schemes,
        scopes=_asked_scopes(entry.contract),
    )
    values, named = read_values(wish.values, environment=wish.environment), _named_values(entry)
    is_foreign = identities.are_supplied or any(_opens(name, entry.contract) for name, _ in wish.headers)
    operations, untested = select(entry.contract, wish.choice)
    return Subject(
        tolerances=allowance.tolerances,
        entry=entry,
        promises=_promises(entry, values, named, _clock(wish, local), is_foreign=is_foreign),
        identities=identities if not wish.headers else _with_headers(identities, wish, entry.contract),
        operations=operations,
        untested=untested,
        target=target,
        options=Options(
            profile=wish.profile,
            seed=wish.seed,
            allow_writes=wish.allow_writes,
            may_probe_writes=wish.allow_writes or local,
            is_strict=local if wish.is_strict is None else wish.is_strict,
            has_assumptions=wish.has_assumptions,
            now=wish.now,
            trusts_date=not local,
            values=values,
            supposed=supposed(named, values),
            is_short=(target.limits.requests or _MANY) < _MANY,
            first=allowance.first,
        ),
    )


def _clock(wish: Wish, is_local: bool) -> datetime | None:  # noqa: FBT001 -- what the address says
    """Return the time at the server as far as it is known before it has said anything."""
    return wish.now or (None if is_local else datetime.now(UTC))


def is_loopback(url: str) -> bool:
    """Tell whether *url* leads to this machine.

    >>> is_loopback("http://127.0.0.1:4010/senet"), is_loopback("https://api.example.com")
    (True, False)
    """
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def redaction_of(subject: Subject) -> Redaction:
    """Return what keeps the secrets of a verification out of what is told of it."""
    return compile_redaction(subject.entry.contract.security_schemes.values(), subject.identities.secrets)


def _allowance(entry: Entry) -> Allowance:
    if not entry.fixtures_origin:
        return Allowance()
    operations = [route.operation_id for route in entry.contract.routes]
    return load_tolerances(Path(entry.fixtures_origin).parent, operations)


def _limits(limits: Limits, allowance: Allowance, is_local: bool) -> Limits:  # noqa: FBT001 -- what the address says
    """Return how much is asked: on somebody else's server no more than the contract's own budget."""
    if is_local:
        return limits
    pace = allowance.per_minute / 60 if allowance.per_minute else None
    return replace(limits, requests=limits.requests or allowance.requests, per_s=limits.per_s or pace)


def _opens(header: str, contract: Contract) -> bool:
    """Tell whether *header* can hold a credential."""
    keys = {(each.parameter or "").lower() for each in contract.security_schemes.values()}
    return header.lower() in {"authorization", "cookie", "x-api-key"} | keys


def _with_headers(identities: Identities, wish: Wish, contract: Contract) -> Identities:
    """Return *identities* with the tester's own headers, whose secrets are kept like all others."""
    named = [
        Identity(
            credential=Credential(id=f"header {name}", scheme="", secret=text.rpartition(" ")[2] or text),
            part=Part.LIMITED,
        )
        for name, text in wish.headers
        if _opens(name, contract)
    ]
    if not named:
        return replace(identities, headers=wish.headers)
    # Whoever shows a credential by hand is the good one; those of the fixtures are nobody there.
    everybody = identities.everybody if identities.are_supplied else ()
    return Identities(everybody=(*everybody, *named), headers=wish.headers, are_supplied=True)


def _asked_scopes(contract: Contract) -> frozenset[str]:
    """Return every scope that some operation asks for."""
    scopes: set[str] = set()
    for route in contract.routes:
        try:
            operation = contract.operation(route)
        except ContractError:
            continue
        for requirement in operation.security:
            scopes.update(*requirement.schemes.values())
    return frozenset(scopes)


def _promises(
    entry: Entry,
    values: Mapping[str, str],
    named: Mapping[str, str],
    now: datetime | None,
    *,
    is_foreign: bool,
) -> Promises:
    """Return what the contract promises; in another world than the fixtures', with the tester's values.

    *named* are those of the fixtures. Where the server's clock is not known, values that depend on it are not
    either.
    """
    if not entry.fixtures_origin:
        return load_rules(entry, values)
    unknown = {
        name: UNSUPPLIED for name, text in named.items() if (now is None if is_of_clock(text) else is_foreign)
    }
    return load_rules(entry, {**unknown, **values}, now or DEFAULT_INSTANT)


def _named_values(entry: Entry) -> Mapping[str, str]:
    path = Path(entry.fixtures_origin).parent / "invariants.yaml"
    if not entry.fixtures_origin or not path.is_file():
        return {}
    named = read_sheet(path.read_bytes(), file=str(path), schema={"type": "object"}).value.get("values", {})
    return named if isinstance(named, dict) else {}
