"""Where a made-up `Location` leads: to what was created, if the document has a path for it.

Who answers from stored records knows the place for sure; read next: `resources/playing.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

import orjson

from locum.behaviour.model import Request
from locum.behaviour.plans import Answerable
from locum.contract.model import Route

__all__ = ["located"]

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
    wished = (f"{request.raw.base_url}{address}", address)
    schema = declared.schema
    found = next((each for each in wished if schema is None or schema.is_valid(each)), None)
    if found is None:
        return headers
    return tuple((name, found if name.lower() == "location" else text) for name, text in headers)


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
