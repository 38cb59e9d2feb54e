"""Writes a contract as one self-contained OpenAPI 3.1 document, whatever version and files it was read from.

All operations are in it, also those that are not tested: what a path declares is part of what is promised.
Source: OpenAPI 3.1.1; `QUERY` (3.2.0, 4.9.1) makes it 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, cast

from locum.behaviour.requirements import Opaque
from locum.contract.contract import Contract
from locum.contract.model import (
    Direction,
    Example,
    Header,
    HttpMethod,
    JsonObject,
    JsonValue,
    MediaType,
    Operation,
    Parameter,
    RequestBody,
    ResponseSpec,
    Route,
    Schema,
    SecurityScheme,
    SecurityType,
    Style,
)
from locum.errors import ContractError

__all__ = ["write_document"]

#: Methods that Schemathesis plays.
_KNOWN: Final = frozenset(
    {HttpMethod.GET, HttpMethod.PUT, HttpMethod.POST, HttpMethod.DELETE, HttpMethod.OPTIONS}
    | {HttpMethod.HEAD, HttpMethod.PATCH, HttpMethod.TRACE, HttpMethod.QUERY}
)
#: How 2.0 writes lists, in words of 3.1; tabs have none, and are taken for spaces.
_STYLES: Final = {Style.COMMA_DELIMITED: Style.FORM, Style.TAB_DELIMITED: Style.SPACE_DELIMITED}
_DEFINITION: Final = "#/$defs/"


def write_document(contract: Contract, opaque: Iterable[Opaque] = ()) -> JsonObject:
    """Return the document; operations that cannot be used are left out.

    Where values of a parameter come from an answer, that is written as a link.
    """
    writing = _Writing(contract, tuple(opaque))
    paths: dict[str, Any] = {}
    for route in contract.routes:
        if route.method in _KNOWN:
            written = writing.operation(route)
            if written is not None:
                paths.setdefault(route.path, {})[route.method.value.lower()] = written
    has_query = any(route.method is HttpMethod.QUERY for route in contract.routes)
    schemes = {name: _scheme(scheme) for name, scheme in contract.security_schemes.items()}
    return {
        "openapi": "3.2.0" if has_query else "3.1.0",
        "info": {"title": contract.title or contract.name, "version": contract.version or "0"},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(writing.schemas.items())),
            "securitySchemes": {name: each for name, each in schemes.items() if each is not None},
        },
    }


class _Writing:
    """One document being written; *schemas* are the named ones so far."""

    def __init__(self, contract: Contract, opaque: tuple[Opaque, ...]) -> None:
        self.contract, self.opaque = contract, opaque
        self.schemas: dict[str, JsonValue] = {}

    def operation(self, route: Route) -> JsonObject | None:
        try:
            operation = self.contract.operation(route)
            return self._operation(operation)
        except ContractError:  # told by `locum check`
            return None

    def _operation(self, operation: Operation) -> JsonObject:
        written: JsonObject = {
            "operationId": operation.operation_id,
            "tags": list(operation.route.tags),
            "parameters": [self._parameter(each) for each in operation.parameters],
            "responses": {each.status: self._response(each, operation) for each in operation.responses},
            "security": [
                {name: list(scopes) for name, scopes in each.schemes.items()} for each in operation.security
            ],
        }
        if operation.deprecated:
            written["deprecated"] = True
        if operation.request_body is not None:
            written["requestBody"] = self._body(operation.request_body)
        return written

    def _parameter(self, parameter: Parameter) -> JsonObject:
        written: JsonObject = {
            "name": parameter.name,
            "in": parameter.location.value,
            "required": parameter.required,
        }
        schema = self._schema(parameter.schema)
        if parameter.media_type is not None:
            written["content"] = {parameter.media_type: {"schema": schema}}
        else:
            style = _STYLES.get(parameter.style, parameter.style)
            written |= {"style": style.value, "explode": parameter.explode, "schema": schema}
        if parameter.allow_reserved:
            written["allowReserved"] = True
        if parameter.examples:
            written["examples"] = _examples(parameter.examples, parameter.schema)
        return written

    def _body(self, body: RequestBody) -> JsonObject:
        return {
            "required": body.required,
            "content": {media.name: self._media(media) for media in body.content},
        }

    def _media(self, media: MediaType) -> JsonObject:
        written: JsonObject = {"schema": self._schema(media.schema)} if media.schema else {}
        if media.examples:
            written["examples"] = _examples(media.examples, media.schema)
        encoding: JsonObject = {}
        for name, each in media.encoding.items():
            told: JsonObject = {"contentType": each.content_type} if each.content_type else {}
            told |= {"style": each.style.value} if each.style else {}
            encoding[name] = told | ({"explode": each.explode} if each.explode is not None else {})
        return written | ({"encoding": encoding} if encoding else {})

    def _response(self, response: ResponseSpec, operation: Operation) -> JsonObject:
        written: JsonObject = {"description": response.description}
        if response.headers:
            written["headers"] = {each.name: self._header(each) for each in response.headers}
        if response.content:
            written["content"] = {media.name: self._media(media) for media in response.content}
        links = {**dict(self._declared_links(response)), **dict(self._links(response, operation))}
        return written | ({"links": links} if links else {})

    def _header(self, header: Header) -> JsonObject:
        schema = self._schema(header.schema)
        if header.media_type is not None:
            return {"required": header.required, "content": {header.media_type: {"schema": schema}}}
        return {"required": header.required, "explode": header.explode, "schema": schema}

    def _declared_links(self, response: ResponseSpec) -> Iterator[tuple[str, JsonValue]]:
        known = {route.operation_id for route in self.contract.routes}
        for link in response.links:
            if link.operation_id in known:
                yield link.name, {"operationId": link.operation_id, "parameters": dict(link.parameters)}

    def _links(self, response: ResponseSpec, operation: Operation) -> Iterator[tuple[str, JsonValue]]:
        """Yield a link for each parameter whose values this response gives, with the path it belongs to."""
        if not response.status.startswith("2"):
            return
        for each in self.opaque:
            for taker in sorted(each.operations) if each.giver == operation.operation_id else ():
                name = f"{each.location.value}.{each.name}"
                parameters: JsonObject = {name: f"$response.body#{each.at}"}
                if taker == each.giver:
                    parameters |= {
                        f"path.{own.name}": f"$request.path.{own.name}"
                        for own in operation.parameters
                        if own.location.value == "path"
                    }
                yield f"{each.name}-of-{taker}", {"operationId": taker, "parameters": parameters}

    def _schema(self, schema: Schema | None) -> JsonObject:
        if schema is None:
            return {}
        bundle = schema.bundle()
        suffix = "" if schema.direction is Direction.RESPONSE else ".request"
        definitions = cast("JsonObject", bundle.get("$defs", {}))
        for name, each in definitions.items():
            key = f"{name}{suffix}"
            if key not in self.schemas:
                self.schemas[key] = None  # it may refer to itself
                self.schemas[key] = _moved(each, suffix)
        moved = _moved({name: each for name, each in bundle.items() if name != "$defs"}, suffix)
        return cast("JsonObject", moved)


def _moved(value: JsonValue, suffix: str) -> JsonValue:
    """Return a schema whose references lead to the named schemas of the document."""
    if isinstance(value, list):
        return [_moved(each, suffix) for each in value]
    if not isinstance(value, dict):
        return value
    moved = {name: _moved(each, suffix) for name, each in value.items() if not name.startswith("x-")}
    reference = value.get("$ref")
    if isinstance(reference, str) and reference.startswith(_DEFINITION):
        moved["$ref"] = f"#/components/schemas/{reference.removeprefix(_DEFINITION)}{suffix}"
    return moved


def _examples(examples: Iterable[Example], schema: Schema | None) -> JsonObject:
    """Write the examples that are valid; others would be sent as valid requests."""
    valid = [each for each in examples if schema is None or schema.is_valid(each.value)]
    return {each.name or f"example-{at}": {"value": each.value} for at, each in enumerate(valid)}


def _scheme(scheme: SecurityScheme) -> JsonObject | None:
    if scheme.type is SecurityType.API_KEY and scheme.location is not None:
        return {"type": "apiKey", "in": scheme.location.value, "name": scheme.parameter or scheme.name}
    if scheme.type is SecurityType.HTTP:
        return {"type": "http", "scheme": scheme.http_scheme or "bearer"}
    if scheme.type in {SecurityType.OAUTH2, SecurityType.OPENID_CONNECT}:
        # Where tokens come from is the tester's affair; what is sent is a bearer token (RFC 6750).
        return {"type": "http", "scheme": "bearer"}
    return None
