"""The entities of one resource as they are in a session: stored ones over those of the generated world.

An entity is there if it is stored, or if nobody has taken it away and nothing forbids to invent it. Nothing
is invented below what was created in the session, nor in a collection whose records are written beside the
document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from locum.behaviour.given_keys import Given
from locum.behaviour.resources.inventing import Inventor, Manner
from locum.behaviour.resources.model import Resource
from locum.behaviour.resources.templates import (
    above,
    fill_template,
    is_variable,
    normal,
    parents,
    variables,
)
from locum.behaviour.session import Mark
from locum.contract.model import JsonObject, JsonValue
from locum.contract.writing import write_text
from locum.errors import Diagnostic, GenerationError

__all__ = ["Entry", "Scene", "canonical", "values_of"]

#: What percent-encoding leaves as it is (RFC 3986, 2.3), and slashes.
_PLAIN: Final = re.compile(r"[A-Za-z0-9._~/-]*")
_WORD: Final = re.compile(r"[A-Za-z0-9._~-]*")
_ABSENT: Final = frozenset({Mark.GONE, Mark.DENIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entity of a list, known by *key*; *record* is `None` until it is invented."""

    key: str
    path: str
    record: JsonObject | None = None


def canonical(path: str) -> str:
    """Return the one spelling of the path of a request: percent-encoded alike, no slash at its end.

    >>> canonical("/users/a%2Db%20c/")
    '/users/a-b%20c'
    """
    bare = path.rstrip("/")
    if _PLAIN.fullmatch(bare):
        return bare
    return "/".join(quote(unquote(segment), safe="") for segment in bare.split("/"))


