"""The contract as a whole: a cheap index of routes, and operations read on first use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from locum.contract.model import Callback, JsonObject, Operation, Place, Route, SecurityScheme, Server
from locum.contract.words import allowed
from locum.errors import ContractError, Diagnostic, Where

__all__ = ["Contract"]


@dataclass(frozen=True, kw_only=True)
class Contract:
    """One API, as its document (of one file or many) describes it.

    *routes* are in document order. *security_schemes* holds every scheme that could be read.
    *document* is the root file as parsed, *whole* has what it refers to as well. *files* are the URIs read.
    *diagnostics* are the faults found in the document outside its operations.
    """

    name: str
    title: str
    version: str
    #: The version of the specification, such as `"3.1.0"`.
    openapi: str
    description: str = ""
    routes: tuple[Route, ...]
    servers: tuple[Server, ...]
    security_schemes: Mapping[str, SecurityScheme]
    document: JsonObject
    extensions: Mapping[str, object] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    read_operation: Callable[[Route], Operation]
    #: What the API sends of its own accord, as far as it can be read.
    read_webhooks: Callable[[], tuple[Callback, ...]] = tuple
    #: Puts the files together into one document.
    gather: Callable[[], JsonObject] | None = None
    #: Whether reading it used every file it names; grows as operations are read.
    list_files: Callable[[], tuple[str, ...]]
    find: Callable[[Place], Where]
    #: What was survived so far, in the root, in operations and in schemas; grows as they are read.
    list_diagnostics: Callable[[], tuple[Diagnostic, ...]] = tuple
    #: What only a slower look at the texts finds, for `locum check`.
    look_closely: Callable[[], Iterable[Diagnostic]] = tuple
    #: Adds line and column to diagnostics that have only a pointer, reading each text once.
    locate: Callable[[Iterable[Diagnostic]], tuple[Diagnostic, ...]] = tuple

    def __post_init__(self) -> None:
        object.__setattr__(self, "_operations", {})

    def operation(self, route: Route) -> Operation:
        """Return the operation behind *route*, read on first use and kept.

        Raises `ContractError` when this one operation cannot be used; the others are not touched by it.
        """
        kept: dict[tuple[str, str], Operation | ContractError] = self.__dict__["_operations"]
        key = (route.path, route.method.value)
        if key not in kept:
            try:
                kept[key] = self.read_operation(route)
            except ContractError as error:
                kept[key] = error
        found = kept[key]
        if isinstance(found, ContractError):
            raise found.with_traceback(None)
        return found

    def readable_operations(self) -> Iterator[Operation]:
        """Yield the operations that can be used; what is wrong with others is told by `inspect_contract`."""
        for route in self.routes:
            try:
                yield self.operation(route)
            except ContractError:
                continue

    def allowed(self, path: str) -> str:
        """Return the value of `Allow` at the template *path*."""
        return allowed({each.method.value for each in self.routes if each.path == path})

    def where(self, place: Place) -> Where:
        """Return file, line and column of *place*. Costs a second reading of that file's text."""
        return self.find(place)

    @property
    def webhooks(self) -> tuple[Callback, ...]:
        """Return the webhooks, read on first use and kept."""
        if "_webhooks" not in self.__dict__:
            object.__setattr__(self, "_webhooks", self.read_webhooks())
        kept: tuple[Callback, ...] = self.__dict__["_webhooks"]
        return kept

    @property
    def whole(self) -> JsonObject:
        """Return the document with what it refers to in other files, for serving it; made on first use."""
        if "_whole" not in self.__dict__:
            object.__setattr__(self, "_whole", self.gather() if self.gather else self.document)
        kept: JsonObject = self.__dict__["_whole"]
        return kept

    @property
    def files(self) -> tuple[str, ...]:
        """Return the URIs of the files read so far."""
        return self.list_files()
