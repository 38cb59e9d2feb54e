"""Promises of the application as a whole, called as a server calls it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
import yaml

from locum.behaviour import Refusal
from locum.behaviour.model import Cause
from locum.settings import Settings

Serving = Callable[..., Callable[..., Any]]
Call = Callable[..., Any]


def test_one_document_is_served_at_its_own_base_path_and_at_the_root(pets: Call) -> None:
    """A client needs to change the host alone; a client without the base path is served too."""
    assert pets("GET", "/v2/pets").status == 200
    assert pets("GET", "/pets").body == pets("GET", "/v2/pets").body


def test_several_documents_are_served_below_their_names(serving: Serving, pets_document: str) -> None:
    """Several contracts never get into each other's way."""
    call = serving(cats=pets_document, dogs=pets_document)

    assert call("GET", "/cats/pets").status == 200
    assert call("GET", "/dogs/v2/pets").status == 200
    assert call("GET", "/pets").status == 404


def test_several_documents_are_also_told_apart_by_host(serving: Serving, pets_document: str) -> None:
    """The vendor's own host name leads to its contract, with the vendor's own paths."""
    call = serving(cats=pets_document.replace("pets.example.com", "cats.test"), dogs=pets_document)

    assert call("GET", "/v2/pets", host="CATS.test:4010").status == 200
    assert call("GET", "/v2/pets", host="unknown.test").status == 404


def test_the_root_of_several_documents_lists_them(serving: Serving, pets_document: str) -> None:
    """Whoever opens the root sees what is served and where."""
    listed = serving(cats=pets_document, dogs=pets_document)("GET", "/").json()["contracts"]

    assert sorted(each["base_path"] for each in listed) == ["/cats", "/dogs"]


def test_unknown_path_names_the_nearest(pets: Call) -> None:
    """A 404 says what there is."""
    sent = pets("GET", "/pet")

    assert sent.status == 404
    assert sent.headers["content-type"] == "application/problem+json"
    assert "the nearest is /pets" in sent.json()["detail"]
    assert "the nearest is /v2/pets" in pets("GET", "/v2/pet").json()["detail"]


@pytest.mark.parametrize(("path", "prefix"), [("/", ""), ("/v2", "/v2"), ("/v2/", "/v2")])
def test_the_root_of_one_document_names_its_page(pets: Call, path: str, prefix: str) -> None:
    """Whoever opens the root of a document without an operation there is led to what can be read."""
    sent = pets("GET", path)

    assert sent.status == 404
    for place in (f"{prefix}/openapi.json", f"{prefix}/ui/"):
        assert f"at {place}" in sent.json()["detail"]
        assert pets("GET", place).status == 200


def test_undeclared_method_is_405_with_allow(pets: Call) -> None:
    """A known path never answers 404 for another method (RFC 9110, 15.5.6)."""
    sent = pets("PATCH", "/pets")

    assert (sent.status, sent.headers["allow"]) == (405, "GET, POST, HEAD, OPTIONS")


def test_a_405_that_is_asked_for_has_allow_too(serving: Serving, pets_document: str) -> None:
    """Whoever tries out what a client does on 405 gets what it needs for it (RFC 9110, 15.5.6)."""
    call = serving(pets=pets_document.replace('"201":', '"405": {description: no}\n        "201":', 1))
    sent = call(
        "POST", "/pets", body=b'{"id":1,"name":"Rex"}', content_type="application/json", prefer="code=405"
    )

    assert (sent.status, sent.headers["allow"]) == (405, "GET, POST, HEAD, OPTIONS")


