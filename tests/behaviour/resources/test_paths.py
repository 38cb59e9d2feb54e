"""Paths as people write them: which of them speak of one kind of thing, and what is done by calling them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from locum.behaviour.resources import Recognition, Resource

Json: TypeAlias = Any
Client: TypeAlias = Any
Played: TypeAlias = Callable[..., Client]

NOTHING = {"204": {"description": ""}}
MISSING = {"404": {"description": "not there"}}


def thing(key: str = "id", **members: Json) -> Json:
    """Return the schema of an entity known by *key*."""
    properties = {key: {"type": "string"}, "title": {"type": "string"}, **members}
    return {"type": "object", "required": [key, "title"], "properties": properties}


def answer(schema: Json, status: str = "200") -> Json:
    """Return responses that answer with *schema*."""
    return {status: {"description": "", "content": {"application/json": {"schema": schema}}}, **MISSING}


def takes(schema: Json) -> Json:
    """Return a body that is *schema*."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def path(*names: str) -> list[Json]:
    """Return parameters of a path."""
    return [{"name": each, "in": "path", "required": True, "schema": {"type": "string"}} for each in names]


def resources(client: Client) -> dict[str, Resource]:
    """Return the resources of a document by the path of their entities."""
    return {each.item: each for each in Recognition(client.contract).all()}


def test_a_format_at_the_end_is_no_part_of_the_name(played: Played) -> None:
    """`/Calls.json` lists what `/Calls/{Sid}.json` reads; `Location` has the format too."""
    call = thing("sid")
    client = played(
        {
            "/Calls.json": {
                "get": {"responses": answer({"type": "array", "items": call})},
                "post": {"requestBody": takes(thing("title")), "responses": answer(call, "201")},
            },
            "/Calls/{Sid}.json": {
                "parameters": path("Sid"),
                "get": {"responses": answer(call)},
                "delete": {"responses": {**NOTHING, **MISSING}},
            },
        }
    )
    made = client.send("POST", "/Calls.json", {"title": "one"})
    where = dict(made.reply.headers)["location"].removeprefix("http://shop.test")

    assert where.endswith(".json")
    assert client.body("GET", where)["title"] == "one"
    assert "one" in [each["title"] for each in client.body("GET", "/Calls.json")]
    assert client.status("DELETE", where) == 204
    assert client.status("GET", where) == 404


def test_two_variables_in_a_row_name_one_thing(played: Played) -> None:
    """`/repos/{owner}/{repo}` is created at `/orgs/{org}/repos`, or at `/user/repos`, and has its owner."""
    owner = {"type": "object", "required": ["login"], "properties": {"login": {"type": "string"}}}
    repo = thing("name", owner=owner)
    repo["required"].append("owner")
    lists = {
        "get": {"responses": answer({"type": "array", "items": repo})},
        "post": {"requestBody": takes(thing("name")), "responses": answer(repo, "201")},
    }
    client = played(
        {
            "/repos/{owner}/{repo}": {
                "parameters": path("owner", "repo"),
                "get": {"responses": answer(repo)},
                "delete": {"responses": {**NOTHING, **MISSING}},
            },
            "/orgs/{org}/repos": {"parameters": path("org"), **lists},
            "/user/repos": lists,
        }
    )
    first = client.body("POST", "/orgs/acme/repos", {"name": "tool", "title": "A"})
    other = client.body("POST", "/orgs/else/repos", {"name": "tool", "title": "B"})
    mine = client.body("POST", "/user/repos", {"name": "mine", "title": "C"})

    assert (first["owner"]["login"], other["owner"]["login"]) == ("acme", "else")
    assert client.body("GET", "/repos/acme/tool")["title"] == "A"
    assert client.body("GET", "/repos/else/tool")["title"] == "B"
    assert client.body("GET", f"/repos/{mine['owner']['login']}/mine")["title"] == "C"
    assert "C" in [each["title"] for each in client.body("GET", "/user/repos")]
    assert client.status("DELETE", "/repos/acme/tool") == 204
    assert client.status("GET", "/repos/acme/tool") == 404
    assert client.status("GET", "/repos/else/tool") == 200
    for each in client.body("GET", "/orgs/acme/repos")[:3]:
        assert client.body("GET", f"/repos/acme/{each['name']}") == each


