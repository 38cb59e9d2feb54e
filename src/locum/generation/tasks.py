"""What a search has still to do, and where it stands: the values that `expansion.py` walks over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from locum.generation.bundle import Subschema
from locum.generation.facts import NOTHING, Facts
from locum.generation.shapes import Shape

__all__ = ["ORDER", "Apart", "Fork", "Include", "Option", "Reject", "State", "Task"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Include:
    """A schema that must hold."""

    part: Subschema
    within: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """A schema that must not hold; *is_hopeful* when that is left to testing where it costs anything."""

    part: Subschema
    is_hopeful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Ways to go on, of which one is taken; *is_choice* when each is worth having."""

    options: tuple[Option, ...]
    is_choice: bool = True
    #: Taken only where none of the others can be.
    last_resort: Option | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Schemas of which none must hold: those of the other alternatives of `oneOf`."""

    parts: tuple[Subschema, ...]


Task: TypeAlias = Include | Fork | Reject | Apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Tasks of one way; *is_named* when it leads to a definition of its own."""

    tasks: tuple[Task, ...] = ()
    is_certain: bool = True
    is_named: bool = False


#: Plain schemas first, so that choices are made, and rejections checked, knowing all that is plain.
ORDER = {Include: 0, Fork: 1, Apart: 1, Reject: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where a search stands: the shape so far, what is to do, and what is known of the value."""

    shape: Shape
    tasks: tuple[Task, ...]
    rejected: frozenset[int] = frozenset()
    #: What all schemas included so far say.
    known: Facts = NOTHING

    def then(self, option: Option) -> State:
        """Return the state after *option* was taken."""
        certain = self.shape.is_certain and option.is_certain
        return replace(self, tasks=self.tasks + option.tasks, shape=replace(self.shape, is_certain=certain))
