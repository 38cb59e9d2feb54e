"""Does without schemas that cannot be used, so that a fault of the document costs what it must and no more.

A schema that refers to nowhere, or to itself alone, says nothing: any value is taken, and any is an answer.
`locum check` tells of each. What can be used is left untouched.
"""

from __future__ import annotations

from dataclasses import replace

from locum.contract.model import MediaType, Operation, Parameter, RequestBody, ResponseSpec, Schema
from locum.errors import ContractError

__all__ = ["usable_media", "usable_request", "usable_schema", "written_alone"]


def usable_schema(schema: Schema | None) -> Schema | None:
    """Return *schema*, or `None` where there is none that can be used."""
    if schema is None:
        return None
    try:
        schema.is_valid(None)
    except ContractError:
        return None
    return schema


def usable_media(media: MediaType) -> MediaType:
    """Return *media* without a schema that cannot be used."""
    schema = usable_schema(media.schema)
    return media if schema is media.schema else replace(media, schema=schema)


def usable_request(operation: Operation) -> Operation:
    """Return *operation* asking of requests only what can be judged."""
    body = operation.request_body
    return replace(
        operation,
        parameters=tuple(_usable_parameter(each) for each in operation.parameters),
        request_body=None if body is None else _usable_body(body),
    )


def written_alone(operation: Operation) -> Operation:
    """Return *operation* without the media types of answers that its document does not name.

    Bodies of requests are taken all the same: a document that does not say how they are written forbids none.
    """
    return replace(operation, responses=tuple(_named_alone(each) for each in operation.responses))


def _named_alone(spec: ResponseSpec) -> ResponseSpec:
    unnamed = tuple(media for media in spec.content if media.is_implied)
    if not unnamed:
        return spec
    return replace(spec, content=tuple(each for each in spec.content if not each.is_implied), unnamed=unnamed)


def _usable_parameter(parameter: Parameter) -> Parameter:
    schema = usable_schema(parameter.schema)
    return parameter if schema is parameter.schema else replace(parameter, schema=schema)


def _usable_body(body: RequestBody) -> RequestBody:
    return replace(body, content=tuple(usable_media(each) for each in body.content))
