"""What a list lacks that must contain items of a kind: how many of them, and why none of the others is one.

The compiled validator says no more than that `contains` is not met; Ajv tells what is wrong with each item.
Source: Ajv 8, vocabularies/applicator/contains.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import jsonschema_rs

from locum.contract.error_order import schema_at
from locum.contract.model import JsonObject, JsonValue, Place, Violation
from locum.contract.violations import Case, each_error

__all__ = ["told_item_by_item"]

#: Returns what judges the items of a list, given the schema that has `contains`.
JudgeOfItems: TypeAlias = "Callable[[JsonObject], jsonschema_rs.Draft202012Validator]"

#: Items beyond which nobody reads on.
_MOST = 100


def told_item_by_item(
    violation: Violation, case: Case, bundle: JsonObject, judge_of: JudgeOfItems
) -> Violation:
    """Return *violation* of `contains`, asking for the least and most items, with what each item lacks."""
    rule, items = schema_at(bundle, case.error.evaluation_path[:-1]), case.instance()
    if not isinstance(rule, dict) or "contains" not in rule or not isinstance(items, list):
        return violation
    asked: list[JsonValue] = [rule.get("minContains", 1), rule.get("maxContains")]
    whole = replace(violation, asked=asked)
    location = (*case.location, *case.error.instance_path)
    lacks = (
        told
        for error in judge_of(rule).iter_errors(items[:_MOST])
        for told in each_error(Case(error, items, location, _origin(case)), list)
    )
    return replace(whole, parts=(*lacks, whole))


def _origin(case: Case) -> Callable[[list[str | int]], Place]:
    """Return what finds the place of a rule about one item."""
    above = [*case.error.schema_path[:-1], "contains"]
    return lambda path: case.origin([*above, *path[1:]] if path[:1] == ["items"] else path)
