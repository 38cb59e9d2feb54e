"""Arrays: how long they are, which item stands where, and which of them contain what.

Read `shapes.py` for what is said of one item, `array_makers.py` for the closures.
"""

from __future__ import annotations

from locum.errors import GenerationError
from locum.generation.array_makers import Plan, assemble_array
from locum.generation.bundle import Subschema
from locum.generation.context import Site
from locum.generation.keywords import integer, schemas
from locum.generation.model import MOST_MEMBERS
from locum.generation.nodes import Node
from locum.generation.shapes import Source, item_schemas

__all__ = ["array_node"]


def array_node(site: Site) -> Node:
    """Return the node of an array; `GenerationError` when it cannot be long enough."""
    plan = _limits(site)
    wanted = [_Wanted(site, source) for source in site.shape.sources if "contains" in source.schema]
    _fill(site, plan, [each for each in wanted if each.least > 0])
    _set_rest(site, plan, wanted)
    if len(plan.first) < plan.least and plan.rest is None:
        raise site.unmet("minItems", f"only {len(plan.first)} items can be made")
    least, usual = site.kit.settings.items
    # Lists in lists grow fast, so the inner ones are shorter.
    low, high = _lengths(plan, (least, max(least, usual - site.hint.is_item)), wanted)
    # An item beyond the least length belongs to the optional part, which recursion may leave away.
    needs = (*plan.first[:low], *((plan.rest,) if plan.rest and low > len(plan.first) else ()))
    optional = (*plan.first[low:], *((plan.rest,) if plan.rest and low <= len(plan.first) else ()))
    repeat = max(1.0, (max(low, 1) + high) / 2 - len(plan.first)) if plan.rest else 1.0
    return Node(
        site.pointer,
        needs=needs,
        optional=optional,
        repeat=repeat,
        is_fragile=plan.is_unique and low > 1,
        assemble=lambda node: assemble_array(node, plan, low, high, least),
    )


def _limits(site: Site) -> Plan:
    least = max((integer(each, "minItems", 0) for each in site.schemas()), default=0)
    most = [integer(each, "maxItems", 0) for each in site.schemas() if "maxItems" in each]
    if least > MOST_MEMBERS or (most and min(most) < least):
        raise site.unmet("minItems", f"{least} items are too many")
    is_unique = any(each.get("uniqueItems") is True for each in site.schemas())
    return Plan(least=least, most=min(most, default=None), is_unique=is_unique)


class _Wanted:
    """One `contains` with its numbers (2020-12 validation, 6.4.4)."""

    def __init__(self, site: Site, source: Source) -> None:
        self.source = source
        self.part = site.bundle.part(source.part, "contains")
        self.least = integer(source.schema, "minContains", 1)
        self.most = integer(source.schema, "maxContains", -1)


def _fill(site: Site, plan: Plan, wanted: list[_Wanted]) -> None:
    """Lay down the items that have a kind of their own: of `prefixItems`, and to be contained."""
    prefix = max((len(schemas(each, "prefixItems")) for each in site.schemas()), default=0)
    left = [each.least for each in wanted]
    if max(left, default=0) > MOST_MEMBERS:
        raise site.unmet("minContains", f"{max(left)} items are too many")
    while len(plan.first) < prefix or any(left):
        if plan.most is not None and len(plan.first) >= plan.most:
            break
        index, before = len(plan.first), sum(left)
        node = _item(site, index, wanted, left)
        if node is None:
            # No item can stand here, so none can follow either.
            plan.most = index
            break
        if index >= prefix and sum(left) == before:
            break
        plan.first.append(node)
    if any(left):
        raise site.unmet("contains", "no room for what must be contained")
    plan.least = max(plan.least, len(plan.first) if wanted else 0)


def _item(site: Site, index: int, wanted: list[_Wanted], left: list[int]) -> Node | None:
    """Make the item at *index* satisfy as many of *wanted* as are left, all together or one by one."""
    plain = item_schemas(site.bundle, site.shape, index)
    said = tuple(each for each in plain if not _is_unevaluated(site, each))
    open_ones = [at for at, count in enumerate(left) if count]
    for chosen in (open_ones, *([at] for at in open_ones)):
        if chosen:
            try:
                node = site.context.compile((*said, *(wanted[at].part for at in chosen)), site.hint.item())
            except GenerationError:
                continue
            for at in chosen:
                left[at] -= 1
            return node
    try:
        return site.context.compile(plain, site.hint.item())
    except GenerationError:
        return None


def _is_unevaluated(site: Site, part: Subschema) -> bool:
    """Tell whether *part* speaks of unevaluated items: one that is contained has been evaluated."""
    keyword = "unevaluatedItems"
    return any(
        keyword in source.schema and site.bundle.part(source.part, keyword) is part
        for source in site.shape.sources
    )


def _set_rest(site: Site, plan: Plan, wanted: list[_Wanted]) -> None:
    """Set the kind of all further items; none of them may be contained once `maxContains` is reached."""
    barred: tuple[Subschema, ...] = tuple(
        site.bundle.derive(each.part, {"not": each.part.schema}, "not contained")
        for each in wanted
        if each.most >= 0
    )
    if plan.most is not None and len(plan.first) >= plan.most:
        return
    parts = (*item_schemas(site.bundle, site.shape, MOST_MEMBERS), *barred)
    if any(part.schema is False for part in parts):
        return
    try:
        plan.rest = site.context.compile(parts, site.hint.item())
    except GenerationError:
        plan.rest = None


def _lengths(plan: Plan, usual: tuple[int, int], wanted: list[_Wanted]) -> tuple[int, int]:
    """Return the least length, and the greatest that is made without being asked for."""
    low = plan.least
    high = max(low + usual[1] - usual[0], usual[1], low, len(plan.first))
    if low == plan.most or (wanted and low):
        high = low
    if plan.rest is None:
        high = min(high, len(plan.first))
    return low, high if plan.most is None else min(high, plan.most)
