"""Which versions of the specification are read, and what makes each ready for the one reader of 3.x."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from locum.contract.diagnostics import describe, error_at
from locum.contract.model import JsonObject, JsonValue, Place

__all__ = ["Prepared", "prepare_document"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document in the shape of OpenAPI 3; *is_early* says that its schemas are those of 3.0."""

    version: str
    document: JsonObject
    is_early: bool


Preparation: TypeAlias = Callable[[str, JsonObject], Prepared]


def early(version: str, document: JsonObject) -> Prepared:
    """Take 3.0 as it is."""
    return Prepared(version, document, is_early=True)


def modern(version: str, document: JsonObject) -> Prepared:
    """Take 3.1 and 3.2 as they are; members only 3.2 has are not looked at."""
    return Prepared(version, document, is_early=False)


#: By major and minor version. A translation of 2.0 belongs here, and nowhere else.
PREPARATIONS: Mapping[str, Preparation] = {"3.0": early, "3.1": modern, "3.2": modern}
VERSION = re.compile(r"(\d+\.\d+)(?:\.\S*)?")


def prepare_document(document: JsonValue, uri: str) -> Prepared:
    """Return *document* ready for the reader; raises `ContractError` for any other kind of document."""
    place = Place(uri=uri, pointer="")
    if not isinstance(document, dict):
        message = f"an OpenAPI document is an object, but this is {describe(document)}"
        raise error_at(place, "not-openapi", message)
    written = document.get("openapi", document.get("swagger"))
    if written is None:
        hint = "the document must begin with a line such as: openapi: 3.1.0"
        raise error_at(place, "not-openapi", "the document names no version of OpenAPI", hint=hint)
    found = VERSION.fullmatch(str(written).strip()) if isinstance(written, (str, float)) else None
    preparation = PREPARATIONS.get(found[1]) if found else None
    if found is None or preparation is None:
        key = "openapi" if "openapi" in document else "swagger"
        at = Place(uri=uri, pointer=f"/{key}")
        hint = f"{', '.join(PREPARATIONS)} are read"
        raise error_at(at, "unsupported-version", f"OpenAPI {written} cannot be read", hint=hint)
    return preparation(str(written).strip(), document)
