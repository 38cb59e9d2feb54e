"""Calls as nobody, as strangers, and with credentials shown wrongly: all must be kept out, as is declared.

Which status says so is the contract's to declare; what is not declared is told by `judges/conformance.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from locum.behaviour.calls import Call
from locum.contract.model import HttpMethod, Operation, SecurityScheme, SecurityType
from locum.errors import ContractError
from locum.verify.bases import base_of
from locum.verify.bench import Bench
from locum.verify.challenges import Show, good_shows, wrong_shows
from locum.verify.composing import SAFE, is_playable
from locum.verify.editing import texts_in, with_texts
from locum.verify.identities import Part
from locum.verify.model import Result, Severity
from locum.verify.mutations import mutations_of
from locum.verify.seen import Seen
from locum.verify.telling import Rule

__all__ = ["CLOSED", "identities", "is_closed", "without_credentials"]

SUITE: Final = "identities"
CLOSED: Final = Rule(id="auth.accepted", promise="Whoever shows no good credential is kept out", suite=SUITE)
STATUS: Final = Rule(
    id="auth.status", promise="Whoever is kept out is told so by the status declared for it", suite=SUITE
)
OPEN: Final = Rule(
    id="auth.scheme-case",
    promise="The word of an authentication scheme has no case",
    suite=SUITE,
    source="RFC 9110, 11.1",
)
ORDER: Final = Rule(
    id="auth.order",
    promise="Who calls is asked before what is asked for, so that nobody learns from refusals",
    suite=SUITE,
    source="OWASP API2:2023",
)
SCOPE: Final = Rule(
    id="challenge.scope",
    promise="A token that lacks a scope is told so by a challenge",
    suite=SUITE,
    source="RFC 6750, 3",
)
_UNKNOWN, _FORBIDDEN = 401, 403
_SPENT: Final = frozenset({404, 409, 410, 412})
#: Who is known, and may not.
_KNOWN_PARTS: Final = frozenset({Part.NO_SCOPE, Part.WRONG_KIND})


def identities(bench: Bench) -> Iterator[Result]:
    """Play everybody who must be kept out of every operation that asks who calls."""
    for operation in bench.operations:
        if not is_playable(bench, operation) or not is_closed(operation):
            continue
        base = base_of(bench, operation)
        if base is None:
            yield CLOSED.unseen(operation.operation_id, "no call was answered with success")
            continue
        yield from _shown_wrongly(bench, operation, base)
        yield from _other_people(bench, operation, base)


def is_closed(operation: Operation) -> bool:
    """Tell whether an operation asks who calls."""
    return bool(operation.security) and all(each.schemes for each in operation.security)


def _shown_wrongly(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    bare = without_credentials(base.call, bench)
    nobody = Show(kind="no-credential")
    yield from _refused(bench, operation, bare, nobody)
    if operation.route.method is HttpMethod.GET:
        yield from _refused(
            bench, operation, replace(bare, method="HEAD"), replace(nobody, kind="head-without-credential")
        )
    yield from _asked_wrongly(bench, operation, bare)
    for scheme, secret in _good(bench, operation):
        is_bare = scheme.name in bench.fixtures.bare or scheme.http_scheme in bench.fixtures.bare
        for show in wrong_shows(scheme, secret, seed=bench.options.seed, is_bare=is_bare):
            yield from _refused(bench, operation, bare, show)
        for show in good_shows(scheme, secret):
            yield from _let_in(bench, operation, bare, show)


def _refused(bench: Bench, operation: Operation, bare: Call, show: Show) -> Iterator[Result]:
    seen = bench.send(show.put(bare), operation, identity="", is_wrong=True)
    yield from _kept_out(bench, seen, operation, show.kind, is_known=False)


def _asked_wrongly(bench: Bench, operation: Operation, bare: Call) -> Iterator[Result]:
    """Ask as nobody for something that would be refused to anybody; HTTP leaves open which comes first."""
    call = _wrong(operation, bare)
    declared = _declared(operation, is_known=False)
    if call is None or declared is None:
        return
    seen = bench.send(call, operation, identity="", is_wrong=True)
    if not seen.is_looked_at or seen.is_success:
        return
    if seen.status in {declared, _UNKNOWN, _FORBIDDEN}:
        yield ORDER.held(operation.operation_id)
        return
    yield ORDER.broken(
        operation.operation_id,
        seen.step,
        location="credential",
        kind=str(seen.status),
        expected=str(declared),
        received=str(seen.status),
        severity=Severity.WARNING,
    )


def _wrong(operation: Operation, call: Call) -> Call | None:
    """Return *call* with one parameter against its schema, `None` where none can be."""
    for parameter in operation.parameters:
        try:
            mutations = mutations_of(parameter, texts_in(call, operation, parameter))
            wrong = next((each for each in mutations if not each.is_valid), None)
        except ContractError:
            continue
        if wrong is not None:
            return with_texts(call, operation, parameter, wrong.texts)
    return None


def _good(bench: Bench, operation: Operation) -> Iterator[tuple[SecurityScheme, str]]:
    """Yield the schemes that open *operation* alone, each with the secret that does.

    Where no secret is known, the document alone asks for any.
    """
    for requirement in operation.security:
        if len(requirement.schemes) != 1:
            continue
        (name,) = requirement.schemes
        scheme = bench.contract.security_schemes.get(name)
        secret = _secret(bench, name)
        if scheme is not None and scheme.type is not SecurityType.MUTUAL_TLS and secret:
            yield scheme, secret


def _secret(bench: Bench, scheme: str) -> str:
    good = (each.credential for each in bench.identities.of(Part.GOOD))
    found = next((each.secret for each in good if each.scheme == scheme), "")
    if found:
        return found
    shown = next((text for name, text in bench.identities.headers if name.lower() == "authorization"), "")
    return shown.rpartition(" ")[2]


def without_credentials(call: Call, bench: Bench) -> Call:
    """Return *call* without anything that opens."""
    names = {"authorization", "cookie"} | {
        (each.parameter or "").lower() for each in bench.contract.security_schemes.values()
    }
    headers = tuple(pair for pair in call.headers if pair[0].lower() not in names)
    query = tuple(pair for pair in call.query if pair[0].lower() not in names)
    return replace(call, headers=headers, query=query)


def _kept_out(
    bench: Bench, seen: Seen, operation: Operation, kind: str, *, is_known: bool
) -> Iterator[Result]:
    name = operation.operation_id
    if not seen.is_looked_at:
        return
    declared = _declared(operation, is_known=is_known)
    if seen.status < 400:  # noqa: PLR2004 -- RFC 9110 section 15.5
        yield CLOSED.broken(
            name,
            seen.step,
            location="credential",
            kind=kind,
            expected=f"{declared or 'a refusal'}",
            received=str(seen.status),
        )
        return
    yield CLOSED.held(name)
    if declared is None or seen.status == declared:
        yield STATUS.held(name)
        return
    yield STATUS.broken(
        name,
        seen.step,
        location="credential",
        kind=kind,
        expected=str(declared),
        received=str(seen.status),
        severity=Severity.FAILURE if bench.options.is_strict else Severity.WARNING,
    )


def _declared(operation: Operation, *, is_known: bool) -> int | None:
    """Return the status by which *operation* keeps out who is unknown, or is known and may not."""
    wanted = (_FORBIDDEN, _UNKNOWN) if is_known else (_UNKNOWN, _FORBIDDEN)
    return next((each for each in wanted if _names(operation, each)), None)


def _names(operation: Operation, status: int) -> bool:
    return any(each.status == str(status) for each in operation.responses)


def _let_in(bench: Bench, operation: Operation, call: Call, show: Show) -> Iterator[Result]:
    seen = bench.send(show.put(call), operation, identity="")
    if not seen.is_looked_at:
        return
    # Who is told that nothing is there any more was let in; what was deleted once can be so no more.
    is_spent = operation.route.method not in SAFE and seen.status in _SPENT
    if seen.is_success or is_spent:
        yield OPEN.held(operation.operation_id)
        return
    yield OPEN.broken(
        operation.operation_id,
        seen.step,
        location="credential",
        kind=show.kind,
        expected="what the usual spelling is answered",
        received=str(seen.status),
    )


def _other_people(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    """Call as those whose credentials have run out, lack a scope, or are of another family."""
    asked = {scheme for each in operation.security for scheme in each.schemes}
    bare = without_credentials(base.call, bench)
    for each in bench.identities.of(Part.EXPIRED, Part.WRONG_KIND, Part.NO_SCOPE):
        may = each.part is Part.NO_SCOPE and _has_scopes(each.credential.scopes, operation)
        if each.credential.scheme not in asked or may:
            continue
        seen = bench.send(bare, operation, identity=each.credential.id, is_wrong=True)
        is_known = each.part in _KNOWN_PARTS
        kind = each.part.value if each.part is not Part.EXPIRED else each.credential.status.value
        yield from _kept_out(bench, seen, operation, kind, is_known=is_known)
        if each.part is Part.NO_SCOPE and seen.status == _FORBIDDEN:
            yield from _challenged(bench, seen, operation)


def _challenged(bench: Bench, seen: Seen, operation: Operation) -> Iterator[Result]:
    """Judge whether a token that opens too little is answered with a challenge.

    Few servers send one with 403, so it is looked at where the contract declares it.
    """
    declared = next((each for each in operation.responses if each.status == str(_FORBIDDEN)), None)
    if declared is None or not any(each.name.lower() == "www-authenticate" for each in declared.headers):
        return
    if seen.header("www-authenticate").strip():
        yield SCOPE.held(operation.operation_id)
        return
    yield SCOPE.broken(
        operation.operation_id,
        seen.step,
        location="header.www-authenticate",
        expected='a challenge with error="insufficient_scope"',
        received="none",
        severity=Severity.FAILURE if bench.options.is_strict else Severity.WARNING,
    )


def _has_scopes(scopes: frozenset[str], operation: Operation) -> bool:
    return any(frozenset(wanted) <= scopes for each in operation.security for wanted in each.schemes.values())
