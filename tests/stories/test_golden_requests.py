"""The requests that every seed of the built-in contracts shows, and the refusals that it tells of.

`golden.yaml` and `refusals.yaml` say what is sent and what comes back; this module plays them over a
socket. Whether a body is valid is asked of `jsonschema`, which reads `openapi/<contract>.yaml` itself:
nothing of the stand-in's own reading is used here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

if TYPE_CHECKING:
    from tests.stories.conftest import Running

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
DOCUMENT = "urn:document"


class _Loader(yaml.SafeLoader):
    """Reads dates as the text they are, as JSON would."""


_LETTERS = _Loader.yaml_implicit_resolvers.items()
_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in known if tag != "tag:yaml.org,2002:timestamp"]
    for letter, known in _LETTERS
}


def _read(path: Path) -> Any:  # noqa: ANN401 -- whatever the file holds
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 -- a SafeLoader


def _stories(name: str) -> list[Any]:
    return [pytest.param(story, id=f"{story['contract']}: {story['story']}") for story in _read(HERE / name)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@pytest.mark.parametrize("story", _stories("golden.yaml"))
def test_a_golden_request_answers(story: dict[str, Any], stand_in: Running) -> None:
    """The request answers 200, below `/<contract>`, with headers and a body that the contract declares."""
    heard = _play(stand_in, story)

    assert heard.status == 200, heard.body
    assert _faults(story, heard) == []
    _assert_holds(story.get("holds", {}), json.loads(heard.body))


@pytest.mark.parametrize("story", _stories("golden.yaml"))
def test_a_golden_request_to_the_vendor_host_answers_the_same(
    story: dict[str, Any], stand_in: Running
) -> None:
    """A client that keeps the vendor's host name gets the same from the root, links to that host apart."""
    host = _vendor_host(story["contract"])
    heard = _play(stand_in, story, host=host)
    below = _play(stand_in, story).body.replace(f"{stand_in.url}/{story['contract']}/".encode(), b"there/")

    assert (heard.status, heard.body.replace(f"http://{host}/".encode(), b"there/")) == (200, below)


@pytest.mark.parametrize("story", _stories("refusals.yaml"))
def test_a_refusal_is_worded_as_the_contract_does(story: dict[str, Any], stand_in: Running) -> None:
    """Status and headers are those told, and the body is told or valid by the declared schema."""
    heard = _play(stand_in, story)

    assert heard.status == story["status"], heard.body
    for name, value in story.get("headers", {}).items():
        assert heard.headers.get(name.lower()) == value
    if "body" in story:
        assert json.loads(heard.body) == story["body"]
    if "names" in story:
        assert story["names"] in heard.body.decode()
    if story.get("declared", True):
        assert _faults(story, heard) == []


@pytest.mark.parametrize(("accounts", "status"), [(36, 200), (37, 400)])
def test_a_filter_is_at_most_1600_characters_long(accounts: int, status: int, stand_in: Running) -> None:
    """Thirty-six accounts fit into a filter of Talkdesk, 37 do not (E3-08)."""
    wanted = "+or+".join(["account_id+eq+'5ea75fe7aa224700012eae40'"] * accounts)
    send = f"GET /express/usage/month?filter={wanted}"
    story = {"contract": "talkdesk", "credential": "scoped-token", "send": send}

    heard = _play(stand_in, story)

    assert (heard.status, _faults(story, heard)) == (status, [])


@pytest.mark.parametrize("broken", [{"numberOfDevices": 1}, [], {"numberOfDevices": "120"}])
def test_the_independent_validator_finds_fault(broken: Any) -> None:  # noqa: ANN401 -- any JSON
    """What proves the bodies above valid refuses a body that is not."""
    story = {"contract": "senet", "send": "GET /rest/integration/usage/summary"}
    heard = Heard(status=200, headers={"content-type": "application/json"}, body=json.dumps(broken).encode())

    assert _faults(story, heard) != []


