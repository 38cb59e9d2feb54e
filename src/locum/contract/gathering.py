"""Writes the files of a document into one, for those who are handed its root alone.

What stands in another file moves among the components of its kind. What has no place there, such as path
items, is put where the reference stood. Dynamic anchors are copied as they are.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Final
from urllib.parse import quote

from locum.contract.grammar import COMPONENTS, member_kind
from locum.contract.identifiers import is_literal
from locum.contract.library import Library
from locum.contract.locations import stem_of
from locum.contract.model import JsonObject, JsonValue, Place
from locum.contract.pointers import below, join_pointer, split_pointer
from locum.errors import ContractError

__all__ = ["gather"]

_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")
#: Aliases that lead from one to the next; nobody writes more.
_LONGEST_CHAIN: Final = 32
#: Members of a schema that mean something else, or nothing, once it stands in another document.
_LEFT_BEHIND: Final = frozenset({"$schema", "$anchor", "$defs", "definitions"})
#: Members that lead to other files.
_LEADING: Final = frozenset({"$ref", "externalValue"})


def gather(document: JsonObject, uri: str, library: Library) -> JsonObject:
    """Return *document*, the root at *uri*, with all that it refers to; itself if that is all there already.

    What cannot be reached, or nests too deep, stays as it was written.
    """
    if not any(map(_leads_away, _objects(document))):
        return document
    try:
        return _Gathering(uri, library, document).whole()
    except RecursionError:
        return document


def _objects(root: JsonValue) -> Iterator[JsonObject]:
    todo = [root]
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            yield value
            todo.extend(value.values())
        elif isinstance(value, list):
            todo.extend(value)


def _leads_away(value: JsonObject) -> bool:
    leads = (value[key] for key in _LEADING & value.keys())
    return any(isinstance(each, str) and not each.startswith("#") for each in leads)


@dataclass(slots=True)
class _Gathering:
    """One document being put together; what is *pending* has a name and is not yet written."""

    root: str
    library: Library
    document: JsonObject
    names: dict[tuple[str, Place], str] = field(default_factory=dict)
    #: Names that components of a kind have by now.
    taken: dict[str, set[str]] = field(default_factory=dict)
    pending: deque[tuple[str, Place]] = field(default_factory=deque)
    #: What is being put in place of a reference, so that no circle is followed for ever.
    open: set[Place] = field(default_factory=set)

    @property
    def sections(self) -> Mapping[str, tuple[str, ...]]:
        """Where the document keeps components, by their kind."""
        return COMPONENTS["swagger" if "swagger" in self.document else "openapi"]

    def whole(self) -> JsonObject:
        for kind, section in self.sections.items():
            for name, value in self._members(section).items():
                self._adopt(kind, Place(uri=self.root, pointer=join_pointer(*section, name)), value)
        written = self.inside(self.document, Place(uri=self.root, pointer=""), "document")
        while self.pending:
            kind, place = self.pending.popleft()
            parts = _section(written, self.sections[kind])
            parts[self.names[kind, place]] = self.moved(place, kind)
        return written

    def _members(self, section: tuple[str, ...]) -> JsonObject:
        found: JsonValue = self.document
        for key in section:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def _adopt(self, kind: str, place: Place, value: JsonValue) -> None:
        """Give a part of another file the name of the component that is nothing but a reference to it."""
        if isinstance(value, dict) and value.keys() == {"$ref"}:
            target = self.target(value["$ref"], place)
            if target is not None and target.uri != self.root:
                self.names.setdefault((kind, target), split_pointer(place.pointer)[-1])

    def target(self, reference: JsonValue, place: Place) -> Place | None:
        """Return where *reference* and the aliases it leads to end; `None` where that is nowhere."""
        try:
            for _ in range(_LONGEST_CHAIN):
                place = self.library.resolve(reference, place)
                value = self.library.value(place)
                if place.uri == self.root or not (isinstance(value, dict) and value.keys() == {"$ref"}):
                    return place
                reference = value["$ref"]
        except (ContractError, LookupError):
            pass
        return None

    def write(self, value: JsonValue, place: Place, kind: str) -> JsonValue:
        """Return *value*, which stands at *place*, as it can stand in the one document."""
        if isinstance(value, list):
            return [self.write(item, _at(place, at), kind.rstrip("*")) for at, item in enumerate(value)]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        is_open = isinstance(reference, str) and not self.is_local(reference, place)
        target = self.target(reference, place) if is_open else None
        if target is None:
            return self.inside(value, place, kind)
        if target.uri != self.root and kind not in self.sections:
            return self.put_in(value, target, place, kind)
        if self.is_its_name(kind, target, place):
            return self.moved(target, kind)
        return {**self.inside(value, place, kind), "$ref": self.pointer_to(target, kind)}

    def is_local(self, reference: JsonValue, place: Place) -> bool:
        """Tell whether *reference* means the same in the one document as where it was written."""
        is_inside = isinstance(reference, str) and reference.startswith("#")
        return is_inside and place.uri == self.root and not self.library.resource_of(place)

    def is_its_name(self, kind: str, target: Place, place: Place) -> bool:
        """Tell whether the component at *place* is the one that *target* has been named after."""
        name = self.names.get((kind, target))
        return name is not None and place == Place(
            uri=self.root, pointer=join_pointer(*self.sections[kind], name)
        )

    def put_in(self, value: JsonObject, target: Place, place: Place, kind: str) -> JsonObject:
        """Return what a reference leads to in its place, with what stands beside it over that.

        One that leads in a circle, or to what is no object, stays.
        """
        if target in self.open:
            return value
        self.open.add(target)
        found = self.moved(target, kind)
        self.open.discard(target)
        if not isinstance(found, dict):
            return value
        own = {key: member for key, member in value.items() if key != "$ref"}
        return {**found, **self.inside(own, place, kind)}

    def pointer_to(self, target: Place, kind: str) -> str:
        """Return the reference to *target*, which moves among the components if it is not there yet."""
        if target.uri == self.root:
            return "#" + quote(target.pointer, safe="/~$!&'()*+,;=:@")
        if (kind, target) not in self.names:
            self.names[kind, target] = self.free_name(kind, target)
            self.pending.append((kind, target))
        return "#" + join_pointer(*self.sections[kind], self.names[kind, target])

    def free_name(self, kind: str, target: Place) -> str:
        """Return the name a part had in its file, with that of the file, or a number, if it is taken."""
        stem, last = stem_of(target.uri), split_pointer(target.pointer)[-1:]
        if kind not in self.taken:
            self.taken[kind] = {*self._members(self.sections[kind])}
        longer = "_".join((stem, *last))
        wishes = [last[0]] if last and not last[0].isdigit() else []
        numbered = (f"{longer}_{number}" for number in count(2))
        readable = (_ODD.sub("_", each).strip("_") or "part" for each in chain(wishes, [longer], numbered))
        name = next(each for each in readable if each not in self.taken[kind])
        self.taken[kind].add(name)
        return name

    def moved(self, place: Place, kind: str) -> JsonValue:
        """Return what stands at *place* as it can stand elsewhere; a schema may be `true`."""
        value = self.library.value(place)
        return self.inside(value, place, kind) if isinstance(value, dict) else value

    def inside(self, value: JsonObject, place: Place, kind: str) -> JsonObject:
        """Return *value* with its members written."""
        if kind == "example":
            return self.example(value, place)
        written: JsonObject = {}
        for key, member in value.items():
            inner = member_kind(kind, key)
            if kind == "schema" and self.is_left_behind(key, member, place):
                continue
            if inner is None or (kind == "schema" and is_literal(key)):
                written[key] = member
            elif inner == "discriminator":
                written[key] = self.discriminator(member, _at(place, key))
            else:
                written[key] = self.write(member, _at(place, key), inner)
        return written

    def is_left_behind(self, key: str, member: JsonValue, place: Place) -> bool:
        """Tell whether a member of a schema does not come along: references have been written anew."""
        if key == "$id":
            return isinstance(member, str)
        return key in _LEFT_BEHIND and place.uri != self.root

    def example(self, value: JsonObject, place: Place) -> JsonObject:
        """Return an example with its value, if that stands in a file that can be read."""
        if "externalValue" not in value or "value" in value:
            return value
        target = self.target(value["externalValue"], _at(place, "externalValue"))
        if target is None:
            return value
        own = {key: member for key, member in value.items() if key != "externalValue"}
        return {**own, "value": self.library.value(target)}

    def discriminator(self, value: JsonValue, place: Place) -> JsonValue:
        """Return a discriminator whose mapping leads to other files no more; a name stays a name."""
        mapping = value.get("mapping") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(mapping, dict):
            return value
        moved: JsonObject = {}
        for name, leads in mapping.items():
            is_reference = isinstance(leads, str) and ("#" in leads or "/" in leads or "." in leads)
            target = self.target(leads, _at(place, "mapping")) if is_reference else None
            stays = target is None or self.is_local(leads, place)
            moved[name] = leads if target is None or stays else self.pointer_to(target, "schema")
        return {**value, "mapping": moved}


def _section(document: JsonObject, keys: tuple[str, ...]) -> JsonObject:
    """Return the object at *keys*, made where there is none."""
    for key in keys:
        found = document.get(key)
        if not isinstance(found, dict):
            document[key] = found = {}
        document = found
    return document


def _at(place: Place, token: str | int) -> Place:
    return Place(uri=place.uri, pointer=below(place.pointer, token))
