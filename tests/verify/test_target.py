from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from tests.verify.conftest import Asked, Told

from locum.behaviour.calls import Call
from locum.errors import SettingsError
from locum.verify.retrying import retry_after_s
from locum.verify.target import Limits, SpentError, Target

if TYPE_CHECKING:
    from tests.verify.conftest import Serve


Aim = Callable[..., Target]


def test_a_call_goes_out_as_it_is(serve: Serve, aim: Aim) -> None:
    """Target, headers and their order reach the server untouched, and the answer comes back whole."""
    heard: list[Asked] = []

    def answer(asked: Asked) -> Told:
        heard.append(asked)
        return Told(body={"a": 1}, headers={"X-One": "1"})

    target = aim(serve(answer), headers=[("User-Agent", "locum")])
    step = target.send(Call(method="GET", path="/a%2Fb", query=(("q", "%5B"),), headers=(("X-Who", "me"),)))

    assert (heard[0].path, heard[0].raw_query) == ("/a%2Fb", "q=%5B")
    assert (heard[0].headers["x-who"], heard[0].headers["user-agent"]) == ("me", "locum")
    assert step.received is not None
    assert (step.received.status, step.received.body) == (200, b'{"a":1}')
    assert ("X-One", "1") in step.received.headers
    assert step.sent.url.endswith("/a%2Fb?q=%5B")


def test_an_empty_header_takes_a_usual_one_away(serve: Serve, aim: Aim) -> None:
    """Who asks without `Accept` sends none; other headers may well be empty."""
    heard: list[Asked] = []

    def answer(asked: Asked) -> Told:
        heard.append(asked)
        return Told(body={})

    target = aim(serve(answer), headers=[("Accept", "*/*"), ("User-Agent", "locum")])
    target.send(Call(method="GET", path="/", headers=(("accept", ""), ("X-Key", ""))))

    assert "accept" not in heard[0].headers
    assert (heard[0].headers["x-key"], heard[0].headers["user-agent"]) == ("", "locum")


def test_one_connection_serves_several_calls(serve: Serve, aim: Aim) -> None:
    """A connection is kept open, and the next call uses it."""
    target = aim(serve(lambda asked: Told(body=asked.path)))

    assert [target.send(Call(method="GET", path=f"/{at}")).received is not None for at in range(3)] == [
        True
    ] * 3


def test_a_busy_server_is_asked_again_when_it_says_so(serve: Serve, aim: Aim) -> None:
    """429 with `Retry-After` is waited for as long as asked, and the call is then sent again."""
    told = iter([Told(status=429, headers={"Retry-After": "7"}), Told(status=200)])
    waited: list[float] = []
    target = aim(serve(lambda _: next(told)), pause=waited.append)

    step = target.send(Call(method="GET", path="/"))

    assert step.received is not None
    assert (step.received.status, waited) == (200, [7.0])


def test_a_server_that_asks_for_an_hour_is_not_waited_for(serve: Serve, aim: Aim) -> None:
    """What would take too long is given back as it is."""
    waited: list[float] = []
    target = aim(serve(lambda _: Told(status=429, headers={"Retry-After": "3600"})), pause=waited.append)

    step = target.send(Call(method="GET", path="/"))

    assert step.received is not None
    assert (step.received.status, waited) == (429, [])


def test_calls_are_paced(serve: Serve, aim: Aim) -> None:
    """With ten calls a second the second waits a tenth of one."""
    waited: list[float] = []
    target = aim(serve(lambda _: Told()), limits=Limits(per_s=10), clock=lambda: 0.0, pause=waited.append)

    for _ in range(3):
        target.send(Call(method="GET", path="/"))

    assert waited == pytest.approx([0.1, 0.2])


def test_a_budget_ends_the_run(serve: Serve, aim: Aim) -> None:
    """After as many requests as are allowed, no other leaves."""
    target = aim(serve(lambda _: Told()), limits=Limits(requests=1))
    target.send(Call(method="GET", path="/"))

    with pytest.raises(SpentError, match="budget of 1 requests"):
        target.send(Call(method="GET", path="/"))


def test_a_server_that_is_not_there_is_a_step_without_an_answer(aim: Aim) -> None:
    """No answer is told as such, with the reason, and raises nothing."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        step = aim(url).send(Call(method="GET", path="/"))

    assert step.received is None
    assert "refused" in step.failure


def test_a_server_without_tls_is_told_so(serve: Serve, aim: Aim) -> None:
    """Who writes `https://` for `http://` learns what is wrong, not what OpenSSL calls it."""
    step = aim(serve(lambda _: Told()).replace("http:", "https:")).send(Call(method="GET", path="/"))

    assert step.failure == "the server speaks no TLS; its address may begin with http://"


def test_half_an_answer_is_none(aim: Aim) -> None:
    """A body shorter than its length says is no answer."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            for _ in range(2):
                connection, _ = listening.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")

        threading.Thread(target=answer, daemon=True).start()
        step = aim(f"http://127.0.0.1:{listening.getsockname()[1]}").send(Call(method="GET", path="/"))

    assert step.received is None
    assert "IncompleteRead" in step.failure


def test_an_address_that_is_none_is_told() -> None:
    """What is no address of a server is refused before anything is sent."""
    with pytest.raises(SettingsError, match="no address of a server"):
        Target("ftp://example.test")


def test_retry_after_is_read_in_both_forms() -> None:
    """Seconds and dates are read, a date that is over asks for nothing, and anything else is none."""
    assert retry_after_s("5") == 5.0
    assert retry_after_s("Thu, 15 Feb 2024 12:00:05 GMT") == 0.0
    assert retry_after_s("-1") is None
