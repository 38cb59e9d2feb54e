from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from asking import client
from judging import flaws, path_of
from servers.build import NAMES, conversation_maker
from servers.exchange import Site
from table import HERE, ROOT, read_yaml, secrets

STORIES = ROOT / "tests" / "stories"
#: Where a strict server differs from the stand-in: a token that was never given, and a key without `Bearer`.
STRICTER = {"the page behind a cursor", "the bare key, as clients in the field send it"}


def stories(name: str) -> list[dict[str, Any]]:
    """Return the requests of a story file that are for one of the four contracts."""
    found = read_yaml(STORIES / name)
    return [each for each in found if each["contract"] in NAMES and each["story"] not in STRICTER]


@pytest.mark.parametrize(
    "story", [*stories("golden.yaml"), *stories("refusals.yaml")], ids=lambda story: story["story"]
)
def test_the_reference_answers_as_the_facts_say(story: dict[str, Any]) -> None:
    """What is right to ask is answered, what is wrong refused, both as the document declares it."""
    contract, (method, target) = story["contract"], story["send"].split(" ", 1)
    headers = {"Host": "127.0.0.1", **story.get("with", {})}
    if "credential" in story:
        headers["Authorization"] = secrets(contract)[story["credential"]]

    answer = client(contract).send_with(method, target, headers)

    assert answer.status == story.get("status", 200)
    if story.get("declared", True):
        assert flaws(contract, path_of(contract, target), answer) == []


@pytest.mark.parametrize("contract", NAMES)
def test_each_credential_of_the_fixtures_is_known(contract: str) -> None:
    """Whoever has the values of the stand-in can call: active ones of the right kind open the reference."""
    given = read_yaml(ROOT / "fixtures" / contract / "contract.yaml")
    opened = {kind for kinds in given["security"]["accepts"].values() for kind in kinds}
    statuses = {each["id"]: _status(contract, each["id"]) for each in given["credentials"]}
    for each in given["credentials"]:
        is_open = each["status"] == "active" and each["kind"] in opened and each["id"] != "unscoped-token"
        expected = {200, 403, 404} if is_open else {401, 403}
        assert statuses[each["id"]] in expected, each["id"]


GOLDEN = {
    "senet": "/rest/integration/usage/summary?eui=00005EEF10000001&year=2024&month=1",
    "onomondo": "/usage",
    "saas-billing": "/api/billing/usage",
    "talkdesk": "/express/usage/month",
}


def _status(contract: str, credential: str) -> int:
    return client(contract).send("GET", GOLDEN[contract], by=credential).status


OPENING = {
    "senet": "own-usage-key",
    "onomondo": "full-key",
    "saas-billing": "admin-session",
    "talkdesk": "scoped-token",
}


@pytest.mark.parametrize("contract", NAMES)
def test_head_is_get_without_its_body(contract: str) -> None:
    """HEAD has the status and every header of GET, and no body (RFC 9110, 9.3.2)."""
    got = client(contract).send("GET", GOLDEN[contract], by=OPENING[contract])
    head = client(contract).send("HEAD", GOLDEN[contract], by=OPENING[contract])

    assert (head.status, head.headers, head.body) == (200, got.headers, b"")


@pytest.mark.parametrize("contract", NAMES)
def test_options_and_405_name_the_same_methods(contract: str) -> None:
    """OPTIONS needs no credential; each other method is refused with the list of those that are not."""
    answers = [
        client(contract).send(method, GOLDEN[contract]) for method in ("OPTIONS", "POST", "TRACE", "PURGE")
    ]

    assert [answer.status for answer in answers] == [204, 405, 405, 405]
    assert {answer.headers["allow"] for answer in answers} == {"GET, HEAD, OPTIONS"}


@pytest.mark.parametrize("contract", ["onomondo", "saas-billing", "talkdesk"])
def test_a_401_has_a_challenge(contract: str) -> None:
    """The challenge names an error only where a token was sent (RFC 6750, 3.1)."""
    nobody = client(contract).send("GET", GOLDEN[contract])
    wrong = client(contract).send("GET", GOLDEN[contract], Authorization="Bearer nonsense")

    assert (nobody.status, wrong.status) == (401, 401)
    assert "error" not in nobody.headers["www-authenticate"]
    assert wrong.headers["www-authenticate"].endswith('error="invalid_token"')


