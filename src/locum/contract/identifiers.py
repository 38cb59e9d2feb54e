"""`$self`, `$id`, `$anchor` and `$dynamicAnchor` of one file (JSON Schema 2020-12 core, 8.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from locum.contract.locations import join_uri
from locum.contract.model import JsonValue
from locum.contract.pointers import below, split_pointer

__all__ = ["Identifiers", "find_identifiers", "is_literal"]

LITERALS = frozenset({"example", "examples", "default", "enum", "const"})
#: Members here are named by the author, so a member called `$id` or `default` is a schema like any other.
NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "schemas"})


@dataclass(frozen=True, slots=True)
class Identifiers:
    """What a file names: embedded resources by absolute URI, anchors by resource pointer and name."""

    resources: Mapping[str, str] = field(default_factory=dict)
    anchors: Mapping[tuple[str, str], str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)
    #: Dynamic anchors by resource and name; a name may wrongly be there more than once.
    dynamic: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    def resource_of(self, pointer: str) -> str:
        """Return the pointer of the innermost embedded resource that holds *pointer*; `""` for the file."""
        while pointer and self.bases:
            if pointer in self.bases:
                return pointer
            pointer = pointer.rpartition("/")[0]
        return ""


def is_literal(key: str) -> bool:
    """Tell whether a member holds a value of the API, not a part of the description."""
    return key in LITERALS or key.startswith("x-")


def find_identifiers(root: JsonValue, uri: str) -> Identifiers:
    """Return every identifier below *root*, the content of file *uri*."""
    resources: dict[str, str] = {}
    anchors: dict[tuple[str, str], str] = {}
    dynamic: dict[str, dict[str, list[str]]] = {}
    bases: dict[str, str] = {"": own_name(root, uri)}
    for pointer, resource, node in walk(root, bases):
        if pointer in bases:
            resources[bases[pointer]] = pointer
        for keyword in ("$anchor", "$dynamicAnchor"):
            if isinstance(name := node.get(keyword), str):
                anchors.setdefault((resource, name), pointer)
        if isinstance(name := node.get("$dynamicAnchor"), str):
            dynamic.setdefault(resource, {}).setdefault(name, []).append(pointer)
    return Identifiers(resources, anchors, bases, dynamic)


def own_name(root: JsonValue, uri: str) -> str:
    """Return the URI a document gives itself by `$self` (3.2.0, 4.1), else *uri*."""
    own = root.get("$self") if isinstance(root, dict) else None
    return join_uri(uri, own) if isinstance(own, str) else uri


def walk(root: JsonValue, bases: dict[str, str]) -> Iterator[tuple[str, str, dict[str, JsonValue]]]:
    """Yield each object with its pointer and the pointer of its resource, filling *bases* on the way."""
    todo: list[tuple[JsonValue, str, str]] = [(root, "", "")]
    while todo:
        value, pointer, resource = todo.pop()
        if isinstance(value, list):
            todo.extend((item, below(pointer, index), resource) for index, item in enumerate(value))
        if not isinstance(value, dict):
            continue
        tokens = split_pointer(pointer)
        is_named = bool(tokens) and tokens[-1] in NAMED
        if not is_named and isinstance(own := value.get("$id"), str):
            bases[pointer] = join_uri(bases[resource], own.rstrip("#"))
            resource = pointer
        if not is_named:
            yield pointer, resource, value
        todo.extend(
            (member, below(pointer, key), resource)
            for key, member in value.items()
            if is_named or not is_literal(key)
        )