def test_two_variables_without_a_key_name_nothing(played: Played) -> None:
    """`/routes/{from}/{to}` is no entity of `/routes/{from}`."""
    client = played(
        {
            "/routes/{from}/{to}": {
                "parameters": path("from", "to"),
                "get": {"responses": answer({"type": "object", "properties": {"km": {"type": "number"}}})},
                "delete": {"responses": NOTHING},
            }
        }
    )

    assert resources(client) == {}


def test_a_list_in_the_plural_belongs_to_entities_in_the_singular(played: Played) -> None:
    """`POST /silences` makes what `/silence/{silenceID}` reads, and its answer tells the key it was given."""
    silence = thing()
    told = {"type": "object", "properties": {"silenceID": {"type": "string"}}}
    client = played(
        {
            "/silences": {
                "get": {"responses": answer({"type": "array", "items": silence})},
                "post": {"requestBody": takes(thing("title")), "responses": answer(told)},
            },
            "/silence/{silenceID}": {"parameters": path("silenceID"), "get": {"responses": answer(silence)}},
        }
    )
    key = client.body("POST", "/silences", {"title": "hush"})["silenceID"]

    assert client.body("GET", f"/silence/{key}") == {"id": key, "title": "hush"}
    assert {"id": key, "title": "hush"} in client.body("GET", "/silences")


def test_the_root_may_be_a_list(played: Played) -> None:
    """`/` lists and `/{uuid}` reads where the base path names the thing."""
    call = thing("uuid")
    client = played(
        {
            "/": {
                "get": {"responses": answer({"type": "array", "items": call})},
                "post": {"requestBody": takes(thing("title")), "responses": answer(call, "201")},
            },
            "/{uuid}": {"parameters": path("uuid"), "get": {"responses": answer(call)}},
        }
    )
    made = client.body("POST", "/", {"title": "ring"})

    assert client.body("GET", f"/{made['uuid']}") == made
    assert made in client.body("GET", "/")


def test_verbs_in_paths_do_what_methods_do(played: Played) -> None:
    """`/volumes/create`, `/volumes/{id}/update` and `/volumes/{id}/delete`, all by POST."""
    volume = thing()
    one = {"parameters": path("id")}
    client = played(
        {
            "/volumes/list": {"get": {"responses": answer({"type": "array", "items": volume})}},
            "/volumes/create": {
                "post": {"requestBody": takes(thing("title")), "responses": answer(volume, "201")}
            },
            "/volumes/{id}": {**one, "get": {"responses": answer(volume)}},
            "/volumes/{id}/update": {
                **one,
                "post": {"requestBody": takes(thing("title")), "responses": answer(volume)},
            },
            "/volumes/{id}/delete": {**one, "post": {"responses": {**NOTHING, **MISSING}}},
        }
    )
    key = client.body("POST", "/volumes/create", {"title": "a"})["id"]

    assert client.body("GET", f"/volumes/{key}")["title"] == "a"
    assert client.body("POST", f"/volumes/{key}/update", {"title": "b"})["title"] == "b"
    assert {"id": key, "title": "b"} in client.body("GET", "/volumes/list")
    assert client.status("POST", f"/volumes/{key}/delete") == 204
    assert client.status("GET", f"/volumes/{key}") == 404


def test_several_are_created_at_once(played: Played) -> None:
    """A list that is sent to `/users/createWithList` makes each of its entries, with keys of their own."""
    user = thing()
    sent = {"type": "array", "items": {"type": "object", "properties": {"title": {"type": "string"}}}}
    client = played(
        {
            "/users": {"get": {"responses": answer({"type": "array", "items": user})}},
            "/users/createWithList": {"post": {"requestBody": takes(sent), "responses": NOTHING}},
            "/users/{userId}": {"parameters": path("userId"), "get": {"responses": answer(user)}},
        }
    )
    before = client.body("GET", "/users")

    assert client.status("POST", "/users/createWithList", [{"title": "a"}, {"title": "b"}]) == 204
    made = [each for each in client.body("GET", "/users") if each not in before]
    assert [each["title"] for each in made] == ["a", "b"]
    assert client.body("GET", f"/users/{made[1]['id']}") == made[1]