@pytest.mark.parametrize("contract", NAMES)
def test_one_connection_serves_many_requests(contract: str) -> None:
    """Requests sent behind each other are answered in order, and the connection closes when asked to."""
    line = f"GET {GOLDEN[contract]} HTTP/1.1\r\nHost: a\r\n"
    conversation = conversation_maker(contract, Site(), clock=lambda: 0.0)()
    said = conversation.hear(f"{line}\r\n{line}Connection: close\r\n\r\n".encode())

    assert said.count(b"HTTP/1.1 ") == 2
    assert not conversation.is_open


MALFORMED = (
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\r\n\r\n",
    b"GET TARGET HTTP/9.9\r\nHost: a\r\n\r\n",
    b"GET TARGET HTTP/1.1\r\n\r\n",
    b"GET TARGET HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET TARGET HTTP/1.1\r\nHost: a\r\nbad header\r\n\r\n",
    b"GET TARGET HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
    b"GET TARGET HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET TARGET HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
    b"GET TARGET&x=%ff%00%zz HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET " + b"/a" * 40_000,
    b"G\xc3\xa9T TARGET HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n",
    b"CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://a:x/ HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://[a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET TARGET HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
    b"GET TARGET HTTP/1.1\r\nHost: a\r\nAuthorization: KEY\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
    b"GET TARGET&filter=" + b"(" * 1500 + b" HTTP/1.1\r\nHost: a\r\nAuthorization: KEY\r\n\r\n",
    b"GET TARGET&page="
    + b"9" * 9000
    + b"&year="
    + b"9" * 9000
    + b" HTTP/1.1\r\nHost: a\r\nAuthorization: KEY\r\n\r\n",
    b"GET TARGET&startDate=9999-12-31T23:59:59-01:00 HTTP/1.1\r\nHost: a\r\nAuthorization: KEY\r\n\r\n",
)


@pytest.mark.parametrize("request_", MALFORMED)
@pytest.mark.parametrize("contract", NAMES)
def test_nothing_malformed_raises(contract: str, request_: bytes) -> None:
    """A broken request is answered below 500 (501 for a coding we do not know) or waits for its end."""
    golden = GOLDEN[contract]
    target = golden if "?" in golden else f"{golden}?"
    key = secrets(contract)[OPENING[contract]]
    heard = request_.replace(b"TARGET", target.encode()).replace(b"KEY", key.encode())

    said = conversation_maker(contract, Site(), clock=lambda: 0.0)().hear(heard)

    assert not said or said.split(b" ", 2)[1] in {
        b"100",
        b"200",
        b"204",
        b"400",
        b"403",
        b"404",
        b"405",
        b"431",
        b"401",
        b"501",
    }


def test_the_preset_clock_gives_the_documented_answer() -> None:
    """At the instant of the documentation, billing answers with its numbers."""
    preset = Site(now=datetime(2024, 1, 27, 23, 8, 12, tzinfo=UTC))
    data = client("saas-billing", preset).get("/api/billing/usage", "admin-session")["data"]

    assert data["metrics"]["apiCalls"]["used"] == 45_230
    assert data["metrics"]["bandwidth"]["used"] == 234.8
    assert data["projectedUsage"] == {"apiCalls": {"projected": 52_000, "percentage": 52}}


def test_a_server_runs_as_a_process_of_its_own() -> None:
    """It prints where it listens, answers there, and says at its end how many calls it has answered."""
    command = [sys.executable, str(HERE / "serve.py"), "senet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"MUTANT": "D01"}) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().split()[-1]
            status = _fetch(url + GOLDEN["senet"])
            process.terminate()
            rest, _ = process.communicate(timeout=20)
        finally:
            process.kill()

    assert status == 200
    assert rest.split() == ["answered", "1"]
    assert process.returncode == 0


def _fetch(url: str) -> int:
    import http.client  # noqa: PLC0415 - the only test with a socket
    from urllib.parse import urlsplit  # noqa: PLC0415

    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", f"{parts.path}?{parts.query}")
    status = connection.getresponse().status
    connection.close()
    return status
