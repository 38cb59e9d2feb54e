"""What a model of resources remembers is what the stand-in says, step by step, whatever the document.

The machine learns from a document which operations there are, and nothing else; its model is a dictionary of
what was sent. `RESOURCE_DOCUMENTS` names other documents, separated by colons, `RESOURCE_STEPS` the steps of
each: how the figures in `bench/README.md` were made.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

import jsonschema_rs
import orjson
import pytest
import yaml
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from locum.behaviour import Options, Outcome, StandIn
from locum.behaviour.calls import Call, compose
from locum.behaviour.changes import apply_all
from locum.behaviour.entity_changes import KeepEntity
from locum.behaviour.model import Cause, RawRequest
from locum.behaviour.resources import Part, Recognition, Resource, Role
from locum.behaviour.resources.model import Match, Paging
from locum.behaviour.resources.templates import above, bare, last_segment, variables
from locum.behaviour.scenarios import Natural
from locum.behaviour.session import State
from locum.catalog import Entry, Reading, load
from locum.contract.coercion import Shape, shape_of
from locum.errors import ContractError, GenerationError
from locum.generation import Generator
from locum.generation.model import Variant
from locum.server.routing import Router

#: JSON, or something a test walks as freely.
Json: TypeAlias = Any

HERE = Path(__file__).parent / "resources"
DOCUMENTS = (
    os.environ.get("RESOURCE_DOCUMENTS", "").split(":") if os.environ.get("RESOURCE_DOCUMENTS") else []
)
STEPS = int(os.environ.get("RESOURCE_STEPS", "150"))
PER_RUN = 50
GENERATOR = Generator()
JSON = "application/json"
TALLY: Counter[str] = Counter()


@dataclass
class Thing:
    """What the model knows of one entity: the members that were sent last, or that it is gone."""

    told: dict[str, Json] = field(default_factory=dict)
    is_gone: bool = False
    is_written: bool = False


def by_role(resource: Resource, role: Role) -> Part | None:
    """Return the part that an own list or entity plays, those at lists elsewhere left out."""
    own = {resource.item, *(each for each in resource.collections[:1])}
    found = [each for each in resource.parts.values() if each.role is role and not each.is_bulk]
    return next((each for each in found if bare(each.route.path) in own), found[0] if found else None)


def playable(entry: Entry) -> Iterator[Resource]:
    """Yield the resources that can be read, and written in some way."""
    for resource in Recognition(entry.contract).all():
        roles = {each.role for each in resource.parts.values()}
        if Role.READ in roles and roles & {Role.CREATE, Role.REPLACE, Role.PATCH, Role.DELETE}:
            yield resource


class Machine(RuleBasedStateMachine):
    """Plays one resource of `entry`, drawn at the start of each run."""

    entry: Entry
    resources: tuple[Resource, ...]

    @initialize(data=st.data(), seed=st.integers(0, 999))
    def begin(self, data: st.DataObject, seed: int) -> None:
        """Draw a resource and an untouched session."""
        self.resource = data.draw(st.sampled_from(self.resources))
        self.stand_in = StandIn(
            contract=self.entry.contract,
            generator=GENERATOR,
            fixtures=self.entry.fixtures,
            options=Options(stateful=True, dynamic=data.draw(st.booleans())),
            seed=str(seed),
        )
        self.router = Router(self.entry.contract.routes)
        self.state = State()
        self.things: dict[str, Thing] = {}
        self.scope: dict[str, str] = {}
        self.turn = 0
        self.media = JSON

    # What is sent.

    def send(
        self, part: Part, path: str, *, query: str = "", body: object = None, media: str = JSON
    ) -> Outcome:
        """Send a request, make its changes, and hold the answer against the document."""
        call = self.call(part)
        headers = [(name.lower(), text) for name, text in call.headers if name.lower() != "content-type"]
        # What the operation speaks of, and what its path has behind that.
        path = f"{path}/{last_segment(bare(part.route.path))}" if part.is_below else path
        path = f"{path}{part.format}" or "/"
        sent = b"" if body is None else orjson.dumps(body)
        if sent:
            headers.append(("content-type", media))
        found = self.router.match(path, part.route.method.value)
        assert found is not None
        raw = RawRequest(
            method=part.route.method.value,
            path=path,
            path_values=found.values,
            query="&".join([*(f"{name}={text}" for name, text in call.query), *([query] if query else [])]),
            headers=tuple(headers),
            body=sent,
            base_url="http://stand.in",
        )
        outcome = self.stand_in.respond(
            found.routes[part.route.method.value], raw, self.state.snapshot("default", 0.0)
        )
        assert isinstance(outcome, Outcome)
        self.state = apply_all(self.state, outcome.changes, {self.entry.name: self.entry.fixtures.records})
        self.judge(part, outcome)
        TALLY[f"{part.role.value} {outcome.reply.status}"] += 1
        return outcome

    def judge(self, part: Part, outcome: Outcome) -> None:
        """Hold an answer against its declared schema, by another validator than the stand-in's."""
        reply = outcome.reply
        assert reply.status < 500, outcome.because
        if not reply.body or JSON not in reply.media_type:
            return
        key = (self.entry.origin, part.route.path, part.route.method.value, reply.status)
        if key not in CHECKS:
            CHECKS[key] = second_opinion(*key)
        check = CHECKS[key]
        if check is not None:
            TALLY["validated"] += 1
            wrong = [
                error.message
                for error in check.iter_errors(orjson.loads(reply.body))
                if not is_false_alarm(error)
            ]
            assert not wrong, (key, wrong, reply.body[:400])

    def body(self, part: Part, stream: int) -> Json:
        """Return a body that an operation takes, `None` where it takes none that can be made."""
        declared = self.entry.contract.operation(part.route).request_body
        media = next((each for each in (declared.content if declared else ()) if "json" in each.name), None)
        if media is None or media.schema is None or "json-patch" in media.name:
            return None
        try:
            value = GENERATOR.producer(media.schema.bundle(), variant=Variant.RANDOM)(stream)
        except (GenerationError, ContractError):
            return None
        self.media = media.name.partition(";")[0]
        return value if isinstance(value, dict) and media.schema.is_valid(value) else None

    def told(self, part: Part, body: Json) -> dict[str, Json]:
        """Return the members of a body that reading the entity must show as they were sent."""
        for step in part.sent:
            body = body.get(step, {})
        sent, shown = self.sent_shape(part), self.shape()
        # What the path says counts, whatever the body says.
        ways = [self.resource.scopes.get(name, ()) for name in variables(part.route.path)]
        fixed = {name for way in ways for name in way[:1]}
        return {
            name: value
            for name, value in body.items()
            if name in shown.properties
            and name not in fixed
            and not any(
                shape.member(name).find(keyword) is True
                for shape in (sent, shown)
                for keyword in ("readOnly", "writeOnly")
            )
        }

    def sent_shape(self, part: Part) -> Shape:
        """Return what entities look like in requests."""
        declared = self.entry.contract.operation(part.route).request_body
        assert declared is not None
        media = next(each for each in declared.content if "json" in each.name)
        shape = shape_of(media.schema.bundle() if media.schema else {})
        for step in part.sent:
            shape = shape.member(step)
        return shape

    def shape(self) -> Shape:
        """Return what an entity looks like when it is read."""
        part = by_role(self.resource, Role.READ)
        assert part is not None
        plan = self.stand_in.plan(part.route)
        content = plan.choose(None, None).content  # type: ignore[union-attr]
        assert content is not None
        shape = content.shape
        for step in part.answer or ():
            shape = shape.member(step)
        return shape

    def call(self, part: Part) -> Call:
        """Return a request that the operation takes, whatever its body."""
        key = (self.entry.origin, part.route.path, part.route.method.value)
        if key not in CALLS:
            CALLS[key] = compose(
                Natural(operation=part.route.operation_id),
                self.entry.contract.operation(part.route),
                contract=self.entry.contract,
                fixtures=self.entry.fixtures,
                generator=GENERATOR,
            )
        found = CALLS[key]
        assert found is not None
        return found

    def made_list(self, part: Part) -> str:
        """Return the path of a list elsewhere that an operation creates in."""
        path = self.call(part).path.rstrip("/").removesuffix(part.format)
        return above(path) if part.is_below else path

    @staticmethod
    def list_of(part: Part) -> str:
        """Return the template of the entity or list that an operation speaks of."""
        template = bare(part.route.path)
        return above(template) if part.is_below else template

    def tells_absence(self, part: Part) -> bool:
        """Tell whether an operation declares what it says of what is not there."""
        operation = self.entry.contract.operation(part.route)
        return any(operation.response_for(status) for status in (404, 410))

    def path_of(self, template: str, key: str = "") -> str:
        """Return the path that *template* means here; what stands above an entity stays the same."""
        reader = by_role(self.resource, Role.READ)
        assert reader is not None
        made = self.call(reader).path.rstrip("/").removesuffix(reader.format).split("/")
        parts = template.split("/")
        path = "/".join(text if "{" in part else part for part, text in zip(parts, made, strict=False))
        return f"{path.rpartition('/')[0]}/{key}" if key else path

    # What must hold.

    def entity(self, part: Part, outcome: Outcome) -> dict[str, Json] | None:
        """Return the entity that an answer shows, if it shows one as JSON."""
        if part.answer is None or JSON not in outcome.reply.media_type or not outcome.reply.body:
            return None
        found = orjson.loads(outcome.reply.body)
        for step in part.answer:
            found = found[step]
        assert isinstance(found, dict)
        return found

    def check(self, path: str) -> None:
        """Read an entity, and hold it against what the model knows."""
        part = by_role(self.resource, Role.READ)
        assert part is not None
        outcome, thing = self.send(part, path), self.things[path]
        if outcome.refusal is not None and outcome.refusal.cause is Cause.INVALID_PARAMETER:
            TALLY["a key that no path takes"] += 1
            return
        if thing.is_gone:
            told = {404, 410} if self.tells_absence(part) else {404, 400}
            assert outcome.reply.status in told, (path, outcome.because)
            return
        assert outcome.refusal is None, (path, outcome.because)
        shown = self.entity(part, outcome)
        if shown is not None:
            self.compare(thing.told, shown, path)

    def compare(self, told: Mapping[str, Json], shown: Mapping[str, Json], path: str) -> None:
        """Compare what was told with what is shown."""
        for name, value in told.items():
            if hides_nothing(self.shape().member(name), value):
                assert name in shown or not fits(self.shape(), name, value), (path, name, value, shown)
                agrees = shown.get(name) == value or not fits(self.shape(), name, value)
                assert agrees, (path, name, value, shown[name])

    # The steps.

    @precondition(lambda self: by_role(self.resource, Role.CREATE) is not None)
    @rule(stream=st.integers(0, 2**32), drops_key=st.booleans())
    def create(self, stream: int, *, drops_key: bool) -> None:
        """Create an entity; it is there from then on, as it was sent."""
        part = by_role(self.resource, Role.CREATE)
        assert part is not None
        body = self.body(part, stream)
        if body is None:
            return
        inner = body
        for step in part.sent:
            inner = inner.get(step, {})
        drops_key = drops_key and self.resource.key not in required(self.sent_shape(part))
        if drops_key:
            inner.pop(self.resource.key, None)
        own = self.list_of(part) in self.resource.collections[:1]
        listed = self.path_of(self.list_of(part)) if own else self.made_list(part)
        outcome = self.send(part, listed, body=body, media=self.media)
        if outcome.reply.status == 409:
            key = inner[self.resource.key]
            path = self.path_of(self.resource.item, quote(str(key), safe=""))
            assert not (path in self.things and self.things[path].is_gone)
            return
        assert outcome.refusal is None, outcome.because
        keep = [each for each in outcome.changes if isinstance(each, KeepEntity)]
        shown = self.entity(part, outcome)
        location = dict(outcome.reply.headers).get("location")
        if not keep:  # no key could be made: the document knows one value only
            TALLY["create without a key"] += 1
            return
        path = urlsplit(location).path if location else ""
        if not path and shown is not None:
            path = self.resource.item.rpartition("/")[0]
            path = f"{listed}/{shown[self.resource.key]}"
        path = keep[0].path if not path or path != keep[0].path else path
        told = self.told(part, body)
        if drops_key:
            assert path not in self.things, "a key was given twice"
        self.things[path] = Thing(told=told, is_written=True)
        self.check(path)

    @rule(data=st.data())
    def read(self, data: st.DataObject) -> None:
        """Read what is known, or something nobody has heard of, twice the same."""
        part = by_role(self.resource, Role.READ)
        assert part is not None
        if data.draw(st.booleans()) and self.things:
            self.check(data.draw(st.sampled_from(sorted(self.things))))
            return
        path = self.path_of(self.resource.item)
        first, second = self.send(part, path), self.send(part, path)
        assert first.reply == second.reply
        if path not in self.things and first.reply.status < 300:
            self.things[path] = Thing()

    @precondition(lambda self: by_role(self.resource, Role.REPLACE) is not None)
    @rule(data=st.data(), stream=st.integers(0, 2**32))
    def replace(self, data: st.DataObject, stream: int) -> None:
        """Replace an entity; nothing of what it was before is left but what only the server knows."""
        part = by_role(self.resource, Role.REPLACE)
        assert part is not None
        body = self.body(part, stream)
        if body is None:
            return
        paths = [*sorted(self.things), self.path_of(self.resource.item)]
        path = data.draw(st.sampled_from(paths))
        outcome = self.send(part, path, body=body, media=self.media)
        if outcome.refusal is None and outcome.reply.status >= 400:
            return  # only errors are declared, so nothing was done
        thing = self.things.setdefault(path, Thing())
        if outcome.reply.status in {404, 410}:
            assert thing.is_gone, outcome.because
            return
        assert outcome.refusal is None, outcome.because
        told = self.told(part, body)
        told.pop(self.resource.key, None)
        self.things[path] = Thing(told=told, is_written=True)
        self.check(path)

    @precondition(lambda self: by_role(self.resource, Role.PATCH) is not None)
    @rule(data=st.data(), stream=st.integers(0, 2**32))
    def patch(self, data: st.DataObject, stream: int) -> None:
        """Change some members of an entity; the others stay."""
        part = by_role(self.resource, Role.PATCH)
        assert part is not None
        body = self.body(part, stream) if self.things else None
        if body is None or self.list_of(part) != self.resource.item:
            return
        path = data.draw(st.sampled_from(sorted(self.things)))
        outcome = self.send(part, path, body=body, media=self.media)
        if outcome.refusal is None and outcome.reply.status >= 400:
            return  # only errors are declared, so nothing was done
        thing = self.things[path]
        if thing.is_gone and not self.tells_absence(part):
            thing = self.things[path] = Thing()
        if thing.is_gone:
            assert outcome.reply.status in {404, 410}, outcome.because
            return
        assert outcome.refusal is None, outcome.because
        told = self.told(part, body)
        told.pop(self.resource.key, None)
        for name in [name for name in thing.told if is_renewed(name)]:
            del thing.told[name]  # a time that the server renews
        for name, value in told.items():
            thing.told.pop(name, None)
            if value is not None and not isinstance(value, dict):
                thing.told[name] = value
        self.check(path)

    @precondition(lambda self: by_role(self.resource, Role.DELETE) is not None)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """Delete an entity; then it is gone, and deleting it again finds nothing where that is declared."""
        part = by_role(self.resource, Role.DELETE)
        if part is None or not self.things or self.list_of(part) != self.resource.item:
            return
        path = data.draw(st.sampled_from(sorted(self.things)))
        body = self.body(part, 0)
        outcome = self.send(part, path, body=body)
        if outcome.refusal is None and outcome.reply.status >= 400:
            return  # only errors are declared, so nothing was done
        if self.things[path].is_gone and self.tells_absence(part):
            assert outcome.reply.status in {404, 410}, outcome.because
            return
        assert outcome.refusal is None, outcome.because
        self.things[path] = Thing(is_gone=True)
        self.check(path)

    @precondition(lambda self: own_list(self.resource) is not None)
    @rule(size=st.integers(1, 30))
    def list_all(self, size: int) -> None:
        """Turn over a list to its end: what was written is there once, what is gone is not."""
        part = own_list(self.resource)
        assert part is not None
        path = self.path_of(self.list_of(part))
        seen, is_whole = self.walk(part, path, size=size)
        # What must be asked for may narrow: then a list need not show all that was written.
        is_narrowed = any(name in part.filters for name, _ in self.call(part).query)
        if is_whole and not is_narrowed:
            TALLY["lists walked to the end"] += 1
            self.compare_listed(path, seen)

    def walk(
        self, part: Part, path: str, *, size: int = 0, query: str = ""
    ) -> tuple[dict[str, dict[str, Json]], bool]:
        """Return what a list shows on all its pages, by key, and whether its end was reached."""
        seen: dict[str, dict[str, Json]] = {}
        paging = part.paging
        sized = f"{as_sent(paging.size)}={size}" if size and self.takes(part, paging.size, size) else ""
        turn = ""
        for number in range(1, 80):
            asked = "&".join(each for each in (query, sized, turn) if each)
            outcome = self.send(part, path, query=asked)
            if JSON not in outcome.reply.media_type or not outcome.because[-1].startswith("list of"):
                TALLY["list not played"] += 1
                return seen, False
            body = orjson.loads(outcome.reply.body)
            shown = list(self.entities(part, body))
            if sized:
                assert len(shown) <= size, "a page is larger than was asked for"
            for entity in shown:
                key = str(entity[self.resource.key])
                assert key not in seen, "an entity is listed twice"
                seen[key] = entity
            if not shown or not paging.usual:
                return seen, True
            token = next_token(body, outcome, paging.cursor) if paging.cursor else ""
            asked_next = following(paging, number, list(seen), token)
            if asked_next is None:
                return seen, token is None
            turn = asked_next
        return seen, False

    def entities(self, part: Part, body: Json) -> Iterator[dict[str, Json]]:
        """Yield the entities that the body of a list shows."""
        for step in part.answer or ():
            body = body[step]
        for each in body:
            entity = each
            for step in part.element:
                entity = entity[step]
            yield entity

    def takes(self, part: Part, name: str, value: Json) -> bool:
        """Tell whether a query parameter of an operation may be *value*."""
        declared = self.entry.contract.operation(part.route).parameters
        found = next((each for each in declared if each.name == name and each.schema), None)
        return found is not None and found.schema is not None and found.schema.is_valid(value)

    @precondition(lambda self: own_list(self.resource) is not None)
    @rule(data=st.data())
    def list_some(self, data: st.DataObject) -> None:
        """Narrow a list by what one of its entities says: it is there, and nothing that says otherwise."""
        part = own_list(self.resource)
        assert part is not None
        names = [
            name for name, each in part.filters.items() if each.match is Match.EQUAL and not each.member[1:]
        ]
        path = self.path_of(self.list_of(part))
        seen, is_whole = self.walk(part, path)
        if not names or not seen:
            return
        name = data.draw(st.sampled_from(names))
        entity = seen[data.draw(st.sampled_from(sorted(seen)))]
        member = part.filters[name].member[0]
        value = entity.get(member)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if isinstance(value, list | dict | float) or value is None or not self.takes(part, name, value):
            return
        if not text.strip() or text.lower() in {"all", "any", "*"} or "," in text:
            return
        found, is_end = self.walk(part, path, query=f"{as_sent(name)}={quote(text, safe='')}")
        TALLY["lists narrowed"] += 1
        assert all(each.get(member) == value for each in found.values()), (name, value)
        if is_whole and is_end:
            wanted = {key for key, each in seen.items() if each.get(member) == value}
            assert wanted == found.keys(), (name, value)

    @precondition(lambda self: any(each.effect for each in self.resource.parts.values()))
    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Do what sets a status: reading the entity shows it afterwards, and nothing else has changed."""
        parts = [each for each in self.resource.parts.values() if each.effect]
        part = data.draw(st.sampled_from(parts))
        path = data.draw(st.sampled_from([*sorted(self.things), self.path_of(self.resource.item)]))
        thing = self.things.get(path, Thing())
        outcome = self.send(part, path, body=self.body(part, 0), media=self.media)
        if thing.is_gone:
            assert outcome.reply.status in {404, 410} or not self.tells_absence(part)
            return
        if outcome.refusal is not None or outcome.reply.status >= 400:
            return
        assert part.effect is not None
        thing.is_written = True
        self.things[path] = thing
        for name in [name for name in thing.told if name in part.effect.times or is_renewed(name)]:
            del thing.told[name]
        thing.told |= part.effect.members
        self.check(path)

    @precondition(lambda self: by_role(self.resource, Role.VIEW) is not None)
    @rule(data=st.data())
    def view(self, data: st.DataObject) -> None:
        """Look at a part of an entity: it says what the entity says."""
        part, reader = by_role(self.resource, Role.VIEW), by_role(self.resource, Role.READ)
        assert part is not None
        assert reader is not None
        path = data.draw(st.sampled_from([*sorted(self.things), self.path_of(self.resource.item)]))
        shown = self.entity(part, self.send(part, path)) or {}
        whole = self.entity(reader, self.send(reader, path)) or {}
        shared = shown.keys() & whole.keys()
        assert {name: shown[name] for name in shared} == {name: whole[name] for name in shared}

    @precondition(lambda self: by_role(self.resource, Role.PATCH) is not None)
    @rule(data=st.data(), stream=st.integers(0, 2**32), is_refused=st.booleans())
    def patch_by_operations(self, data: st.DataObject, stream: int, *, is_refused: bool) -> None:
        """Change a member by JSON Patch, all or nothing; or take one away by JSON Merge Patch."""
        part, maker = by_role(self.resource, Role.PATCH), by_role(self.resource, Role.CREATE)
        live = [path for path, thing in sorted(self.things.items()) if not thing.is_gone and thing.told]
        if part is None or maker is None or not live:
            return
        declared = self.entry.contract.operation(part.route).request_body
        kinds = {each.name for each in declared.content} if declared else set()
        path = data.draw(st.sampled_from(live))
        thing = self.things[path]
        if "application/json-patch+json" in kinds:
            told = self.told(maker, self.body(maker, stream) or {})
            told.pop(self.resource.key, None)
            name = next((name for name in told if name in thing.told and "/" not in name), None)
            if name is None or "~" in name:
                return
            change = [{"op": "replace", "path": f"/{name}", "value": told[name]}]
            if is_refused:
                change.append({"op": "test", "path": "/no-such-member", "value": 1})
            outcome = self.send(part, path, body=change, media="application/json-patch+json")
            assert (outcome.refusal is not None) == is_refused, outcome.because
            if not is_refused:
                thing.told[name] = told[name]
                TALLY["patched by operations"] += 1
        elif "application/merge-patch+json" in kinds:
            spare = sorted(thing.told.keys() - required(self.shape()) - {self.resource.key})
            if not spare:
                return
            outcome = self.send(part, path, body={spare[0]: None}, media="application/merge-patch+json")
            if outcome.refusal is None:
                del thing.told[spare[0]]
                reader = by_role(self.resource, Role.READ)
                assert reader is not None
                assert spare[0] not in (self.entity(reader, self.send(reader, path)) or {})
                TALLY["taken away by merge patch"] += 1
        self.check(path)

    def compare_listed(self, path: str, seen: Mapping[str, dict[str, Json]]) -> None:
        """Hold a whole list against the model, and its entities against what reading them shows."""
        reader = by_role(self.resource, Role.READ)
        assert reader is not None
        for known, thing in self.things.items():
            if known.rpartition("/")[0] != path:
                continue
            key = unquote(known.rpartition("/")[2])
            if thing.is_gone:
                assert key not in seen, (known, "is listed and gone")
            elif thing.is_written:
                assert key in seen, (known, sorted(seen))
        for key, entity in list(seen.items())[-3:]:
            shown = self.entity(
                reader, self.send(reader, self.path_of(self.resource.item, quote(key, safe="")))
            )
            if shown is not None:
                shared = entity.keys() & shown.keys()
                assert {name: entity[name] for name in shared} == {name: shown[name] for name in shared}

    @invariant()
    def counts(self) -> None:
        """Count steps."""
        TALLY["steps"] += 1


def is_renewed(name: str) -> bool:
    """Tell whether a member is a time that the server renews."""
    return "update" in name.lower() or "modif" in name.lower()


def as_sent(name: str) -> str:
    """Write `page.size` as it is sent, `page[size]`."""
    outer, dot, inner = name.rpartition(".")
    return f"{outer}[{inner}]" if dot else name


def following(paging: Paging, number: int, seen: list[str], token: str | None) -> str | None:
    """Return what asks for the page after the first *number*; `None` where nothing can, or need."""
    if paging.page:
        return f"{as_sent(paging.page)}={paging.first_page + number}"
    if paging.offset:
        return f"{as_sent(paging.offset)}={len(seen)}"
    if paging.cursor:
        return f"{as_sent(paging.cursor)}={quote(token, safe='')}" if token else None
    return f"{as_sent(paging.after)}={quote(seen[-1], safe='')}" if paging.after else None


def next_token(body: Json, outcome: Outcome, cursor: str) -> str | None:
    """Return the token of the next page; `None` on the last one, `""` where nothing tells."""
    link = dict(outcome.reply.headers).get("link", "")
    tells = "link" in dict(outcome.reply.headers)
    texts = [link.partition(">")[0].lstrip("<")] if 'rel="next"' in link else []
    outer = body if isinstance(body, dict) else {}
    inner = [each for each in outer.values() if isinstance(each, dict)]
    for name, value in (pair for each in (outer, *inner) for pair in each.items()):
        spelled = name.lower().replace("_", "")
        if spelled.startswith("next") or spelled in {"cursor", "continuationtoken", "pagetoken"}:
            tells = True
            text = value.get("href") if isinstance(value, dict) else value
            texts += [text] if isinstance(text, str) and text else []
    for text in texts:
        found = parse_qs(urlsplit(text).query).get(cursor)
        if found or "/" not in text:
            return found[0] if found else text
    return None if tells else ""


def own_list(resource: Resource) -> Part | None:
    """Return the operation that lists all entities, not narrowed by a path of its own."""
    found = [each for each in resource.parts.values() if each.role is Role.LIST]
    return next((each for each in found if bare(each.route.path) in resource.collections[:1]), None)


def required(shape: Shape) -> set[str]:
    """Return the members that are required anywhere."""
    return {str(name) for node in shape.nodes for name in node.get("required", [])}  # type: ignore[union-attr]


def hides_nothing(shape: Shape, value: Json) -> bool:
    """Tell whether a member is shown as it was sent: nothing in it travels in one direction only."""
    if isinstance(value, dict):
        return all(
            shape.member(name).find("writeOnly") is not True
            and shape.member(name).find("readOnly") is not True
            and hides_nothing(shape.member(name), part)
            for name, part in value.items()
        )
    if isinstance(value, list):
        return all(hides_nothing(shape.item(), part) for part in value)
    return True


CHECKS: dict[Json, Json] = {}
CALLS: dict[Json, Call | None] = {}


def fits(shape: Shape, name: str, value: Json) -> bool:
    """Tell whether answers may have *value* as their member *name*; requests sometimes may have more."""
    nodes = [node["properties"][name] for node in shape.nodes if name in node.get("properties", {})]  # type: ignore[operator,index,call-overload]
    bundle = {"anyOf": nodes, "$defs": shape.root.get("$defs", {})}
    is_valid: bool = jsonschema_rs.Draft202012Validator(bundle, validate_formats=True).is_valid(value)
    return is_valid


def is_false_alarm(error: Json) -> bool:
    """Tell whether the other validator is wrong about binary fractions."""
    return error.validator == "multipleOf" and isinstance(error.instance, float)


def without_discriminators(value: Json) -> Json:
    """Leave out what is no rule about values, and sends the other validator round in circles."""
    if isinstance(value, list):
        return [without_discriminators(each) for each in value]
    if isinstance(value, dict):
        is_one = "propertyName" in (value.get("discriminator") or {}) or isinstance(
            value.get("discriminator"), str
        )
        kept = {name: each for name, each in value.items() if name != "discriminator" or not is_one}
        return {name: without_discriminators(each) for name, each in kept.items()}
    return value


class Plain(yaml.SafeLoader):
    """Reads dates as the texts they are in JSON, and `on` as a name."""


Plain.yaml_implicit_resolvers = {
    letter: [pair for pair in pairs if not pair[0].endswith((":timestamp", ":bool"))]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Plain.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


@cache
def read(uri: str) -> Json:
    """Return what a file says, with texts for keys."""
    text = Path(unquote(urlsplit(uri).path)).read_text(encoding="utf-8-sig")
    found = orjson.loads(orjson.dumps(yaml.load(text, Plain), option=orjson.OPT_NON_STR_KEYS))  # noqa: S506 -- safe
    return without_discriminators(found)


REGISTRY: Registry[Json] = Registry(
    retrieve=lambda uri: DRAFT202012.create_resource(read(uri))  # type: ignore[call-arg]  # as it documents
)


def second_opinion(origin: str, path: str, method: str, status: int) -> Json:
    """Return a validator of another make for one answer; `None` where the document declares no JSON."""
    uri = Path(origin).absolute().as_uri()
    document = read(uri)
    here, place = uri, ["paths", path, method.lower(), "responses"]
    node: Json = document
    pointer = ""
    for step in place:
        node, here, pointer = landed(node, here, pointer)
        node, pointer = node[step], f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}"
    found = next((each for each in (str(status), f"{status // 100}XX", "default") if each in node), None)
    if found is None:
        return None
    node, here, pointer = landed(node[found], here, f"{pointer}/{found}")
    steps = (
        [[]]
        if "swagger" in document
        else [["content", name] for name in node.get("content", {}) if "json" in name]
    )
    if not steps:
        return None
    for step in steps[0]:
        node, pointer = node[step], f"{pointer}/{step.replace('/', '~1')}"
    if "schema" not in node:
        return None
    make = OAS31Validator if str(document.get("openapi", "")).startswith("3.1") else OAS30ReadValidator
    return make({"$ref": f"{here}#{quote(pointer)}/schema"}, registry=REGISTRY)


def landed(node: Json, here: str, pointer: str) -> tuple[Json, str, str]:
    """Follow references that stand in the place of a part of the document."""
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        target = urljoin(here, node["$ref"])
        here, _, pointer = target.partition("#")
        pointer = unquote(pointer)
        node = read(here)
        for step in pointer.split("/")[1:]:
            node = node[step.replace("~1", "/").replace("~0", "~")]
    return node, here, pointer


@pytest.mark.parametrize("document", DOCUMENTS or sorted(str(each) for each in HERE.glob("*.yaml")))
def test_model_and_stand_in_agree(document: str) -> None:
    """Whatever is created, replaced, changed and deleted in whatever order, both know the same afterwards."""
    entry = load(document, Reading())
    resources = tuple(playable(entry))
    if not resources:
        pytest.skip("nothing to create, read, change or delete")
    machine = type("Played", (Machine,), {"entry": entry, "resources": resources})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(1, STEPS // PER_RUN),
            stateful_step_count=PER_RUN,
            deadline=None,
            derandomize=True,
            database=None,
            phases=(Phase.generate,),
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"\n{Path(document).name}: {dict(sorted(TALLY.items()))}")  # noqa: T201 -- shown by `pytest -s`
    TALLY.clear()
