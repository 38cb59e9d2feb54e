"""Decides who calls: checks what was presented against the schemes an operation asks for.

`compile_authorizer` looks at an operation once. Alternatives are tried in order, and the refusal of the one
that got furthest is the one that is told. Next: `presenting.py` finds credentials in a request,
`challenges.py` words `WWW-Authenticate`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from locum.behaviour.challenges import challenges
from locum.behaviour.model import Cause, Credential, CredentialStatus, Fixtures, Identity, RawRequest, Refusal
from locum.behaviour.presenting import Presented, finder
from locum.contract.model import Operation, SecurityRequirement, SecurityScheme, SecurityType

__all__ = ["Authorize", "Verdict", "compile_authorizer", "compile_security"]

Authorize = Callable[[RawRequest], "Verdict | Refusal"]

_SCOPED: Final = frozenset({SecurityType.OAUTH2, SecurityType.OPENID_CONNECT})
#: How far a refused caller got.
_PROGRESS: Final[Mapping[Cause, int]] = {
    Cause.MISSING_CREDENTIAL: 0,
    Cause.INVALID_CREDENTIAL: 1,
    Cause.WRONG_KIND: 2,
    Cause.INSUFFICIENT_SCOPE: 3,
}
_STATUS: Final[Mapping[Cause, int]] = {Cause.WRONG_KIND: 403, Cause.INSUFFICIENT_SCOPE: 403}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A caller who may pass, and why."""

    identity: Identity
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lock:
    """One scheme of one alternative: where its credential is found, and which scopes it must have."""

    scheme: SecurityScheme
    scopes: frozenset[str]
    find: Callable[[RawRequest], Presented | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failure:
    cause: Cause
    detail: str
    lock: _Lock
    unmet: tuple[SecurityScheme, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alternative:
    """Locks that must all open, and the verdict of a caller whose credentials are taken unseen."""

    locks: tuple[_Lock, ...]
    verdict: Verdict


def compile_authorizer(
    operation: Operation, schemes: Mapping[str, SecurityScheme], fixtures: Fixtures, *, realm: str
) -> Authorize:
    """Compile the security requirements of *operation*; *realm* serves where the fixtures name none."""
    return compile_security(operation.security, schemes, fixtures, realm=realm)


def compile_security(
    security: Sequence[SecurityRequirement],
    schemes: Mapping[str, SecurityScheme],
    fixtures: Fixtures,
    *,
    realm: str,
) -> Authorize:
    """Compile alternatives of requirements, any of which opens.

    A requirement that names a scheme nobody declared is taken as satisfied: nothing is known to ask for.
    Where one requirement is empty everybody may pass, and whoever is known is recognised.
    """
    alternatives = [_alternative(each.schemes, schemes, fixtures) for each in security]
    closed = [each for each in alternatives if each.locks]
    is_optional = len(closed) < len(alternatives) or not alternatives
    named = fixtures.realm or realm

    def authorize(raw: RawRequest) -> Verdict | Refusal:
        failures: list[_Failure] = []
        for each in closed:
            found = _open(each, raw, fixtures)
            if isinstance(found, Verdict):
                return found
            failures.append(found)
        return _ANONYMOUS if is_optional else _refusal(failures, closed, named)

    return authorize


_ANONYMOUS: Final = Verdict(identity=Identity(), because="no credential is asked for")


def _alternative(
    asked: Mapping[str, tuple[str, ...]], schemes: Mapping[str, SecurityScheme], fixtures: Fixtures
) -> _Alternative:
    locks = tuple(_lock(schemes[name], scopes, fixtures) for name, scopes in asked.items() if name in schemes)
    because = f"authorized by {' and '.join(lock.scheme.name for lock in locks)}"
    return _Alternative(locks=locks, verdict=Verdict(identity=Identity(), because=because))


def _lock(scheme: SecurityScheme, scopes: tuple[str, ...], fixtures: Fixtures) -> _Lock:
    is_bare = scheme.name in fixtures.bare or scheme.http_scheme in fixtures.bare
    asked = frozenset(scopes) if scheme.type in _SCOPED else frozenset[str]()
    return _Lock(scheme=scheme, scopes=asked, find=finder(scheme, is_bare=is_bare))


def _open(alternative: _Alternative, raw: RawRequest, fixtures: Fixtures) -> Verdict | _Failure:
    """Try every lock; of several that stay shut, the one that went furthest is told."""
    known: list[Credential] = []
    failed: list[_Failure] = []
    for lock in alternative.locks:
        tried = _try(lock, raw, fixtures)
        if isinstance(tried, _Failure):
            failed.append(tried)
        elif tried is not None:
            known.append(tried)
    if failed:
        furthest = max(failed, key=lambda each: _PROGRESS[each.cause])
        return replace(furthest, unmet=tuple(scheme for each in failed for scheme in each.unmet))
    if not known:
        return alternative.verdict
    return Verdict(identity=Identity(credentials=tuple(known)), because=alternative.verdict.because)


def _try(lock: _Lock, raw: RawRequest, fixtures: Fixtures) -> Credential | _Failure | None:
    if lock.scheme.type is SecurityType.MUTUAL_TLS:
        return None
    presented = lock.find(raw)
    if presented is None:
        missing = _failure(lock, Cause.MISSING_CREDENTIAL, f"{_title(lock.scheme)} is missing")
        return replace(missing, unmet=(lock.scheme,))
    if presented.fault:
        wrong = _failure(lock, Cause.INVALID_CREDENTIAL, f"{_title(lock.scheme)} {presented.fault}")
        return replace(wrong, unmet=(lock.scheme,)) if presented.is_absent else wrong
    if not fixtures.credentials:
        return None
    return _judge(lock, presented.secret, fixtures)


def _judge(lock: _Lock, secret: str, fixtures: Fixtures) -> Credential | _Failure:
    matching = [each for each in fixtures.credentials if each.secret == secret]
    own = next((each for each in matching if each.scheme == lock.scheme.name), None)
    title = _title(lock.scheme)
    if own is None:
        cause = Cause.WRONG_KIND if matching else Cause.INVALID_CREDENTIAL
        return _failure(lock, cause, f"{title} is {'of another kind' if matching else 'not known'}")
    if own.status is not CredentialStatus.ACTIVE:
        return _failure(lock, Cause.INVALID_CREDENTIAL, f"{title} is {own.status.value}")
    accepted = fixtures.accepts.get(lock.scheme.name)
    if accepted is not None and own.kind not in accepted:
        kinds = " or ".join(sorted(accepted))
        return _failure(lock, Cause.WRONG_KIND, f"{title} is of kind {own.kind!r}; {kinds!r} is needed")
    lacking = sorted(lock.scopes - own.scopes)
    if lacking:
        return _failure(lock, Cause.INSUFFICIENT_SCOPE, f"{title} lacks the scope {' '.join(lacking)}")
    return own


def _failure(lock: _Lock, cause: Cause, detail: str) -> _Failure:
    return _Failure(cause=cause, detail=detail, lock=lock)


def _title(scheme: SecurityScheme) -> str:
    """Name what is asked for, as people say it."""
    if scheme.type is SecurityType.API_KEY and scheme.location is not None:
        return f"the API key in {scheme.location.value} {scheme.parameter!r}"
    if scheme.type is SecurityType.HTTP:
        return f"the {scheme.http_scheme} credential in 'Authorization'"
    return "the bearer token in 'Authorization'"


def _refusal(failures: list[_Failure], alternatives: list[_Alternative], realm: str) -> Refusal:
    furthest = max(failures, key=lambda each: _PROGRESS[each.cause])
    schemes = {lock.scheme.name: lock.scheme for each in alternatives for lock in each.locks}
    return Refusal(
        cause=furthest.cause,
        status=_STATUS.get(furthest.cause, 401),
        detail=furthest.detail,
        unmet=tuple(scheme for each in failures for scheme in each.unmet),
        scope=" ".join(sorted(furthest.lock.scopes)) if furthest.cause is Cause.INSUFFICIENT_SCOPE else "",
        headers=challenges(
            tuple(schemes.values()),
            cause=furthest.cause,
            realm=realm,
            failed=furthest.lock.scheme,
            scopes=furthest.lock.scopes,
        ),
    )
