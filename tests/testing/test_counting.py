from __future__ import annotations

from locum.testing.coverage import Aspect, Coverage
from locum.testing.coverage_table import coverage_lines

DECLARED = frozenset(
    {
        ("pets", "list", Aspect.OPERATION, ""),
        ("pets", "list", Aspect.STATUS, "200"),
        ("pets", "list", Aspect.STATUS, "400"),
        ("pets", "add", Aspect.OPERATION, ""),
        ("pets", "add", Aspect.STATUS, "201"),
    }
)


def test_workers_hand_over_plain_values() -> None:
    """What a worker sends is lists of texts, and comes back as what it was."""
    coverage = Coverage(declared=DECLARED, exercised=frozenset({("pets", "list", Aspect.OPERATION, "")}))
    told = coverage.as_json()

    assert {type(part) for rows in told.values() for row in rows for part in row} == {str}
    assert Coverage.from_json(told) == coverage


def test_what_is_not_declared_counts_for_nothing() -> None:
    """An answer nobody declared raises no percentage; of nothing declared, all is exercised."""
    odd = Coverage(declared=DECLARED, exercised=frozenset({("pets", "list", Aspect.STATUS, "418")}))

    assert odd.percent == 0
    assert Coverage().percent == 100


def test_the_table_has_a_row_for_each_operation_and_one_for_all() -> None:
    """An operation that was never called has no shares; what is missing is listed on request."""
    exercised = frozenset({("pets", "list", Aspect.OPERATION, ""), ("pets", "list", Aspect.STATUS, "200")})
    lines = coverage_lines(Coverage(declared=DECLARED, exercised=exercised), missing=5)

    assert list(lines) == [
        "operation               statuses  parameters  enum values  exercised",
        "pets add                       -           -            -        0 %",
        "    not: 201",
        "pets list                    1/2                                66 %",
        "    not: 400",
        "all: 1 of 2 operations       1/3                                40 %",
    ]
