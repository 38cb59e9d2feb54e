"""How the stand-in speaks and chooses where nothing but custom decides; whoever serves picks one set.

`OWN_MANNERS` stands here; `prism_manners.py` has those of Prism, for the verbs that take its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from locum.behaviour.checking import FormFaults, no_form_faults
from locum.behaviour.contents import Writes, as_usual
from locum.behaviour.model import Refusal
from locum.behaviour.problems import problem, violations_header
from locum.contract.model import JsonObject, JsonValue, ResponseSpec, Violation

__all__ = ["OWN_MANNERS", "Headers", "Manners"]

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """A table of functions for the words of refusals, and the choices that are a matter of custom.

    *problem* makes the problem document of a refusal for a status; *refused* the header that lists what is
    wrong with a request, *broken* that of a reply, *relayed* that of both sides.
    *challenge* words `WWW-Authenticate`.
    *is_truthful* puts the reason into declared errors; otherwise they are as any other reply.
    *is_plain* writes problems as JSON whatever the client accepts.
    *prefers_json* among media types that a client likes equally; otherwise the document's order decides.
    *xml_root* names the root of XML where the schema does not; the definition does when it is empty.
    *fixes_headers* sends the static value of a declared header, unless the answer is to be dynamic.
    *implies_methods* answers HEAD as GET, and OPTIONS, where nothing is declared (RFC 9110, 9.3).
    *joins_examples* answers by the example that is called like those that a request says.
    *warns* tells of deprecated parameters that were sent.
    *settles* for what comes nearest to a schema that no value satisfies; otherwise that is a 501.
    *gives_up* answers 500 where a static value is too large, rather than generate a smaller one.
    *writes* may write some media types otherwise, or refuse to write some values as them.
    *arrange* puts the members of generated values in order, where `dynamic` was asked for.
    *unnamed* finds what is wrong with a response of 2.0 that has an example and no `produces`.
    *form_faults* finds what is wrong with a form beside its schema.
    *refuses_surplus* refuses a body that no operation declares; otherwise it is passed over.
    *accepts_first* refuses what the client does not accept before anything else that is wrong.
    *is_literal* knows no media types but those that the document names.
    *tells_all* looks at the rest of a request whose credential is refused as well.
    *asks_servers* takes the query parameter `__server` for the base URL that is called.
    *needs_responses* answers 500 where an operation declares no response, rather than an empty 200.
    *gives_way* sends the usual answer where the one asked for is not acceptable, or lacks the example.
    *takes_any_number* for a status that may be declared; otherwise HTTP must know it.
    *judges_undeclared* holds a reply of an undeclared media type to the first schema as well.
    *takes_akin* media types: bodies of the same syntax, as `application/hal+json` for JSON, and for whoever
    accepts what nothing is, the same without its parameters.
    *tells_once* what is wrong, where a problem document does, and not in the header as well.
    *shortest_value* is the least length of what stands for a variable of a path.
    """

    problem: Callable[[Refusal, int], JsonObject]
    refused: Callable[[Refusal], Headers]
    broken: Callable[[Iterable[Violation]], Headers]
    relayed: Callable[[Refusal | None, Iterable[Violation]], Headers]
    challenge: Callable[[Refusal], Headers]
    is_truthful: bool = True
    is_plain: bool = False
    prefers_json: bool = True
    xml_root: str = ""
    fixes_headers: bool = False
    implies_methods: bool = True
    joins_examples: bool = True
    warns: bool = False
    settles: bool = False
    gives_up: bool = False
    writes: Writes = as_usual
    arrange: Callable[[JsonValue], JsonValue] = lambda value: value
    unnamed: Callable[[ResponseSpec], tuple[Violation, ...]] = lambda _: ()
    form_faults: FormFaults = no_form_faults
    shortest_value: int = 1
    takes_akin: bool = False
    tells_once: bool = False
    refuses_surplus: bool = False
    tells_all: bool = False
    is_literal: bool = False
    accepts_first: bool = True
    asks_servers: bool = False
    needs_responses: bool = False
    gives_way: bool = False
    takes_any_number: bool = False
    judges_undeclared: bool = False


OWN_MANNERS: Final = Manners(
    problem=lambda refusal, status: problem(refusal, status=status),
    refused=lambda refusal: violations_header(refusal.violations),
    broken=violations_header,
    relayed=lambda refusal, found: violations_header([*(refusal.violations if refusal else ()), *found]),
    challenge=lambda refusal: refusal.headers,
)
