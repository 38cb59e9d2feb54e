"""What is sent of our own accord ends in a delivery, whatever address it was to go to."""

from __future__ import annotations

import asyncio

import orjson
import pytest

from locum.behaviour import Callout
from locum.contract import read_contract
from locum.server.messenger import Messenger

DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {"/": {"post": {"operationId": "ping", "responses": {"200": {"description": "taken"}}}}},
}


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1",
        "http://[v1.x]/",
        "http://a]b/",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:99999/",
        "http://\udcff/",
        "http://169.254.169.254/latest",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://localhost@169.254.169.254/",
        "//127.0.0.1/",
        "file:///etc/passwd",
        "http://127.0.0.1\nforged: line/",
        "http://127.0.0.1\0/",
        "",
    ],
)
def test_what_cannot_be_sent_is_told(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """An address that is none, or another machine's, is not sent to; one line of the log says why."""
    contract = read_contract("/api.json", {"/api.json": orjson.dumps(DOCUMENT)}.__getitem__)
    callout = Callout(name="ping", url=url, operation=contract.operation(contract.routes[0]))
    delivery = asyncio.run(Messenger().deliver(callout))

    assert delivery.outcome.reply.status == 0
    assert all(each.getMessage().isprintable() for each in caplog.records)
    assert "the callback ping was not sent: " in delivery.outcome.because[0]


@pytest.mark.parametrize(
    ("url", "is_sent"),
    [
        ("http://127.0.0.1/", True),
        ("http://2130706433/", True),
        ("http://127.1/", True),
        ("http://0x7f000001/", True),
        ("http://LOCALHOST/", True),
        ("http://[::1]/", True),
        ("http://2852039166/", False),
        ("http://127.0.0.1%20evil.test/", False),
        ("http://127.0.0.1.evil.test/", False),
        ("http://127.0.0.1\0/", False),
    ],
)
def test_this_machine_is_known_by_all_its_addresses(url: str, *, is_sent: bool) -> None:
    """However an address of this machine is written, it is one; whatever else is written is not."""
    assert (Messenger().forbidden(url) == "") is is_sent
