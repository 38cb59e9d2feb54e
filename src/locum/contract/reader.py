"""Reads a document into a `Contract`: a cheap index first, each operation when it is asked for.

`operations.py` reads operations, `dialect.py` schemas; `library.py` holds the files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from locum.contract.bundle import Bundler
from locum.contract.contract import Contract
from locum.contract.gathering import gather
from locum.contract.library import Library
from locum.contract.limits import Limits
from locum.contract.locations import folder_of, normal_location, stem_of
from locum.contract.misplaced import ROOT, report_misplaced
from locum.contract.model import Callback, JsonValue, Operation, Place, Route
from locum.contract.node import Node
from locum.contract.operations import Surroundings, index_routes, read_operation, read_webhooks
from locum.contract.schema import Schemas
from locum.contract.security import read_schemes
from locum.contract.servers import read_servers
from locum.contract.translation import Dialect
from locum.contract.versions import Prepared, prepare_document
from locum.errors import ContractError

__all__ = ["read_contract"]


def read_contract(  # noqa: PLR0913 - what a caller may decide, by name
    uri: str,
    retrieve: Callable[[str], bytes],
    *,
    name: str | None = None,
    limits: Limits | None = None,
    allow_remote_refs: bool = False,
    root: str | None = None,
    amend: Callable[[JsonValue], JsonValue] = lambda document: document,
) -> Contract:
    """Read the document at *uri* into a contract.

    *uri* is a path with forward slashes or an `http(s)` URL; *retrieve* maps such a URI to bytes, raising
    `OSError` or `LookupError` when it cannot. References are only followed below the folder *root*, which
    defaults to the folder of the document, and over the network only with *allow_remote_refs*.
    *amend* changes the document before anything else reads it, and leaves the one it is given alone.
    Raises `ContractError` when the document as a whole cannot be used; a fault in one operation is raised
    by `Contract.operation`, and everything that was survived is among the diagnostics.
    """
    uri = normal_location(uri)
    library = Library(
        retrieve=retrieve,
        limits=limits or Limits(),
        root=folder_of(uri) if root is None else normal_location(root),
        allow_remote_refs=allow_remote_refs,
    )
    try:
        source = library.source(uri)
        library.sources[uri] = replace(source, value=amend(source.value))
        prepared = prepare_document(library.source(uri).value, uri)
        return build_contract(Node(prepared.document, Place(uri=uri, pointer=""), library), prepared, name)
    except ContractError as error:
        raise ContractError(*library.with_lines(error.diagnostics)) from error


def build_contract(written: Node, prepared: Prepared, name: str | None) -> Contract:
    """Index the document and hand out what reads the rest."""
    library, uri = written.library, written.place.uri
    document = prepared.by.root(written)
    whole = document if prepared.by.is_whole else written
    around = surroundings(document, written, prepared)
    check_root(whole, prepared)
    entries = {(entry.route.path, entry.route.method): entry for entry in index_routes(whole.get("paths"))}
    outside = tuple(library.found)

    def read(route: Route) -> Operation:
        return read_operation(entries[route.path, route.method], around)

    def webhooks() -> tuple[Callback, ...]:
        # Before 3.1 they were an extension of Redoc's.
        named = document.get("webhooks" if "webhooks" in document else "x-webhooks")
        return tuple(read_webhooks(named, around))

    info = document.get("info")
    name = name or stem_of(uri)
    own = whole.value if isinstance(whole.value, dict) else {}
    return Contract(
        name=name,
        title=info.text("title") or name,
        version=info.text("version"),
        openapi=prepared.version,
        description=info.text("description"),
        routes=tuple(entry.route for entry in entries.values()),
        servers=around.servers,
        security_schemes=around.schemes,
        document=own,
        gather=None if prepared.by.is_whole else lambda: gather(own, uri, library),
        extensions=document.extensions(),
        diagnostics=library.with_lines(outside) if outside else (),
        read_operation=read,
        read_webhooks=webhooks,
        list_files=library.files,
        find=library.where,
        list_diagnostics=lambda: library.with_lines(library.found),
        look_closely=library.duplicate_keys,
        locate=library.with_lines,
    )


def surroundings(document: Node, written: Node, prepared: Prepared) -> Surroundings:
    """Return what operations take from the root, *written* by the author and put into a *document* of 3.x."""
    bundler = Bundler(library=written.library, main=written.place.uri, dialect=prepared.by.dialect)
    return Surroundings(
        schemas=Schemas(bundler=bundler),
        security=document.get("security"),
        schemes=read_schemes(document.get("components").get("securitySchemes")),
        servers=read_servers(document.get("servers")),
        prepare=lambda item, operation: prepared.by.operation(item, operation, written),
    )


def check_root(document: Node, prepared: Prepared) -> None:
    """Report what the root object lacks."""
    if prepared.doubt:
        key = next((key for key in ("openapi", "swagger") if key in document), "")
        place = document.at(key) if key else document.place
        document.library.warn(
            place, "version", prepared.doubt, hint="begin with a line such as: openapi: 3.1.0"
        )
    if prepared.by.dialect is not Dialect.SWAGGER:
        report_misplaced(document, ROOT)
    if document.get("info").value is None:
        document.library.warn(document.place, "info", "the document has no info with title and version")
    if document.get("paths").value is None and (prepared.by.dialect.is_early or "webhooks" not in document):
        document.library.warn(document.place, "paths", "the document has no paths")
