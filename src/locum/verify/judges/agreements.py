"""Holds answers against themselves: sums, totals, counts, beginnings and ends, as their names tell.

The rules are those by which the stand-in makes answers up. A document that has not said them has meant them,
unless its own examples do otherwise; so they are `DERIVED`, and told only where nothing else can be meant, or
where the same server keeps them elsewhere. What clients may say is theirs: it only warns, and once something
was written it is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Final

from locum.behaviour.agreement_judging import Agreement, agreements_of
from locum.behaviour.agreement_names import PAGE, PAIRS
from locum.behaviour.agreements import About
from locum.contract.model import HttpMethod, Location, Operation
from locum.generation.words import plain, split_words
from locum.verify.agreed import Held, Key, key_of, rules_of_media, said_by_clients
from locum.verify.bench import Bench
from locum.verify.composing import SAFE
from locum.verify.derived import derived
from locum.verify.judges.conformance import media_of
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen, Undecoded
from locum.verify.telling import Rule

__all__ = ["agreements"]

SUITE: Final = "agreements"
RULES: Final[Mapping[About, Rule]] = {
    about: Rule(id=f"agree.{about.name.lower()}", promise=promise, suite=SUITE)
    for about, promise in {
        About.LINE: "A line costs its price times its quantity",
        About.SUM: "A sum is that of its lines",
        About.TAX: "A tax is that part of its subtotal that its rate says",
        About.TOTAL: "A total is its subtotal with what is added, and without what is taken",
        About.COUNT: "A count is the length of its list",
        About.ORDER: "What is called the lesser, or the earlier, is not after its counterpart",
    }.items()
}
_ORDERED: Final = frozenset(word for pair in PAIRS for word in pair)
#: Parameters of lists that are shown in part, beside those whose names answers have as well.
_PAGING: Final = PAGE | {
    "after",
    "before",
    "skip",
    "top",
    "token",
    "pagetoken",
    "startingafter",
    "take",
    "max",
}
#: How often a rule that is not sure has to hold elsewhere.
_OFTEN: Final = 2


def agreements(bench: Bench, seen: Seen) -> Iterator[Result]:
    """Judge what stands in a successful answer to an operation, the same answer once."""
    operation = seen.operation
    if operation is None or seen.is_wire or seen.is_refusal or seen.received is None:
        return
    if seen.call.method not in SAFE:
        bench.agreed.is_written = True
    is_told = seen.is_success and seen.call.method == operation.route.method.value and not seen.is_wrong
    if not is_told or isinstance(seen.value, Undecoded) or _was_judged(bench, seen):
        return
    places, contradicted = _rules(bench, seen, operation)
    if places is None:
        return
    told: set[Key] = set()
    for each in agreements_of(seen.value, places):
        key = key_of(each)
        if key in contradicted:
            continue
        if each.holds:
            bench.agreed.note((operation.operation_id, *key), each)
            yield RULES[each.rule.about].held(operation.operation_id)
            continue
        most = _severity(bench, seen, operation, each)
        if most is not None and key not in told:
            told.add(key)
            yield derived(bench, _broken(seen, operation, each), most=most)


def _was_judged(bench: Bench, seen: Seen) -> bool:
    asked = str(sorted({name for name, _ in seen.call.query}))
    key = (SUITE, seen.operation_id, asked, blake2b(seen.content, digest_size=16).hexdigest())
    if key in bench.judged:
        return True
    bench.judged.add(key)
    return False


def _rules(bench: Bench, seen: Seen, operation: Operation) -> Held:
    """Return the rules of the body of an answer, compiled once."""
    spec = operation.response_for(seen.status)
    media = media_of(seen, spec) if spec is not None else None
    if spec is None or media is None:
        return None, frozenset()
    key = (operation.operation_id, spec.status, media.name)
    if key not in bench.agreed.rules:
        bench.agreed.rules[key] = rules_of_media(media)
    return bench.agreed.rules[key]


def _severity(bench: Bench, seen: Seen, operation: Operation, broken: Agreement) -> Severity | None:
    """Return what a broken rule is at most, `None` where it says nothing."""
    is_said = _is_said(bench, broken)
    if is_said and bench.agreed.is_written:
        return None
    if broken.rule.about is About.ORDER and _asks_for_order(seen):
        return None
    if broken.rule.about is About.COUNT and _may_go_on(seen, operation, broken):
        return None
    if broken.is_sure:
        return Severity.WARNING if is_said else Severity.FAILURE
    key = (operation.operation_id, *key_of(broken))
    is_usual = bench.agreed.seen.get(key, 0) >= _OFTEN and bench.agreed.longest.get(key, 0) >= broken.length
    return Severity.WARNING if is_usual else None


def _is_said(bench: Bench, broken: Agreement) -> bool:
    """Tell whether clients may say what the rule speaks of: then it is theirs to say it rightly."""
    if bench.agreed.said is None:
        bench.agreed.said = said_by_clients(bench.operations)
    said, (target, *_) = bench.agreed.said, broken.rule.targets
    containers = {container for container, _ in said}
    inner = next((each for each in reversed(broken.location) if each != "*"), "")
    container = plain(inner)
    container = container if container in containers else ""
    names = (target, *broken.rule.sources) if broken.rule.about is About.ORDER else (target,)
    return any((container, plain(each)) in said for each in names)


def _asks_for_order(seen: Seen) -> bool:
    """Tell whether the call itself names beginnings or ends, which an answer may repeat."""
    return any({*split_words(name)} & _ORDERED for name, _ in seen.call.query)


def _may_go_on(seen: Seen, operation: Operation, broken: Agreement) -> bool:
    """Tell whether a count that is too large may be that of a list which goes on elsewhere."""
    if broken.location or not isinstance(broken.told, int) or broken.told < broken.length:
        return False
    names = {plain(each.name) for each in operation.parameters if each.location is Location.QUERY}
    is_asked = operation.route.method is not HttpMethod.GET
    return is_asked or bool(names & _PAGING) or bool(seen.header("link"))


def _broken(seen: Seen, operation: Operation, broken: Agreement) -> Result:
    return RULES[broken.rule.about].broken(
        operation.operation_id,
        seen.step,
        location="/".join(("body", *broken.location, broken.rule.targets[0])),
        kind=broken.rule.about.name.lower(),
        expected=f"{broken.wanted} ({', '.join(broken.rule.sources)})"[:200],
        received=str(broken.told)[:200],
    )
