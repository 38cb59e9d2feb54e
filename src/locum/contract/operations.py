"""From `paths` to an index of routes, and from a route to its Operation (3.1.1, 4.8.8 to 4.8.10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from locum.contract.content import read_request_body
from locum.contract.diagnostics import diagnostic_at
from locum.contract.misplaced import OPERATION, report_member, report_misplaced
from locum.contract.model import Callback, HttpMethod, Operation, Route, SecurityScheme, Server
from locum.contract.node import Node
from locum.contract.origins import PRODUCES, Made
from locum.contract.parameters import VARIABLE, read_parameters
from locum.contract.responses import read_responses
from locum.contract.schema import Schemas
from locum.contract.security import read_requirements
from locum.contract.servers import read_servers
from locum.errors import ContractError

__all__ = ["Entry", "Surroundings", "index_routes", "read_operation", "read_webhooks"]

#: The members of a Path Item that are operations (3.2.0, 4.9.1).
MEMBERS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
#: A variable that holds slashes too (RFC 6570, 2.4.2 and 3.2.3): `{+name}`, `{name*}`.
GREEDY = re.compile(r"\{(?:\+([^{}*]+)\*?|([^{}+*]+)\*)\}")
METHODS: Mapping[str, HttpMethod] = {name: HttpMethod(name.upper()) for name in MEMBERS}


@dataclass(frozen=True, slots=True)
class Entry:
    """A route and where to read it: its path item and the operation as written."""

    route: Route
    item: Node
    operation: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an operation takes from the rest of the document."""

    schemas: Schemas
    security: Node
    schemes: Mapping[str, SecurityScheme]
    servers: tuple[Server, ...]
    #: Puts path item and operation into the words of 3.x.
    prepare: Callable[[Node, Node], tuple[Node, Node]]


def index_routes(paths: Node) -> Iterator[Entry]:
    """Yield every operation of the document, in its order, looking no deeper than the index needs."""
    taken: set[str] = set()
    templates: dict[tuple[HttpMethod, str], str] = {}
    for written, member in paths.fields():
        path = written if written.startswith("/") else f"/{written}"
        if path != written:
            paths.library.warn(member.place, "path", f"the path {written!r} must begin with a slash")
        report_path(member, path)
        greedy = frozenset(first or last for first, last in GREEDY.findall(path))
        path = GREEDY.sub(lambda found: f"{{{found[1] or found[2]}}}", path)
        item = path_item(member)
        if item is not None:
            for method, operation in operations_of(item):
                first = templates.setdefault((method, VARIABLE.sub("{}", path)), path)
                if first != path:
                    message = f"{method} {path} cannot be told from {method} {first}, except by the values"
                    paths.library.warn(member.place, "ambiguous-path", message)
                route = read_route(method, path, operation, taken)
                own = read_servers(operation.get("servers")) or read_servers(item.get("servers"))
                route = replace(route, greedy=greedy, servers=own) if own or greedy else route
                yield Entry(route, item, operation)


def report_path(node: Node, path: str) -> None:
    """Report a path that holds nothing, or that its address has ended before it is over (RFC 3986, 3.3)."""
    if node.value is None:
        hint = "indent what belongs to it"
        node.library.warn(node.place, "path", f"the path {path!r} holds nothing", hint=hint)
    sign = next((each for each in path if each in "?#"), "")
    if sign:
        message = (
            f"the path {path!r} has a {sign!r}, which ends the path of an address; no request comes to it"
        )
        hint = "declare what a query holds by parameters with in: query"
        node.library.warn(node.place, "path", message, hint=hint)


def operations_of(item: Node) -> Iterator[tuple[HttpMethod, Node]]:
    """Yield the operations of a path item; those of other methods stand apart since 3.2."""
    for key, operation in item.items():
        method = METHODS.get(key.lower())
        if method is None:
            report_member(item, key, MEMBERS)
            continue
        if key != key.lower():
            message = f"the method {key} is taken for {key.lower()}"
            item.library.warn(operation.place, "method", message, hint="write it in lower case")
        yield method, operation
    for key, operation in item.get("additionalOperations").fields():
        if key.upper() in set(HttpMethod):
            yield HttpMethod(key.upper()), operation
        else:
            hint = f"one of {', '.join(HttpMethod)}"
            item.library.note(operation.place, "method", f"the method {key!r} cannot be served", hint=hint)


