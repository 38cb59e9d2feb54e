"""Plays the resources of a contract: answers out of what is stored, and says what is to be stored.

Pure: a request and a snapshot give an outcome with changes. Whoever applies them does so before anything else
is served, so that two creators never get one key. Read `scene.py` for what is there, `records.py` for what a
record is made of, `composing.py` for what is shown of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from locum.behaviour.answer import Options
from locum.behaviour.body_memory import BodyMemory
from locum.behaviour.created_locations import written_location
from locum.behaviour.joined_examples import NO_JOINS
from locum.behaviour.model import Cause, Fixtures, Outcome, Refusal, Request
from locum.behaviour.plans import Plan
from locum.behaviour.resources.bodies import follow
from locum.behaviour.resources.composing import Composer
from locum.behaviour.resources.envelopes import Turning, fill_envelope, list_headers
from locum.behaviour.resources.inventing import Inventor, Manner
from locum.behaviour.resources.making import Turn, Written
from locum.behaviour.resources.model import Part, Resource, Role
from locum.behaviour.resources.named import stands_alone
from locum.behaviour.resources.outcomes import Headers, outcome_of
from locum.behaviour.resources.querying import sent_in
from locum.behaviour.resources.recognition import Recognition
from locum.behaviour.resources.records import required_of
from locum.behaviour.resources.scene import Entry, Scene, canonical
from locum.behaviour.resources.selecting import cut, narrowed, needs_records, only, ordered
from locum.behaviour.resources.templates import above, parents
from locum.behaviour.resources.values import play_value
from locum.behaviour.resources.versions import is_conditional, is_current, tag_to_tell, unmet
from locum.behaviour.resources.writing import absent, write
from locum.behaviour.session import Mark, Snapshot
from locum.contract.coercion import Shape
from locum.contract.contract import Contract
from locum.contract.model import JsonObject, Route
from locum.contract.writing import write_text
from locum.errors import ContractError, GenerationError
from locum.generation.streams import stable_seed

__all__ = ["Player", "compile_player"]

_LEAST_ERROR: Final = 400


@dataclass(slots=True, kw_only=True, eq=False)
class Player:
    """Plays the resources of *contract*; keeps what was recognised and some of what was invented."""

    contract: Contract
    fixtures: Fixtures
    options: Options
    plan_of: Callable[[Route], Plan]
    recognition: Recognition
    inventor: Inventor
    #: Answers about what nobody has written.
    memory: BodyMemory
    composer: Composer = field(init=False)

    def __post_init__(self) -> None:
        self.composer = Composer(inventor=self.inventor)

    def play(self, request: Request, snapshot: Snapshot, seed: int | str) -> Outcome | Refusal | None:
        """Return the outcome of *request*, or `None` where it is answered as if it stood alone."""
        route = request.operation.route
        value = self.recognition.value(route)
        found = value or self.recognition.of(route)
        if found is None:
            marks = snapshot.marks.get(self.contract.name)
            if not marks or request.operation.response_for(404) is None:
                return None
            return _orphaned(canonical(request.raw.path), marks)
        try:
            turn = self._turn(*found, request, snapshot, seed)
            path = canonical(request.raw.path).removesuffix(turn.part.format)
            if value is not None:
                return play_value(turn, path)
            return self._played(turn, above(path) if turn.part.is_below else path)
        except (GenerationError, ContractError):
            return None

    def _turn(
        self, resource: Resource, part: Part, request: Request, snapshot: Snapshot, seed: int | str
    ) -> Turn:
        name, asked = self.contract.name, request.preferences
        is_dynamic = self.options.dynamic if asked.dynamic is None else asked.dynamic
        manner = Manner(
            seed=seed if asked.seed is None else asked.seed,
            uses_examples=not is_dynamic and not self.options.ignore_examples,
            is_static=not is_dynamic and self.options.prefer_static,
            variant=self.options.variant,
        )
        scene = Scene(
            resource=resource,
            inventor=self.inventor,
            manner=manner,
            records=snapshot.records.get(name, {}),
            marks=snapshot.marks.get(name, {}),
            given=snapshot.given.get(name, {}),
            first=self.fixtures.records,
        )
        plan = self.plan_of(request.operation.route)
        return Turn(
            contract=name, request=request, part=part, scene=scene, plan=plan, now=snapshot.now, manner=manner
        )

    def _played(self, turn: Turn, path: str) -> Outcome | Refusal | None:
        if turn.scene.is_orphan(path):
            return absent(path, turn) if turn.tells_absence else None
        if turn.plan.joins is not NO_JOINS and stands_alone(turn, path):
            return None
        if turn.part.role is Role.LIST:
            if turn.scene.is_list_untouched(path) and not turn.part.asks_in_body:
                return self._remembered(turn, lambda: self._listed(turn, path))
            return self._listed(turn, path)
        is_plain = turn.request.raw.header("if-none-match") is None
        if turn.part.role is Role.READ and is_plain and turn.scene.is_untouched(path):
            return self._remembered(turn, lambda: self._written(turn, path))
        return self._written(turn, path)

    def _remembered(
        self, turn: Turn, make: Callable[[], Outcome | Refusal | None]
    ) -> Outcome | Refusal | None:
        """Return the answer about what nobody has written, which depends on nothing but the request."""
        raw, route = turn.request.raw, turn.part.route
        accept = raw.header("accept") or ""
        key = (route.path, raw.path, raw.query, raw.base_url, accept, turn.manner)
        return self.memory.recall(key, sum(map(len, key[:5])), make, _weight)

    def _written(self, turn: Turn, path: str) -> Outcome | Refusal | None:
        """Return the answer to a request for one entity, or to one that writes."""
        if turn.part.role in {Role.READ, Role.VIEW}:
            record = turn.scene.find(path)
            if record is not None:
                status = 304 if turn.part.role is Role.READ and is_current(turn, record) else None
                return self._told(turn, Written(path=path, record=record, status=status))
            # What was deleted is not read again, whatever is declared.
            is_silent = turn.part.role is Role.VIEW and not turn.tells_absence
            return None if is_silent else absent(path, turn)
        refused = unmet(turn, turn.scene.find(path)) if is_conditional(turn) else None
        written = refused or write(turn, path, self.composer)
        return self._told(turn, written) if isinstance(written, Written) else written

    def _told(self, turn: Turn, written: Written) -> Outcome | Refusal | None:
        """Answer with the entity, or with whatever the operation declares instead."""
        chosen = turn.plan.choose(written.status, turn.request.raw.header("accept"))
        if isinstance(chosen, Refusal):
            return chosen
        if chosen.status >= _LEAST_ERROR:
            # Only errors are declared: nothing can have been done.
            return None
        headers: Headers = ()
        if chosen.status == 201 and written.path:  # noqa: PLR2004 -- Created (RFC 9110, 15.3.2)
            reader = turn.scene.resource.part(Role.READ)
            address = f"{written.path}{reader.format if reader else ''}"
            place = written_location(chosen.spec, turn.request.raw.base_url, address)
            headers = (("location", place),)
        tag = tag_to_tell(turn, written.record, frozenset(each.name.lower() for each in chosen.spec.headers))
        headers = (*headers, ("etag", tag)) if tag else headers
        stream = stable_seed(turn.manner.seed, "item", written.path)
        content, answer = chosen.content, turn.part.answer
        if content is None:
            return outcome_of(turn, chosen, b"", stream, headers=headers, written=written)
        if answer is None or written.record is None:
            whole = self.inventor.whole(content, stream, turn.manner)
            if turn.part.told_key is not None and written.record is not None:
                key = written.record.get(turn.scene.resource.key)
                whole = self.composer.with_member(content, whole, turn.part.told_key, key)
        else:
            record = _shown(turn, written.record, follow(content.shape, answer))
            whole = self.composer.entity(content, answer, record, stream=stream, manner=turn.manner)
        return outcome_of(turn, chosen, content.write(whole), stream, headers=headers, written=written)

    def _listed(self, turn: Turn, collection: str) -> Outcome | Refusal | None:
        chosen = turn.plan.choose(None, turn.request.raw.header("accept"))
        if isinstance(chosen, Refusal):
            return chosen
        content, answer, part, scene = chosen.content, turn.part.answer, turn.part, turn.scene
        if content is None or answer is None:
            return None
        query = turn.asked
        entries = {each.key: each for each in _chosen(turn, collection)}
        if needs_records(part, query):
            known = {key: scene.record(each) for key, each in entries.items()}
            named = {id(record): key for key, record in known.items()}
            kept = ordered(narrowed(known.values(), part, query), part, query)
            entries = {named[id(record)]: entries[named[id(record)]] for record in kept}
        keys = list(entries)
        page = cut(keys, part.paging, query)
        shown = [entries[key] for key in keys[page.start : page.stop]]
        entry = follow(follow(content.shape, answer).item(), part.element)
        turning = Turning(request=turn.request, paging=part.paging, page=page, keys=keys)
        stream = stable_seed(turn.manner.seed, "list", collection)
        whole = self.composer.listing(
            content,
            answer,
            part.element,
            [(_shown(turn, scene.record(each), entry), each.path) for each in shown],
            stream=stream,
            manner=turn.manner,
            finish=lambda body: fill_envelope(body, answer, content.shape, turning),
        )
        if whole is None:
            return None
        headers, silent = list_headers(chosen.spec.headers, turning)
        return outcome_of(turn, chosen, content.write(whole), stream, headers=headers, silent=silent)


def compile_player(
    contract: Contract,
    fixtures: Fixtures,
    options: Options,
    plan_of: Callable[[Route], Plan],
    memory: BodyMemory,
) -> Player:
    """Return the player of the resources of *contract*; nothing is recognised before it is needed.

    *memory* keeps what can be made again, and may have room for nothing.
    """
    return Player(
        contract=contract,
        fixtures=fixtures,
        options=options,
        plan_of=plan_of,
        recognition=Recognition(contract, fixtures.resources),
        inventor=Inventor(plan_of=plan_of),
        memory=memory,
    )


def _shown(turn: Turn, record: JsonObject, shape: Shape) -> JsonObject:
    """Return what a request wants to see of *record*, as far as an answer of *shape* may lack the rest."""
    asked = sent_in(turn.asked, turn.part.fields) if turn.part.fields else None
    return record if asked is None or isinstance(asked, dict) else only(record, asked, required_of(shape))


def _weight(answer: Outcome | Refusal | None) -> int:
    """Return how many bytes an answer takes."""
    if not isinstance(answer, Outcome):
        return len(answer.detail) if answer else 0
    return len(answer.reply.body) + sum(len(name) + len(text) for name, text in answer.reply.headers)


def _chosen(turn: Turn, collection: str) -> list[Entry]:
    """Return the entities that a request may see of a list: those it names by key, else all."""
    scene, part = turn.scene, turn.part
    wanted = sent_in(turn.asked, part.keys) if part.keys else None
    if wanted is None:
        return scene.entries(collection)
    texts = (
        [write_text(each) for each in wanted] if isinstance(wanted, list) else write_text(wanted).split(",")
    )
    paths = ((text, scene.path_in(collection, text)) for text in dict.fromkeys(texts) if text)
    found = ((text, path, scene.find(path)) for text, path in paths)
    return [Entry(key=text, path=path, record=record) for text, path, record in found if record is not None]


def _orphaned(path: str, marks: Mapping[str, Mark]) -> Refusal | None:
    """Refuse what lies below something that was written and is gone.

    Below what nobody has written, an operation that belongs to no resource is answered as ever: that is how
    a list of calls is tried out one by one.
    """
    gone = next((each for each in parents(path) if marks.get(each) is Mark.GONE), None)
    if gone is None:
        return None
    return Refusal(cause=Cause.UNKNOWN_RESOURCE, status=404, detail=f"there is no {gone[:200]}")
