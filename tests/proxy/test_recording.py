"""What passes through a proxy is recorded, secrets left out, and can be given again without the real API."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

import httpx
import pytest
import yaml
from tests.disks import full_disk

from locum.aside import one_at_a_time
from locum.behaviour.bodies import LARGEST_BODY
from locum.errors import SettingsError
from locum.proxy import Proxy, open_forwarder
from locum.proxy.recording import open_recorder
from locum.proxy.secrets import without_secrets, without_secrets_in_text
from locum.server.service import build_service
from locum.settings import Settings

if TYPE_CHECKING:
    from tests.proxy.conftest import RealApi

DOCUMENT = """
openapi: 3.1.0
info: {title: People, version: "1"}
servers: [{url: "https://api.example.com/v1"}]
components:
  securitySchemes: {key: {type: apiKey, in: query, name: key}}
paths:
  /people/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: getPerson
      security: [{key: []}]
      responses: {"200": {description: one, content: {application/json: {schema: {type: object}}}}}
    post:
      operationId: addPerson
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {"200": {description: one, content: {application/json: {schema: {type: object}}}}}
  /login:
    post:
      operationId: logIn
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object}}}}
      responses: {"200": {description: one, content: {application/json: {schema: {type: object}}}}}
  /reset/{token}:
    parameters: [{name: token, in: path, required: true, schema: {type: string}}]
    get: {operationId: reset, responses: {"200": {description: one, content: {application/json: {}}}}}
  /picture: {get: {operationId: see, responses: {"200": {description: p, content: {image/png: {}}}}}}
"""
KEY = {"Authorization": "Bearer very-secret", "Cookie": "session=very-secret"}
Result = TypeVar("Result")
Call = tuple[str, str, bytes | None]
CALLS: tuple[Call, ...] = (
    ("GET", "/people/1?key=very-secret&b=2&a=1", None),
    ("GET", "/people/3?key=very-secret", None),
    ("POST", "/people/1", b'{"name": "Eve", "password": "very-secret"}'),
    ("POST", "/people/2", b'{"name": "Eve"}'),
    ("GET", "/picture", None),
)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return a document in a folder of its own."""
    path = tmp_path / "people.yaml"
    path.write_text(DOCUMENT)
    return path


def ask(
    settings: Settings, proxy: Proxy | None, *calls: Call, more: Mapping[str, str] = MappingProxyType({})
) -> list[httpx.Response]:
    """Send calls to a stand-in, by way of a proxy if there is one, with *more* headers."""

    async def all_of_them() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=build_service(settings, upstream=proxy).app)
        async with httpx.AsyncClient(transport=transport, base_url="http://proxy.test") as client:
            answers = [
                await client.request(
                    method,
                    path,
                    content=content,
                    headers=KEY | ({"content-type": "application/json"} if content else {}) | {**more},
                )
                for method, path, content in calls
            ]
        if proxy is not None:
            await proxy.close()
        return answers

    return asyncio.run(all_of_them())


def record(document: Path, real: RealApi, file: Path, *calls: Call) -> list[httpx.Response]:
    """Send calls through a proxy that records them."""
    proxy = Proxy(
        forwarder=open_forwarder(real.url, bound=100_000, patience_s=20), keep=open_recorder(file, real.url)
    )
    return ask(Settings(contracts=(str(document),)), proxy, *calls)


@pytest.mark.parametrize("suffix", ["har", "yaml"])
def test_what_was_recorded_is_given_again(document: Path, real: RealApi, tmp_path: Path, suffix: str) -> None:
    """The same request gets the same reply when the real API is gone, in any order of its query."""
    file = tmp_path / f"calls.{suffix}"
    recorded = record(document, real, file, *CALLS)
    settings = Settings(contracts=(str(document),), replay=(str(file),))
    again = ask(settings, None, ("GET", "/people/1?a=1&key=other&b=2", None), *CALLS[1:])

    # A recording in YAML is made to be read by people; JSON is written anew.
    assert [each.json() for each in again[:4]] == [each.json() for each in recorded[:4]]
    assert again[4].content == bytes(range(256))
    assert [each.headers["content-type"] for each in again] == [
        each.headers["content-type"] for each in recorded
    ]


def test_what_unpacks_to_too_much_is_passed_on_and_left_out(
    document: Path, real: RealApi, tmp_path: Path
) -> None:
    """A small answer that holds a huge one cannot be searched for secrets, so it is not written down."""
    file = tmp_path / "calls.har"
    packed = gzip.compress(b'{"password": "very-secret"' + b" " * LARGEST_BODY + b"}")
    headers = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")]
    real.answers["/people/3"] = (200, headers, packed)
    answers = record(document, real, file, CALLS[0], CALLS[1], CALLS[3])

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert len(answers[1].content) > LARGEST_BODY
    assert len(json.loads(file.read_text())["log"]["entries"]) == 2


