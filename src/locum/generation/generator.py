"""The generator: schemas in, producers out, each compiled once and tried before it is handed out.

Start here; then `compiler.py`.
"""

from __future__ import annotations

import json
import math
from typing import cast

import jsonschema_rs
from jsonschema_rs import canonical

from locum.contract.model import JsonObject, JsonValue
from locum.errors import GenerationError
from locum.generation.bundle import Bundle, Check, compile_check, unmet
from locum.generation.choices import guarded
from locum.generation.compiler import compile_graph
from locum.generation.context import Kit
from locum.generation.model import GenerationSettings, Producer, Variant
from locum.generation.nodes import (
    Node,
    reachable,
    set_components,
    set_floors,
    set_fragility,
    settle,
    sizes_by_depth,
)
from locum.generation.pools import Pools
from locum.generation.streams import mix, stable_seed
from locum.generation.vocabulary import DEFAULT_VOCABULARY, Vocabulary

__all__ = ["Generator"]

_PROBE = stable_seed("probe")
#: With how many streams a producer is tried before it is handed out.
_PROBES = 8
#: Values with more members than this are not made: with optional members, only the required ones are.
_LARGEST = 100_000


class Generator:
    """Owns the pools of one locale and compiles schemas into producers.

    A producer never returns a value that its schema refuses: what is not valid by construction is asked of
    jsonschema-rs each time. Producers are pure and may be shared between threads.
    """

    def __init__(
        self,
        *,
        locale: str = "en_US",
        vocabulary: Vocabulary = DEFAULT_VOCABULARY,
        settings: GenerationSettings = GenerationSettings(),  # noqa: B008  # frozen
    ) -> None:
        self.settings = settings
        self._kit = Kit(pools=Pools(locale), vocabulary=vocabulary, settings=settings)
        # The schema is kept beside its producer, so that its id is not given to another.
        self._producers: dict[tuple[int, Variant], tuple[JsonObject, Producer | GenerationError]] = {}

    def changed(self, *, locale: str, settings: GenerationSettings) -> Generator:
        """Return the generator of another locale or other settings, itself where both are the same."""
        if (locale, settings) == (self._kit.pools.locale, self.settings):
            return self
        return Generator(locale=locale, vocabulary=self._kit.vocabulary, settings=settings)

    def producer(self, schema: JsonObject, *, variant: Variant = Variant.FULL) -> Producer:
        """Return the producer of *schema*, a self-contained JSON Schema 2020-12, compiled on first use.

        Raises `GenerationError` whose diagnostic names the keyword that cannot be met and where it stands.
        """
        key = (id(schema), variant)
        if key not in self._producers:
            self._producers[key] = (schema, self._compile(schema, variant))
        found = self._producers[key][1]
        if isinstance(found, GenerationError):
            # It is raised again and again: frames of those who met it before would stay with it.
            raise found.with_traceback(None)
        return found

    def _compile(self, schema: JsonObject, variant: Variant) -> Producer | GenerationError:
        try:
            check = compile_check(schema, "")
        except GenerationError as error:
            return error
        try:
            return _compile(schema, check, self._kit, variant)
        except GenerationError as error:
            made = self._compile_canonical(schema, check, variant) or _simplest(check)
            is_vague = error.diagnostics[0].code.endswith((".anyOf", ".schema"))
            return made or (is_vague and _explained(schema)) or error
        except RecursionError:
            return unmet("$ref", "", "the schema nests too deep")

    def _compile_canonical(self, schema: JsonObject, check: Check, variant: Variant) -> Producer | None:
        """Try once more with the canonical form of *schema*, which says the same in a plainer way."""
        try:
            plainer = jsonschema_rs.canonicalize(
                schema, draft=jsonschema_rs.Draft202012, validate_formats=True, offline=True
            ).to_json_schema()
            if not isinstance(plainer, dict):
                return None
            return _compile(cast("JsonObject", plainer), check, self._kit, variant)
        except (GenerationError, ValueError):
            return None


def _compile(schema: JsonObject, check: Check, kit: Kit, variant: Variant) -> Producer:
    root = _measured(compile_graph(Bundle(schema), kit, variant))
    if any(node.floor == math.inf for node in reachable(root)):
        root = _measured(compile_graph(Bundle(schema), kit, variant, keeps_null=True))
    if root.floor == math.inf:
        raise unmet("$ref", root.pointer, "every value would have to contain itself")
    size = sizes_by_depth(root)
    if size(0) > _LARGEST:
        if variant is Variant.MINIMAL:
            raise unmet("minItems", root.pointer, f"every value would have more than {_LARGEST} members")
        return _compile(schema, check, kit, Variant.MINIMAL)
    depths = range(kit.settings.recursion_depth, 0, -1)
    depth = next((each for each in depths if size(each) <= kit.settings.value_limit), 0)
    return _tried(root, check, depth)


def _measured(root: Node) -> Node:
    """Return *root*, all below it told how deep it goes and what may fail."""
    set_components(root)
    set_floors(root)
    set_fragility(root)
    return root


def _tried(root: Node, check: Check, depth: int) -> Producer:
    """Return the producer of *root*, tried with a few streams; one that asks each time if it must."""
    settle(root)
    make = root.make
    streams = [mix(_PROBE, turn) for turn in range(_PROBES)]
    if root.is_fragile or not all(check(make(stream, depth)) for stream in streams):
        make = guarded(make, check, root.pointer, "schema")
        make(streams[0], depth)
    return lambda stream: make(stream, depth)


#: Tried when nothing else is found: what is left of a schema that is hard is often satisfied by these.
_SIMPLE: tuple[str, ...] = ("{}", "[]", '""', '"a"', "0", "1", "-1", "1.5", "true", "false", "null")


def _simplest(check: Check) -> Producer | None:
    """Return the producer of the first simple value that is valid."""
    valid = next((text for text in _SIMPLE if check(json.loads(text))), None)
    return None if valid is None else lambda _: cast("JsonValue", json.loads(valid))


def _explained(schema: JsonObject) -> GenerationError | None:
    """Return the error that names the parts proven to contradict each other, where that is known."""
    try:
        reason = canonical.find_unsatisfiable(
            schema, draft=jsonschema_rs.Draft202012, validate_formats=True, offline=True
        ).get("")
    except ValueError:
        return None
    causes = getattr(reason, "causes", None) or [getattr(reason, "cause", None)]
    told = [cause for cause in causes if cause is not None and cause.keywords]
    if not told:
        return None
    others = ", ".join(f"'{keyword}' at '{each.pointer}'" for each in told for keyword in each.keywords)
    return unmet(told[0].keywords[0], told[0].pointer, f"nothing satisfies {others} together")
