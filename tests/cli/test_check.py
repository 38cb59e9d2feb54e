from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

SOUND = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: All}}
"""


def test_a_sound_document_has_nothing_to_mend(locum: Run, tmp_path: Path) -> None:
    """Exit code 0 and one line."""
    (tmp_path / "pets.yaml").write_text(SOUND)

    done = locum("check", "pets.yaml")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "pets.yaml: 1 operation, 1 usable, nothing to mend\n"


def test_a_document_may_come_by_standard_input(locum: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` is what another program writes; its references are looked for from the current folder."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SOUND.encode())))

    done = locum("check", "-")

    assert (done.returncode, done.stdout) == (0, "-: 1 operation, 1 usable, nothing to mend\n")


def test_standard_input_may_be_named_twice(locum: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be read once only, and is the same document whenever it is asked for."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SOUND.encode())))

    done = locum("check", "-", "-")

    assert (done.returncode, done.stdout) == (0, "-: 1 operation, 1 usable, nothing to mend\n" * 2)


def test_a_closed_standard_input_is_told(locum: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 3: there is no document."""
    monkeypatch.setattr("sys.stdin", None)

    done = locum("check", "-")

    assert done.returncode == 3
    assert "standard input is closed" in done.stdout


def test_the_built_in_documents_have_nothing_to_mend(locum: Run) -> None:
    """They are what we ask of others."""
    done = locum("check", "onomondo", "saas-billing", "senet", "talkdesk")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "onomondo: 3 operations, 3 usable, nothing to mend",
        "saas-billing: 1 operation, 1 usable, nothing to mend",
        "senet: 1 operation, 1 usable, nothing to mend",
        "talkdesk: 1 operation, 1 usable, nothing to mend",
    ]


def test_a_fault_is_told_with_place_and_hint(locum: Run, tmp_path: Path) -> None:
    """Exit code 1; file, line and column first, so that editors can jump there."""
    (tmp_path / "pets.yaml").write_text(
        SOUND.replace("{description: All}", "{$ref: '#/components/responses/Al'}")
        + "components: {responses: {All: {description: All}}}\n"
    )

    done = locum("check", "pets.yaml")

    assert done.returncode == 1
    assert "pets.yaml:7:" in done.stdout
    assert "did you mean #/components/responses/All?" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("pets.yaml: 1 operation, ")


def test_what_only_the_other_reader_sees_is_told_as_its_own(locum: Run, tmp_path: Path) -> None:
    """openapi-spec-validator holds the document to the meta-schema."""
    (tmp_path / "pets.yaml").write_text(SOUND + "colour: red\n")

    done = locum("check", "pets.yaml")

    assert done.returncode == 1
    assert "'colour' was unexpected" in done.stdout
    assert "found by openapi-spec-validator" in done.stdout


def test_json_is_for_machines(locum: Run, tmp_path: Path) -> None:
    """One object per document, with every part of each finding."""
    (tmp_path / "pets.yaml").write_text(SOUND)

    done = locum("check", "--json", "pets.yaml", "none.yaml")

    assert done.returncode == 3
    assert json.loads(done.stdout) == [
        {
            "document": "pets.yaml",
            "operations": 1,
            "usable": 1,
            "readable": True,
            "diagnostics": [],
            "exit_code": 0,
        },
        {
            "document": "none.yaml",
            "operations": 0,
            "usable": 0,
            "readable": False,
            "diagnostics": [
                {
                    "code": "catalog.no-such-file",
                    "message": "there is no such file",
                    "where": {"file": "none.yaml", "line": None, "column": None, "pointer": ""},
                    "hint": "did you mean pets.yaml?",
                    "severity": "error",
                }
            ],
            "exit_code": 3,
        },
    ]


def test_nothing_to_check_is_misuse(locum: Run) -> None:
    """Exit code 2."""
    assert locum("check").returncode == 2


SHOP = Path(__file__).parents[1] / "properties" / "resources" / "shop.yaml"


def test_resources_are_told_with_reasons(locum: Run) -> None:
    """What was recognised, what each operation and parameter means, and why."""
    done = locum("check", "--resources", str(SHOP))

    assert (done.returncode, done.stderr) == (0, "")
    assert "orders: /customers/{customerId}/orders/{orderId}, known by 'id'" in done.stdout
    assert "  create   POST   /customers  (POST to the list)" in done.stdout
    assert "           ?country: value of 'country'" in done.stdout
    assert "answers with an entity below /data; {orderId} is its 'id'" in done.stdout


def test_resources_are_told_to_machines(locum: Run) -> None:
    """`--json` lists documents with their resources, roles and ways into bodies."""
    done = locum("check", "--resources", "--json", str(SHOP))
    (report,) = json.loads(done.stdout)
    orders = next(each for each in report["resources"] if each["name"] == "orders")

    assert (orders["item"], orders["key"]) == ("/customers/{customerId}/orders/{orderId}", "id")
    assert {each["role"]: each["entity"] for each in orders["operations"]} == {
        "read": "/data",
        "list": "/data",
        "create": "/data",
        "delete": None,
    }