def test_a_405_of_a_path_that_stands_there_too_has_allow(serving: Serving) -> None:
    """Also where the request is meant for a template that differs in the name of its variable alone."""

    def path(key: str, schema: str) -> str:
        parameters = f"[{{name: {key}, in: path, required: true, schema: {schema}}}]"
        responses = '{"200": {description: one}, "405": {description: no}}'
        return f"  /pets/{{{key}}}:\n    get: {{parameters: {parameters}, responses: {responses}}}\n"

    paths = path("number", "{type: integer}") + path("name", "{type: string}")
    call = serving(pets=f'openapi: 3.1.0\ninfo: {{title: Pets, version: "1"}}\npaths:\n{paths}')

    by_number, by_name = (call("GET", f"/pets/{each}", prefer="code=405") for each in ("7", "Rex"))

    assert (by_number.status, by_number.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (by_name.status, by_name.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_declared_allow_names_the_methods_there(serving: Serving, pets_document: str) -> None:
    """A 405 whose `Allow` is declared says what the path has, and not a value that was made up."""
    declared = '"405": {description: no, headers: {Allow: {schema: {type: string}}}}'
    call = serving(pets=pets_document.replace('"201":', f'{declared}\n        "201":', 1))
    sent = call(
        "POST", "/pets", body=b'{"id":1,"name":"Rex"}', content_type="application/json", prefer="code=405"
    )

    assert (sent.status, sent.headers["allow"]) == (405, "GET, POST, HEAD, OPTIONS")


def test_made_up_method_is_405(pets: Call) -> None:
    """A method nobody knows is no reason to fail."""
    assert pets("BREW", "/pets").status == 405


def test_head_is_get_without_its_body(pets: Call) -> None:
    """HEAD tells the length of what GET would send (RFC 9110, 9.3.2)."""
    got, headed = pets("GET", "/pets/7"), pets("HEAD", "/pets/7")

    assert (headed.status, headed.body) == (200, b"")
    assert headed.headers["content-length"] == str(len(got.body))


def test_options_of_a_known_path_lists_its_methods(pets: Call) -> None:
    """OPTIONS is answered for every path."""
    sent = pets("OPTIONS", "/pets/7")

    assert (sent.status, sent.headers["allow"]) == (204, "GET, HEAD, OPTIONS")


def test_preflight_is_granted(pets: Call) -> None:
    """A page of any origin may call."""
    asked = {"origin": "https://shop.test", "access_control_request_method": "POST"}

    sent = pets("OPTIONS", "/pets", **asked)

    assert sent.status == 204
    assert sent.headers["access-control-allow-origin"] == "https://shop.test"
    assert sent.headers["access-control-allow-methods"] == "POST"


@pytest.mark.parametrize(
    ("origin", "credentials"),
    [
        ("http://localhost:3000", "true"),
        ("http://127.0.0.1:5173", "true"),
        ("https://shop.test", "true"),
        ("https://evil.example.com", None),
        ("https://localhost.example.com", None),
    ],
)
def test_only_pages_of_this_machine_read_with_credentials(
    serving: Serving, pets_document: str, origin: str, credentials: str | None
) -> None:
    """What a browser keeps of a person goes along for pages that this machine serves, and for no others."""
    sent = serving(pets=pets_document)("GET", "/pets", origin=origin)

    assert sent.headers["access-control-allow-origin"] == origin
    assert sent.headers.get("access-control-allow-credentials") == credentials


def test_in_the_place_of_prism_every_page_reads_with_credentials(
    serving: Serving, pets_document: str
) -> None:
    """Whoever takes the place of Prism tells everybody what Prism tells."""
    call = serving(Settings(prism=True), pets=pets_document)

    assert call("GET", "/pets").headers["access-control-allow-credentials"] == "true"
    assert call("GET", "/pets").headers["connection"] == "keep-alive"
    assert "connection" not in call("GET", "/pets", connection="close").headers
    sent = call("GET", "/pets", origin="https://shop.example.com")
    assert sent.headers["access-control-allow-origin"] == "https://shop.example.com"
    assert sent.headers["access-control-allow-credentials"] == "true"


def test_cors_can_be_switched_off(serving: Serving, pets_document: str) -> None:
    """Without CORS no reply speaks of origins, and a preflight is an OPTIONS like any other."""
    call = serving(Settings(cors=False), pets=pets_document)

    sent = call("OPTIONS", "/pets", origin="https://a.test", access_control_request_method="GET")

    assert not [name for name in sent.headers if name.startswith("access-control")]


def test_the_same_request_gives_the_same_bytes_in_every_application(
    serving: Serving, pets_document: str
) -> None:
    """Replicas agree without talking to each other."""
    first, second = serving(pets=pets_document), serving(pets=pets_document)
    second("GET", "/pets/8")

    assert first("GET", "/pets?limit=3").body == second("GET", "/pets?limit=3").body


def test_another_seed_gives_other_values(serving: Serving, pets_document: str) -> None:
    """A seed chooses the world."""
    one, other = (serving(Settings(seed=seed), pets=pets_document) for seed in "ab")

    assert one("GET", "/pets/7").body != other("GET", "/pets/7").body


def test_impossible_operation_is_told_and_the_others_work(pets: Call) -> None:
    """A schema nothing can satisfy takes down its own operation, which says why."""
    sent = pets("GET", "/impossible")

    assert sent.status == 501
    assert "no value can satisfy" in sent.json()["detail"]
    assert pets("GET", "/pets").status == 200


def test_the_document_is_served_with_the_stand_in_as_first_server(pets: Call) -> None:
    """Whoever reads the served document calls the stand-in."""
    as_json, as_yaml = (
        pets("GET", "/v2/openapi.json").json(),
        yaml.safe_load(pets("GET", "/v2/openapi.yaml").body),
    )

    assert as_json == as_yaml
    assert [server["url"] for server in as_json["servers"]] == ["/v2", "https://pets.example.com/v2"]


def test_swagger_ui_is_served_with_all_it_needs(pets: Call) -> None:
    """The page and each file it names are there."""
    page = pets("GET", "/v2/ui/")

    assert page.status == 200
    assert pets("GET", "/v2/ui").headers["location"] == "/v2/ui/"
    for name in ("swagger-ui.css", "index.css", "swagger-ui-bundle.js", "favicon-32x32.png"):
        assert name in page.body.decode()
        assert pets("GET", f"/v2/ui/{name}").status == 200


def test_an_operation_wins_over_the_page_beside_it(serving: Serving, pets_document: str) -> None:
    """A contract that declares `/ui` itself is served as it says."""
    call = serving(pets=pets_document.replace("/impossible", "/ui").replace("maxLength: 2", "maxLength: 9"))

    assert call("GET", "/ui").status == 200
    assert orjson.loads(call("GET", "/ui").body) is not None


def test_a_body_beyond_the_limit_is_413(pets: Call) -> None:
    """A large body is refused before it is read."""
    sent = pets("POST", "/pets", body=b"{}", content_length="99999999999", content_type="application/json")

    assert sent.status == 413


def test_all_violations_are_told_at_once(pets: Call) -> None:
    """A refusal names everything that is wrong, and where."""
    sent = pets("POST", "/pets", body=b'{"id": "x", "name": ""}', content_type="application/json")

    assert sent.status == 422
    assert {".".join(each["location"]) for each in sent.json()["validation"]} == {"body.id", "body.name"}
    assert sorted(each["code"] for each in sent.json()["validation"]) == ["minLength", "type"]


def test_a_handler_answers_by_operation_id(serving: Serving, pets_document: str) -> None:
    """A plain function named like the operation answers it, with its parameters by name."""

    def getPet(petId: int) -> dict[str, object]:  # noqa: N802, N803 -- named as the contract names them
        return {"id": petId, "name": "Ada"}

    call = serving(pets=pets_document, more={"handlers": {"getPet": getPet}})

    assert call("GET", "/pets/7").json() == {"id": 7, "name": "Ada"}


def test_a_coroutine_may_be_a_handler(serving: Serving, pets_document: str) -> None:
    """An asynchronous function is awaited."""

    async def listPets() -> list[object]:  # noqa: N802 -- named as the contract names it
        return []

    assert serving(pets=pets_document, more={"handlers": {"listPets": listPets}})("GET", "/pets").json() == []


def test_a_handlers_refusal_wears_the_declared_error_shape(serving: Serving, pets_document: str) -> None:
    """A handler says why, the contract says how."""

    def getPet() -> Refusal:  # noqa: N802 -- named as the contract names it
        return Refusal(cause=Cause.UNKNOWN_PATH, status=404, detail="no such pet")

    sent = serving(pets=pets_document, more={"handlers": {"getPet": getPet}})("GET", "/pets/7")

    assert (sent.status, sent.json()) == (404, {"message": "no such pet"})


def test_a_handler_that_breaks_the_contract_is_a_loud_500(serving: Serving, pets_document: str) -> None:
    """A wrong reply is never sent as if it were right."""
    sent = serving(pets=pets_document, more={"handlers": {"getPet": lambda: {"id": "seven"}}})(
        "GET", "/pets/7"
    )

    assert sent.status == 500
    assert "breaks the contract" in sent.json()["detail"]


def test_a_handler_that_raises_is_500_without_a_traceback(
    serving: Serving, pets_document: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The client learns that it failed, the log how."""

    def getPet() -> object:  # noqa: N802 -- named as the contract names it
        raise KeyError("secret-detail")

    sent = serving(pets=pets_document, more={"handlers": {"getPet": getPet}})("GET", "/pets/7")

    assert sent.status == 500
    assert b"secret-detail" not in sent.body
    assert "secret-detail" in caplog.text


@pytest.mark.parametrize("target", ["/pets", "/nowhere", "/v2/openapi.json"])
def test_no_header_is_sent_twice(pets: Call, target: str) -> None:
    """A reply says each thing once."""
    names = pets("GET", target).names

    assert sorted(names) == sorted(set(names))


def test_a_header_that_cannot_be_sent_is_left_out(serving: Serving, pets_document: str) -> None:
    """A document may declare a header whose name HTTP does not know; the answer goes out without it."""
    call = serving(
        pets=pets_document.replace(
            "description: some\n",
            'description: some\n          headers: {"X Y": {required: true, schema: {type: string}}}\n',
        )
    )

    sent = call("GET", "/pets")

    assert sent.status == 200
    assert "x y" not in sent.names


SHOPS = """
openapi: 3.1.0
info: {title: Shops, version: "1"}
servers:
  - url: https://shops.example.com/stores/{hash}/{v}
    variables: {hash: {default: h}, v: {default: v3, enum: [v3]}}
paths:
  /:
    get: {operationId: root, responses: {"200": {description: root}}}
  /orders:
    get: {operationId: list, responses: {"204": {description: none}}}
  /photos:
    servers: [{url: "https://upload.example.com/files"}, {url: "{protocol}://{host}"}]
    post: {operationId: send, responses: {"204": {description: none}}}
"""


@pytest.mark.parametrize(
    ("send", "status"),
    [
        ("GET /stores/h/v3/orders", 204),
        ("GET /stores/my-own-shop/v3/orders", 204),
        ("GET /stores/my-own-shop/v4/orders", 404),
        ("GET /orders", 204),
        ("POST /files/photos", 204),
        ("GET /orders/orders", 404),
        ("POST /stores/x/v3/photos", 204),
    ],
)
def test_base_paths_with_variables_and_of_operations_are_served(
    send: str, status: int, serving: Callable[..., Call]
) -> None:
    """A variable without listed values may have any; an operation stands below servers of its own as well."""
    method, _, target = send.partition(" ")

    assert serving(shops=SHOPS)(method, target).status == status


def test_with_the_manners_of_prism_only_declared_methods_are_answered(
    serving: Serving, pets_document: str
) -> None:
    """HEAD and OPTIONS are refused where only GET is declared, in the words of Prism."""
    call = serving(Settings(prism=True), pets=pets_document)
    head, options = call("HEAD", "/pets"), call("OPTIONS", "/pets")

    assert (head.status, options.status) == (405, 405)
    assert orjson.loads(options.body)["detail"] == (
        'The route /pets has been matched, but it does not have "options" method defined'
    )


def test_with_the_manners_of_prism_an_invalid_example_is_an_error(serving: Serving) -> None:
    """`--errors` is asked for to hear of examples that break their schema."""
    content = {"application/json": {"schema": {"type": "integer"}, "example": "x"}}
    document = yaml.safe_dump(
        {
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1"},
            "paths": {"/n": {"get": {"responses": {"200": {"description": "", "content": content}}}}},
        }
    )
    strict = serving(Settings(prism=True, static=True, errors=True), n=document)
    lenient = serving(Settings(prism=True, static=True), n=document)

    assert strict("GET", "/n").status == 500
    assert lenient("GET", "/n").body == b"0"


FOLDERS = """
openapi: 3.1.0
info: {title: Folders, version: "1"}
paths:
  /folders/{id}:
    get:
      operationId: byId
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: one, content: {application/json: {schema: {const: by id}}}}}
  /folders/{path}:
    get:
      operationId: byPath
      parameters: [{name: path, in: path, required: true, schema: {type: string, minLength: 2}}]
      responses: {"200": {description: one, content: {application/json: {schema: {const: by path}}}}}
"""


@pytest.mark.parametrize(
    ("target", "status", "said"), [("7", 200, "by id"), ("inbox", 200, "by path"), ("x", 422, None)]
)
def test_paths_that_differ_in_names_alone_are_told_apart_by_values(
    target: str, status: int, said: str | None, serving: Callable[..., Call]
) -> None:
    """The first whose parameters take the values is meant; where none does, the first refuses."""
    sent = serving(folders=FOLDERS)("GET", f"/folders/{target}")

    assert sent.status == status
    assert said is None or sent.json() == said


def test_a_document_configures_its_values(serving: Callable[..., Call]) -> None:
    """`x-json-schema-faker` counts for its own document, and for no other on the same server."""
    items = "{type: array, items: {type: object, properties: {a: {type: string}}}}"
    answer = f"{{description: '', content: {{application/json: {{schema: {items}}}}}}}"
    plain = f"openapi: 3.0.3\npaths: {{/a: {{get: {{responses: {{'200': {answer}}}}}}}}}\n"
    call = serving(one=plain, two=f"{plain}x-json-schema-faker: {{min-items: 7, optionalsProbability: 0}}\n")

    assert call("GET", "/two/a").json() == [{}] * 7
    assert call("GET", "/one/a").json() != [{}] * len(call("GET", "/one/a").json())
