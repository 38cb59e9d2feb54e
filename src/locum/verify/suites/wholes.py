"""Puts a thing with members that it may do without, and then without them.

What is put takes the place of all that was there (RFC 9110, 9.3.4). Many servers only change what is named,
so that it fails only where a patch is there for that, and warns elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from locum.behaviour.resources.model import Role
from locum.behaviour.resources.records import required_of
from locum.contract.model import JsonObject, JsonValue
from locum.errors import ContractError
from locum.verify.bench import Bench
from locum.verify.derived import derived
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen
from locum.verify.telling import Rule
from locum.verify.things.bodies import values_for
from locum.verify.things.changing import Change, change_of, none_shown
from locum.verify.things.looking import read, settled
from locum.verify.things.making import Thing

__all__ = ["put_whole"]

WHOLE: Final = Rule(
    id="resource.whole",
    promise="What a replacement leaves out is not there any more",
    suite="resources",
    source="RFC 9110, 9.3.4",
)
#: Numbers that a server may well have put there by itself.
_USUAL: Final = frozenset({0, 1, -1})


def put_whole(bench: Bench, thing: Thing) -> Iterator[Result]:
    """Put *thing* with and without what nobody has to say, and nobody says for its sender."""
    change, before = change_of(bench, thing, Role.REPLACE), read(bench, thing)[1]
    if change is None or before is None or change.is_wrapped:
        return
    try:
        found = _with_and_without(bench, change, before)
    except ContractError:
        return
    if found is None:
        return
    whole, bare = found
    first = bench.send(change.written(whole), change.deed.operation)
    taken = read(bench, thing)[1]
    if not first.is_success or first.is_postponed or taken is None:
        return
    gone = {name: value for name, value in whole.items() if name not in bare and taken.get(name) == value}
    sent = bench.send(change.written(bare), change.deed.operation)
    if gone and sent.is_success and not sent.is_postponed:
        most = Severity.FAILURE if thing.kind.deed(Role.PATCH) is not None else Severity.WARNING
        for each in settled(bench, partial(_left, bench, change, sent, gone)):
            yield derived(bench, each, most=most)


def _with_and_without(
    bench: Bench, change: Change, before: JsonObject
) -> tuple[JsonObject, JsonObject] | None:
    """Return a body with such members, and the same without; `None` where one may put nothing at all."""
    if change.takes({}):
        return None
    own = change.own_key(before)
    for value in values_for(bench, change.media, salt=f"{bench.options.seed}whole"):
        whole = {**value, **own} if isinstance(value, dict) else own
        names = [name for name, told in whole.items() if _may_go(change, name, told)]
        bare = {name: told for name, told in whole.items() if name not in names}
        if names and change.takes(whole) and change.takes(bare):
            return whole, bare
    return None


def _may_go(change: Change, name: str, value: JsonValue) -> bool:
    """Tell whether a member has no default, need not be shown, and a value that is only its sender's."""
    ours, theirs = change.ours, change.theirs
    is_own = (isinstance(value, str) and bool(value)) or (
        isinstance(value, int | float) and not isinstance(value, bool) and value not in _USUAL
    )
    return (
        is_own
        and change.is_senders(name)
        and name not in required_of(ours) | required_of(theirs)
        and not any(each.member(name).has(word) for each in (ours, theirs) for word in ("default", "enum"))
    )


def _left(bench: Bench, change: Change, sent: Seen, gone: JsonObject) -> Iterator[Result]:
    def wanted(name: str) -> str:
        return f"no {name}, since it was not put"

    return none_shown(bench, change, sent, gone, rule=WHOLE, kind="kept", wanted=wanted)