def test_check_tells_values_beside_resources(locum: Run, tmp_path: Path) -> None:
    """A list that PUT replaces and GET tells is named as well, and is no doubt."""
    tags = "{content: {application/json: {schema: {type: array, items: {type: string}}}}}"
    document = tmp_path / "tags.yaml"
    document.write_text(
        "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {/tags: {"
        f"get: {{responses: {{'200': {tags[:-1]}, description: ok}}}}}},"
        f"put: {{requestBody: {tags}, responses: {{'204': {{description: ok}}}}}}}}}}\n"
    )
    told = locum("check", "--resources", str(document)).stdout

    assert "0 resources, 1 value" in told
    assert "PUT    /tags  (PUT of a value)" in told
    assert "not recognised" not in told


def test_fixtures_correct_what_is_recognised(locum: Run, tmp_path: Path) -> None:
    """What `contract.yaml` says is no resource is not told as one; a wrong path is told with the nearest."""
    (tmp_path / "contract.yaml").write_text("resources: [{path: /flags, ignore: true}]\n")
    told = locum("check", "--resources", str(SHOP), "--fixtures", str(tmp_path))
    (tmp_path / "contract.yaml").write_text("resources: [{path: /flag, ignore: true}]\n")
    refused = locum("check", "--resources", str(SHOP), "--fixtures", str(tmp_path))

    assert "3 resources" in told.stdout
    assert refused.returncode == 2
    assert "contract.yaml:1:14 /resources/0/path: error: the document has no path `/flag`" in refused.stderr
    assert "did you mean `/flags`?" in refused.stderr


def test_an_unknown_faker_is_told_with_the_nearest(locum: Run, tmp_path: Path) -> None:
    """A name nobody knows is a warning at its place; a value is made up all the same."""
    (tmp_path / "api.yaml").write_text(
        "openapi: 3.1.0\n"
        "info: {title: T, version: '1'}\n"
        "paths:\n"
        "  /a:\n"
        "    get:\n"
        "      responses:\n"
        "        '200':\n"
        "          description: a\n"
        "          content:\n"
        "            application/json:\n"
        "              schema:\n"
        "                type: string\n"
        "                x-faker: internet.emial\n"
    )
    done = locum("check", "api.yaml")

    assert done.returncode == 0
    assert "api.yaml:13" in done.stdout
    assert "nothing is known of 'internet.emial'" in done.stdout
    assert "did you mean internet.email?" in done.stdout


def test_what_is_not_heeded_of_a_dispatcher_is_told(locum: Run, tmp_path: Path) -> None:
    """A script is not run and a delay not kept; the rest of the document is served."""
    extension = "x-microcks-operation: {dispatcher: SCRIPT, dispatcherRules: return 1, delay: 10}"
    (tmp_path / "pets.yaml").write_text(SOUND.replace("operationId: listPets", extension))
    done = locum("check", "pets.yaml")

    assert done.returncode == 0
    assert "the dispatcher SCRIPT is not read; examples are joined by their names alone" in done.stdout
    assert "the delay is not kept" in done.stdout


def test_refusals_that_are_not_declared_are_told_once(locum: Run, tmp_path: Path) -> None:
    """A hint for those without credentials, one for wrong requests, each naming its operations."""
    limit = "parameters: [{name: limit, in: query, schema: {type: integer}}]"
    (tmp_path / "pets.yaml").write_text(
        SOUND.replace("operationId: listPets", limit)
        + "  /pets/{name}:\n"
        + "    parameters: [{name: name, in: path, required: true, schema: {type: string}}]\n"
        + "    get: {responses: {'200': {description: One}}}\n"
        + "    delete: {responses: {'204': {description: Gone}, 4XX: {description: Wrong}}}\n"
        + "security: [{key: []}]\n"
        + "components: {securitySchemes: {key: {type: http, scheme: bearer}}}\n"
    )

    done = locum("check", "pets.yaml", "--json")

    (verdict,) = json.loads(done.stdout)
    assert done.returncode == 0
    assert [(each["message"], each["hint"], each["severity"]) for each in verdict["diagnostics"]] == [
        (
            "GET /pets, GET /pets/{name} declare no status for those who show no credentials",
            "declare 401 or 403, 4XX or default",
            "hint",
        ),
        (
            "GET /pets declares no status for a request that is wrong",
            "declare 400 or 422, 4XX or default",
            "hint",
        ),
    ]


def test_a_text_that_cannot_be_wrong_needs_no_refusal(locum: Run, tmp_path: Path) -> None:
    """Members that only describe a text, unknown ones among them, refuse nothing; a length does."""
    described = "type: string, x-order: 1, $comment: c, externalDocs: {url: 'https://a.example'}, colour: red"
    parameter = f"parameters: [{{name: q, in: query, schema: {{{described}}}}}]"
    (tmp_path / "free.yaml").write_text(SOUND.replace("operationId: listPets", parameter))
    bound = parameter.replace("x-order: 1", "maxLength: 1")
    (tmp_path / "bound.yaml").write_text(SOUND.replace("operationId: listPets", bound))

    assert "a request that is wrong" not in locum("check", "free.yaml").stdout
    assert "a request that is wrong" in locum("check", "bound.yaml").stdout
