"""The fixture `locum`: one test's stand-in for the APIs its client calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any, Final, TypeVar
from urllib.parse import quote

import httpx
import orjson
import requests

from locum.behaviour.journal import Interaction
from locum.behaviour.redaction import Redaction, compile_redaction
from locum.catalog import Entry
from locum.errors import Diagnostic, SettingsError, nearest
from locum.server import CONTROL_PATH
from locum.server.service import Service
from locum.testing.breaches import Breach, breaches
from locum.testing.calling import Answer, Ask, in_session, play
from locum.testing.live import LiveServer
from locum.testing.loop import Loop
from locum.testing.terms import Terms
from locum.testing.transports import AsyncTransport, RequestsAdapter, Transport

__all__ = ["LocumFixture"]

_HOST: Final = "http://locum.test"
_Result = TypeVar("_Result")


class _BasedSession(requests.Session):
    """A session of requests that completes what begins with a slash."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self.base_url = base_url

    def request(self, method: str | bytes, url: str | bytes, *rest: Any, **options: Any) -> requests.Response:  # noqa: ANN401 -- the signature is that of requests
        verb, whole = (each.decode() if isinstance(each, bytes) else each for each in (method, url))
        if whole.startswith("/"):
            whole = f"{self.base_url}{whole}"
        return super().request(verb, whole, *rest, **options)


