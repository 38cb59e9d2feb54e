"""Hooks for people who start Schemathesis themselves: what the rules of a contract say, and nothing else.

    SCHEMATHESIS_HOOKS=locum.verify.hooks LOCUM_CONTRACT=their-api.yaml schemathesis run …

`LOCUM_CONTRACT` names a document, or a contract that is built in; without it the rules are those in the
document that Schemathesis has loaded. `LOCUM_FIXTURES` is the folder beside it, `LOCUM_NOW` the time at the
server: rules that speak of the time hold nothing against it where the time is not known.
"""

from __future__ import annotations

from locum.verify.generated.environment import find_rulebook, known_rules
from locum.verify.generated.rule_hooks import add_checks, add_filters, add_mending, add_one_check

__all__: list[str] = []

add_mending(find_rulebook)
add_filters(find_rulebook)
if known_rules():
    add_checks(find_rulebook, known_rules())
else:
    add_one_check(find_rulebook)