def values_of(template: str, path: str) -> Mapping[str, str]:
    """Return what *path* says of the variables of *template* that are whole segments.

    >>> values_of("/owners/{ownerId}/pets/{petId}", "/owners/5/pets/7")
    {'ownerId': '5', 'petId': '7'}
    """
    pairs = zip(template.rstrip("/").split("/"), path.split("/"), strict=False)
    return {name[1:-1]: unquote(text) for name, text in pairs if is_variable(name)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One resource in one session; *records*, *marks* and *given* are those of the contract.

    *first* are the records that are there from the start, by collection.
    """

    resource: Resource
    inventor: Inventor
    manner: Manner
    records: Mapping[str, tuple[JsonObject, ...]]
    marks: Mapping[str, Mark]
    given: Mapping[str, Given]
    first: Mapping[str, tuple[JsonObject, ...]]

    def is_orphan(self, path: str) -> bool:
        """Tell whether something above *path* is gone."""
        return bool(self.marks) and any(self.marks.get(each) in _ABSENT for each in parents(path))

    def is_created(self, path: str) -> bool:
        """Tell whether *path* was created, or lies below what was, so that nothing is invented there."""
        if not self.marks:
            return False
        return any(self.marks.get(each) is Mark.CREATED for each in (path, *parents(path)))

    def is_untouched(self, path: str) -> bool:
        """Tell whether the entity at *path* is what it would be if nobody had ever written anything."""
        if not self.marks and not self.records:
            return True
        return path not in self.marks and not self.is_created(above(path)) and self.stored(path) is None

    def is_list_untouched(self, collection: str) -> bool:
        """Tell whether the list at the path *collection* is what it would be if nobody had ever written."""
        if not self.marks and not self.records:
            return True
        names = (collection.lstrip("/"), self.path_in(collection, "").strip("/"))
        if self.is_created(collection) or any(each in self.records for each in names):
            return False
        prefix = self.path_in(collection, "")
        is_marked = any(each.startswith(prefix) for each in self.marks)
        return not is_marked and next(self._elsewhere(names[0]), None) is None

    def collection(self, path: str) -> str:
        """Return the name of the collection that a new entity at *path* is kept in."""
        return (above(path) if self.resource.key else path).lstrip("/")

    def path_in(self, collection: str, key: str) -> str:
        """Return the path of the entity known by *key* in the list at the path *collection*."""
        own = self.resource.collections[0]
        if not _fits(own, collection):
            collection = self._own_list(own, collection) if "{" in own else own
        return f"{collection}/{key if _WORD.fullmatch(key) else quote(key, safe='')}"

    def _own_list(self, own: str, collection: str) -> str:
        """Return the list of their own, by the template *own*, of the entities in the list at *collection*.

        Its variables are told by those of *collection*, by the one there is if it has another name.
        """
        others = (each for each in self.resource.collections[1:] if _fits(each, collection))
        said = dict(values_of(next(others, ""), collection))
        lacking = [name for name in variables(own) if name not in said]
        spare = [name for name in said if name not in variables(own)]
        if len(lacking) == len(spare) == 1:
            return fill_template(own, {**said, lacking[0]: said[spare[0]]})
        usual = {name: self.inventor.usual_scope(self.resource, name, self.manner) for name in lacking}
        return fill_template(own, {**said, **usual})

    def find(self, path: str) -> JsonObject | None:
        """Return the entity at *path* if it is there."""
        if self.is_orphan(path):
            return None
        stored = self.stored(path)
        if stored is not None:
            return stored[1]
        is_marked = path in self.marks
        return None if is_marked or not self._may_invent(path) else self.invent(path)

    def stored(self, path: str) -> tuple[str, JsonObject] | None:
        """Return the record of the entity at *path*, and the name of its collection."""
        key = unquote(path.rpartition("/")[2])
        is_scoped = bool(self.resource.collections) and "{" in self.resource.collections[0]
        for name in self._homes(path):
            if is_scoped and self.path_in(f"/{name}", key) != path:
                continue
            for record in self._kept(name):
                if not self.resource.key or _is_written(record.get(self.resource.key), key):
                    return name, record
        return None

    def invent(self, path: str) -> JsonObject | None:
        """Return the entity at *path* as the generated world knows it."""
        return self.inventor.record(self.resource, path, values_of(self.resource.item, path), self.manner)

    def entries(self, collection: str) -> list[Entry]:
        """Return the entities of the list at the path *collection*, in their order."""
        stored = {entry.key: entry for entry in self._stored_entries(collection)}
        found = {
            key: Entry(key=key, path=self.path_in(collection, key)) for key in self._population(collection)
        }
        gone = {
            key for key, each in found.items() if self.marks.get(each.path) is not None and key not in stored
        }
        # What was created comes first, so that it is seen without turning over what was made up.
        created = {key: each for key, each in stored.items() if key not in found}
        return [each for key, each in {**created, **found, **stored}.items() if key not in gone]

    def keys(self, collection: str) -> Iterator[str]:
        """Yield the keys that the list at *collection* begins with, and those of all that is kept with it."""
        yield from self._population(collection)
        name = collection.lstrip("/")
        for each in (name, *self._elsewhere(name)):
            for record in self._kept(each):
                if self.resource.key in record:
                    yield write_text(record[self.resource.key])

    def count_first(self, collection: str) -> int:
        """Return how many entities the list at *collection* begins with."""
        return len(self._population(collection)) or len(self.first.get(collection.lstrip("/"), ()))

    def is_known(self, path: str) -> bool:
        """Tell whether the entity at *path* is stored, or there from the start."""
        if self.is_orphan(path):
            return False
        if self.stored(path) is not None:
            return True
        # The one thing of its kind is there from the start.
        is_from_start = not self.resource.variable or unquote(path.rpartition("/")[2]) in self._population(
            above(path)
        )
        return path not in self.marks and is_from_start

    def record(self, entry: Entry) -> JsonObject:
        """Return the record of an entity of a list; raises `GenerationError` when none can be made."""
        record = entry.record
        if record is None:
            # At a list elsewhere: it may have been written at its own place.
            stored = self.stored(entry.path) if self.records else None
            record = stored[1] if stored else self.invent(entry.path)
        if record is None:
            fault = Diagnostic(code="generation.entity", message=f"no entity can be made for {entry.path}")
            raise GenerationError(fault)
        return record

    def _may_invent(self, path: str) -> bool:
        if self.is_created(above(path)):
            return False
        if self.resource.invents and self.collection(path) not in self.first:
            return True
        return unquote(path.rpartition("/")[2]) in self._population(above(path))

    def _population(self, collection: str) -> tuple[str, ...]:
        if not self.resource.key or self.is_created(collection) or collection.lstrip("/") in self.first:
            return ()
        return self.inventor.keys(self.resource, collection, self.manner)

    def _kept(self, name: str) -> tuple[JsonObject, ...]:
        found = self.records.get(name)
        return self.first.get(name, ()) if found is None else found

    def _homes(self, path: str) -> Iterator[str]:
        """Yield the collections the entity at *path* may be kept in."""
        own = self.collection(path)
        yield own
        yield from self._elsewhere(own)

    def _elsewhere(self, own: str) -> Iterator[str]:
        """Yield the collections of the same resource that were written at lists elsewhere."""
        others = self.resource.collections[1:]
        if others and self.records:
            for name in self.records:
                if name != own and any(_fits(each, f"/{name}") for each in others):
                    yield name

    def _stored_entries(self, collection: str) -> Iterator[Entry]:
        own, name = self.resource.collections[0], collection.lstrip("/")
        is_own = normal(own) == normal(collection) or _fits(own, collection)
        for each in (name, *(self._elsewhere(name) if is_own else ())):
            for record in self._kept(each):
                if self.resource.key in record:
                    key = write_text(record[self.resource.key])
                    path = self.path_in(f"/{each}", key)
                    if each == name or path == self.path_in(collection, key):
                        yield Entry(key=key, path=path, record=record)


def _is_written(value: JsonValue, key: str) -> bool:
    """Tell whether *value* is written as *key*: most are texts or numbers, and there may be a thousand."""
    if type(value) is str:
        return value == key
    return (str(value) if type(value) is int else write_text(value)) == key


def _fits(template: str, path: str) -> bool:
    """Tell whether *template* means *path*."""
    return _pattern(template).fullmatch(path) is not None


@lru_cache(maxsize=1024)
def _pattern(template: str) -> re.Pattern[str]:
    """Return the regular expression of the paths that *template* means.

    >>> _pattern("/owners/{ownerId}/pets").pattern
    '/owners/[^/]+/pets'
    """
    parts = ("[^/]+" if is_variable(part) else re.escape(part) for part in template.rstrip("/").split("/"))
    return re.compile("/".join(parts))