@pytest.mark.parametrize("suffix", ["har", "yaml"])
def test_layers_of_packing_are_all_undone(document: Path, real: RealApi, tmp_path: Path, suffix: str) -> None:
    """Each may stand in a header of its own (RFC 9110, 5.3); secrets are looked for below them all."""
    file = tmp_path / f"calls.{suffix}"
    packed = gzip.compress(gzip.compress(b'{"name": "Ada", "password": "very-secret"}'))
    headers = [("Content-Type", "application/json"), *[("Content-Encoding", "gzip")] * 2]
    real.answers["/people/3"] = (200, headers, packed)
    record(document, real, file, CALLS[1])
    again = ask(Settings(contracts=(str(document),), replay=(str(file),)), None, CALLS[1])

    assert again[0].json() == {"name": "Ada", "password": "[redacted]"}


def test_what_is_heavy_is_written_down_aside(document: Path, real: RealApi, tmp_path: Path) -> None:
    """Searching and writing much takes long, and others are served meanwhile; the file has all in the end."""
    file, usual, given = tmp_path / "calls.yaml", one_at_a_time(), 0

    def aside(work: Callable[[], Result]) -> Awaitable[Result]:
        nonlocal given
        given += 1
        return usual(work)

    real.answers["/people/1"] = (
        200,
        [("Content-Type", "application/json")],
        b'{"a": "%s"}' % (b"a" * 90_000),
    )
    proxy = Proxy(
        forwarder=open_forwarder(real.url, bound=LARGEST_BODY, patience_s=20),
        keep=open_recorder(file, real.url),
        aside=aside,
    )
    much = b'{"a": "%s"}' % (b"a" * 90_000)
    calls: tuple[Call, ...] = (("GET", "/people/1", None), ("POST", "/people/2", much), CALLS[3])
    ask(Settings(contracts=(str(document),)), proxy, *calls)

    assert len(yaml.safe_load(file.read_text())["recordings"]) == 3
    # The first answer is judged aside, too.
    assert given == 3


@pytest.mark.parametrize("suffix", ["har", "yaml"])
def test_secrets_are_left_out(document: Path, real: RealApi, tmp_path: Path, suffix: str) -> None:
    """Neither credentials nor secret members of bodies are written down."""
    file = tmp_path / f"calls.{suffix}"
    record(document, real, file, *CALLS)

    assert "very-secret" not in file.read_text(encoding="utf-8")
    assert "[redacted]" in file.read_text(encoding="utf-8")


TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ2ZXJ5LXNlY3JldCJ9.dmVyeS1zZWNyZXQ"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
PART = "Content-Disposition: form-data; name="


@pytest.mark.parametrize(
    ("media_type", "body", "told"),
    [
        (
            JSON,
            '{"in": "{\\"a\\": [{\\"token\\": \\"s3cret\\"}]}"}',
            '{"in":"{\\"a\\":[{\\"token\\":\\"[redacted]\\"}]}"}',
        ),
        (JSON, f'{{"to": "/a?b=1&jwt={TOKEN}"}}', '{"to":"/a?b=1&jwt=[redacted]"}'),
        (JSON, f'{{"note": "sent {TOKEN} on"}}', '{"note":"sent [redacted] on"}'),
        (
            JSON,
            '{"to": "https://a.example/#id_token=s3cret&x=1"}',
            '{"to":"https://a.example/#id_token=[redacted]&x=1"}',
        ),
        (
            JSON,
            '{"pin": 1234, "secret": ["s3cret"], "token": null}',
            '{"pin":"[redacted]","secret":["[redacted]"],"token":null}',
        ),
        (JSON, '{"password": "s3cret", broken', '{"password": "[redacted]", broken'),
        (
            JSON,
            '{"next": "/a?page_token=5", "token_type": "b"}',
            '{"next": "/a?page_token=5", "token_type": "b"}',
        ),
        ("application/x-ndjson", '{"token": "s3cret"}\n{"a": 1}\n', '{"token":"[redacted]"}\n{"a": 1}\n'),
        (FORM, "user=ann&password=s3cret+x", "user=ann&password=[redacted]"),
        (FORM, "to=%2Fa%3Fpin%3D12&b=%C3%A9", "to=%2Fa%3Fpin%3D[redacted]&b=%C3%A9"),
        (
            "application/xml",
            "<a><s:password>s3cret</s:password></a>",
            "<a><s:password>[redacted]</s:password></a>",
        ),
        ("application/yaml", "user: ann\npassword: s3cret\n", "user: ann\npassword: [redacted]\n"),
        (
            "multipart/form-data; boundary=b",
            f'--b\r\n{PART}"pin"\r\n\r\n12\r\n--b\r\n{PART}"a"\r\n\r\n34\r\n--b--',
            f'--b\r\n{PART}"pin"\r\n\r\n[redacted]\r\n--b\r\n{PART}"a"\r\n\r\n34\r\n--b--',
        ),
        (JSON, '{"newPassword": "s3cret"}', '{"newPassword":"[redacted]"}'),
        (JSON, '{"in": "ftp://ann:s3cret@b.example/"}', '{"in":"ftp://ann:[redacted]@b.example/"}'),
        (JSON, '{"in": "http://b.example:80/@ann"}', '{"in": "http://b.example:80/@ann"}'),
        ("image/png", "?password=s3cret", "?password=s3cret"),
    ],
)
def test_secrets_are_found_wherever_they_hide(media_type: str, body: str, told: str) -> None:
    """Texts hold other texts; what is secret by its name, or a token by its form, is in none of them."""
    assert without_secrets(body.encode(), media_type).decode() == told


