"""The plan: what is asked of both servers, each time starting from a call that it answers well.

A step has a name that is the same on both sides; the call is each side's own, since a real server knows
other ids than the mock.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

from locum.behaviour.calls import Call
from locum.contract.model import Location, Operation, Parameter
from locum.contract.writing import write_parameter
from locum.verify.bases import base_of, well_formed
from locum.verify.bench import Bench
from locum.verify.composing import is_playable
from locum.verify.documented import documented_values
from locum.verify.editing import texts_in, with_texts
from locum.verify.identities import Part
from locum.verify.mutations import mutations_of
from locum.verify.suites.identities import without_credentials

__all__ = ["Asked", "steps_of"]

#: Documented values of one parameter that are tried, and ways in which it is spoilt.
_VALUES: Final = 5
_FAULTS: Final = 2
_PARTS: Final = (Part.EXPIRED, Part.WRONG_KIND, Part.NO_SCOPE)


class Asked(NamedTuple):
    """One step: its name, the call of this side, and who sends it (`None`: who opens, `""`: nobody)."""

    name: str
    call: Call
    identity: str | None = None


def steps_of(bench: Bench, operation: Operation) -> Iterator[Asked]:
    """Yield what is asked of an operation; nothing where it may not be called, or no call can be made."""
    if not is_playable(bench, operation):
        return
    base = base_of(bench, operation)
    call = base.call if base is not None else next(well_formed(bench, operation), None)
    if call is None:
        return
    call = without_credentials(call, bench)
    yield Asked("as it should be", call)
    for parameter in operation.parameters:
        yield from _values(operation, parameter, call)
        yield from _faults(operation, parameter, call)
    if operation.security:
        yield Asked("without a credential", call, "")
        for part in _PARTS:
            for each in bench.identities.of(part)[:1]:
                yield Asked(f"as {part}", call, each.credential.id)


def _values(operation: Operation, parameter: Parameter, call: Call) -> Iterator[Asked]:
    """Yield the documented values of a parameter; those of the path name things of one side alone."""
    if parameter.location is Location.PATH or parameter.media_type is not None:
        return
    for value in islice(documented_values(parameter), _VALUES):
        texts = [text for name, text in write_parameter(parameter, value) if name == parameter.name]
        # What is written for a query is encoded already.
        plain = [unquote_plus(text) for text in texts] if parameter.location is Location.QUERY else texts
        if plain and tuple(plain) != texts_in(call, operation, parameter):
            changed = with_texts(call, operation, parameter, plain)
            yield Asked(f"{_place(parameter)}={','.join(plain)}", changed)


def _faults(operation: Operation, parameter: Parameter, call: Call) -> Iterator[Asked]:
    seen: set[str] = set()
    for mutation in mutations_of(parameter, texts_in(call, operation, parameter)):
        if mutation.is_valid or mutation.kind in seen or len(seen) == _FAULTS:
            continue
        seen.add(mutation.kind)
        changed = with_texts(call, operation, parameter, mutation.texts)
        yield Asked(f"{_place(parameter)} {mutation.kind}", changed)


def _place(parameter: Parameter) -> str:
    return f"{parameter.location}.{parameter.name}"