def path_item(node: Node) -> Node | None:
    """Return a Path Item, or what it refers to with its own members over those; `None` if that leads nowhere.

    What stands beside the reference counts too (3.1.1, 4.8.9.1).
    """
    if "$ref" not in node:
        return node
    target = node.reached()
    if target is None:
        return None
    own = [key for key, _ in node.items() if key != "$ref"]
    if not own or not isinstance(target.value, dict):
        return target
    members = {key: target.get(key).written for key in target.value}
    return node.derive("path item", Made(members | {key: node.get(key).written for key in own}, node.place))


def read_route(method: HttpMethod, path: str, node: Node, taken: set[str]) -> Route:
    """Read what routing and listing need; faults are left to the reading of the operation."""
    try:
        node = node.follow()
    except ContractError:
        node = Node({}, node.place, node.library)
    if not isinstance(node.value, dict):
        node = Node({}, node.place, node.library)
    return Route(
        method=method,
        path=path,
        operation_id=unique_id(node.text("operationId") or f"{method} {path}", node, taken),
        deprecated=node.flag("deprecated"),
        summary=node.text("summary"),
        tags=tuple(str(tag.value) for tag in node.get("tags").elements()),
        place=node.place,
    )


def unique_id(wish: str, node: Node, taken: set[str]) -> str:
    """Return *wish*, numbered when another operation has it already."""
    name, count = wish, 1
    while name in taken:
        count += 1
        name = f"{wish}_{count}"
    taken.add(name)
    if name != wish:
        message = f"the operationId {wish!r} is used more than once; this one is known as {name!r}"
        node.library.warn(node.at("operationId"), "duplicate-operation-id", message)
    return name


def read_operation(entry: Entry, around: Surroundings) -> Operation:
    """Read an operation whole; raises `ContractError`, with lines, when it cannot be used."""
    library = entry.operation.library
    try:
        return build_operation(entry, around)
    except (ContractError, RecursionError) as error:
        found = as_contract_error(error, entry.operation)
        raise ContractError(*library.with_lines(found.diagnostics)) from error


def as_contract_error(error: ContractError | RecursionError, node: Node) -> ContractError:
    """Return *error*, met while reading the operation *node*, as one that has a place."""
    if isinstance(error, ContractError):
        return error
    fault = diagnostic_at(node.place, "too-deep", "the operation is nested too deep to be read")
    return ContractError(fault)


def build_operation(entry: Entry, around: Surroundings) -> Operation:
    """Read an operation whole."""
    operation = build_exchange(entry, around, entry.route.path)
    callbacks = entry.operation.follow().get("callbacks")
    return replace(operation, callbacks=tuple(read_callbacks(callbacks, around)))


def build_exchange(entry: Entry, around: Surroundings, template: str) -> Operation:
    """Read what is sent and answered; *template* holds the variables of the path."""
    item, node = around.prepare(entry.item, entry.operation.follow())
    node.require_object("an operation")
    report_misplaced(node, OPERATION)
    levels = (item.get("parameters"), node.get("parameters"))
    security = node.get("security") if node.get("security").value is not None else around.security
    own_servers = read_servers(node.get("servers")) or read_servers(item.get("servers"))
    return Operation(
        route=entry.route,
        parameters=read_parameters(levels, template, node.place, around.schemas),
        request_body=read_request_body(node.get("requestBody"), around.schemas),
        responses=read_responses(node.get("responses"), around.schemas),
        security=read_requirements(security, around.schemes),
        servers=own_servers or around.servers,
        produces=tuple(str(each.value) for each in node.get(PRODUCES).elements()),
        extensions=node.extensions(),
    )


def read_callbacks(node: Node, around: Surroundings) -> Iterator[Callback]:
    """Yield the callbacks of an operation (3.1.1, 4.8.18) that can be read; each may be a reference."""
    for name, member in node.entries():
        expressions = member.reached()
        if expressions is None:
            continue
        for expression, item in expressions.fields():
            yield from read_path_item(name, expression, item, around)


def read_webhooks(node: Node, around: Surroundings) -> Iterator[Callback]:
    """Yield the webhooks of a document (3.1.1, 4.8.1) that can be read."""
    for name, item in node.entries():
        yield from read_path_item(name, "", item, around)


def read_path_item(name: str, expression: str, node: Node, around: Surroundings) -> Iterator[Callback]:
    """Yield what is sent by each method of a path item; the callbacks of callbacks are not read."""
    item = path_item(node)
    if item is None:
        return
    for method, operation in operations_of(item):
        route = read_route(method, expression, operation, set())
        try:
            exchange = build_exchange(Entry(route, item, operation), around, "")
        except (ContractError, RecursionError) as error:
            node.library.keep(as_contract_error(error, operation))
        else:
            yield Callback(name=name, expression=expression, operation=exchange)
