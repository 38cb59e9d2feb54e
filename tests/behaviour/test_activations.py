"""Which requests of a session a scenario hits."""

from __future__ import annotations

from datetime import UTC, datetime

from locum.behaviour.activations import Activation, Pattern, counted, fires
from locum.behaviour.changes import Activate, CountRequest, Deactivate, apply_all
from locum.behaviour.session import State

NOON = datetime(2024, 2, 15, 12, tzinfo=UTC)


def hits(pattern: Pattern, *, count: int, session: str = "s") -> str:
    """Return one letter for each of *count* requests: `x` hit, `.` not."""
    activation, found = Activation(contract="c", scenario="S"), ""
    activation = Activation(contract="c", scenario="S", pattern=pattern)
    for _ in range(count):
        is_hit = fires(activation, session, NOON)
        activation, found = counted(activation, is_hit=is_hit), found + (".x"[is_hit])
    return found


def test_without_a_pattern_every_request_is_hit() -> None:
    """The default hits them all."""
    assert hits(Pattern(), count=4) == "xxxx"


def test_the_first_ones_fail_and_the_rest_succeed() -> None:
    """*times* counts hits."""
    assert hits(Pattern(times=3), count=6) == "xxx..."


def test_every_third_request_is_hit() -> None:
    """*every* counts requests, and two patterns hold together."""
    assert hits(Pattern(every=3), count=7) == "..x..x."
    assert hits(Pattern(every=2, times=1), count=6) == ".x...."


def test_a_share_of_requests_is_hit_and_the_same_ones_again() -> None:
    """The seed, the session and the number of the request decide, nothing else."""
    first = hits(Pattern(probability=0.3, seed="a"), count=400)

    assert hits(Pattern(probability=0.3, seed="a"), count=400) == first
    assert hits(Pattern(probability=0.3, seed="b"), count=400) != first
    assert hits(Pattern(probability=0.3, seed="a"), count=400, session="t") != first
    assert 80 < first.count("x") < 160
    assert hits(Pattern(probability=0.0), count=50) == "." * 50


def test_a_window_is_one_of_the_sessions_clock() -> None:
    """The end is left out."""
    one, two = NOON.replace(hour=13), NOON.replace(hour=14)
    activation = Activation(contract="c", scenario="S", pattern=Pattern(since=one, until=two))

    assert [fires(activation, "s", now) for now in (NOON, one, two)] == [False, True, False]


def test_counts_are_changes_and_changes_are_not_lost() -> None:
    """Activating again starts anew, counting concerns one scenario, deactivating leaves the others."""
    first, second = Activation(contract="c", scenario="A"), Activation(contract="c", scenario="B")
    count = CountRequest(contract="c", scenario="A", is_hit=True)
    state = apply_all(State(), [Activate(activation=first), Activate(activation=second), count, count])

    assert [(each.scenario, each.seen, each.fired) for each in state.activations] == [
        ("A", 2, 2),
        ("B", 0, 0),
    ]
    again = apply_all(state, [Activate(activation=first)])
    assert [(each.scenario, each.seen) for each in again.activations] == [("B", 0), ("A", 0)]
    assert apply_all(again, [Deactivate(contract="c", scenario="B")]).activations == (first,)
    assert apply_all(again, [Deactivate()]).activations == ()
