"""From a schema to its shapes: references followed, alternatives chosen, `not` turned round.

A depth-first search over immutable states. Shapes come in order of preference; whether one can really be
made is found out by `compiler.py`, which then asks for the next.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import islice

from locum.contract.model import JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Bundle, Subschema, unmet
from locum.generation.discriminators import heirs_of, named_by_branch, named_by_definition
from locum.generation.facts import Facts, contradicts, excludes, facts_of, known_with, plain_parts
from locum.generation.keywords import members, schemas, text
from locum.generation.negation import failures
from locum.generation.shapes import Shape, Source
from locum.generation.tasks import ORDER, Apart, Fork, Include, Option, Reject, State, Task

__all__ = ["LAST_RESORT", "expand"]

#: In the place of a branch: what is taken only where no other can be.
LAST_RESORT = -1
#: Ways looked at for all alternatives of a choice together, and for each at least.
_MOST_WAYS = 192
_FEWEST_WAYS = 8
#: Dead ends of all alternatives of a search together, and of each at least: where alternatives are alike,
#: the ways that fail are without number.
_MOST_DEAD_ENDS = 192
_FEWEST_DEAD_ENDS = 8


def expand(
    bundle: Bundle, conjunction: tuple[Subschema, ...], settled: Container[tuple[int, ...]] = ()
) -> Iterator[Shape]:
    """Yield the ways in which all of *conjunction* can hold, the preferred first.

    Of the branches *settled* meanwhile no more is wanted.
    Where there is none, `GenerationError` names the keyword that stood in the way.
    """
    tasks = tuple(Include(part=part, within=frozenset()) for part in conjunction)
    search = _Search(bundle, settled)
    is_empty = True
    for shape in search.walk(State(shape=Shape(sources=()), tasks=tasks), _MOST_DEAD_ENDS):
        is_empty = False
        yield shape
    if is_empty and search.obstacle is not None:
        raise search.obstacle


class _Search:
    """One search; remembers the last obstacle, for the error."""

    def __init__(self, bundle: Bundle, settled: Container[tuple[int, ...]]) -> None:
        self._bundle = bundle
        self._settled = settled
        self._facts: dict[int, Facts] = {}
        self._dead_ends = 0
        self.obstacle: GenerationError | None = None

    def walk(self, state: State, last: int) -> Iterator[Shape]:
        """Yield the shapes of *state* until the dead end of number *last*."""
        while state.tasks:
            if state.shape.branch in self._settled:
                return
            task = min(state.tasks, key=lambda each: ORDER[type(each)])
            rest = replace(state, tasks=tuple(each for each in state.tasks if each is not task))
            following = self._follow(rest, task)
            if len(following) != 1:
                self._dead_ends += not following
                yield from self._each(following, task, last)
                return
            state = following[0]
        yield state.shape

    def _each(self, following: list[State], task: Task, last: int) -> Iterator[Shape]:
        """Yield the shapes of each way to go on; of a choice, none takes the turns of the others."""
        is_choice = isinstance(task, Fork) and task.is_choice
        most = max(_FEWEST_WAYS, _MOST_WAYS // (len(following) or 1)) if is_choice else None
        for left, state in zip(range(len(following), 0, -1), following, strict=True):
            share = max(_FEWEST_DEAD_ENDS, (last - self._dead_ends) // left)
            until = self._dead_ends + share if is_choice else last
            if self._dead_ends < until:
                yield from islice(self.walk(state, until), most)

    def _follow(self, state: State, task: Task) -> list[State]:
        if isinstance(task, Include):
            return self._include(state, task)
        if isinstance(task, Reject):
            return self._reject(state, task)
        if isinstance(task, Apart):
            return self._keep_apart(state, task)
        if not task.is_choice:
            return [state.then(option) for option in task.options]
        chosen = [self._choose(state, index, option) for index, option in enumerate(task.options)]
        resort = task.last_resort
        return chosen if resort is None else [*chosen, self._choose(state, LAST_RESORT, resort)]

    def _choose(self, state: State, index: int, option: Option) -> State:
        # What was passed before was a union: the branch says what the value is.
        names = () if option.is_named else state.shape.names
        chosen = replace(state.shape, branch=(*state.shape.branch, index), names=names)
        return replace(state, shape=chosen).then(option)

    def _blocked(self, keyword: str, part: Subschema, message: str) -> list[State]:
        self.obstacle = unmet(keyword, part.pointer, message)
        return []

    def _include(self, state: State, task: Include) -> list[State]:
        part, shape = task.part, state.shape
        if part.schema is False:
            return self._blocked("false", part, "the schema admits nothing")
        if not isinstance(part.schema, dict) or any(each.part.key == part.key for each in shape.sources):
            return [state]
        known = known_with(self._bundle, state.known, part)
        if known.types is not None and not known.types:
            return self._blocked("type", part, "no type is allowed by all that is said")
        source = Source(part=part, within=task.within | {part.key})
        added = (*shape.names, part.name) if part.name and part.name not in shape.names else shape.names
        grown = replace(shape, sources=(*shape.sources, source), names=added)
        tasks = state.tasks + tuple(self._tasks_of(source, grown))
        return [replace(state, shape=grown, tasks=tasks, known=known)]

    def _tasks_of(self, source: Source, shape: Shape) -> Iterator[Task]:
        bundle, part, schema = self._bundle, source.part, source.schema

        def include(*keys: str | int) -> Include:
            return Include(part=bundle.part(part, *keys), within=source.within)

        reference = text(schema, "$ref")
        if reference:
            yield Include(part=bundle.target(reference, part.pointer), within=source.within)
        for index in range(len(schemas(schema, "allOf"))):
            yield include("allOf", index)
        for keyword in ("anyOf", "oneOf"):
            if schemas(schema, keyword):
                yield self._alternatives(source, keyword)
        if "if" in schema and ("then" in schema or "else" in schema):
            yield self._condition(source)
        if "not" in schema:
            yield Reject(part=bundle.part(part, "not"))
        for name in members(schema, "dependentSchemas"):
            yield self._dependent(source, name)
        if "discriminator" in schema and not ("anyOf" in schema or "oneOf" in schema):
            yield from self._inherited(source, shape)

    def _inherited(self, source: Source, shape: Shape) -> Iterator[Fork]:
        """Prefer a base that was asked for by itself to be one of its heirs."""
        wish = named_by_definition(self._bundle, source.part, shape)
        alone = () if wish is None else (_wish(wish),)
        heirs = heirs_of(self._bundle, source.part, shape)
        options = []
        for heir, mark in heirs:
            tasks: list[Task] = [Include(part=heir, within=source.within)] if heir else []
            options.append(Option(tasks=(*tasks, Include(part=mark, within=frozenset()))))
        yield from (Fork(options=tuple(options), last_resort=Option(tasks=alone)),) if options else alone

    def _alternatives(self, source: Source, keyword: str) -> Fork:
        bundle, part = self._bundle, source.part
        branches = [bundle.part(part, keyword, at) for at in range(len(schemas(source.schema, keyword)))]
        options = []
        for branch in branches:
            tasks: list[Task] = [Include(part=branch, within=source.within)]
            wish = named_by_branch(bundle, part, branch)
            if wish is not None:
                tasks.append(_wish(wish))
            if keyword == "oneOf" and len(branches) > 1:
                tasks.append(Apart(parts=tuple(other for other in branches if other is not branch)))
            options.append(Option(tasks=tuple(tasks), is_named=bool(text(branch.schema, "$ref"))))
        return Fork(options=tuple(options))

    def _condition(self, source: Source) -> Fork:
        bundle, part = self._bundle, source.part
        holds: list[Task] = [Include(part=bundle.part(part, "if"), within=source.within)]
        fails: list[Task] = [Reject(part=bundle.part(part, "if"))]
        for keyword, tasks in (("then", holds), ("else", fails)):
            if keyword in source.schema:
                tasks.append(Include(part=bundle.part(part, keyword), within=source.within))
        return Fork(options=(Option(tasks=tuple(holds)), Option(tasks=tuple(fails))))

    def _dependent(self, source: Source, name: str) -> Fork:
        """Prefer the member *name* present, with what depends on it, to its absence."""
        bundle, part = self._bundle, source.part
        present = bundle.derive(part, {"required": [name]}, f"require {name}")
        absent = bundle.derive(part, {"properties": {name: False}}, f"forbid {name}")
        dependent = Include(part=bundle.part(part, "dependentSchemas", name), within=source.within)
        required = Include(part=present, within=frozenset())
        with_it = Option(tasks=(required, dependent))
        return Fork(
            options=(with_it, Option(tasks=(Include(part=absent, within=frozenset()),))), is_choice=False
        )

    def _keep_apart(self, state: State, task: Apart) -> list[State]:
        """Hope for a value that fails the others by itself, and then see to it.

        Those that fail at a glance are left out at once, since there may be hundreds.
        """
        left = [each for each in task.parts if not excludes(self._bundle, state.known, self._facts_of(each))]
        if not left:
            return [state]
        hopeful = Option(tasks=tuple(Reject(part=other, is_hopeful=True) for other in left))
        strict = Option(tasks=tuple(Reject(part=other) for other in left))
        return [state.then(hopeful), state.then(strict)]

    def _facts_of(self, part: Subschema) -> Facts:
        if part.key not in self._facts:
            self._facts[part.key] = facts_of(self._bundle, plain_parts(self._bundle, part))
        return self._facts[part.key]

    def _reject(self, state: State, task: Reject) -> list[State]:
        bundle, part = self._bundle, task.part
        if part.key in state.rejected:
            return [state]
        known, other = state.known, self._facts_of(part)
        if excludes(bundle, known, other):
            return [state]
        # A member that nobody declares costs nothing to forbid.
        idle = sorted(other.required - known.required - known.properties.keys())
        if task.is_hopeful:
            return [state.then(self._forbid(part, idle[0]) if idle else Option(is_certain=False))]
        state = replace(state, rejected=state.rejected | {part.key})
        spare = sorted((other.required - known.required) & known.properties.keys())
        options = [*(self._forbid(part, name) for name in (*idle, *spare)), *self._ways_to_fail(part, known)]
        if not options:
            return self._blocked("not", part, "everything satisfies it")
        return [state.then(option) for option in options]

    def _ways_to_fail(self, part: Subschema, known: Facts) -> Iterator[Option]:
        if isinstance(part.schema, dict) and "$ref" in part.schema:
            target = self._bundle.target(text(part.schema, "$ref"), part.pointer)
            yield Option(tasks=(Reject(part=target),))
        ways = list(failures(part.schema))
        for index, way in enumerate(ways):
            if not contradicts(known, way.schema):
                yield self._fail(part, way.schema, f"fail {index}", is_certain=way.is_certain)
        if ways:
            yield Option(is_certain=False)

    def _forbid(self, part: Subschema, name: str) -> Option:
        return self._fail(part, {"type": "object", "properties": {name: False}}, f"forbid {name}")

    def _fail(self, part: Subschema, schema: JsonValue, tag: str, *, is_certain: bool = True) -> Option:
        if not isinstance(schema, dict):
            return Option(is_certain=is_certain)
        made = self._bundle.derive(part, schema, tag)
        return Option(tasks=(Include(part=made, within=frozenset()),), is_certain=is_certain)


def _wish(part: Subschema) -> Fork:
    """Return the fork that tries *part* first and does without it next."""
    with_it = Option(tasks=(Include(part=part, within=frozenset()),))
    return Fork(options=(with_it, Option()), is_choice=False)
