"""Asks for things that no list shows: where the document declares 404 or 410, they are not shown either.

Nothing is written. Who makes up whatever is asked for, as a stand-in does, shows each id a thing of that id;
that is told as not tested, since no answer then says whether something is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum, auto
from http import HTTPStatus
from typing import Final

from locum.behaviour.resources.model import Role
from locum.contract.model import Operation
from locum.contract.styles import UNREADABLE, compile_parameters
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.composing import composed
from locum.verify.derived import derived
from locum.verify.exchanging import path_values
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen, Undecoded, absences_of
from locum.verify.telling import Rule
from locum.verify.things.kinds import Deed, Kind, entity_of, key_in
from locum.verify.things.unknown import unlike
from locum.verify.things.walking import Page

__all__ = ["absent"]

ABSENT: Final = Rule(
    id="list.absent", promise="What is not there is not shown, where its absence is declared", suite="lists"
)
#: Ids that are asked for; one alone might be that of a thing which the list did not show.
_IDS: Final = 2


class _Shown(Enum):
    """What somebody is shown who asks for a thing."""

    REFUSAL = auto()
    OWN = auto()
    ANOTHER = auto()
    NOTHING = auto()
    UNCLEAR = auto()


def absent(bench: Bench, kind: Kind, listing: Deed, base: Seen, page: Page) -> Iterator[Result]:
    """Ask for ids in the form of those on *page*, which *listing* shows, and judge what is answered."""
    reader = kind.deed(Role.READ)
    if reader is None or kind.deed(Role.LIST) is not listing or not absences_of(reader.operation):
        return
    name, outer = reader.operation.operation_id, path_values(listing.operation.route.path, base.call.path)
    unknown = [unlike(page.keys[0], bench.options.seed, turn) for turn in range(_IDS)]
    if not all(_is_well_formed(reader.operation, kind.resource.variable, each) for each in unknown):
        yield ABSENT.unseen(name, "no id in the form of those that are there could be made")
        return
    asked = [_read(bench, kind, reader, outer, each, is_known=False) for each in unknown]
    shown = [what for _, what in asked]
    if _Shown.UNCLEAR in shown:
        return
    if _Shown.REFUSAL in shown:
        yield ABSENT.held(name)
    elif _Shown.OWN in shown:
        yield ABSENT.unseen(name, "a thing is made up for whatever id is asked for")
    else:
        known = [_read(bench, kind, reader, outer, each)[1] for each in page.keys[:_IDS]]
        yield _told(bench, reader, [seen for seen, _ in asked if seen is not None], shown[-1], known)


def _is_well_formed(operation: Operation, variable: str, text: str) -> bool:
    """Tell whether the document lets *text* be an id: anything else is refused for another reason."""
    parameter = next((each for each in operation.parameters if each.name == variable), None)
    if parameter is None or parameter.schema is None:
        return True
    try:
        value = compile_parameters([parameter]).read({variable: text}, "", ()).path.get(variable, UNREADABLE)
        return value is not UNREADABLE and parameter.schema.is_valid(value)
    except ContractError:
        return False


def _read(  # noqa: PLR0913 -- everything that names one thing
    bench: Bench, kind: Kind, reader: Deed, outer: Mapping[str, str], key: str, *, is_known: bool = True
) -> tuple[Seen | None, _Shown]:
    """Ask for the thing of *key*, and return what is shown."""
    call = composed(bench, reader.operation, {**outer, kind.resource.variable: key})
    if call is None:
        return None, _Shown.UNCLEAR
    seen = bench.send(call, reader.operation, is_wrong=not is_known)
    return seen, _shown(seen, kind, reader, key)


def _shown(seen: Seen, kind: Kind, reader: Deed, key: str) -> _Shown:
    if seen.is_refusal and seen.is_looked_at and seen.status != HTTPStatus.UNAUTHORIZED:
        return _Shown.REFUSAL
    if not seen.is_success or not seen.content or isinstance(seen.value, Undecoded):
        return _Shown.UNCLEAR
    told = key_in(entity_of(seen, reader.part), kind.resource)
    if told is None:
        return _Shown.NOTHING
    return _Shown.OWN if told.casefold() == key.casefold() else _Shown.ANOTHER


def _told(bench: Bench, reader: Deed, seen: list[Seen], what: _Shown, known: list[_Shown]) -> Result:
    """Return what is told of answers to unknown ids, by what is shown of *known* ones."""
    operation = reader.operation
    is_another = what is _Shown.ANOTHER
    if not is_another and _Shown.OWN not in known:
        return ABSENT.unseen(operation.operation_id, "what is read does not show which thing it is")
    # Who shows the same to everybody may be a stand-in with one example for all ids.
    is_telling = not is_another or (len(known) == _IDS and {*known} == {_Shown.OWN})
    result = ABSENT.broken(
        operation.operation_id,
        *(each.step for each in seen),
        location="path",
        kind="another" if is_another else "nothing",
        expected=f"{' or '.join(absences_of(operation))}, as the contract declares for what is not there",
        received=f"{seen[-1].status} with {'another thing' if is_another else 'no thing at all'}",
    )
    return derived(bench, result, most=Severity.FAILURE if is_telling else Severity.WARNING)
