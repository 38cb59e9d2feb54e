"""Writes addresses otherwise: a path gets nobody in and makes no server fail, however it is spelled.

Whether another spelling of a path leads to the same thing is the server's affair, but for letters of a query
that are percent-encoded: those mean the same to everybody (RFC 3986, 6.2.2.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from locum.behaviour.calls import Call
from locum.contract.model import HttpMethod, Location, Operation, Parameter
from locum.contract.spelling import plainly
from locum.errors import ContractError
from locum.generation.media import is_json
from locum.verify.bases import base_of
from locum.verify.bench import Bench
from locum.verify.derived import derived
from locum.verify.editing import texts_in, with_texts
from locum.verify.exchanging import path_values
from locum.verify.model import Result
from locum.verify.mutations import mutations_of
from locum.verify.seen import Seen
from locum.verify.suites.identities import CLOSED, is_closed, without_credentials
from locum.verify.suites.robustness import BLAME
from locum.verify.telling import Rule, place_of

__all__ = ["addresses"]

SUITE: Final = "addresses"
UNKNOWN: Final = Rule(
    id="address.unknown", promise="A path that the contract does not have is not found", suite=SUITE
)
ENCODED: Final = Rule(
    id="address.encoding",
    promise="A value in a query means the same with a letter of it percent-encoded",
    suite=SUITE,
    source="RFC 3986, 6.2.2.2",
)
_NOBODYS: Final = "x-nobody-has-this"
_LETTER: Final = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])[0-9A-Za-z]")
_LAST_LETTER: Final = re.compile(rf"{_LETTER.pattern}\Z")


def addresses(bench: Bench) -> Iterator[Result]:
    """Play other spellings of the address of every operation that is read."""
    for operation in bench.operations:
        base = base_of(bench, operation) if operation.route.method is HttpMethod.GET else None
        if base is None:
            continue
        yield from _misspelled(bench, operation, base)
        yield from _unknown(bench, operation, base)
        for parameter in operation.parameters:
            if parameter.location is Location.QUERY:
                yield from _encoded(bench, operation, base, parameter)


def _spellings(path: str) -> Iterator[tuple[str, str]]:
    yield "slash-behind", f"{path}/"
    yield "slash-doubled", f"/{path}"
    yield "dot-segment", f"/.{path}"
    yield "path-parameter", f"{path};a=b"
    yield "letter-encoded", _LAST_LETTER.sub(lambda found: f"%{ord(found[0]):02X}", path)
    yield "upper-case", path.upper()


def _misspelled(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    """Ask by each spelling: a server may know it or not, but not for nobody, and without failing."""
    bare = without_credentials(base.call, bench)
    for kind, path in _spellings(base.call.path):
        if path == base.call.path:
            continue
        if is_closed(operation):
            seen = bench.send(replace(bare, path=path), identity="")
            yield from _unopened(operation, base, seen, kind)
        yield from _unfailing(bench, operation, replace(base.call, path=path), kind)


def _unopened(operation: Operation, base: Seen, seen: Seen, kind: str) -> Iterator[Result]:
    if not seen.is_looked_at:
        return
    if not (seen.is_success and _tells_like(seen, base)):
        yield CLOSED.held(operation.operation_id)
        return
    yield CLOSED.broken(
        operation.operation_id,
        seen.step,
        location="credential",
        kind=f"path-{kind}",
        expected="a refusal",
        received=str(seen.status),
    )


def _unfailing(bench: Bench, operation: Operation, call: Call, kind: str) -> Iterator[Result]:
    _, seen = bench.speak(call, operation)
    if not seen.is_looked_at:
        return
    if seen.status < 500 or seen.status == 501:  # noqa: PLR2004 -- RFC 9110 section 15.6
        yield BLAME.held(operation.operation_id)
        return
    yield BLAME.broken(
        operation.operation_id,
        seen.step,
        location=f"path-{kind}",
        kind="server-error",
        expected="4xx",
        received=str(seen.status),
    )


def _tells_like(seen: Seen, base: Seen) -> bool:
    """Tell whether two answers are of the same make, so that one gives away what the other does."""
    if isinstance(seen.value, dict) and isinstance(base.value, dict):
        return seen.value.keys() == base.value.keys()
    if isinstance(seen.value, list) and isinstance(base.value, list):
        return bool(seen.value) == bool(base.value)
    return seen.content == base.content


def _unknown(bench: Bench, operation: Operation, base: Seen) -> Iterator[Result]:
    path = f"{base.call.path.rstrip('/')}/{_NOBODYS}"
    if any(route.path == path or path_values(route.path, path) for route in bench.contract.routes):
        return
    seen = bench.send(replace(base.call, path=path))
    if not seen.is_looked_at:
        return
    # A page for people is given for any path by many servers.
    if not (seen.is_success and is_json(seen.media_type)):
        yield UNKNOWN.held(operation.operation_id)
        return
    broken = UNKNOWN.broken(
        operation.operation_id, seen.step, location="path", expected="404", received=str(seen.status)
    )
    yield derived(bench, broken)


def _encoded(bench: Bench, operation: Operation, base: Seen, parameter: Parameter) -> Iterator[Result]:
    call = _with_value(operation, base.call, parameter)
    other = _with_letter_encoded(call, parameter.name) if call is not None else None
    if call is None or other is None:
        return
    plain = bench.send(call, operation)
    seen = bench.send(other, operation) if plain.is_success else plain
    if not plain.is_success or not seen.is_looked_at:
        return
    again = bench.send(call, operation) if _answer(seen) != _answer(plain) else plain
    if again is plain or _answer(again) != _answer(plain):
        yield ENCODED.held(operation.operation_id)
        return
    yield ENCODED.broken(
        operation.operation_id,
        plain.step,
        seen.step,
        location=f"query.{parameter.name}",
        expected=f"what {call.target} is answered",
        received=str(seen.status) if seen.status != plain.status else "another answer",
        where=place_of(bench.contract, parameter.place),
    )


def _answer(seen: Seen) -> tuple[int, str]:
    """Return what was answered; an address that repeats the request may be spelled as that was."""
    return seen.status, plainly(seen.content.decode("latin-1"))


def _with_value(operation: Operation, call: Call, parameter: Parameter) -> Call | None:
    """Return *call* with a value of *parameter*: its own, one that the document shows, or a valid one."""
    try:
        own = texts_in(call, operation, parameter)
        shown = [(each.value,) for each in parameter.examples if isinstance(each.value, str)]
        valid = [each.texts for each in mutations_of(parameter, own) if each.is_valid]
        found = own or next((each for each in (*shown, *valid) if any(each)), ())
        return with_texts(call, operation, parameter, found) if found else None
    except ContractError:
        return None


def _with_letter_encoded(call: Call, name: str) -> Call | None:
    for at, (key, text) in enumerate(call.query):
        letter = _LETTER.search(text) if key == name else None
        if letter is not None:
            code = f"%{ord(letter[0]):02X}"
            changed = (key, f"{text[: letter.start()]}{code}{text[letter.end() :]}")
            return replace(call, query=(*call.query[:at], changed, *call.query[at + 1 :]))
    return None