def _play(stand_in: Running, story: dict[str, Any], *, host: str = "") -> Heard:
    method, _, target = story["send"].partition(" ")
    headers = {**_credential(story), **story.get("with", {}), **({"Host": host} if host else {})}
    connection = HTTPConnection(*stand_in.address, timeout=20)
    try:
        connection.request(method, target if host else f"/{story['contract']}{target}", headers=headers)
        response = connection.getresponse()
        sent = {name.lower(): value for name, value in response.getheaders()}
        return Heard(status=response.status, headers=sent, body=response.read())
    finally:
        connection.close()


def _credential(story: dict[str, Any]) -> dict[str, str]:
    if "credential" not in story:
        return {}
    known = _read(ROOT / "fixtures" / story["contract"] / "contract.yaml")["credentials"]
    (found,) = [each for each in known if each["id"] == story["credential"]]
    kind = _document(story["contract"])["components"]["securitySchemes"][found["scheme"]]["type"]
    return {"Authorization": found["secret"] if kind == "apiKey" else f"Bearer {found['secret']}"}


@cache
def _document(contract: str) -> dict[str, Any]:
    document: dict[str, Any] = _read(ROOT / "openapi" / f"{contract}.yaml")
    return document


def _vendor_host(contract: str) -> str:
    server = _document(contract)["servers"][0]
    url: str = server["url"]
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", variable["default"])
    return url.partition("://")[2].partition("/")[0]


def _faults(story: dict[str, Any], heard: Heard) -> list[str]:
    """Return in what *heard* differs from the response that the document declares for it."""
    declared = _declared(story, heard.status)
    if declared is None:
        return [f"{heard.status} is not declared"]
    found = []
    for name, header in declared.get("headers", {}).items():
        found += _header_faults(story["contract"], name, _settled(story["contract"], header), heard)
    media_type = heard.headers.get("content-type", "").partition(";")[0]
    if media_type not in declared.get("content", {}):
        return [*found, f"{media_type!r} is not declared"]
    schema = declared["content"][media_type]["schema"]
    return found + [each.message for each in _errors(story["contract"], schema, json.loads(heard.body))]


def _header_faults(contract: str, name: str, header: dict[str, Any], heard: Heard) -> list[str]:
    text = heard.headers.get(name.lower())
    if text is None:
        return [f"header {name} is missing"] if header.get("required") else []
    wanted = _settled(contract, header["schema"]).get("type")
    value: Any = int(text) if wanted == "integer" and text.lstrip("-").isdigit() else text
    return [f"header {name}: {each.message}" for each in _errors(contract, header["schema"], value)]


def _declared(story: dict[str, Any], status: int) -> dict[str, Any] | None:
    """Return the response of the operation a story calls; of its path's `get` if the method is refused."""
    contract = story["contract"]
    method, _, target = story["send"].partition(" ")
    operations = _document(contract)["paths"][story.get("path", target.partition("?")[0])]
    operation = operations.get(method.lower(), operations["get"])
    response = operation["responses"].get(str(status))
    return None if response is None else _settled(contract, response)


def _settled(contract: str, value: dict[str, Any]) -> dict[str, Any]:
    """Follow `$ref` as long as there is one."""
    while "$ref" in value:
        value = _registry(contract).resolver(DOCUMENT).lookup(value["$ref"]).contents
    return value


def _errors(contract: str, schema: dict[str, Any], value: Any) -> list[Any]:  # noqa: ANN401 -- any JSON
    # The schema moves to the root of its document, so that what it refers to is found there.
    rooted = {**_document(contract), **schema}
    checker = Draft202012Validator.FORMAT_CHECKER
    return list(Draft202012Validator(rooted, format_checker=checker).iter_errors(value))


@cache
def _registry(contract: str) -> Registry[Any]:
    resource = Resource.from_contents(_document(contract), default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(DOCUMENT, resource)
    return registry


def _assert_holds(holds: dict[str, Any], body: Any) -> None:  # noqa: ANN401 -- any JSON
    for pointer, expected in holds.items():
        value = body
        for step in pointer.split("/")[1:]:
            value = value[int(step)] if isinstance(value, list) else value[step]
        measured = len(value) if isinstance(value, list | dict) else value
        assert measured >= expected.get("at_least", measured), pointer
        assert measured <= expected.get("at_most", measured), pointer