class LocumFixture:
    """Stands in for APIs during one test, in a session of its own: clock, seed, records, journal.

    Clients reach it in the same process by `client`, `async_client` and `session`, or by a live server at
    `url`. Mutable: clients, a server and what the test sets are kept until the test ends.
    """

    def __init__(self, service: Service, loop: Loop, name: str) -> None:
        self.name = name
        #: The ASGI application, every request in the session of this test.
        self.app = in_session(service.app, name)
        self._service, self._loop = service, loop
        self._server: LiveServer | None = None
        self._closing: list[Callable[[], object]] = []
        self._forgiven: list[tuple[int, int]] = []

    # -- calling it ------------------------------------------------------------------------------------

    def client(self, contract: str = "", **options: Any) -> httpx.Client:  # noqa: ANN401 -- the options are those of httpx
        """Return a client of httpx that talks to *contract* in this process; *options* are those of httpx."""
        options.setdefault("base_url", self.base_url(contract))
        client = httpx.Client(transport=self.transport, **options)
        self._closing.append(client.close)
        return client

    def async_client(self, contract: str = "", **options: Any) -> httpx.AsyncClient:  # noqa: ANN401 -- the options are those of httpx
        """Return an asynchronous client of httpx that talks to *contract* in this process."""
        options.setdefault("base_url", self.base_url(contract))
        return httpx.AsyncClient(transport=self.async_transport, **options)

    def session(self, contract: str = "") -> requests.Session:
        """Return a session of requests that talks to *contract* in this process.

        A URL that begins with a slash is below the contract's base; any other host is answered here as well.
        """
        session = _BasedSession(self.base_url(contract))
        for scheme in ("http://", "https://"):
            session.mount(scheme, self.adapter)
        self._closing.append(session.close)
        return session

    @property
    def transport(self) -> Transport:
        """A transport for `httpx.Client`, whichever host it calls: one of the vendor's finds its contract."""
        return Transport(self.app, self._loop)

    @property
    def async_transport(self) -> AsyncTransport:
        """A transport for `httpx.AsyncClient`."""
        return AsyncTransport(self.app, self._loop)

    @property
    def adapter(self) -> RequestsAdapter:
        """An adapter to be mounted on a session of requests."""
        return RequestsAdapter(self.app, self._loop)

    def base_url(self, contract: str = "") -> str:
        """Return the base of *contract* for clients in this process."""
        return f"{_HOST}{self.entry(contract).base_path}"

    @property
    def url(self) -> str:
        """The base of the contract on a live server; the root where there are several."""
        lone = self._service.entries[0] if len(self._service.entries) == 1 else None
        return f"{self._live.url}{lone.base_path if lone else ''}"

    @property
    def urls(self) -> Mapping[str, str]:
        """The base of each contract on a live server."""
        return {each.name: f"{self._live.url}{each.base_path}" for each in self._service.entries}

    @property
    def _live(self) -> LiveServer:
        if self._server is None:
            self._server = LiveServer(self.app, self._loop)
            self._closing.append(self._server.stop)
        return self._server

    # -- what it stands in for -------------------------------------------------------------------------

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is served."""
        return self._service.entries

    def entry(self, contract: str = "") -> Entry:
        """Return a contract with what lies beside it; without a name the only one."""
        names = [each.name for each in self.entries]
        if not contract and len(names) == 1:
            return self.entries[0]
        if not contract:
            raise _refused("several contracts are served; name one", f"served: {', '.join(names)}")
        if contract not in names:
            raise _refused(f"no contract `{contract}` is served", _hint(contract, names))
        return self.entries[names.index(contract)]

    def secret(self, credential: str, contract: str = "") -> str:
        """Return the secret of a credential that the fixtures name."""
        known = {each.id: each.secret for each in self.entry(contract).fixtures.credentials}
        if credential not in known:
            raise _refused(f"no credential is called `{credential}`", _hint(credential, known))
        return known[credential]

    # -- setting it up ---------------------------------------------------------------------------------

    def begin(self, terms: Terms) -> None:
        """Let the session begin as *terms* say. Raises `SettingsError` where that cannot be."""
        body: dict[str, Any] = {"seed": terms.seed}
        if terms.now:
            body["clock"] = {"mode": "frozen", "instant": terms.now}
        if terms.settings:
            body["settings"] = self._by_contract(terms.settings)
        self._ask("PUT", "", body)
        for each in terms.scenarios:
            self.scenario(each)

    def scenario(self, name: str, contract: str = "", **pattern: Any) -> None:  # noqa: ANN401 -- JSON of the control API
        """Play a scenario on what follows; *pattern*: times, every, probability, since, until, operations."""
        chosen = contract or self._owner(name)
        self._ask("PUT", f"/scenarios/{quote(chosen, safe='')}/{quote(name, safe='')}", pattern)

    def without_scenarios(self) -> None:
        """Play nothing any longer."""
        self._ask("DELETE", "/scenarios")

    def set_clock(self, instant: str | datetime) -> None:
        """Let the clock show *instant*, and stand."""
        told = instant.isoformat() if isinstance(instant, datetime) else instant
        self._ask("PUT", "/clock", {"mode": "frozen", "instant": told})

    def advance(self, by: str) -> None:
        """Move the clock by a duration of ISO 8601, such as `P1D` or `PT90S`."""
        self._ask("POST", "/clock/advance", {"by": by})

    @property
    def now(self) -> datetime:
        """The time of the stand-in."""
        return datetime.fromisoformat(self._ask("GET", "/clock")["now"])

    def change_settings(self, contract: str = "", **switches: Any) -> None:  # noqa: ANN401 -- JSON of the control API
        """Turn switches of a contract; the others return to their defaults."""
        name = self.entry(contract).name
        self._ask("PUT", f"/settings/{quote(name, safe='')}", switches)

    # -- looking at what happened ----------------------------------------------------------------------

    @property
    def interactions(self) -> tuple[Interaction, ...]:
        """What was asked and answered so far, the oldest first."""
        store = self._service.store
        return self._on_loop(lambda: tuple(store.rings.newest_first(self.name))[::-1])

    @contextmanager
    def forgiving(self) -> Iterator[None]:
        """Let the client break the contract meanwhile."""
        before = self._last_number()
        try:
            yield
        finally:
            self._forgiven.append((before, self._last_number()))

    def breaches(self) -> tuple[Breach, ...]:
        """Return how the client broke the contract so far, where that was not forgiven."""
        counted = [
            each
            for each in self.interactions
            if not any(first < each.number <= last for first, last in self._forgiven)
        ]
        return tuple(breaches(counted, self.redaction))

    @cached_property
    def redaction(self) -> Redaction:
        """What is secret here."""
        return compile_redaction(
            [scheme for each in self.entries for scheme in each.contract.security_schemes.values()],
            [credential for each in self.entries for credential in each.fixtures.credentials],
        )

    def close(self) -> None:
        """End the session: clients, live server and journal go."""
        for close in self._closing:
            close()
        self._on_loop(lambda: self._service.store.drop(self.name))

    # --------------------------------------------------------------------------------------------------

    def _last_number(self) -> int:
        return max((each.number for each in self.interactions), default=0)

    def _on_loop(self, look: Callable[[], _Result]) -> _Result:
        async def looking() -> _Result:
            return look()

        return self._loop.run(looking())

    def _by_contract(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return *settings* by contract; those of a lone contract may be given without its name."""
        names = {each.name for each in self.entries}
        if set(settings) <= names and all(isinstance(each, Mapping) for each in settings.values()):
            return settings
        return {self.entry().name: settings}

    def _owner(self, scenario: str) -> str:
        """Return the contract that has *scenario*; that of the only one it is, whether it has it or not."""
        if len(self.entries) == 1:
            return self.entries[0].name
        wanted = scenario.lower()
        owners = [
            each.name
            for each in self.entries
            if any(wanted in {one.name, one.id.lower()} for one in each.fixtures.scenarios)
        ]
        if len(owners) != 1:
            found = f"several contracts have it: {', '.join(owners)}" if owners else "no contract has it"
            raise _refused(f"whose scenario is `{scenario}`? {found}", "name the contract")
        return owners[0]

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 -- JSON of the control API
        """Return what the control API answers for this session. Raises `SettingsError` where it refuses."""
        ask = Ask(
            method=method,
            url=f"{_HOST}{CONTROL_PATH}/sessions/{quote(self.name, safe='')}{path}",
            headers=((b"content-type", b"application/json"),) if body is not None else (),
            body=b"" if body is None else orjson.dumps(body),
        )
        answer: Answer = self._loop.run(play(self._service.app, ask))
        found = orjson.loads(answer.body) if answer.body else None
        if answer.status >= 400:  # noqa: PLR2004 -- RFC 9110 section 15.5
            raise _refused(str(found.get("detail") or found if isinstance(found, dict) else found))
        return found


def _hint(name: str, known: Any) -> str:  # noqa: ANN401 -- any collection of names
    close = nearest(name, known)
    return f"did you mean `{close}`?" if close else f"there are: {', '.join(known) or 'none'}"


def _refused(message: str, hint: str = "") -> SettingsError:
    return SettingsError(Diagnostic(code="testing.refused", message=message, hint=hint))