def test_an_own_list_may_show_less_than_an_entity(played: Played) -> None:
    """What stands above the entities lists them, whatever it shows of them beside the key."""
    run = thing("run_id", log={"type": "string"}, outputs={"type": "string"}, request={"type": "string"})
    brief = {"type": "object", "properties": {"run_id": {"type": "string"}, **{name: {} for name in "abcd"}}}
    page = {"type": "object", "properties": {"runs": {"type": "array", "items": brief}}}
    client = played(
        {
            "/runs": {
                "get": {"responses": answer(page)},
                "post": {"requestBody": takes(thing("title")), "responses": answer(run)},
            },
            "/runs/{run_id}": {"parameters": path("run_id"), "get": {"responses": answer(run)}},
        }
    )
    key = client.body("POST", "/runs", {"title": "x"})["run_id"]

    assert key in [each["run_id"] for each in client.body("GET", "/runs")["runs"]]


def test_a_view_below_an_entity_agrees_with_it(played: Played) -> None:
    """`/runs/{id}/status` shows the state that `/runs/{id}` has."""
    state = {"type": "string", "enum": ["queued", "running", "canceled"]}
    brief = {"type": "object", "required": ["id", "state"], "properties": {"id": {}, "state": state}}
    client = played(
        {
            "/runs": {"get": {"responses": answer({"type": "array", "items": thing(state=state)})}},
            "/runs/{id}": {"parameters": path("id"), "get": {"responses": answer(thing(state=state))}},
            "/runs/{id}/status": {"parameters": path("id"), "get": {"responses": answer(brief)}},
            "/runs/{id}/cancel": {"parameters": path("id"), "post": {"responses": NOTHING}},
        }
    )
    assert client.status("POST", "/runs/7/cancel") == 204

    assert client.body("GET", "/runs/7/status") == {"id": "7", "state": "canceled"}
    assert client.body("GET", "/runs/7")["state"] == "canceled"


@pytest.mark.parametrize("status", ["200", "202", "204"])
def test_an_action_sets_what_is_called_after_it(played: Played, status: str) -> None:
    """`POST /orders/{id}/cancel` makes the status `cancelled` and tells when, whatever it answers with."""
    order = thing(
        status={"type": "string", "enum": ["open", "cancelled"]},
        cancelledAt={"type": "string", "format": "date-time"},
    )
    client = played(
        {
            "/orders": {"post": {"requestBody": takes(order), "responses": answer(order, "201")}},
            "/orders/{id}": {"parameters": path("id"), "get": {"responses": answer(order)}},
            "/orders/{id}/cancel": {
                "parameters": path("id"),
                "post": {"responses": answer(order) if status == "200" else {status: {"description": ""}}},
            },
            "/orders/{id}/weigh": {"parameters": path("id"), "post": {"responses": NOTHING}},
        }
    )
    made = client.body("POST", "/orders", {"id": "x", "title": "t", "status": "open"})
    client.send("POST", "/orders/x/weigh")
    assert client.body("GET", "/orders/x") == made
    assert client.status("POST", "/orders/x/cancel") == int(status)

    found = client.body("GET", "/orders/x")
    assert found["status"] == "cancelled"
    assert found["cancelledAt"].startswith(client.state.snapshot("default", 0.0).now.date().isoformat())


def test_an_action_sets_the_flag_beside_the_status(played: Played) -> None:
    """What is active by its status is active by its flag."""
    user = thing(active={"type": "boolean"}, status={"type": "string", "enum": ["active", "inactive"]})
    client = played(
        {
            "/users": {"get": {"responses": answer({"type": "array", "items": user})}},
            "/users/{id}": {"parameters": path("id"), "get": {"responses": answer(user)}},
            "/users/{id}/activate": {"parameters": path("id"), "post": {"responses": NOTHING}},
            "/users/{id}/deactivate": {"parameters": path("id"), "post": {"responses": NOTHING}},
        }
    )
    seen = []
    for action in ("activate", "deactivate"):
        client.send("POST", f"/users/5/{action}")
        found = client.body("GET", "/users/5")
        seen.append((found["active"], found["status"]))

    assert seen == [(True, "active"), (False, "inactive")]


def test_what_is_declared_for_head_knows_what_is_gone(played: Played) -> None:
    """`HEAD /tables/{id}` that the document declares tells whether the thing is there."""
    client = played(
        {
            "/tables": {"get": {"responses": answer({"type": "array", "items": thing()})}},
            "/tables/{id}": {
                "parameters": path("id"),
                "get": {"responses": answer(thing())},
                "head": {"responses": {**NOTHING, **MISSING}},
                "delete": {"responses": NOTHING},
            },
        }
    )
    before = client.status("HEAD", "/tables/5")
    client.send("DELETE", "/tables/5")

    assert (before, client.status("HEAD", "/tables/5")) == (204, 404)