@pytest.mark.parametrize("suffix", ["har", "yaml"])
def test_secrets_of_a_request_are_left_out_and_its_recording_still_found(
    document: Path, real: RealApi, tmp_path: Path, suffix: str
) -> None:
    """A packed body is looked into, and so are query and headers; the same request is answered again."""
    file = tmp_path / f"calls.{suffix}"
    packed = gzip.compress(b'{"name": "Eve", "password": "very-secret"}')
    call = ("POST", "/people/1?client_secret=very-secret", packed)
    more = {"Content-Encoding": "gzip", "X-Auth-Token": "very-secret", "Referer": f"/a?b={TOKEN}"}
    real.answers["/people/1"] = (200, [("Content-Type", JSON), ("Location", f"/b#c={TOKEN}")], b'{"a":1}')
    proxy = Proxy(
        forwarder=open_forwarder(real.url, bound=100_000, patience_s=20), keep=open_recorder(file, real.url)
    )
    settings = Settings(contracts=(str(document),))
    ask(settings, proxy, call, more=more)
    again = ask(replace(settings, replay=(str(file),)), None, call, more=more)

    assert "Eve" in file.read_text()
    assert "very-secret" not in file.read_text()
    assert TOKEN not in file.read_text()
    assert again[0].json() == {"a": 1}


@pytest.mark.parametrize("suffix", ["har", "yaml"])
def test_a_token_in_a_path_is_left_out_and_its_recording_still_found(
    document: Path, real: RealApi, tmp_path: Path, suffix: str
) -> None:
    """Links to set a password hold one."""
    file, call = tmp_path / f"calls.{suffix}", ("GET", f"/reset/{TOKEN}", None)
    real.answers[f"/reset/{TOKEN}"] = (200, [("Content-Type", JSON)], b'{"a":1}')
    record(document, real, file, call)
    again = ask(Settings(contracts=(str(document),), replay=(str(file),)), None, call)

    assert TOKEN not in file.read_text()
    assert again[0].json() == {"a": 1}


@pytest.mark.parametrize("suffix", ["har", "yaml"])
def test_a_form_with_a_secret_is_found_again(
    document: Path, real: RealApi, tmp_path: Path, suffix: str
) -> None:
    """What was left out may be anything; the rest has to be the same."""
    file = tmp_path / f"calls.{suffix}"
    calls: tuple[Call, ...] = (
        ("POST", "/login", b"user=ann&password=one"),
        ("POST", "/login", b"user=bob&password=two"),
    )
    proxy = Proxy(
        forwarder=open_forwarder(real.url, bound=100_000, patience_s=20), keep=open_recorder(file, real.url)
    )
    settings, more = Settings(contracts=(str(document),)), {"content-type": FORM}
    for name in ("ann", "bob"):
        real.answers["/login"] = (200, [("Content-Type", JSON)], b'{"who":"%s"}' % name.encode())
        ask(settings, proxy, calls[name == "bob"], more=more)
    again = ask(replace(settings, replay=(str(file),)), None, *calls, more=more)

    assert [each.json() for each in again] == [{"who": "ann"}, {"who": "bob"}]


def test_an_archive_is_whole_after_every_call(document: Path, real: RealApi, tmp_path: Path) -> None:
    """Other tools can read it at any time; a later run goes on where an earlier one stopped."""
    file = tmp_path / "calls.har"
    record(document, real, file, CALLS[0])
    first = json.loads(file.read_text(encoding="utf-8"))
    record(document, real, file, CALLS[4])
    log = json.loads(file.read_text(encoding="utf-8"))["log"]

    assert len(first["log"]["entries"]) == 1
    assert log["version"] == "1.2"
    assert [each["_name"] for each in log["entries"]] == ["getPerson-200", "see-200"]
    assert log["entries"][0]["request"]["url"].startswith(f"{real.url}/people/1?")
    assert log["entries"][1]["response"]["content"]["encoding"] == "base64"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.parametrize("suffix", ["har", "yaml"])
