"""The files of one contract: fetched once, parsed once, and the references between them.

This is the one mutable object of the room: a cache of what was read, and the list of what was found odd.
Where a file is and whether it may be named is decided in `locations.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from urllib.parse import unquote

from locum.contract.diagnostics import describe, diagnostic_at, error_at
from locum.contract.duplicates import find_duplicate_keys
from locum.contract.identifiers import Identifiers, find_identifiers
from locum.contract.limits import Limits
from locum.contract.locations import is_remote, is_within, join_uri, possible_locations
from locum.contract.model import JsonValue, Place
from locum.contract.origins import Derived
from locum.contract.pointers import split_pointer
from locum.contract.positions import find_positions
from locum.contract.source import Source, read_source
from locum.contract.suggestions import suggest_pointer
from locum.errors import ContractError, Diagnostic, Severity, Where

__all__ = ["Library"]

#: By the place that is included: the schemas that include it.
Families: TypeAlias = Mapping[Place, list[tuple[str, Place]]]


@dataclass(slots=True, kw_only=True, repr=False)
class Library:
    """Files by URI, read on first use. *root* is the folder that references must stay in."""

    retrieve: Callable[[str], bytes]
    limits: Limits
    root: str
    allow_remote_refs: bool = False
    sources: dict[str, Source | ContractError] = field(default_factory=dict)
    targets: dict[tuple[str, str], Place] = field(default_factory=dict)
    identifiers: dict[str, Identifiers] = field(default_factory=dict)
    #: Trees that stand in no file, by a URI that no file has.
    derived: dict[str, Derived] = field(default_factory=dict)
    #: Which schemas include which others, by the file and the map they stand in.
    families: dict[tuple[str, str], Families] = field(default_factory=dict)
    #: In the order found; a mapping because the same place is often met twice.
    found: dict[Diagnostic, None] = field(default_factory=dict)

    def note(
        self, place: Place, code: str, message: str, *, hint: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        """Remember a fault that does not stop the reading."""
        self.found[diagnostic_at(place, code, message, hint=hint, severity=severity)] = None

    def warn(self, place: Place, code: str, message: str, *, hint: str = "") -> None:
        """Remember something odd."""
        self.note(place, code, message, hint=hint, severity=Severity.WARNING)

    def keep(self, error: ContractError) -> None:
        """Remember the diagnostics of an error that was survived."""
        self.found.update(dict.fromkeys(error.diagnostics))

    def source(self, uri: str) -> Source:
        """Return the file at *uri*; raises `ContractError`, the same each time, when it cannot be read."""
        if uri not in self.sources:
            try:
                self.sources[uri] = self.fetch(uri)
            except ContractError as error:
                self.sources[uri] = error
        kept = self.sources[uri]
        if isinstance(kept, ContractError):
            raise kept
        return kept

    def fetch(self, uri: str) -> Source:
        """Read the file at *uri* anew."""
        if len(self.sources) >= self.limits.files:
            message = f"the contract is made of more than {self.limits.files:,} files"
            raise error_at(Place(uri=uri, pointer=""), "too-many-files", message)
        try:
            content = self.retrieve(uri)
        except (OSError, LookupError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            message = f"the file cannot be read: {reason}"
            raise error_at(Place(uri=uri, pointer=""), "unreadable-file", message) from error
        source = read_source(content, uri, self.limits)
        self.found.update(dict.fromkeys(source.diagnostics))
        return source

    def value(self, place: Place) -> JsonValue:
        """Return what stands at *place*; raises `LookupError` when nothing does."""
        tree = self.derived.get(place.uri)
        value = self.source(place.uri).value if tree is None else tree.value
        for token in split_pointer(place.pointer):
            if isinstance(value, list):
                if not (token.isascii() and token.isdigit()):
                    raise KeyError(token)
                value = value[int(token)]
            elif isinstance(value, dict):
                value = value[token]
            else:
                raise KeyError(token)
        return value

    def keep_derived(self, kind: str, tree: Derived) -> Place:
        """Keep *tree*, the only one of its *kind* at its origin, and return the place of its root."""
        origin = tree.origin("")
        uri = f"{kind} of {origin.uri}#{origin.pointer}"
        self.derived[uri] = tree
        return Place(uri=uri, pointer="")

    def origin(self, place: Place) -> Place:
        """Return where the author wrote what stands at *place*."""
        while (tree := self.derived.get(place.uri)) is not None:
            place = tree.origin(place.pointer)
        return place

    def written(self, place: Place) -> Place:
        """Return where *place* was copied from, so that all copies are one; *place* itself if it was made."""
        if place.uri not in self.derived:
            return place
        origin = self.origin(place)
        try:
            return origin if self.value(origin) is self.value(place) else place
        except LookupError:
            return place

    def kept_heirs(self, uri: str, container: str, find: Callable[[str, str, Library], Families]) -> Families:
        """Return what *find* finds of the schemas below *container*, found once."""
        key = (uri, container)
        if key not in self.families:
            self.families[key] = find(uri, container, self)
        return self.families[key]

    def resolve(self, reference: JsonValue, at: Place) -> Place:
        """Return the place *reference*, written at *at*, means; raises `ContractError` when there is none.

        Source: RFC 6901, section 6, and JSON Schema 2020-12 core, section 8.
        """
        at = self.origin(at)
        if not isinstance(reference, str):
            message = f"$ref must be text, but is {describe(reference)}"
            raise error_at(at, "reference", message)
        resource = self.resource_of(at)
        key = (f"{at.uri}#{resource}", reference)
        if key not in self.targets:
            self.targets[key] = self.find_target(reference, at, resource)
        return self.targets[key]

    def resource_of(self, place: Place) -> str:
        """Return the pointer of the embedded resource (`$id`) around *place*, `""` in most documents."""
        return self.identified(place.uri).resource_of(place.pointer)

    def identified(self, uri: str) -> Identifiers:
        """Return the identifiers of a file, looked for only if its text mentions any."""
        if uri not in self.identifiers:
            source = self.source(uri)
            mentions = any(word in source.text for word in ("$self", "$id", "$anchor", "$dynamicAnchor"))
            self.identifiers[uri] = find_identifiers(source.value, uri) if mentions else Identifiers()
        return self.identifiers[uri]

    def find_target(self, reference: str, at: Place, resource: str) -> Place:
        """Find the target of a reference that was not resolved before."""
        target, _, fragment = reference.partition("#")
        start = Place(uri=at.uri, pointer=resource)
        if target:
            absolute = join_uri(self.identified(at.uri).bases.get(resource, at.uri), target)
            start = self.find_resource(absolute, at) or self.find_file(target, absolute, at, reference)
        place = self.find_fragment(unquote(fragment), start)
        if place is not None:
            return place
        raise error_at(
            at,
            "unresolved-reference",
            f"the reference {reference!r} points at nothing",
            hint=suggest_pointer(self.source(start.uri).value, unquote(fragment)),
        )

    def find_resource(self, absolute: str, at: Place) -> Place | None:
        """Return the resource whose `$id` is *absolute*, in the same file or in the root document.

        Others are not searched: which ones have been read depends on what was asked for first.
        """
        for uri in (at.uri, next(iter(self.sources))):
            pointer = self.identified(uri).resources.get(absolute)
            if pointer is not None:
                return Place(uri=uri, pointer=pointer)
        return None

    def find_file(self, target: str, absolute: str, at: Place, reference: str) -> Place:
        """Return the file *target* names, which is *absolute* by what the document says of itself."""
        own = self.identified(at.uri).bases.get("", at.uri)
        refusals: list[ContractError] = []
        for uri in possible_locations(target, absolute, own, at.uri):
            try:
                return self.permitted_file(uri, at, reference)
            except ContractError as error:
                refusals.append(error)
        raise (
            refusals[-1]
            if refusals
            else error_at(at, "unresolved-reference", f"nothing is known under {reference!r}")
        )

    def permitted_file(self, uri: str, at: Place, reference: str) -> Place:
        """Return the file at *uri*, if the document may name it and it can be read."""
        self.permit(uri, at, reference)
        try:
            self.source(uri)
        except ContractError as error:
            message = f"the reference {reference!r} cannot be followed: {error.diagnostics[0].message}"
            hint = f"looked for {uri}"
            fault = diagnostic_at(at, "unresolved-reference", message, hint=hint)
            inside = [each for each in error.diagnostics if each.code != "contract.unreadable-file"]
            raise ContractError(fault, *inside) from error
        return Place(uri=uri, pointer="")

    def permit(self, uri: str, at: Place, reference: str) -> None:
        """Refuse a file outside the folder, or on the network."""
        if uri in self.sources or is_within(uri, self.root):
            return
        if is_remote(uri):
            if not self.allow_remote_refs:
                message = f"the reference {reference!r} needs the network, which is not allowed"
                raise error_at(at, "remote-reference", message, hint="allow it by --allow-remote-refs")
        else:
            message = f"the reference {reference!r} leaves the folder {self.root or '.'}"
            raise error_at(at, "outside-reference", message, hint="name a folder above both by --root DIR")

    def find_fragment(self, fragment: str, start: Place) -> Place | None:
        """Return the place of a pointer or an anchor, seen from *start*."""
        if fragment and not fragment.startswith("/"):
            anchor = self.identified(start.uri).anchors.get((start.pointer, fragment))
            return None if anchor is None else Place(uri=start.uri, pointer=anchor)
        # A pointer counts from the embedded resource; many authors count from the file nevertheless.
        for prefix in dict.fromkeys((start.pointer, "")):
            place = Place(uri=start.uri, pointer=prefix + fragment)
            try:
                self.value(place)
            except LookupError:
                continue
            return place
        return None

    def duplicate_keys(self) -> Iterator[Diagnostic]:
        """Yield what the fast reader of JSON passes over: keys that one object has twice."""
        for source in self.sources.values():
            if isinstance(source, Source):
                yield from find_duplicate_keys(source, self.limits)

    def with_lines(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return *diagnostics* with line and column where only the pointer was known."""
        given = tuple(self.traced(each) for each in diagnostics)
        asked: dict[str, set[str]] = {}
        for each in given:
            if each.where.line is None and isinstance(self.sources.get(each.where.file), Source):
                asked.setdefault(each.where.file, set()).add(each.where.pointer)
        known = {uri: find_positions(self.source(uri).text, pointers) for uri, pointers in asked.items()}
        return tuple(placed(each, known.get(each.where.file, {}).get(each.where.pointer)) for each in given)

    def traced(self, diagnostic: Diagnostic) -> Diagnostic:
        """Return *diagnostic* at the place the author wrote."""
        where = diagnostic.where
        if where.file not in self.derived:
            return diagnostic
        origin = self.origin(Place(uri=where.file, pointer=where.pointer))
        return replace(diagnostic, where=replace(where, file=origin.uri, pointer=origin.pointer))

    def where(self, place: Place) -> Where:
        """Return file, line and column of *place*."""
        diagnostic = diagnostic_at(place, "", "")
        return self.with_lines([diagnostic])[0].where

    def files(self) -> tuple[str, ...]:
        """Return the URIs of the files that could be read."""
        return tuple(uri for uri, source in self.sources.items() if isinstance(source, Source))


def placed(diagnostic: Diagnostic, position: tuple[int, int] | None) -> Diagnostic:
    """Return *diagnostic* with a position, if one was found for it."""
    if position is None or diagnostic.where.line is not None:
        return diagnostic
    return replace(diagnostic, where=replace(diagnostic.where, line=position[0], column=position[1]))
