"""Which versions and formats are read, and what makes each ready for the one reader of 3.x."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from locum.contract.diagnostics import describe, error_at
from locum.contract.model import JsonObject, JsonValue, Place
from locum.contract.node import Node
from locum.contract.postman import is_collection, translate_collection
from locum.contract.swagger import translate_operation, translate_root
from locum.contract.translation import Dialect

__all__ = ["Prepared", "prepare_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What makes a document of one version ready: the dialect of its schemas, its words in those of 3.x.

    *root* takes the root; *operation* takes path item, operation and the root as written.
    *is_whole* says that *root* returns the whole document, and not what stands beside `paths`.
    """

    dialect: Dialect
    root: Callable[[Node], Node] = lambda root: root
    operation: Callable[[Node, Node, Node], tuple[Node, Node]] = lambda item, operation, _: (item, operation)
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as written, its version, and how to read it; *doubt* says why the version was guessed."""

    version: str
    document: JsonObject
    by: Preparation
    doubt: str = ""


MODERN = Preparation(dialect=Dialect.MODERN)
#: Postman's collections, whose root has everything of 3.1 once it is translated.
COLLECTION = Preparation(dialect=Dialect.MODERN, root=translate_collection, is_whole=True)
#: By major and minor version; what only 3.2 has is taken in any document.
PREPARATIONS: Mapping[str, Preparation] = {
    "2.0": Preparation(dialect=Dialect.SWAGGER, root=translate_root, operation=translate_operation),
    "3.0": Preparation(dialect=Dialect.EARLY),
    "3.1": MODERN,
    "3.2": MODERN,
}
VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:[.-]\S*)?")
#: What a document of a version unknown here is read as: the latest with its major number.
LATEST: Mapping[str, str] = {"2": "2.0", "3": "3.2"}
#: Members of the root that only 2.0 has.
EARLIER = frozenset({"basePath", "consumes", "definitions", "host", "produces", "schemes"})


def prepare_document(document: JsonValue, uri: str) -> Prepared:
    """Return *document* ready for the reader; raises `ContractError` for any other kind of document."""
    place = Place(uri=uri, pointer="")
    if not isinstance(document, dict):
        message = f"an OpenAPI document is an object, but this is {describe(document)}"
        raise error_at(place, "not-openapi", message)
    written = document.get("openapi")
    written = document.get("swagger") if written is None else written
    if written is None and is_collection(document):
        return Prepared("3.1.0", document, COLLECTION)
    if written is None and isinstance(document.get("paths"), dict):
        version = "2.0" if EARLIER & document.keys() else "3.1"
        doubt = f"the document names no version of OpenAPI; it is read as {version}"
        return Prepared(version, document, PREPARATIONS[version], doubt)
    if written is None and "overlay" in document:
        hint = "name the document it is for, and this file by --overlay"
        raise error_at(place, "not-openapi", "this is an overlay for a document", hint=hint)
    if written is None:
        hint = "the document must begin with a line such as: openapi: 3.1.0"
        raise error_at(place, "not-openapi", "the document names no version of OpenAPI", hint=hint)
    is_number = isinstance(written, (str, int, float)) and not isinstance(written, bool)
    found = VERSION.fullmatch(str(written).strip()) if is_number else None
    version = f"{found[1]}.{found[2] or 0}" if found else ""
    if found is not None and version not in PREPARATIONS and found[1] in LATEST:
        doubt = f"OpenAPI {written} is not known; it is read as {LATEST[found[1]]}"
        return Prepared(str(written).strip(), document, PREPARATIONS[LATEST[found[1]]], doubt)
    preparation = PREPARATIONS.get(version)
    if preparation is None:
        key = "openapi" if "openapi" in document else "swagger"
        at = Place(uri=uri, pointer=f"/{key}")
        hint = f"{', '.join(PREPARATIONS)} are read"
        raise error_at(at, "unsupported-version", f"OpenAPI {written} cannot be read", hint=hint)
    return Prepared(str(written).strip(), document, preparation)
