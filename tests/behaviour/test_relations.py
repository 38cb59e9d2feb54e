from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from locum.behaviour.crawling import Paging
from locum.behaviour.exchanges import Call, Exchange, Judgement, query_of
from locum.behaviour.relations import Kind, Relation, play
from locum.contract.model import JsonValue

TOKENS = Paging(items="/rows", token="/next", cursor="from", size="limit")
LINKS = Paging(items="/rows", link="/next", size="limit")
NUMBERS = Paging(items="/rows", page="page", size="limit")
ROWS: list[JsonValue] = [{"id": f"{number:02d}", "size": number} for number in range(10)]
LIST = Call(operation="list")


def serve(rows: list[JsonValue], *, skip: int = 0, link: str = "{}") -> Callable[[Call], Exchange]:
    """Return a server of *rows* in pages; *skip* is its defect: how many rows a next page starts too late."""

    def send(call: Call) -> Exchange:
        query: dict[str, Any] = query_of(call)
        size = int(query.get("limit", 4))
        first = int(query.get("from", (int(query.get("page", 1)) - 1) * size)) + int(query.get("offset", 0))
        wanted = [row for row in rows if query.get("only", "") in str(row)]
        wanted = wanted[::-1] if "down" in query else wanted
        body: dict[str, JsonValue] = {"rows": wanted[first : first + size], "count": len(wanted)}
        if first + size < len(wanted):
            body["next"] = link.format(first + size + skip)
        return Exchange(call=call, status=404 if query.get("only") == "none" else 200, body=body)

    return send


def relation(kind: Kind, *queries: str, **rest: Any) -> Relation:  # noqa: ANN401 -- any member of a relation
    """Return a relation between lists."""
    calls = tuple(replace(LIST, query=query) for query in queries)
    made = {"paging": TOKENS, "key": ("/id",), **rest}
    return Relation(id="I-1", promise="It is so", kind=kind, calls=calls, **made)


HELD = [
    relation(Kind.SAME, ""),
    relation(Kind.SAME, "limit=3", "limit=4", at=("/count",)),
    relation(Kind.PAGES, "", sizes=(10, 3, 1), order=("/id",)),
    relation(Kind.PAGES, "down=1", sizes=(10, 3), order=("/size",), is_descending=True),
    relation(Kind.PAGES, "", sizes=(4,), paging=NUMBERS),
    relation(Kind.OFFSET, "limit=20", parameter="offset", offsets=(0, 3, 99)),
    relation(Kind.SUBSET, "", "only=1"),
    relation(Kind.UNION, "only=id", "only=0", "only=id"),
    relation(Kind.INTERSECTION, "only=5", "", "only=5"),
    relation(Kind.DISJOINT, "only=04", "only=05"),
    relation(Kind.REVERSED, "", "down=1"),
    relation(Kind.SUM, "", "", amount="/size"),
    relation(Kind.SUM, "", "", "limit=2", at=("/count",), amount="/size", tolerance=80),
    relation(Kind.ADDITIVE, "", "", "only=zz", at=("/count",)),
    relation(Kind.MONOTONE, "only=05", "only=none", "", at=("/count",)),
    relation(Kind.SELECTION, "", "only={*}", by="/id"),
    relation(Kind.SELECTION, "only=id", "only=%27id%27%3A+%27{*}", by="/id", prefix=1),
    relation(Kind.VARIED, "only=05", "only=id", "only=zz", at=("/count",)),
    relation(Kind.PAGES, "", sizes=(10, 3), total="/count"),
    relation(Kind.EMPTY, "only=zz"),
    relation(Kind.EMPTY, "only=none", "only=zz", statuses=frozenset({404})),
    relation(Kind.REFUSED, "only=none", statuses=frozenset({404})),
]


@pytest.mark.parametrize("each", HELD, ids=lambda each: each.kind)
def test_what_is_so_holds(each: Relation) -> None:
    """Each kind asks for what it needs, and is content with a server that keeps it."""
    assert play(each, serve(ROWS)).judgement is Judgement.HELD, play(each, serve(ROWS)).message


def test_every_kind_is_played() -> None:
    """Nothing that a sheet may say is without an example here."""
    assert {each.kind for each in HELD} == set(Kind)


