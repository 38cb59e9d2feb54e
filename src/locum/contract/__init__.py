"""Reads OpenAPI documents into a `Contract`; knows nothing else.

What lives here: the values of `model.py`, the reader that makes them, references, schema translation,
validation. What must not: HTTP servers, generation, disk (text is handed in by a `retrieve` callable).
Read `reader.py` next.
"""

from locum.contract.contract import Contract
from locum.contract.inspection import inspect_contract
from locum.contract.limits import Limits
from locum.contract.model import (
    Callback,
    Direction,
    Encoding,
    Example,
    Header,
    HttpMethod,
    JsonObject,
    JsonValue,
    Link,
    Location,
    MediaType,
    OAuthFlow,
    Operation,
    Parameter,
    Place,
    RequestBody,
    ResponseSpec,
    Route,
    Schema,
    SecurityRequirement,
    SecurityScheme,
    SecurityType,
    Server,
    Style,
    Violation,
)
from locum.contract.reader import read_contract

__all__ = [
    "Callback",
    "Contract",
    "Direction",
    "Encoding",
    "Example",
    "Header",
    "HttpMethod",
    "JsonObject",
    "JsonValue",
    "Limits",
    "Link",
    "Location",
    "MediaType",
    "OAuthFlow",
    "Operation",
    "Parameter",
    "Place",
    "RequestBody",
    "ResponseSpec",
    "Route",
    "Schema",
    "SecurityRequirement",
    "SecurityScheme",
    "SecurityType",
    "Server",
    "Style",
    "Violation",
    "inspect_contract",
    "read_contract",
]
