"""What a contract's mount offers beside the contract itself: its document, and a page to try it out.

Below each base path: `/openapi.json`, `/openapi.yaml`, `/ui/`. An operation of the contract at the same
path wins. Connexion's own Swagger UI layer stays out: the release it bundles (4.15) cannot show OpenAPI
3.1, and it costs every request a walk through its routes.
"""

from __future__ import annotations

import html
import mimetypes
from collections.abc import Callable, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import orjson
import yaml

from locum.behaviour import Reply
from locum.contract import Contract, JsonValue

__all__ = ["document_reply"]

#: Members of OpenAPI 2.0 that say where the real API is; without them it is where the document comes from.
_ELSEWHERE: Final = frozenset({"host", "schemes"})
_ASSETS: Final = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "index.css", "favicon-32x32.png"})

_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="stylesheet" href="swagger-ui.css">
<link rel="stylesheet" href="index.css">
<link rel="icon" type="image/png" href="favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="swagger-ui-bundle.js"></script>
<script>
window.ui = SwaggerUIBundle({{url: "../openapi.json", dom_id: "#swagger-ui", deepLinking: true}});
</script>
</body>
</html>
"""


def document_reply(contract: Contract, base_path: str, path: str) -> Reply | None:
    """Return what stands at *path* below *base_path* beside the contract, or `None`."""
    offer = _OFFERS.get(path)
    if offer is not None:
        return offer(contract, base_path)
    if path.startswith("/ui/") and path[4:] in _ASSETS:
        return _asset(path[4:])
    return None


def _json(contract: Contract, base_path: str) -> Reply:
    served = orjson.dumps(_served(contract, base_path), option=orjson.OPT_INDENT_2)
    return Reply(status=200, body=served, media_type="application/json")


def _yaml(contract: Contract, base_path: str) -> Reply:
    text = yaml.dump(_served(contract, base_path), sort_keys=False, allow_unicode=True, width=110)
    return Reply(status=200, body=text.encode(), media_type="application/yaml")


def _page(contract: Contract, base_path: str) -> Reply:  # noqa: ARG001 -- one signature for all offers
    page = _PAGE.format(title=html.escape(contract.title))
    return Reply(status=200, body=page.encode(), media_type="text/html; charset=utf-8")


def _to_page(contract: Contract, base_path: str) -> Reply:  # noqa: ARG001 -- one signature for all offers
    return Reply(status=307, headers=(("location", f"{base_path}/ui/"),))


_OFFERS: Final[Mapping[str, Callable[[Contract, str], Reply]]] = {
    "/openapi.json": _json,
    "/openapi.yaml": _yaml,
    "/ui": _to_page,
    "/ui/": _page,
    "/ui/index.html": _page,
}


def _served(contract: Contract, base_path: str) -> dict[str, JsonValue]:
    # The stand-in itself comes first, so that whatever reads the document calls it and not the vendor.
    if "swagger" in contract.whole:
        own = {key: value for key, value in contract.whole.items() if key not in _ELSEWHERE}
        return {**own, "basePath": base_path or "/"}
    servers = contract.whole.get("servers")
    declared = servers if isinstance(servers, list) else []
    here: JsonValue = {"url": base_path or "/", "description": "this stand-in"}
    return {**contract.whole, "servers": [here, *declared]}


@cache
def _asset(name: str) -> Reply:
    spec = find_spec("swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        return Reply(status=404)
    body = Path(spec.submodule_search_locations[0], "static", name).read_bytes()
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Reply(status=200, body=body, media_type=media_type, headers=(("cache-control", "max-age=3600"),))
