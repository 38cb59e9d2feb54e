"""The words an OpenAPI document chooses among: methods, directions, locations, styles, kinds of schemes.

Names follow the OpenAPI Specification; `model.py` hands them on with the values that hold them.
"""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum

__all__ = ["Direction", "HttpMethod", "Location", "SecurityType", "Style", "allowed"]


class HttpMethod(StrEnum):
    """The methods a Path Item may declare (3.2.0, 4.9.1)."""

    GET = "GET"
    PUT = "PUT"
    POST = "POST"
    DELETE = "DELETE"
    OPTIONS = "OPTIONS"
    HEAD = "HEAD"
    PATCH = "PATCH"
    TRACE = "TRACE"
    QUERY = "QUERY"
    #: Below `additionalOperations` (3.2.0, 4.9.1): registered methods that HTTP servers can read.
    COPY = "COPY"
    LINK = "LINK"
    LOCK = "LOCK"
    MKCOL = "MKCOL"
    MOVE = "MOVE"
    PROPFIND = "PROPFIND"
    PROPPATCH = "PROPPATCH"
    PURGE = "PURGE"
    REPORT = "REPORT"
    SEARCH = "SEARCH"
    UNLINK = "UNLINK"
    UNLOCK = "UNLOCK"


def allowed(declared: Container[str]) -> str:
    """Return the value of `Allow` (RFC 9110, 10.2.1): what is declared, `HEAD` with `GET`, and `OPTIONS`.

    >>> allowed({"POST", "GET"})
    'GET, POST, HEAD, OPTIONS'
    """
    methods = [method.value for method in HttpMethod if method in declared]
    if "GET" in declared and "HEAD" not in declared:
        methods.append("HEAD")
    if "OPTIONS" not in declared:
        methods.append("OPTIONS")
    return ", ".join(methods)


class Direction(StrEnum):
    """Which way a body travels: `readOnly` members are absent from requests, `writeOnly` from answers."""

    REQUEST = "request"
    RESPONSE = "response"


class Location(StrEnum):
    """Where a parameter is sent."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    COOKIE = "cookie"


class Style(StrEnum):
    """How a parameter is written down (3.1.1, 4.8.12.3)."""

    MATRIX = "matrix"
    LABEL = "label"
    SIMPLE = "simple"
    FORM = "form"
    SPACE_DELIMITED = "spaceDelimited"
    PIPE_DELIMITED = "pipeDelimited"
    DEEP_OBJECT = "deepObject"
    #: `collectionFormat` `csv` and `tsv` of 2.0, which no style of 3.x means; documents cannot name them.
    COMMA_DELIMITED = "commaDelimited"
    TAB_DELIMITED = "tabDelimited"


class SecurityType(StrEnum):
    """The kinds of Security Scheme Object (3.1.1, 4.8.27)."""

    API_KEY = "apiKey"
    HTTP = "http"
    MUTUAL_TLS = "mutualTLS"
    OAUTH2 = "oauth2"
    OPENID_CONNECT = "openIdConnect"
