from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from locum.catalog import load
from locum.cli.curl import curl_line

HEAD = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    query: {type: apiKey, in: query, name: key}
    cookie: {type: apiKey, in: cookie, name: sid}
    basic: {type: http, scheme: basic}
    bearer: {type: http, scheme: bearer}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://t.example', scopes: {read: r}}}}
    digest: {type: http, scheme: digest}
    tls: {type: mutualTLS}
"""


def line(folder: Path, paths: str, credentials: str = "") -> str:
    """Return the line offered for a document with these *paths*."""
    (folder / "pets.yaml").write_text(HEAD + "paths:\n" + textwrap.indent(textwrap.dedent(paths), "  "))
    if credentials:
        beside = folder / "fixtures" / "pets"
        beside.mkdir(parents=True)
        (beside / "contract.yaml").write_text(textwrap.dedent(credentials))
    return curl_line(load(str(folder / "pets.yaml")), "http://x")


def test_the_simplest_reading_operation_is_chosen(tmp_path: Path) -> None:
    """GET before everything else, fewer path variables first, deprecated ones never."""
    paths = """
    /pets/{id}:
      get: {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], responses: {}}
    /old: {get: {deprecated: true, responses: {}}}
    /write: {post: {responses: {}}}
    /pets: {get: {responses: {}}}
    """

    assert line(tmp_path, paths) == "curl http://x/pets"


def test_required_parameters_have_their_documented_values(tmp_path: Path) -> None:
    """Example, default, constant or first choice; written as style and location ask."""
    paths = """
    /pets/{id}:
      get:
        parameters:
        - {name: id, in: path, required: true, example: a b, schema: {type: string}}
        - {name: month, in: query, required: true, schema: {type: integer, default: 3}}
        - {name: kind, in: query, required: true, schema: {enum: [cat, dog]}}
        - {name: tags, in: query, required: true, example: [x, y], schema: {type: array}}
        - {name: optional, in: query, example: 1, schema: {type: integer}}
        - {name: X-Tenant, in: header, required: true, schema: {const: acme}}
        - {name: sid, in: cookie, required: true, schema: {type: string, examples: [abc]}}
        responses: {}
    """

    assert line(tmp_path, paths) == (
        "curl -H 'X-Tenant: acme' -H 'Cookie: sid=abc' 'http://x/pets/a%20b?month=3&kind=cat&tags=x&tags=y'"
    )


@pytest.mark.parametrize(
    "schema", ["{type: string, pattern: '^[0-9]{5}$'}", "{type: string, example: ab, minLength: 5}"]
)
def test_without_a_value_to_vouch_for_no_line_is_offered(tmp_path: Path, schema: str) -> None:
    """A wrong example is no value, and a made-up one might be wrong."""
    paths = f"""
    /pets:
      get: {{parameters: [{{name: q, in: query, required: true, schema: {schema}}}], responses: {{}}}}
    """

    assert line(tmp_path, paths) == ""


@pytest.mark.parametrize(
    ("security", "expected"),
    [
        ("[]", "curl http://x/pets"),
        ("[{}]", "curl http://x/pets"),
        ("[{key: []}]", "curl -H 'X-Key: anything' http://x/pets"),
        ("[{query: []}]", "curl 'http://x/pets?key=anything'"),
        ("[{cookie: []}]", "curl -H 'Cookie: sid=anything' http://x/pets"),
        ("[{basic: []}]", "curl -u user:password http://x/pets"),
        ("[{bearer: []}]", "curl -H 'Authorization: Bearer anything' http://x/pets"),
        ("[{oauth: [read]}]", "curl -H 'Authorization: Bearer anything' http://x/pets"),
        ("[{tls: []}, {key: []}]", "curl -H 'X-Key: anything' http://x/pets"),
        (
            "[{key: [], bearer: []}]",
            "curl -H 'X-Key: anything' -H 'Authorization: Bearer anything' http://x/pets",
        ),
        ("[{digest: []}]", ""),
    ],
)
def test_without_fixtures_any_well_formed_credential_is_sent(
    tmp_path: Path, security: str, expected: str
) -> None:
    """Each scheme is written its own way; the first alternative that curl can do is taken."""
    assert line(tmp_path, f"/pets: {{get: {{security: {security}, responses: {{}}}}}}\n") == expected


def test_a_credential_that_opens_the_operation_is_chosen(tmp_path: Path) -> None:
    """Neither a revoked one, nor one of a kind that is not taken, nor one without the scope."""
    credentials = """
    security: {accepts: {oauth: [user]}}
    credentials:
    - {id: a, scheme: oauth, secret: revoked, kind: user, scopes: [read], status: revoked}
    - {id: b, scheme: oauth, secret: robot, kind: robot, scopes: [read]}
    - {id: c, scheme: oauth, secret: narrow, kind: user}
    - {id: d, scheme: oauth, secret: good, kind: user, scopes: [read, write]}
    """

    offered = line(tmp_path, "/pets: {get: {security: [{oauth: [read]}], responses: {}}}\n", credentials)

    assert offered == "curl -H 'Authorization: Bearer good' http://x/pets"


def test_an_operation_that_cannot_be_used_is_passed_over(tmp_path: Path) -> None:
    """The next one is offered."""
    paths = """
    /broken: {get: []}
    /pets: {get: {responses: {}}}
    """

    assert line(tmp_path, paths) == "curl http://x/pets"