def test_settings_below_settings_stay_when_these_are_replaced(played: Played) -> None:
    """One thing of its kind is there from the start: a PUT changes it and takes nothing below it away."""
    settings = {"type": "object", "required": ["on"], "properties": {"on": {"type": "boolean"}}}
    both = {"get": {"responses": answer(settings)}, "put": {"requestBody": takes(settings)}}
    both["put"]["responses"] = NOTHING
    client = played({"/settings": both, "/settings/mail": both})
    client.send("PUT", "/settings", {"on": True})

    assert client.body("GET", "/settings") == {"on": True}
    assert client.status("GET", "/settings/mail") == 200


def test_what_is_done_can_be_undone(played: Played) -> None:
    """`PUT /issues/{id}/lock` locks, and `DELETE` of the same unlocks."""
    issue = thing(locked={"type": "boolean"})
    client = played(
        {
            "/issues": {"get": {"responses": answer({"type": "array", "items": issue})}},
            "/issues/{id}": {"parameters": path("id"), "get": {"responses": answer(issue)}},
            "/issues/{id}/lock": {
                "parameters": path("id"),
                "put": {"responses": NOTHING},
                "delete": {"responses": NOTHING},
            },
        }
    )
    client.send("PUT", "/issues/5/lock")
    assert client.body("GET", "/issues/5")["locked"] is True
    client.send("DELETE", "/issues/5/lock")
    assert client.body("GET", "/issues/5")["locked"] is False


def test_a_put_without_a_key_makes_the_thing(played: Played) -> None:
    """What a client names itself is there again after it was deleted, whatever was sent."""
    client = played(
        {
            "/bindings/{name}": {
                "parameters": path("name"),
                "get": {"responses": answer({"type": "object", "properties": {"token": {"type": "string"}}})},
                "put": {
                    "requestBody": takes({"type": "object", "properties": {"plan": {"type": "string"}}}),
                    "responses": {"201": {"description": ""}},
                },
                "delete": {"responses": {**NOTHING, **MISSING}},
            }
        }
    )
    assert client.status("DELETE", "/bindings/a") == 204
    assert client.status("GET", "/bindings/a") == 404
    assert client.status("PUT", "/bindings/a", {"plan": "free"}) == 201

    assert client.status("GET", "/bindings/a") == 200


@pytest.mark.parametrize(
    ("variable", "members", "key"),
    [
        ("username", ("id", "name", "login"), "login"),
        ("pull_request", ("id", "title"), "id"),
        ("access_token", ("id", "token"), "token"),
        ("image_name", ("id", "size"), ""),
    ],
)
def test_names_stand_for_names(played: Played, variable: str, members: tuple[str, ...], key: str) -> None:
    """Who is named is no number, and a name is no id."""
    noun = {"username": "members", "pull_request": "pulls", "access_token": "tokens", "image_name": "images"}
    schema = {"type": "object", "properties": {each: {"type": "string"} for each in members}}
    client = played(
        {
            f"/{noun[variable]}": {"get": {"responses": answer({"type": "array", "items": schema})}},
            f"/{noun[variable]}/{{{variable}}}": {
                "parameters": path(variable),
                "get": {"responses": answer(schema)},
                "delete": {"responses": NOTHING},
            },
        }
    )

    assert [each.key for each in resources(client).values()] == [key]


def test_a_search_may_be_sent(played: Played) -> None:
    """`POST /pets/search` narrows and turns over as its body says."""
    pet = thing(kind={"type": "string"})
    asked = {
        "type": "object",
        "properties": {
            "kind": {"type": "string"},
            "limit": {"type": "integer"},
            "offset": {"type": "integer"},
        },
    }
    client = played(
        {
            "/pets": {"post": {"requestBody": takes(pet), "responses": answer(pet, "201")}},
            "/pets/{petId}": {"parameters": path("petId"), "get": {"responses": answer(pet)}},
            "/pets/search": {
                "post": {"requestBody": takes(asked), "responses": answer({"type": "array", "items": pet})}
            },
        }
    )
    for number in range(3):
        client.send("POST", "/pets", {"id": f"p{number}", "title": "t", "kind": "unicorn"})
    found = client.body("POST", "/pets/search", {"kind": "unicorn"})
    page = client.body("POST", "/pets/search", {"kind": "unicorn", "limit": 1, "offset": 1})

    assert [each["id"] for each in found] == ["p0", "p1", "p2"]
    assert [each["id"] for each in page] == ["p1"]


