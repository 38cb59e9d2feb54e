from __future__ import annotations

from pathlib import Path

import pytest

from locum.behaviour.exchanges import Call, Exchange, Judgement
from locum.behaviour.invariants import judge
from locum.behaviour.relation_kinds import Kind
from locum.catalog import load
from locum.catalog.rules import load_rules
from locum.contract.model import JsonValue, Location

DOCUMENT = """\
openapi: 3.1.0
info: {title: Rooms, version: '1'}
x-relations:
- {id: apart, kind: disjoint, calls: [{operation: listRooms}, {operation: listRooms, query: side=left}]}
paths:
  /rooms:
    get:
      operationId: listRooms
      x-invariants:
      - listed elsewhere
      - {id: counted, message: The count is true, rule: body.count == count(body.rooms), severity: warning}
      x-requires:
      - id: one-way
        message: A page or a token
        rule: "!(has(query.page) && has(query.token))"
        statuses: [400]
        broken: [{query: page=1&token=x}]
      x-relations:
      - {id: whole, kind: pages, paging: {items: /rooms, token: /next, cursor: token}, sizes: [1, 9]}
      parameters:
      - {name: page, in: query, schema: {type: integer}}
      - name: token
        in: query
        schema: {type: string}
        x-opaque: {from: {operation: listRooms, at: /next}, statuses: [400]}
      - {name: session, in: header, schema: {type: string}, x-opaque: true}
      responses:
        '200':
          description: All
          content:
            application/json:
              schema: {properties: {rooms: {items: {$ref: '#/components/schemas/Room'}}}}
components:
  schemas:
    Room:
      type: object
      x-invariants:
      - {id: floor, rule: self.floor < self.floors}
"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return the path of a document with rules of every kind."""
    path = tmp_path / "rooms.yaml"
    path.write_text(DOCUMENT)
    return path


def test_all_four_kinds_are_read(document: Path) -> None:
    """On operations, parameters, schemas and at the root, with the place of each."""
    rules = load_rules(load(str(document)))

    assert rules.diagnostics == ()
    assert [(each.id, each.promise, each.confidence) for each in rules.invariants] == [
        ("counted", "The count is true", "V-H"),
        ("floor", "self.floor < self.floors", "SEED"),
    ]
    assert [(each.where.line, each.where.pointer) for each in rules.invariants] == [
        (11, "/paths/~1rooms/get/x-invariants/1"),
        (38, "/components/schemas/Room/x-invariants/0"),
    ]
    (requirement,) = rules.requirements
    assert (requirement.statuses, requirement.broken) == (
        frozenset({400}),
        (Call(operation="listRooms", query="page=1&token=x"),),
    )
    assert [(each.name, each.location, each.giver, each.at) for each in rules.opaque] == [
        ("token", Location.QUERY, "listRooms", "/next"),
        ("session", Location.HEADER, "", ""),
    ]
    assert [(each.id, each.kind, len(each.calls)) for each in rules.relations] == [
        ("whole", Kind.PAGES, 1),
        ("apart", Kind.DISJOINT, 2),
    ]


@pytest.mark.parametrize(
    ("rooms", "judgement"),
    [
        ([], Judgement.NOT_APPLICABLE),
        ([{"floor": 1, "floors": 2}], Judgement.HELD),
        ([{"floor": 1, "floors": 2}, {"floor": 2, "floors": 2}], Judgement.BROKEN),
    ],
)
def test_a_rule_in_a_schema_is_about_every_value_of_it(
    document: Path, rooms: list[JsonValue], judgement: Judgement
) -> None:
    """`self` is each room in turn; the message says which one."""
    floor = load_rules(load(str(document))).invariants[1]
    exchange = Exchange(call=Call(operation="listRooms"), status=200, body={"rooms": rooms})

    verdict = judge(floor, exchange)

    assert verdict.judgement is judgement
    assert (", /rooms/1" in verdict.message) == (judgement is Judgement.BROKEN)


@pytest.mark.parametrize(
    ("written", "wrong", "told"),
    [
        ("rule: self.floor < self.floors", "rule: self.floor <", "error: `self.floor <` is no expression"),
        ("rule: self.floor", "rul: self.floor", "hint: did you mean `rule`?"),
        ("message: A page", "mesage: A page", "hint: did you mean `message`?"),
        ("rule: body.count", "rule: bdy.count", "hint: did you mean `body`?"),
        ("kind: pages", "kind: pags", "hint: did you mean `pages`?"),
        (
            "x-opaque: {from: {operation: listRooms",
            "x-opaque: {from: {operation: listRoms",
            "did you mean `listRooms`?",
        ),
        ("x-opaque: true", "x-opaque: sometimes", "[rules."),
        ("paging: {items: /rooms, token: /next, cursor: token}", "paging: tokens", "[rules.unknown-paging]"),
        (
            "{operation: listRooms, query: side=left}",
            "{operation: listRoom}",
            "there is no operation `listRoom`",
        ),
        (
            "calls: [{operation: listRooms}, {operation: listRooms, query: side=left}]",
            "calls: [{operation: listRooms}]",
            "`disjoint` holds a whole against its parts",
        ),
        ("id: floor", "id: counted", "another rule is called `counted` [rules.duplicate-id]"),
        ("info: {title: Rooms", "x-opaque: true\ninfo: {title: Rooms", "`x-opaque` says nothing at the root"),
    ],
)
def test_a_broken_rule_is_told_and_left_out(document: Path, written: str, wrong: str, told: str) -> None:
    """File, line, column, pointer and the nearest choice; the document and the other rules stay usable."""
    document.write_text(DOCUMENT.replace(written, wrong, 1))

    entry = load(str(document))
    rules = load_rules(entry)

    assert told in "\n".join(map(str, rules.diagnostics))
    assert all(each.where.line and each.where.column for each in rules.diagnostics)
    assert {each.where.file for each in rules.diagnostics} == {str(document)}
    assert len(rules.invariants) + len(rules.requirements) + len(rules.relations) >= 4


def test_rules_of_other_files_are_found(tmp_path: Path) -> None:
    """A schema in a file of its own brings its rules along, and is told of by its own place."""
    (tmp_path / "room.yaml").write_text("type: object\nx-invariants:\n- {id: floor, rule: self.floor >}\n")
    path = tmp_path / "rooms.yaml"
    path.write_text(DOCUMENT.partition("components:")[0].replace("#/components/schemas/Room", "room.yaml"))

    (told,) = load_rules(load(str(path))).diagnostics

    assert (Path(told.where.file).name, told.where.line) == ("room.yaml", 3)
