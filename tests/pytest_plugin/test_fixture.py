"""What people write in their tests, and what pytest makes of it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

#: What has the other tests of this folder load our plugin alone, by name.
ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_PLUGINS"}

DOCUMENT = """
openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: https://api.pets.example/v2}]
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
        - {name: sort, in: query, schema: {$ref: "#/components/schemas/Sort"}}
      responses:
        "200":
          description: some
          content: {application/json: {schema: {type: array, items: {type: integer}}}}
        "400": {description: wrong}
components:
  schemas:
    Sort: {type: string, enum: [name, age]}
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Return a project with a document of its own, and no settings but its own."""
    (pytester.path / "pets.yaml").write_text(DOCUMENT)
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    return pytester


def run(project: pytest.Pytester, source: str, *words: str) -> pytest.RunResult:
    """Return what came of a test module."""
    project.makepyfile(source)
    return project.runpytest_inprocess("-p", "no:cacheprovider", *words)


def test_httpx_calls_in_the_same_process(project: pytest.Pytester) -> None:
    """The marker names the contract, and the client of the fixture is below its base."""
    result = run(
        project,
        """
        import pytest

        @pytest.mark.locum("senet")
        def test_usage(locum):
            client = locum.client(headers={"Authorization": locum.secret("own-usage-key")})
            found = client.get(
                "/rest/integration/usage/summary",
                params={"eui": "00005EEF10000001", "year": 2024, "month": 1},
            )
            assert found.json()["numberOfDevices"] == 112
            assert locum.interactions[0].route.operation_id == "getUsageSummary"
        """,
    )
    if result.parseoutcomes() != {"passed": 1}:
        print(result.stdout.str())  # noqa: T201 -- shown where it fails

    assert result.parseoutcomes() == {"passed": 1}


def test_requests_and_async_clients_and_the_vendors_host(project: pytest.Pytester) -> None:
    """A client that insists on the vendor's address is answered here as well, by whatever library."""
    result = run(
        project,
        """
        import asyncio, httpx, pytest, requests

        pytestmark = pytest.mark.locum("pets.yaml")

        def test_requests(locum):
            session = locum.session()
            assert session.get("/pets", params={"limit": 3}).status_code == 200
            assert session.get("https://api.pets.example/v2/pets").ok

        def test_own_session(locum):
            session = requests.Session()
            session.mount("https://", locum.adapter)
            assert session.get("https://api.pets.example/v2/pets", timeout=5).json() is not None

        def test_async(locum):
            async def both():
                async with locum.async_client() as client:
                    return await asyncio.gather(client.get("/pets"), client.get("/pets?limit=2"))
            assert [each.status_code for each in asyncio.run(both())] == [200, 200]

        def test_sync_client_under_a_running_loop(locum):
            async def inside():
                return locum.client().get("/pets").status_code
            assert asyncio.run(inside()) == 200

        def test_transport(locum):
            with httpx.Client(transport=locum.transport) as client:
                assert client.get("https://api.pets.example/v2/pets").status_code == 200
        """,
    )

    result.assert_outcomes(passed=5)


def test_a_live_server_on_a_free_port(project: pytest.Pytester) -> None:
    """Two tests, two ports, two sessions; what one sent the other does not see."""
    result = run(
        project,
        """
        import urllib.request, pytest

        @pytest.mark.parametrize("number", [1, 2])
        @pytest.mark.locum("pets.yaml")
        def test_live(locum, number):
            with urllib.request.urlopen(f"{locum.url}/pets?limit={number}") as answer:
                assert answer.status == 200
            assert locum.urls == {"pets": locum.url}
            assert [each.request.query for each in locum.interactions] == [f"limit={number}"]
        """,
    )

    result.assert_outcomes(passed=2)


def test_the_session_begins_as_the_marker_says(project: pytest.Pytester) -> None:
    """Scenario, clock, seed and settings; markers of class and function are taken together."""
    result = run(
        project,
        """
        from datetime import datetime
        import pytest

        KEY = {"Authorization": "Bearer api-key-of-fjordlight"}

        @pytest.mark.locum("onomondo", now="2024-01-27T23:08:12Z", seed=7)
        class TestIt:
            @pytest.mark.locum(scenario="server-error")
            def test_scenario(self, locum):
                assert locum.client(headers=KEY).get("/usage").status_code >= 400
                locum.without_scenarios()
                assert locum.client(headers=KEY).get("/usage").status_code == 200

            @pytest.mark.locum(settings={"accept_raw_key": False})
            def test_clock(self, locum):
                assert locum.now == datetime.fromisoformat("2024-01-27T23:08:12Z")
                locum.advance("P1D")
                assert locum.now.day == 28
                locum.set_clock("2024-02-01T00:00:00Z")
                assert locum.now.month == 2
        """,
    )
    if result.parseoutcomes() != {"passed": 2}:
        print(result.stdout.str())  # noqa: T201 -- shown where it fails

    assert result.parseoutcomes() == {"passed": 2}