def test_a_file_that_is_sent_is_no_member(played: Played) -> None:
    """A form with files in a list makes an entity of its other members."""
    form = {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "parts": {"type": "array", "items": {"type": "string", "format": "binary"}},
        },
    }
    entity = thing(parts={"type": "array", "items": {"type": "string"}})
    client = played(
        {
            "/uploads": {
                "post": {
                    "requestBody": {"content": {"multipart/form-data": {"schema": form}}},
                    "responses": answer(entity, "201"),
                }
            },
            "/uploads/{id}": {"parameters": path("id"), "get": {"responses": answer(entity)}},
        }
    )
    head = "--b\r\nContent-Disposition: form-data; name="
    parts = (f"{head}title\r\n\r\nx\r\n", f'{head}"parts"; filename="a"\r\n\r\nbytes\r\n', "--b--\r\n")
    kind = {"content-type": "multipart/form-data; boundary=b"}
    outcome = client.send_bytes("POST", "/uploads", "".join(parts).encode(), kind)

    assert outcome.reply.status == 201
    assert (
        client.body("GET", dict(outcome.reply.headers)["location"].removeprefix("http://shop.test"))["title"]
        == "x"
    )


def test_addresses_of_an_example_lead_to_what_is_asked_for(played: Played) -> None:
    """An example that serves for another key says of that where it is, and what stands above it."""
    api = "https://api.test/v1"
    example = {
        "number": "7",
        "title": "t",
        "url": f"{api}/repos/ann/tool/issues/7",
        "events": [f"{api}/repos/ann/tool/issues/7/events", f"{api}/repos/ann/tool/issues/77"],
        "repository_url": f"{api}/repos/ann/tool",
    }
    issue = thing("number", url={}, events={"type": "array"}, repository_url={})
    shown = {"application/json": {"example": example, "schema": issue}}
    one = {"200": {"description": "", "content": shown}}
    client = played(
        {
            "/repos/{owner}/{repo}/issues/{number}": {
                "parameters": path("owner", "repo", "number"),
                "get": {"responses": one},
                "delete": {"responses": NOTHING},
            }
        }
    )

    assert client.body("GET", "/repos/bob/kit/issues/9") == {
        "number": "9",
        "title": "t",
        "url": f"{api}/repos/bob/kit/issues/9",
        "events": [f"{api}/repos/bob/kit/issues/9/events", f"{api}/repos/bob/kit/issues/77"],
        "repository_url": f"{api}/repos/bob/kit",
    }


def test_links_that_lead_nowhere_are_not_sent(played: Played) -> None:
    """A declared `Link` header with an example is left out where there is one page only."""
    listed = answer({"type": "array", "items": thing(), "maxItems": 3})
    listed["200"]["headers"] = {"Link": {"schema": {"type": "string"}, "example": '</x?page=2>; rel="next"'}}
    client = played(
        {
            "/pets": {"get": {"responses": listed}},
            "/pets/{petId}": {"parameters": path("petId"), "get": {"responses": answer(thing())}},
        }
    )

    assert "link" not in dict(client.send("GET", "/pets").reply.headers)


def test_what_was_created_has_not_ended(played: Played) -> None:
    """It has no time of deletion, a status of beginnings, and is listed before what is made up."""
    task = thing(
        deleted_at={"type": "string", "format": "date-time"},
        closed_at={"type": ["string", "null"], "format": "date-time"},
        status={"type": "string", "enum": ["cancelled", "done", "pending"]},
        customer_id={"type": "string", "readOnly": True},
    )
    sent = {"type": "object", "properties": {"title": {"type": "string"}, "customer": {"type": "object"}}}
    client = played(
        {
            "/tasks": {
                "get": {"responses": answer({"type": "array", "items": task})},
                "post": {"requestBody": takes(sent), "responses": answer(task, "201")},
            },
            "/tasks/{taskId}": {"parameters": path("taskId"), "get": {"responses": answer(task)}},
        }
    )
    made = client.body("POST", "/tasks", {"title": "t", "customer": {"id": "c1"}})

    assert "deleted_at" not in made
    assert (made["closed_at"], made["status"], made["customer_id"]) == (None, "pending", "c1")
    assert client.body("GET", "/tasks")[0] == made
