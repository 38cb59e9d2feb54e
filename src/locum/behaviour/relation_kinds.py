"""What an API promises about several answers together, as data: a kind, its parameters, and the calls.

Kinds and not expressions: each knows what to ask for, and says what differs. Played by `relations.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from locum.behaviour.crawling import Paging
from locum.behaviour.exchanges import Call
from locum.errors import Where

__all__ = ["Kind", "Relation"]


class Kind(StrEnum):
    """How answers belong together; the first call of a relation is the whole, the others are parts."""

    #: All answers are equal, in status and in what the first has at *at*; a single call is sent twice.
    SAME = "same"
    #: Each page size gives the same list, no key comes twice, and the list is in order.
    PAGES = "pages"
    #: Each of *offsets*, sent as *parameter*, leaves out so many items from the start of the list.
    OFFSET = "offset"
    #: Each part is the whole with some items left out.
    SUBSET = "subset"
    #: The whole has the items of the parts, each at least once, and no others.
    UNION = "union"
    #: The whole has the items that are in all parts.
    INTERSECTION = "intersection"
    #: No item is in two of the lists.
    DISJOINT = "disjoint"
    #: Each part is the whole from its end to its start.
    REVERSED = "reversed"
    #: The number at *at* of the whole, or the sum over its items, is that of *amount* over the parts' items.
    SUM = "sum"
    #: Each number at *at* of the whole is the sum of those of the parts.
    ADDITIVE = "additive"
    #: No number at *at* falls from one call to the next; calls that are refused are passed over.
    MONOTONE = "monotone"
    #: With a value at *by* of an item in place of `{*}`, the second call lists the items that have it.
    SELECTION = "selection"
    #: What is asked for makes a difference: not every answer is the same in everything that stands at *at*.
    VARIED = "varied"
    #: Each call lists nothing, or answers one of *statuses*.
    EMPTY = "empty"
    #: Each call answers one of *statuses*.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A promise about the answers to *calls*; `Kind` says which of the rest count for it.

    *at*, *key*, *order*, *amount*, *by* and *total* are JSON Pointers, all but the first and the last into an
    item; without *key* an item is its own key. *total* is where a page tells how many items there are in all,
    *prefix* how many characters of the text at *by* count, 0 for all of them. *tolerance* is absolute.
    """

    id: str
    promise: str
    kind: Kind
    calls: tuple[Call, ...]
    paging: Paging | None = None
    sizes: tuple[int, ...] = ()
    key: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    is_descending: bool = False
    parameter: str = ""
    offsets: tuple[int, ...] = ()
    at: tuple[str, ...] = ()
    amount: str = ""
    total: str = ""
    by: str = ""
    prefix: int = 0
    tolerance: float = 0.0
    statuses: frozenset[int] = frozenset()
    confidence: str = ""
    source: str = ""
    where: Where = Where()