def test_a_full_disk_loses_no_call(
    document: Path, real: RealApi, tmp_path: Path, suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told once and calls go on; the file stays whole, and has all of them when there is room."""
    file = tmp_path / f"calls.{suffix}"
    record(document, real, file, CALLS[0])
    first = file.read_bytes()
    real.answers["/people/3"] = (200, [("Content-Type", JSON)], b'{"a": "%s"}' % (b"a" * 20_000))
    recorder = open_recorder(file, real.url)
    proxy = Proxy(forwarder=open_forwarder(real.url, bound=100_000, patience_s=20), keep=recorder)
    settings = Settings(contracts=(str(document),))
    with full_disk():
        answers = ask(settings, proxy, CALLS[1], CALLS[3])
        then = file.read_bytes()
    recorder.file.finish()
    names = re.findall(r"(?:get|add)Person-200(?:-2)?", file.read_text(encoding="utf-8"))

    assert [each.status_code for each in answers] == [200, 200]
    assert then == first
    assert names == ["getPerson-200", "getPerson-200", "addPerson-200"]
    assert caplog.text.count("wait in memory") == 1
    assert "none was lost" in caplog.text


def test_a_recording_can_be_asked_for_by_name(document: Path, real: RealApi, tmp_path: Path) -> None:
    """`Prefer: example=…` takes a recording of the operation, whatever was asked when it was made."""
    file = tmp_path / "calls.yaml"
    record(document, real, file, CALLS[3])
    settings = Settings(contracts=(str(document),), replay=(str(file),))

    async def named() -> httpx.Response:
        transport = httpx.ASGITransport(app=build_service(settings).app)
        async with httpx.AsyncClient(transport=transport, base_url="http://a.test") as client:
            return await client.post("/people/77", headers={"prefer": "example=addPerson-200"})

    assert asyncio.run(named()).json() == {"nome": "Ada"}


def test_a_request_that_was_not_recorded_is_answered_as_ever(
    document: Path, real: RealApi, tmp_path: Path
) -> None:
    """Another path, query or body is no concern of the recording."""
    file = tmp_path / "calls.har"
    record(document, real, file, CALLS[2])
    settings = Settings(contracts=(str(document),), replay=(str(file),))
    same, other = ask(
        settings,
        None,
        ("POST", "/people/1", b'{"name":"Eve","password":"another"}'),
        ("POST", "/people/1", b'{"name":"Ann","password":"another"}'),
    )

    assert same.json() == {"name": "Ada"}
    assert other.json() != {"name": "Ada"}


@pytest.mark.parametrize(
    ("name", "content"), [("calls.txt", None), ("calls.har", b'{"a": 1}'), ("no/calls.har", None)]
)
def test_a_file_that_cannot_be_a_recording_is_refused(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    """It is said before the first call, and nothing is overwritten."""
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingsError):
        open_recorder(file, "http://a.test")

    assert not file.exists() or file.read_bytes() == content


@pytest.mark.parametrize("suffix", [".har", ".yaml"])
def test_a_deep_body_is_passed_on_and_left_out(
    document: Path, real: RealApi, tmp_path: Path, suffix: str
) -> None:
    """A body too deep to be searched for secrets reaches the other side, and not the recording."""
    body = b'{"password": "very-secret", "a": ' + b"[" * 400 + b"]" * 400 + b"}"
    path = tmp_path / f"deep{suffix}"

    answers = record(document, real, path, ("POST", "/people/2", body))

    assert [each.status_code for each in answers] == [200]
    assert "very-secret" not in path.read_text()


@pytest.mark.parametrize("text", ["[" * 201 + "]" * 201, "?a=%5B" + "[" * 200 + "]" * 201])
def test_a_header_or_query_too_deep_to_be_searched_is_left_out(text: str) -> None:
    """It spoils neither the call nor its recording."""
    assert without_secrets_in_text(text) == "[redacted]"


@pytest.mark.parametrize("suffix", [".har", ".yaml"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_recording_that_was_emptied_meanwhile_is_begun_anew(
    tmp_path: Path, suffix: str, *, is_there: bool
) -> None:
    """Who empties a file, or takes it away, wants what comes from then on."""
    path = tmp_path / f"calls{suffix}"
    recorder = open_recorder(path, "http://api.example")
    entry = b"{}" if suffix == ".har" else b"- {}\n"
    recorder.file.add(entry)
    path.unlink()
    if is_there:
        path.touch()
    recorder.file.add(entry)

    found = yaml.safe_load(path.read_text())
    assert (found["log"]["entries"] if suffix == ".har" else found["recordings"]) == [{}]
    assert recorder.file.waiting == []
