"""Expressions in CEL (Common Expression Language) with what JSON needs beside it: numbers alike, and helpers.

CEL does not calculate with an integer and a double, and JSON does not tell them apart: every number of a
scope becomes a double, so that literals in arithmetic are written `2.0`. No expression loops without end or
changes anything; long lists are refused, since an evaluation cannot be interrupted.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from locum.behaviour.expression_functions import FUNCTIONS
from locum.contract.model import JsonValue
from locum.errors import Diagnostic, FixtureError, nearest

__all__ = [
    "FAILURES",
    "LONGEST_LIST",
    "Expression",
    "Scope",
    "bind",
    "compile_expression",
    "evaluate",
    "is_absence",
    "longest_list",
]

#: What `evaluate` raises when an expression is nothing.
FAILURES: Final = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
#: How a function says that a value was there, and was no good.
_NO_GOOD: Final = re.compile(r"call failed: (?:ValueError|OverflowError)\b")
#: Items of one list; nested macros over twice as many take seconds.
LONGEST_LIST: Final = 2000
#: What CEL itself knows, macros included.
_BUILT_IN: Final = frozenset(
    {
        *("all", "bool", "bytes", "contains", "double", "duration", "dyn", "endsWith", "exists"),
        *("exists_one", "filter", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear"),
        *("getHours", "getMilliseconds", "getMinutes", "getMonth", "getSeconds", "has", "in", "int", "map"),
        *("matches", "max", "min", "size", "startsWith", "string", "timestamp", "type", "uint"),
    }
)
#: Names that the macros of CEL bind: `list.all(each, …)`.
_BOUND: Final = re.compile(r"\.\s*(?:all|exists|exists_one|filter|map)\(\s*([A-Za-z_]\w*)\s*,")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """An expression as written, compiled."""

    text: str
    program: Any = field(compare=False, repr=False)
    #: The names it reads, those that its macros bind included.
    reads: frozenset[str] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an expression may read."""

    context: Any = field(compare=False, repr=False)


def compile_expression(text: str, variables: Collection[str]) -> Expression:
    """Return *text* compiled, in which *variables* may be read.

    Raises `FixtureError` without a place when it cannot be parsed, or reads or calls what is not there.
    """
    try:
        program = _cel().compile(text)
    except ValueError as error:
        reason = str(error).partition("\n")[0].partition("ERROR: ")[2] or str(error)
        raise _refused("wrong-expression", f"`{text}` is no expression: {reason}") from error
    bound = {*_BOUND.findall(text)}
    reads = frozenset(program.variables())
    for name in sorted(reads):
        if name not in variables and name not in bound:
            raise _unknown("variable", name, variables)
    for name in program.functions():
        if re.fullmatch(r"[A-Za-z]\w*", name) and name not in _BUILT_IN and name not in FUNCTIONS:
            raise _unknown("function", name, FUNCTIONS)
    return Expression(text=text, program=program, reads=reads)


def bind(values: Mapping[str, JsonValue]) -> Scope:
    """Return *values* by name, numbers as doubles, for any number of expressions to read."""
    variables = {name: _doubled(value) for name, value in values.items()}
    return Scope(context=_cel().Context(variables, dict(FUNCTIONS)))


def evaluate(expression: Expression, scope: Scope) -> object:
    """Return what *expression* is in *scope*.

    Raises one of `FAILURES` when it is nothing.
    """
    return expression.program.execute(scope.context)


def is_absence(error: Exception) -> bool:
    """Tell whether *error*, one of `FAILURES`, says that something read was not there, or was null.

    CEL tells of null as of a type that does not fit; in an answer that satisfies its schema, it is no other.
    """
    return isinstance(error, LookupError | TypeError) or (
        isinstance(error, RuntimeError) and not _NO_GOOD.search(str(error))
    )


def longest_list(value: JsonValue) -> int:
    """Return how many items the longest list in *value* has."""
    if isinstance(value, dict):
        return max(map(longest_list, value.values()), default=0)
    if isinstance(value, list):
        return max(len(value), *map(longest_list, value)) if value else 0
    return 0


@cache
def _cel() -> Any:  # noqa: ANN401 -- a module
    """Return CEL, loaded when the first expression is: it brings a command line, which costs 0.2 s."""
    return importlib.import_module("cel")


def _doubled(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _doubled(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_doubled(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _unknown(kind: str, name: str, known: Collection[str]) -> FixtureError:
    close = nearest(name, known)
    hint = f"did you mean `{close}`?" if close else f"known: {', '.join(sorted(known))}"
    return _refused(f"unknown-{kind}", f"an expression has no {kind} `{name}`", hint)


def _refused(code: str, message: str, hint: str = "") -> FixtureError:
    return FixtureError(Diagnostic(code=f"fixtures.{code}", message=message, hint=hint))