def test_a_client_that_breaks_the_contract_fails_its_test(project: pytest.Pytester) -> None:
    """It fails with what was wrong, though it asserts nothing; `check=False` and `forgiving` let it be."""
    result = run(
        project,
        """
        import pytest

        pytestmark = pytest.mark.locum("pets.yaml")

        def test_wrong(locum):
            locum.client().get("/pets?limit=10&sort=size")

        def test_unknown_path(locum):
            locum.client().get("/cats")

        @pytest.mark.locum(check=False)
        def test_meant_so(locum):
            locum.client().get("/pets?limit=10")

        def test_forgiven(locum):
            with locum.forgiving():
                assert locum.client().get("/pets?limit=10").status_code == 400
            assert locum.client().get("/pets?limit=1").status_code == 200

        def test_wrong_after_all(locum):
            with locum.forgiving():
                locum.client().get("/pets?limit=10")
            locum.client().get("/pets?limit=11")
        """,
    )

    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*the client broke the contract:",
            "*GET http://locum.test/v2/pets?limit=10&sort=size  (pets: 400)",
            "*query parameter 'limit' must be at most 9",
            "*query parameter 'sort' must be one of*",
        ]
    )
    assert result.stdout.str().count("pets?limit=10  (pets: 400)") == 0


def test_a_failing_test_shows_what_was_asked(project: pytest.Pytester) -> None:
    """The journal of the test stands beside its failure, secrets left out."""
    result = run(
        project,
        """
        import pytest

        @pytest.mark.locum("senet", check=False)
        def test_it(locum):
            key = locum.secret("own-usage-key")
            locum.client(headers={"Authorization": key}).get(f"/nowhere?key={key}")
            assert False
        """,
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*GET http://locum.test*/nowhere*-> 404*"])
    assert "usage-key-of-fjordlight" not in result.stdout.str().partition("Captured locum")[2]


def test_broken_connections_are_broken_in_the_same_process(project: pytest.Pytester) -> None:
    """Faults on the wire reach a client as its own errors, and time limits hold."""
    result = run(
        project,
        """
        import httpx, pytest, requests

        pytestmark = pytest.mark.locum("pets.yaml")

        def test_no_answer(locum):
            locum.scenario("no-answer")
            with pytest.raises(httpx.RemoteProtocolError):
                locum.client().get("/pets")
            with pytest.raises(requests.exceptions.ConnectionError):
                locum.session().get("/pets")

        def test_reset(locum):
            locum.scenario("reset")
            with pytest.raises(httpx.ReadError):
                locum.client().get("/pets")

        def test_slow(locum):
            locum.scenario("slow-headers")
            with pytest.raises(httpx.ReadTimeout):
                locum.client(timeout=0.01).get("/pets")
            with pytest.raises(requests.exceptions.ReadTimeout):
                locum.session().get("/pets", timeout=(1, 0.01))
        """,
    )
    if result.parseoutcomes() != {"passed": 3}:
        print(result.stdout.str())  # noqa: T201 -- shown where it fails

    assert result.parseoutcomes() == {"passed": 3}


def test_several_contracts_at_once(project: pytest.Pytester) -> None:
    """Each has its base; a name is asked for where there are several, and the nearest is offered."""
    result = run(
        project,
        """
        import pytest

        @pytest.mark.locum("senet", "pets.yaml")
        def test_it(locum):
            assert locum.client("pets").get("/pets").status_code == 200
            assert locum.base_url("senet").endswith("/senet")
            assert sorted(locum.urls) == ["pets", "senet"]
            with pytest.raises(Exception, match="name one"):
                locum.client()
            with pytest.raises(Exception, match="did you mean `pets`"):
                locum.client("pet")
        """,
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "said"),
    [
        ('"pets.yaml", scenari="x"', "did you mean `scenario`?"),
        ('"pets.yaml", now=3', "is an instant such as"),
        ('"pets.yaml", scenario="no-anser"', "did you mean 'no-answer'?"),
        ('"pets.yaml", now="yesterday"', "instant must be text of format date-time"),
        ('"pets.yaml", settings={"x": 1}', "has no switch 'x'"),
        ('"senett"', "senet"),
        ("3", "is named by a text or a path"),
    ],
)
def test_a_wrong_marker_is_told(project: pytest.Pytester, marker: str, said: str) -> None:
    """Whatever cannot be is said in a line with the nearest valid choice, and no traceback."""
    result = run(project, f"import pytest\n@pytest.mark.locum({marker})\ndef test_it(locum):\n    pass\n")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{said.replace('[', '[[]')}*"])
    assert "Traceback" not in result.stdout.str()


def test_the_default_contracts_come_from_the_configuration(project: pytest.Pytester) -> None:
    """`locum_contracts` spares the marker."""
    project.makeini("[pytest]\nlocum_contracts = pets.yaml\n")
    result = run(project, "def test_it(locum):\n    assert locum.client().get('/pets').status_code == 200\n")

    result.assert_outcomes(passed=1)


def test_the_plugin_costs_nothing_where_no_test_asks(project: pytest.Pytester) -> None:
    """Pytest finds it by itself; neither Connexion nor Faker nor anything of the house comes along."""
    project.makepyfile(
        """
        import sys

        def test_it():
            heavy = {"connexion", "faker", "httpx", "starlette", "uvicorn"} & set(sys.modules)
            own = {name for name in sys.modules if name.startswith("locum.")}
            assert (heavy, own) == (set(), {"locum.pytest_plugin"})
        """
    )
    others = [
        word
        for name in ("anyio", "faker", "hypothesispytest", "schemathesis")
        for word in ("-p", f"no:{name}")
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *others],
        cwd=project.path,
        env={name: text for name, text in os.environ.items() if name not in ALONE},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "1 passed" in done.stdout, done.stdout
    assert "locum:" not in done.stdout
