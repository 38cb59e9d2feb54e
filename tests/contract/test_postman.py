"""A Postman collection is read as a document of 3.1: what was saved is what is asked for and answered."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from locum.contract import (
    Contract,
    Location,
    Operation,
    SecurityType,
    inspect_contract,
    read_contract,
)

Item = dict[str, Any]
Collect = Callable[..., Contract]
JSON = {"key": "Content-Type", "value": "application/json"}


@pytest.fixture
def collect() -> Collect:
    """Read a collection of the items given."""

    def read(*items: Item, **members: object) -> Contract:
        document = {"info": {"name": "Shop", "version": "2.1.0"}, "item": list(items)} | members
        return read_contract("/shop.json", {"/shop.json": orjson.dumps(document)}.__getitem__)

    return read


TWO = {"key": "id", "value": "2"}


def saved(url: object, method: str = "GET", response: list[Item] | None = None, **request: object) -> Item:
    """Return a saved request, and the answers saved with it."""
    return {"name": "it", "request": {"method": method, "url": url, **request}, "response": response or []}


def answer(body: str, code: int = 200, *headers: Item) -> Item:
    """Return a saved answer of JSON."""
    return {"code": code, "header": [JSON, *headers], "body": body}


def only(contract: Contract) -> Operation:
    """Return the first operation of *contract*."""
    return contract.operation(contract.routes[0])


def schema_of_body(contract: Contract) -> object:
    """Return the schema that the only media type of the first operation has."""
    body = only(contract).request_body
    assert body is not None
    schema = body.content[0].schema
    assert schema is not None
    return schema.bundle()


def test_a_collection_is_known_by_its_name_and_items(collect: Collect) -> None:
    """Title and version come from its info; what is served again is the document made of it."""
    contract = collect(saved("https://shop.test/a"))

    assert (contract.title, contract.version, contract.openapi) == ("Shop", "2.1.0", "3.1.0")
    assert contract.document["openapi"] == "3.1.0"
    assert [(each.method, each.path) for each in contract.routes] == [("GET", "/a")]


@pytest.mark.parametrize(
    ("url", "path", "servers"),
    [
        ("https://shop.test/v1/a?x=1#f", "/v1/a", ["https://shop.test"]),
        ("{{host}}/v1/a", "/v1/a", []),
        ("{{base}}/a/:id", "/a/{id}", ["https://shop.test"]),
        ("shop.test/a", "/a", ["http://shop.test"]),
        ({"raw": "https://shop.test/a"}, "/a", ["https://shop.test"]),
        ({"path": ["a", ":id", {"value": "b"}]}, "/a/{id}/b", []),
        ({"host": "shop.test", "path": "/a/b"}, "/a/b", ["http://shop.test"]),
        (
            {"protocol": "https", "host": ["shop", "test"], "port": "8443", "path": ["a"]},
            "/a",
            ["https://shop.test:8443"],
        ),
        ("https://shop.test", "/", ["https://shop.test"]),
        ({"host": ["{{api}}"], "path": ["a", ":id"]}, "/a/{id}", ["https://shop.test/v1"]),
        ("{{api}}/a/:id?x=1", "/a/{id}", ["https://shop.test/v1"]),
        ({"raw": "{{api}}/a"}, "/a", ["https://shop.test/v1"]),
        ("{{open}}/a", "/a", ["/v2"]),
        ("{{name}}:8080/a", "/a", ["http://shop.test:8080"]),
    ],
)
def test_a_url_may_be_written_whole_or_in_parts(
    collect: Collect, url: object, path: str, servers: list[str]
) -> None:
    """Segments that begin with a colon are variables of the path; known variables are put in.

    One in the place of the host may hold the whole address of an API: its path is that of the server.
    """
    variables = {
        "base": "https://shop.test",
        "api": "https://shop.test/v1",
        "open": "https://{{tenant}}.test/v2",
        "name": "shop.test",
    }
    listed = [{"key": key, "value": value} for key, value in variables.items()]
    contract = collect(saved(url), variable=listed)

    assert inspect_contract(contract) == ()
    assert [each.path for each in contract.routes] == [path]
    assert [each.url for each in contract.servers] == servers


def test_what_a_request_carries_is_asked_for(collect: Collect) -> None:
    """Query and headers are required texts; those switched off are optional."""
    url = {"path": ["a"], "query": [{"key": "page", "value": "2"}, {"key": "raw"}]}
    headers = [{"key": "X-Shop", "value": "7"}, {"key": "X-Off", "value": "1", "disabled": True}]
    found = only(collect(saved(url, header=headers))).parameters

    assert [(each.name, each.location, each.required) for each in found] == [
        ("page", Location.QUERY, True),
        ("raw", Location.QUERY, True),
        ("x-shop", Location.HEADER, True),
        ("x-off", Location.HEADER, False),
    ]
    assert found[0].examples[0].value == "2"


def test_headers_may_be_written_as_text(collect: Collect) -> None:
    """Each line of it is a header."""
    found = only(collect(saved("https://shop.test/a", header="X-Shop: 7\nX-More: a:b"))).parameters

    assert [each.name for each in found] == ["x-shop", "x-more"]


def test_a_json_body_asks_for_the_types_that_were_seen(collect: Collect) -> None:
    """Its members are optional, and other members are welcome."""
    raw = '{"id": 7, "tags": ["a"], "price": {"net": 1.5, "tax": null}, "paid": true, "mixed": [1, "a"]}'
    item = saved("/a", "POST", header=[JSON], body={"mode": "raw", "raw": raw})

    properties = schema_of_body(collect(item))

    assert isinstance(properties, dict)
    assert properties["properties"] == {
        "id": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "price": {"type": "object", "properties": {"net": {"type": "number"}, "tax": {"type": "null"}}},
        "paid": {"type": "boolean"},
        "mixed": {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "string"}]}},
    }


@pytest.mark.parametrize(
    ("header", "body", "media_type"),
    [
        ([], {"mode": "raw", "raw": "x"}, "text/plain"),
        ([], {"mode": "raw", "raw": "{}", "options": {"raw": {"language": "json"}}}, "application/json"),
        ([JSON], {"mode": "raw", "raw": "not JSON"}, "application/json"),
        ([], {"mode": "urlencoded", "urlencoded": [{"key": "a"}]}, "application/x-www-form-urlencoded"),
        ([], {"mode": "formdata", "formdata": [{"key": "a", "type": "file"}]}, "multipart/form-data"),
    ],
)
def test_the_media_type_of_a_body_is_that_which_is_sent(
    collect: Collect, header: list[Item], body: Item, media_type: str
) -> None:
    """It follows from the header, or from the kind of body and its language."""
    found = only(collect(saved("/a", "POST", header=header, body=body))).request_body

    assert found is not None
    assert [each.name for each in found.content] == [media_type]


def test_saved_answers_are_responses(collect: Collect) -> None:
    """Each is an example; headers of how it was sent at that time are left out, cookies are sent again."""
    first = answer(
        '{"id": 7}', 200, {"key": "X-Total", "value": "1"}, {"key": "Content-Length", "value": "9"}
    )
    first["cookie"] = [{"name": "sid", "value": "a", "path": "/", "httpOnly": True}]
    item = saved("/a", "GET", [first, answer('{"id": "b"}'), answer('{"why": "gone"}', 404)])
    responses = {each.status: each for each in only(collect(item)).responses}

    assert list(responses) == ["200", "404"]
    assert [(each.name, each.value) for each in responses["200"].content[0].examples] == [
        ("default", {"id": 7}),
        ("default-2", {"id": "b"}),
    ]
    headers = {each.name: each for each in responses["200"].headers}
    assert list(headers) == ["x-total", "set-cookie"]
    assert headers["set-cookie"].examples[0].value == "sid=a; Path=/; HttpOnly"
    assert not headers["x-total"].required


def test_a_saved_answer_is_called_as_it_was_saved(collect: Collect) -> None:
    """Its name is that of the example, its identifier another; the first answers to `default` as well."""
    rex = {**answer('{"id": 1}'), "name": "Rex", "id": "a-1", "uid": "7-a-1"}
    again = {**answer('{"id": 1}'), "name": "Rex", "id": "a-2"}
    examples = only(collect(saved("/a", "GET", [rex, again]))).responses[0].content[0].examples

    assert [(each.name, each.ids) for each in examples] == [
        ("Rex", ("default", "a-1", "7-a-1")),
        ("Rex-2", ("a-2",)),
    ]


def test_what_the_request_of_a_saved_answer_said_is_called_like_it(collect: Collect) -> None:
    """Path, query and body are examples by which the answer is found again."""
    tom = {**answer('{"id": 2}'), "name": "Tom"}
    tom["originalRequest"] = {
        "url": {"path": ["pets", ":id"], "query": [{"key": "kind", "value": "cat"}], "variable": [TWO]},
        "header": [JSON],
        "body": {"mode": "raw", "raw": '{"a": 1}'},
    }
    body = {"mode": "raw", "raw": '{"a": 0}'}
    item = saved("/pets/:id?kind=dog", "POST", [tom], header=[JSON], body=body)
    operation = only(collect(item))
    assert operation.request_body is not None

    said = {each.name: [(one.name, one.value) for one in each.examples] for each in operation.parameters}
    assert said == {"id": [("Tom", "2")], "kind": [("default", "dog"), ("Tom", "cat")]}
    sent = operation.request_body.content[0].examples
    assert [(each.name, each.value) for each in sent] == [("default", {"a": 0}), ("Tom", {"a": 1})]


def test_requests_of_one_kind_are_alternatives(collect: Collect) -> None:
    """What only some of them carry is optional, and a body may be as any of theirs."""
    first = saved("/a?x=1", "POST", header=[JSON], body={"mode": "raw", "raw": '{"a": 1}'})
    second = saved("/a", "POST", header=[JSON], body={"mode": "raw", "raw": '{"b": 1}'})
    contract = collect(first, second)

    assert len(contract.routes) == 1
    assert [(each.name, each.required) for each in only(contract).parameters] == [("x", False)]
    alternatives = schema_of_body(contract)
    assert isinstance(alternatives, dict)
    assert [list(each["properties"]) for each in alternatives["anyOf"]] == [["a"], ["b"]]


@pytest.mark.parametrize(
    ("auth", "kind", "detail"),
    [
        ({"type": "basic"}, SecurityType.HTTP, "basic"),
        ({"type": "bearer"}, SecurityType.HTTP, "bearer"),
        ({"type": "oauth2"}, SecurityType.HTTP, "bearer"),
        ({"type": "hawk"}, SecurityType.HTTP, "hawk"),
        ({"type": "oauth1", "oauth1": {"addParamsToHeader": True}}, SecurityType.HTTP, "oauth"),
        ({"type": "oauth1"}, SecurityType.API_KEY, "oauth_token"),
        (
            {"type": "oauth2", "oauth2": [{"key": "addTokenTo", "value": "queryParams"}]},
            SecurityType.API_KEY,
            "access_token",
        ),
        ({"type": "apikey", "apikey": [{"key": "key", "value": "K"}]}, SecurityType.API_KEY, "K"),
        ({"type": "apikey", "apikey": {"key": "K", "in": "query"}}, SecurityType.API_KEY, "K"),
    ],
)
def test_credentials_are_security_schemes(
    collect: Collect, auth: Item, kind: SecurityType, detail: str
) -> None:
    """Each way to authenticate has its scheme, whether its parameters are pairs or a map."""
    contract = collect(saved("/a"), auth=auth)
    (scheme,) = contract.security_schemes.values()

    assert (scheme.type, scheme.http_scheme or scheme.parameter) == (kind, detail)
    assert list(only(contract).security[0].schemes) == [scheme.name]


def test_credentials_are_those_of_the_nearest(collect: Collect) -> None:
    """A request asks for what it says itself, else its folder, else all; `noauth` asks for none."""
    folder = {
        "name": "F",
        "auth": {"type": "bearer"},
        "item": [saved("/a"), saved("/b", auth={"type": "noauth"})],
    }
    contract = collect(folder, saved("/c"), auth={"type": "basic"})
    asked = {
        each.path: [
            contract.security_schemes[name].http_scheme
            for need in contract.operation(each).security
            for name in need.schemes
        ]
        for each in contract.routes
    }

    assert asked == {"/a": ["bearer"], "/b": [], "/c": ["basic"]}
    assert contract.routes[0].tags == ("F",)


def test_what_is_wrong_is_told_where_it_stands(collect: Collect) -> None:
    """An item that names no URL is left out and told; the others are served."""
    contract = collect({"name": "bad", "request": {"method": "GET"}}, saved("/a"))

    (told,) = [each for each in inspect_contract(contract) if each.code == "contract.postman"]
    assert (told.where.pointer, told.where.file) == ("/item/0", "/shop.json")
    assert [each.path for each in contract.routes] == ["/a"]


def test_only_what_has_no_name_gives_way_to_its_equal(collect: Collect) -> None:
    """What somebody has called `defaults` stays; what gives way is still found by its identifiers."""
    rex = {**answer('{"id": 1}'), "name": "Rex", "id": "a-1"}
    named = {**answer('{"id": 1}'), "name": "defaults", "id": "a-2"}
    nameless = [{**answer('{"id": 1}'), "id": f"a-{number}"} for number in (3, 4)]
    examples = only(collect(saved("/a", "GET", [rex, named, *nameless]))).responses[0].content[0].examples

    assert [(each.name, each.ids) for each in examples] == [
        ("Rex", ("default", "a-1", "a-3", "a-4")),
        ("defaults", ("a-2",)),
    ]


@pytest.mark.parametrize("turn", [1, -1])
def test_a_parameter_has_one_example_or_several(collect: Collect, turn: int) -> None:
    """Where one request says a value and the answers of another say more, all of them are examples."""
    tom = {**answer('{"id": 2}'), "name": "Tom"}
    tom["originalRequest"] = {"url": {"path": ["pets"], "query": [{"key": "kind", "value": "cat"}]}}
    url = {"path": ["pets"], "query": [{"key": "kind"}]}
    items = [saved(url, "GET", [tom]), saved("/pets?kind=dog")][::turn]
    contract = collect(*items)
    (parameter,) = only(contract).parameters

    written: Any = contract.document["paths"]
    assert "example" not in written["/pets"]["get"]["parameters"][0]
    assert {(each.name, each.value) for each in parameter.examples} == {("default", "dog"), ("Tom", "cat")}