BROKEN = [
    (relation(Kind.SAME, "", "limit=3"), " and list ?limit=3 differ"),
    (relation(Kind.SAME, "", "only=none"), "list answered 200, and list ?only=none 404"),
    (relation(Kind.PAGES, "", order=("/size",), is_descending=True), "after"),
    (
        relation(Kind.OFFSET, "", parameter="page", offsets=(3,)),
        "?page=3 is not list without its first 3",
    ),
    (relation(Kind.SUBSET, "only=1", ""), "list is not list ?only=1 with items left out"),
    (relation(Kind.SUBSET, "", "down=1"), "with items left out"),
    (relation(Kind.UNION, "", "only=04", "only=05"), 'list is beyond the union of its parts by ["00"]'),
    (relation(Kind.INTERSECTION, "only=05", "", "down=1"), "without the intersection"),
    (relation(Kind.DISJOINT, "", "only=05"), 'list ?only=05 lists ["05"], which another list has too'),
    (relation(Kind.REVERSED, "", "only=0"), "list ?only=0 is not list reversed"),
    (relation(Kind.SUM, "", "only=05", amount="/size"), "is 45, its parts are 5 together"),
    (relation(Kind.SUM, "", "", at=("/rows",), amount="/size"), "has no number"),
    (relation(Kind.ADDITIVE, "", "", "only=05", at=("/count",)), "list is 10 at /count, its parts are 11"),
    (relation(Kind.MONOTONE, "", "only=05", at=("/count",)), "/count falls from 10 at list to 1"),
    (relation(Kind.SELECTION, "", "kind={*}", by="/id"), "list ?kind=00 is not what list has of 00"),
    (
        relation(Kind.VARIED, "", "a=1", "b=2", at=("/count", "/none")),
        "3 calls are answered alike, from list",
    ),
    (relation(Kind.PAGES, "", sizes=(3,), total="/rows/0/size"), "list ?limit=3 tells of 0 items, and there"),
    (relation(Kind.EMPTY, ""), "list lists something"),
    (relation(Kind.REFUSED, "", statuses=frozenset({404, 400})), "list answered 200, not 400 or 404"),
]


@pytest.mark.parametrize(("each", "words"), BROKEN, ids=lambda each: getattr(each, "kind", None))
def test_what_is_not_so_is_broken_in_words(each: Relation, words: str) -> None:
    """The verdict begins with the promise, and says which calls differ in what."""
    verdict = play(each, serve(ROWS))

    assert verdict.judgement is Judgement.BROKEN
    assert verdict.message.startswith("It is so: ")
    assert words in verdict.message


@pytest.mark.parametrize("skip", [1, -1])
def test_a_page_that_starts_wrong_is_noticed(skip: int) -> None:
    """A record that is skipped, or listed on two pages, breaks a crawl."""
    verdict = play(relation(Kind.PAGES, "", sizes=(10, 3)), serve(ROWS, skip=skip))

    assert verdict.judgement is Judgement.BROKEN


def test_links_are_followed() -> None:
    """The query of a link is the next request, whole."""
    followed = relation(Kind.PAGES, "", paging=LINKS, sizes=(10, 4))

    send = serve(ROWS, link="https://host.test/list?limit=4&from={}")

    assert play(followed, send).judgement is Judgement.HELD


def test_pages_in_a_circle_end() -> None:
    """A page that leads to itself is broken, and asked for no further."""
    verdict = play(relation(Kind.PAGES, ""), serve(ROWS, skip=-4))

    assert verdict.message == "It is so: the pages of list lead in a circle, at list ?from=0"


@pytest.mark.parametrize(
    "each",
    [
        relation(Kind.PAGES, "only=none"),
        relation(Kind.PAGES, "only=zz"),
        relation(Kind.SAME, "only=none"),
        relation(Kind.MONOTONE, "", "only=none", at=("/count",)),
        relation(Kind.PAGES, "", paging=None),
        relation(Kind.SELECTION, "only=zz", "only={*}", by="/id"),
        relation(Kind.VARIED, "only=05", "only=06", at=("/count",)),
        relation(Kind.ADDITIVE, "", "", "", at=("/nothing",)),
    ],
    ids=lambda each: each.kind,
)
def test_what_cannot_be_looked_at_is_not_evaluated(each: Relation) -> None:
    """A refusal or an empty list shows nothing, and a reason is given."""
    verdict = play(each, serve(ROWS))

    assert verdict.judgement is Judgement.NOT_EVALUATED
    assert verdict.message


def test_an_offset_is_left_out_before_pages_are_cut() -> None:
    """A server that cuts the page first, and skips within it, is told from one that skips first."""
    each = relation(Kind.OFFSET, "", parameter="offset", offsets=(0, 1, 3, 99), sizes=(2,))
    few = ROWS[:4]
    right = serve(few)

    def hasty(call: Call) -> Exchange:
        query: dict[str, Any] = query_of(call)
        page = few[: int(query.get("limit", 4))]
        return Exchange(call=call, status=200, body={"rows": page[int(query.get("offset", 0)) :]})

    assert play(each, right).judgement is Judgement.HELD
    assert play(each, hasty).message.endswith("does not begin with the items that the offset leaves")


def test_what_no_answer_tells_is_not_added_up() -> None:
    """Of several numbers those that some answer has are held to each other."""
    each = relation(Kind.ADDITIVE, "", "", "only=zz", at=("/nothing", "/count"))

    assert play(each, serve(ROWS)).judgement is Judgement.HELD
