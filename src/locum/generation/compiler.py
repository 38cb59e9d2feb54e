"""From a schema to a graph of nodes: shapes are tried in their order, types in theirs, until one can be made.

Read `expansion.py` for shapes, `objects.py`, `arrays.py`, `strings.py` and `numbers.py` for the types,
`choices.py` for alternatives, `nodes.py` for what happens to the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TypeAlias

from locum.contract.model import JsonValue
from locum.errors import GenerationError
from locum.generation.arrays import array_node
from locum.generation.bundle import Bundle, Subschema, unmet
from locum.generation.choices import choice_node, is_null, tested_node
from locum.generation.context import Context, Hint, Kit, Site
from locum.generation.expansion import LAST_RESORT, expand
from locum.generation.keywords import TYPES, schemas, types
from locum.generation.leaves import boolean_node, null_node, value_node
from locum.generation.model import Variant
from locum.generation.nodes import Node
from locum.generation.numbers import number_node
from locum.generation.objects import object_node
from locum.generation.shapes import Shape
from locum.generation.strings import string_node

__all__ = ["compile_graph"]

#: What is compiled once: a kind, or `""` for any; the schemas that must hold; the place.
_Role: TypeAlias = tuple[str, frozenset[int], Hint]
_OfType: TypeAlias = Callable[[Site], Node]

_BY_TYPE: Mapping[str, _OfType] = {
    "object": object_node,
    "array": array_node,
    "string": string_node,
    "integer": number_node,
    "number": number_node,
    "boolean": boolean_node,
    "null": null_node,
}

#: Keywords that hint at a type where none is declared.
_TELLING: Mapping[str, frozenset[str]] = {
    "object": frozenset(
        {
            *("properties", "required", "additionalProperties", "patternProperties", "propertyNames"),
            *("minProperties", "maxProperties", "dependentRequired", "unevaluatedProperties"),
        }
    ),
    "array": frozenset(
        {
            *("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
            *("unevaluatedItems",),
        }
    ),
    "string": frozenset(
        {"minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"}
    ),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
}

#: Keywords that an object is not made by: annotations, and those that only lead to other sources.
_SILENT = frozenset(
    {
        *(
            "$ref",
            "$defs",
            "$schema",
            "$id",
            "$comment",
            "allOf",
            "anyOf",
            "oneOf",
            "if",
            "then",
            "else",
            "not",
        ),
        *("title", "description", "summary", "example", "examples", "default", "deprecated", "readOnly"),
        *("discriminator", "externalDocs", "xml", "type", "dependentSchemas"),
    }
)

#: How many shapes of one schema are looked at, and how many alternatives of it are kept.
_MOST_SHAPES = 256
_MOST_ALTERNATIVES = 32
#: How many ways to make one alternative are kept while none of them is certain.
_MOST_WAYS = 3
#: Deeper nesting than this is taken for endless.
_DEEPEST = 50


def compile_graph(bundle: Bundle, kit: Kit, variant: Variant, *, keeps_null: bool = False) -> Node:
    """Return the graph of the whole *bundle*; `GenerationError` names the keyword that cannot be met.

    The alternative `null` is left out where there is another, unless *keeps_null*: some end in no other way.
    """
    root = Subschema(bundle.root, "")
    return _Compilation(bundle, kit, variant, keeps_null=keeps_null).compile((root,), Hint())


class _Compilation:
    """One compilation: every schema is compiled once for each role it plays."""

    def __init__(self, bundle: Bundle, kit: Kit, variant: Variant, *, keeps_null: bool) -> None:
        self._bundle = bundle
        self._context = Context(bundle=bundle, kit=kit, variant=variant, compile=self.compile)
        self._nodes: dict[_Role, Node] = {}
        self._kept: list[tuple[Subschema, ...]] = []
        self._depth = 0
        self._keeps_null = keeps_null

    def compile(self, conjunction: tuple[Subschema, ...], hint: Hint) -> Node:
        """Return the node of *conjunction* in the place called *hint*, perhaps one still being filled."""
        self._kept.append(conjunction)
        keys = frozenset(part.key for part in conjunction)
        return self._once(
            ("", keys, hint), conjunction[0].pointer, lambda: self._alternatives(conjunction, hint)
        )

    def _once(self, key: _Role, pointer: str, make: Callable[[], Node]) -> Node:
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Node(pointer, is_shared=True)
            self._fill(node, make)
        if node.failure is not None:
            raise node.failure
        return node

    def _fill(self, node: Node, make: Callable[[], Node]) -> None:
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                raise unmet("$ref", node.pointer, "the schema nests too deep")
            node.become(make())
        except GenerationError as error:
            node.failure = error
            raise
        finally:
            self._depth -= 1

    def _alternatives(self, conjunction: tuple[Subschema, ...], hint: Hint) -> Node:
        ways: dict[tuple[int, ...], list[Node]] = {}
        settled: set[tuple[int, ...]] = set()
        failure: GenerationError | None = None
        for shape in islice(expand(self._bundle, conjunction, settled), _MOST_SHAPES):
            if shape.branch in settled:
                continue
            try:
                made = self._make(shape, conjunction, hint)
            except GenerationError as error:
                failure = failure or error
                continue
            group = ways.setdefault(shape.branch, [])
            group.append(made)
            if shape.is_certain or len(group) == _MOST_WAYS:
                settled.add(shape.branch)
            if len(settled) == _MOST_ALTERNATIVES:
                break
        if not ways:
            raise failure or unmet("anyOf", conjunction[0].pointer, "there are no alternatives")
        kept = [tuple(each) for branch, each in ways.items() if LAST_RESORT not in branch]
        wanted = kept or [tuple(each) for each in ways.values()]
        groups = tuple(wanted) if self._keeps_null else _without_null(wanted)
        return choice_node(conjunction[0].pointer, groups)

    def _make(self, shape: Shape, conjunction: tuple[Subschema, ...], hint: Hint) -> Node:
        pointer = conjunction[0].pointer
        listed = _listed(shape)
        if listed is not None:
            return value_node(self._bundle.check(conjunction), *listed)
        if shape.names:
            hint = hint.within(shape.names[0])
        node = self._of_some_type(shape, hint, pointer)
        if shape.is_certain and not _is_hard(shape):
            return node
        return tested_node(node, self._bundle.check(conjunction), _doubtful(shape))

    def _of_some_type(self, shape: Shape, hint: Hint, pointer: str) -> Node:
        failure: GenerationError | None = None
        for kind in _types(shape):
            try:
                return self._of_type(kind, shape, hint, pointer)
            except GenerationError as error:
                failure = failure or error
        raise failure or unmet("type", pointer, "no type is allowed by all that is said")

    def _of_type(self, kind: str, shape: Shape, hint: Hint, pointer: str) -> Node:
        make = _BY_TYPE[kind]
        if kind != "object":
            return make(Site(context=self._context, shape=shape, hint=hint, pointer=pointer))
        # The many places that refer to one definition share the node of its object.
        site = Site(context=self._context, shape=shape, hint=hint.of_object(), pointer=pointer)
        return self._once((kind, _telling_keys(shape), site.hint), pointer, lambda: make(site))


def _telling_keys(shape: Shape) -> frozenset[int]:
    """Return what tells one object from another: the sources that say something themselves.

    What a source is reached by says nothing more, except to `unevaluatedProperties`.
    """
    everything = [source.part.key for source in shape.sources]
    if any("unevaluatedProperties" in schema for schema in shape.schemas()):
        return frozenset(everything)
    is_silent = [schema.keys() <= _SILENT for schema in shape.schemas()]
    return frozenset(key for key, silent in zip(everything, is_silent, strict=True) if not silent)


def _listed(shape: Shape) -> tuple[list[JsonValue], str, str] | None:
    """Return the values a shape lists, the keyword that does so, and where."""
    for source in shape.sources:
        if "const" in source.schema:
            return [source.schema["const"]], "const", source.part.pointer
    for source in shape.sources:
        if "enum" in source.schema:
            return schemas(source.schema, "enum"), "enum", source.part.pointer
    return None


def _types(shape: Shape) -> list[str]:
    """Return the types that all sources allow, in the order in which they are tried; `null` comes last."""
    allowed: list[str] | None = None
    for schema in shape.schemas():
        declared = types(schema)
        if declared is not None:
            allowed = list(declared) if allowed is None else _common(allowed, declared)
    if allowed is None:
        allowed = _guessed(shape)
    known = [kind for kind in allowed if kind in _BY_TYPE]
    return sorted(known, key=lambda kind: kind == "null")


def _common(one: list[str], other: tuple[str, ...]) -> list[str]:
    both = [kind for kind in one if kind in other]
    if "integer" in (*one, *other) and "integer" not in both:
        both += ["integer"] if "number" in one or "number" in other else []
    return both


def _guessed(shape: Shape) -> list[str]:
    said = {keyword for schema in shape.schemas() for keyword in schema}
    telling = [kind for kind, keywords in _TELLING.items() if not said.isdisjoint(keywords)]
    return [*telling, *(kind for kind in ("string", *TYPES) if kind not in telling)]


def _is_hard(shape: Shape) -> bool:
    """Tell whether a shape uses what is made with good hope only: a bound on what an array contains."""
    return any("maxContains" in schema for schema in shape.schemas())


def _doubtful(shape: Shape) -> str:
    said = {keyword for schema in shape.schemas() for keyword in schema}
    return next((keyword for keyword in ("oneOf", "not", "if", "maxContains") if keyword in said), "allOf")


def _without_null(groups: list[tuple[Node, ...]]) -> tuple[tuple[Node, ...], ...]:
    """Leave out the alternative `null` where there is another."""
    kept = [group for group in groups if not is_null(group)]
    return tuple(kept or groups)
