"""What stays is left alone by the garbage collector; everything else is collected as ever."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from locum.cli.staying import made_to_stay


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    """Leave nothing frozen behind."""
    yield
    gc.unfreeze()
    gc.enable()


class Node:
    """Something that can refer to itself."""

    itself: Node


def cycle() -> weakref.ref[Node]:
    """Return a reference to garbage that only the collector finds."""
    node = Node()
    node.itself = node
    return weakref.ref(node)


def test_nothing_is_collected_meanwhile() -> None:
    """Inside the collector rests; afterwards it works again, and leaves alone what was made inside."""
    with made_to_stay():
        during = gc.isenabled()
        kept = cycle()
    gc.collect()

    assert (during, gc.isenabled()) == (False, True)
    assert kept() is not None


def test_later_garbage_is_collected() -> None:
    """What is made afterwards is collected as if nothing had been."""
    with made_to_stay():
        pass
    later = cycle()
    gc.collect()

    assert later() is None


def test_a_collector_switched_off_stays_off() -> None:
    """Who has switched the collector off finds it so, even after an error."""
    gc.disable()

    with pytest.raises(KeyError), made_to_stay():
        raise KeyError

    assert not gc.isenabled()
