"""Where `Location` leads: to what was created, in the form that the document declares.

A made-up one leads there if the document has a path for it; who answers from stored records knows the place
for sure (`resources/playing.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, urlsplit

import orjson

from locum.behaviour.model import Request
from locum.behaviour.plans import Answerable
from locum.contract.model import ResponseSpec, Route
from locum.errors import ContractError

__all__ = ["located", "written_location"]

Routes = Iterable[Route]
_Headers = tuple[tuple[str, str], ...]
_CREATING: Final = frozenset({201, 202})


def located(headers: _Headers, chosen: Answerable, request: Request, body: bytes, routes: Routes) -> _Headers:
    """Return *headers* with a made-up `Location` replaced by the address of what *body* shows."""
    declared = next((each for each in chosen.spec.headers if each.name.lower() == "location"), None)
    if chosen.status not in _CREATING or declared is None or declared.examples:
        return headers
    key = _key(request.operation.route.path.rstrip("/"), body, routes)
    if key is None:
        return headers
    address = f"{request.raw.path.rstrip('/')}/{quote(key, safe='')}"
    found = _fitting(chosen.spec, request.raw.base_url, address)
    if found is None:
        return headers
    return tuple((name, found if name.lower() == "location" else text) for name, text in headers)


def written_location(spec: ResponseSpec, base_url: str, path: str) -> str:
    """Return the address of *path* below *base_url*: whole, or as much of it as its schema takes."""
    return _fitting(spec, base_url, path) or f"{base_url}{path}"


def _fitting(spec: ResponseSpec, base_url: str, path: str) -> str | None:
    """Return the first form of the address that the schema of `Location` takes, `None` if it takes none."""
    whole = f"{base_url}{path}"
    declared = next((each for each in spec.headers if each.name.lower() == "location"), None)
    if declared is None or declared.schema is None:
        return whole
    forms = (whole, f"{urlsplit(base_url).path}{path}", path)
    try:
        return next((each for each in forms if declared.schema.is_valid(each)), None)
    except ContractError:
        return None


def _key(path: str, body: bytes, routes: Routes) -> str | None:
    """Return the key in *body* by which a path right below *path* is called, `None` where there is none."""
    below = re.compile(rf"{re.escape(path)}/\{{([^{{}}/]+)\}}/?")
    variable = next((found[1] for each in routes if (found := below.fullmatch(each.path))), None)
    if variable is None:
        return None
    try:
        shown = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    keys = (shown.get(name) for name in (variable, "id")) if isinstance(shown, dict) else ()
    return next((str(each) for each in keys if isinstance(each, str | int) and each != ""), None)
