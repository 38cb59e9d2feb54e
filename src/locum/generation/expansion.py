"""From a schema to its shapes: references followed, alternatives chosen, `not` turned round.

A depth-first search over immutable states. Shapes come in order of preference; whether one can really be
made is found out by `compiler.py`, which then asks for the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeAlias

from locum.contract.model import JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Bundle, Subschema, unmet
from locum.generation.discriminators import heirs_of, named_by_branch, named_by_definition
from locum.generation.facts import Facts, excludes, facts_of, narrowed, plain_parts
from locum.generation.keywords import members, schemas, text
from locum.generation.negation import failures
from locum.generation.shapes import Shape, Source

__all__ = ["LAST_RESORT", "expand"]

#: In the place of a branch: what is taken only where no other can be.
LAST_RESORT = -1
#: Ways looked at for all alternatives of a choice together, and for each at least.
_MOST_WAYS = 192
_FEWEST_WAYS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class _Include:
    """A schema that must hold."""

    part: Subschema
    within: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reject:
    """A schema that must not hold; *is_hopeful* when that is left to testing where it costs anything."""

    part: Subschema
    is_hopeful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fork:
    """Ways to go on, of which one is taken; *is_choice* when each is worth having."""

    options: tuple[_Option, ...]
    is_choice: bool = True
    #: Taken only where none of the others can be.
    last_resort: _Option | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Apart:
    """Schemas of which none must hold: those of the other alternatives of `oneOf`."""

    parts: tuple[Subschema, ...]


_Task: TypeAlias = _Include | _Fork | _Reject | _Apart


@dataclass(frozen=True, slots=True, kw_only=True)
class _Option:
    """Tasks of one way; *is_named* when it leads to a definition of its own."""

    tasks: tuple[_Task, ...] = ()
    is_certain: bool = True
    is_named: bool = False


#: Plain schemas first, so that choices are made, and rejections checked, knowing all that is plain.
_ORDER = {_Include: 0, _Fork: 1, _Apart: 1, _Reject: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    shape: Shape
    tasks: tuple[_Task, ...]
    rejected: frozenset[int] = frozenset()
    #: The types that all schemas included so far allow; `None` for any.
    types: frozenset[str] | None = None

    def then(self, option: _Option) -> _State:
        certain = self.shape.is_certain and option.is_certain
        return replace(self, tasks=self.tasks + option.tasks, shape=replace(self.shape, is_certain=certain))


def expand(bundle: Bundle, conjunction: tuple[Subschema, ...]) -> Iterator[Shape]:
    """Yield the ways in which all of *conjunction* can hold, the preferred first.

    Where there is none, `GenerationError` names the keyword that stood in the way.
    """
    tasks = tuple(_Include(part=part, within=frozenset()) for part in conjunction)
    search = _Search(bundle)
    is_empty = True
    for shape in search.walk(_State(shape=Shape(sources=()), tasks=tasks)):
        is_empty = False
        yield shape
    if is_empty and search.obstacle is not None:
        raise search.obstacle


class _Search:
    """One search; remembers the last obstacle, for the error."""

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._facts: dict[int, Facts] = {}
        self.obstacle: GenerationError | None = None

    def walk(self, state: _State) -> Iterator[Shape]:
        while state.tasks:
            task = min(state.tasks, key=lambda each: _ORDER[type(each)])
            rest = replace(state, tasks=tuple(each for each in state.tasks if each is not task))
            following = self._follow(rest, task)
            if len(following) != 1:
                # One alternative may have hundreds of ways, none of which can be made: others get a turn.
                is_choice = isinstance(task, _Fork) and task.is_choice
                most = max(_FEWEST_WAYS, _MOST_WAYS // (len(following) or 1)) if is_choice else None
                for each in following:
                    yield from islice(self.walk(each), most)
                return
            state = following[0]
        yield state.shape

    def _follow(self, state: _State, task: _Task) -> list[_State]:
        if isinstance(task, _Include):
            return self._include(state, task)
        if isinstance(task, _Reject):
            return self._reject(state, task)
        if isinstance(task, _Apart):
            return self._keep_apart(state, task)
        if not task.is_choice:
            return [state.then(option) for option in task.options]
        chosen = [self._choose(state, index, option) for index, option in enumerate(task.options)]
        resort = task.last_resort
        return chosen if resort is None else [*chosen, self._choose(state, LAST_RESORT, resort)]

    def _choose(self, state: _State, index: int, option: _Option) -> _State:
        # What was passed before was a union: the branch says what the value is.
        names = () if option.is_named else state.shape.names
        chosen = replace(state.shape, branch=(*state.shape.branch, index), names=names)
        return replace(state, shape=chosen).then(option)

    def _blocked(self, keyword: str, part: Subschema, message: str) -> list[_State]:
        self.obstacle = unmet(keyword, part.pointer, message)
        return []

    def _include(self, state: _State, task: _Include) -> list[_State]:
        part, shape = task.part, state.shape
        if part.schema is False:
            return self._blocked("false", part, "the schema admits nothing")
        if not isinstance(part.schema, dict) or any(each.part.key == part.key for each in shape.sources):
            return [state]
        allowed = narrowed(state.types, part.schema)
        if allowed is not None and not allowed:
            return self._blocked("type", part, "no type is allowed by all that is said")
        source = Source(part=part, within=task.within | {part.key})
        added = (*shape.names, part.name) if part.name and part.name not in shape.names else shape.names
        grown = replace(shape, sources=(*shape.sources, source), names=added)
        tasks = state.tasks + tuple(self._tasks_of(source, grown))
        return [replace(state, shape=grown, tasks=tasks, types=allowed)]

    def _tasks_of(self, source: Source, shape: Shape) -> Iterator[_Task]:
        bundle, part, schema = self._bundle, source.part, source.schema

        def include(*keys: str | int) -> _Include:
            return _Include(part=bundle.part(part, *keys), within=source.within)

        reference = text(schema, "$ref")
        if reference:
            yield _Include(part=bundle.target(reference, part.pointer), within=source.within)
        for index in range(len(schemas(schema, "allOf"))):
            yield include("allOf", index)
        for keyword in ("anyOf", "oneOf"):
            if schemas(schema, keyword):
                yield self._alternatives(source, keyword)
        if "if" in schema and ("then" in schema or "else" in schema):
            yield self._condition(source)
        if "not" in schema:
            yield _Reject(part=bundle.part(part, "not"))
        for name in members(schema, "dependentSchemas"):
            yield self._dependent(source, name)
        if "discriminator" in schema and not ("anyOf" in schema or "oneOf" in schema):
            yield from self._inherited(source, shape)

    def _inherited(self, source: Source, shape: Shape) -> Iterator[_Fork]:
        """Prefer a base that was asked for by itself to be one of its heirs."""
        wish = named_by_definition(self._bundle, source.part, shape)
        alone = () if wish is None else (_wish(wish),)
        heirs = heirs_of(self._bundle, source.part, shape)
        options = []
        for heir, mark in heirs:
            tasks: list[_Task] = [_Include(part=heir, within=source.within)] if heir else []
            options.append(_Option(tasks=(*tasks, _Include(part=mark, within=frozenset()))))
        yield from (_Fork(options=tuple(options), last_resort=_Option(tasks=alone)),) if options else alone

    def _alternatives(self, source: Source, keyword: str) -> _Fork:
        bundle, part = self._bundle, source.part
        branches = [bundle.part(part, keyword, at) for at in range(len(schemas(source.schema, keyword)))]
        options = []
        for branch in branches:
            tasks: list[_Task] = [_Include(part=branch, within=source.within)]
            wish = named_by_branch(bundle, part, branch)
            if wish is not None:
                tasks.append(_wish(wish))
            if keyword == "oneOf" and len(branches) > 1:
                tasks.append(_Apart(parts=tuple(other for other in branches if other is not branch)))
            options.append(_Option(tasks=tuple(tasks), is_named=bool(text(branch.schema, "$ref"))))
        return _Fork(options=tuple(options))

    def _condition(self, source: Source) -> _Fork:
        bundle, part = self._bundle, source.part
        holds: list[_Task] = [_Include(part=bundle.part(part, "if"), within=source.within)]
        fails: list[_Task] = [_Reject(part=bundle.part(part, "if"))]
        for keyword, tasks in (("then", holds), ("else", fails)):
            if keyword in source.schema:
                tasks.append(_Include(part=bundle.part(part, keyword), within=source.within))
        return _Fork(options=(_Option(tasks=tuple(holds)), _Option(tasks=tuple(fails))))

    def _dependent(self, source: Source, name: str) -> _Fork:
        """Prefer the member *name* present, with what depends on it, to its absence."""
        bundle, part = self._bundle, source.part
        present = bundle.derive(part, {"required": [name]}, f"require {name}")
        absent = bundle.derive(part, {"properties": {name: False}}, f"forbid {name}")
        dependent = _Include(part=bundle.part(part, "dependentSchemas", name), within=source.within)
        required = _Include(part=present, within=frozenset())
        with_it = _Option(tasks=(required, dependent))
        return _Fork(
            options=(with_it, _Option(tasks=(_Include(part=absent, within=frozenset()),))), is_choice=False
        )

    def _keep_apart(self, state: _State, task: _Apart) -> list[_State]:
        """Hope for a value that fails the others by itself, and then see to it.

        Those that fail at a glance are left out at once, since there may be hundreds.
        """
        known = facts_of(self._bundle, (each.part for each in state.shape.sources))
        left = [each for each in task.parts if not excludes(self._bundle, known, self._facts_of(each))]
        if not left:
            return [state]
        hopeful = _Option(tasks=tuple(_Reject(part=other, is_hopeful=True) for other in left))
        strict = _Option(tasks=tuple(_Reject(part=other) for other in left))
        return [state.then(hopeful), state.then(strict)]

    def _facts_of(self, part: Subschema) -> Facts:
        if part.key not in self._facts:
            self._facts[part.key] = facts_of(self._bundle, plain_parts(self._bundle, part))
        return self._facts[part.key]

    def _reject(self, state: _State, task: _Reject) -> list[_State]:
        bundle, part = self._bundle, task.part
        if part.key in state.rejected:
            return [state]
        known = facts_of(bundle, (each.part for each in state.shape.sources))
        other = self._facts_of(part)
        if excludes(bundle, known, other):
            return [state]
        # A member that nobody declares costs nothing to forbid.
        idle = sorted(other.required - known.required - known.properties.keys())
        if task.is_hopeful:
            return [state.then(self._forbid(part, idle[0]) if idle else _Option(is_certain=False))]
        state = replace(state, rejected=state.rejected | {part.key})
        spare = sorted((other.required - known.required) & known.properties.keys())
        options = [*(self._forbid(part, name) for name in (*idle, *spare)), *self._ways_to_fail(part)]
        if not options:
            return self._blocked("not", part, "everything satisfies it")
        return [state.then(option) for option in options]

    def _ways_to_fail(self, part: Subschema) -> Iterator[_Option]:
        if isinstance(part.schema, dict) and "$ref" in part.schema:
            target = self._bundle.target(text(part.schema, "$ref"), part.pointer)
            yield _Option(tasks=(_Reject(part=target),))
        ways = list(failures(part.schema))
        for index, way in enumerate(ways):
            yield self._fail(part, way.schema, f"fail {index}", is_certain=way.is_certain)
        if ways:
            yield _Option(is_certain=False)

    def _forbid(self, part: Subschema, name: str) -> _Option:
        return self._fail(part, {"type": "object", "properties": {name: False}}, f"forbid {name}")

    def _fail(self, part: Subschema, schema: JsonValue, tag: str, *, is_certain: bool = True) -> _Option:
        if not isinstance(schema, dict):
            return _Option(is_certain=is_certain)
        made = self._bundle.derive(part, schema, tag)
        return _Option(tasks=(_Include(part=made, within=frozenset()),), is_certain=is_certain)


def _wish(part: Subschema) -> _Fork:
    """Return the fork that tries *part* first and does without it next."""
    with_it = _Option(tasks=(_Include(part=part, within=frozenset()),))
    return _Fork(options=(with_it, _Option()), is_choice=False)
