"""The credentials of Postman in the words of OpenAPI: each way to ask for them is a scheme, named once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from locum.contract.model import JsonObject, JsonValue

__all__ = ["Credentials"]

#: Ways to sign a request that are told by the scheme in `Authorization`.
_SIGNED: Final[Mapping[str, str]] = {
    "awsv4": "AWS4-HMAC-SHA256",
    "basic": "basic",
    "bearer": "bearer",
    "digest": "digest",
    "edgegrid": "EG1-HMAC-SHA256",
    "hawk": "Hawk",
    "jwt": "bearer",
    "ntlm": "NTLM",
}
_BEARER: Final[JsonObject] = {"type": "http", "scheme": "bearer"}
_OAUTH1: Final[JsonObject] = {"type": "http", "scheme": "OAuth"}
_IN_QUERY: Final[Mapping[str, JsonObject]] = {
    "oauth1": {"type": "apiKey", "name": "oauth_token", "in": "query"},
    "oauth2": {"type": "apiKey", "name": "access_token", "in": "query"},
}


@dataclass(slots=True)
class Credentials:
    """The schemes met so far, by name."""

    schemes: JsonObject = field(default_factory=dict)

    def ask(self, operation: JsonObject, auth: JsonValue) -> None:
        """Let *operation* ask for what *auth*, as Postman has it, says."""
        scheme = _scheme(auth) if isinstance(auth, dict) else None
        if scheme is None:
            return
        name = next((name for name, known in self.schemes.items() if known == scheme), "")
        if not name:
            name = f"{scheme['type']}-{len(self.schemes)}"
            self.schemes[name] = scheme
        operation["security"] = [{name: []}]


def _scheme(auth: JsonObject) -> JsonObject | None:
    """Return a way to authenticate as a security scheme; `None` for none, and for one that is not known."""
    kind = str(auth.get("type"))
    said = _said(auth.get(kind))
    if kind in _SIGNED:
        return {"type": "http", "scheme": _SIGNED[kind]}
    if kind == "apikey" and said.get("key"):
        return {"type": "apiKey", "name": said["key"], "in": said.get("in") or "header"}
    if kind == "oauth2":
        return _IN_QUERY["oauth2"] if said.get("addTokenTo") == "queryParams" else _BEARER
    if kind == "oauth1":
        return _OAUTH1 if said.get("addParamsToHeader") else _IN_QUERY["oauth1"]
    return None


def _said(parameters: JsonValue) -> Mapping[str, JsonValue]:
    """Return the parameters of a way to authenticate: a list of pairs since 2.1, a map before."""
    if isinstance(parameters, dict):
        return parameters
    pairs = [each for each in parameters if isinstance(each, dict)] if isinstance(parameters, list) else []
    return {str(each.get("key")): each.get("value") for each in pairs}
