"""Answers a checked request: which reply, and why.

Where the body comes from, first that applies: the example that was asked for, the handler, an example of
the document, a static value, a generated one. The same seed and request give the same bytes.
Read `plans.py` for what is compiled beforehand, `refusals.py` for what happens instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from locum.behaviour.contents import Content, Generates
from locum.behaviour.handlers import Handler
from locum.behaviour.handling import conclude
from locum.behaviour.model import Cause, Fixtures, Outcome, Refusal, Reply, Request
from locum.behaviour.negotiation import unknown_example
from locum.behaviour.plans import Answerable, Plan, compile_plan
from locum.behaviour.problems import violations_header
from locum.behaviour.reflection import reflect
from locum.behaviour.refusals import refuse
from locum.contract.contract import Contract
from locum.contract.model import Example, JsonValue, Violation
from locum.errors import ContractError, GenerationError
from locum.generation.model import Variant
from locum.generation.streams import stable_seed

__all__ = ["NO_OPTIONS", "Options", "answer", "stream_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How bodies are chosen, for all requests alike; `Preferences.dynamic` of one request wins over *dynamic*.

    *dynamic* generates although there are examples; *ignore_examples* passes over them, in static mode too.
    *prefer_static* is Prism's way without `--dynamic`: example, else the static value, else generated.
    *errors* turns a violation in our own reply into a 500 instead of the header `sl-violations`.
    *variant* says which optional members a generated body has.
    """

    dynamic: bool = False
    ignore_examples: bool = False
    prefer_static: bool = False
    errors: bool = False
    variant: Variant = Variant.FULL


NO_OPTIONS: Final = Options()
_NO_HANDLERS: Final[Mapping[str, Handler]] = {}
#: A value that may be sent, and why it was chosen.
_Found = tuple[JsonValue, str]


def answer(
    request: Request,
    *,
    contract: Contract,
    fixtures: Fixtures,
    generator: Generates,
    seed: int | str,
    handlers: Mapping[str, Handler] = _NO_HANDLERS,
    options: Options = NO_OPTIONS,
    plan: Plan | None = None,
) -> Outcome:
    """Return the reply to *request*, and why it is this one.

    *plan* keeps what is compiled from one request to the next. A handler must not be a coroutine here: the
    shell awaits it, then calls `handling.conclude` with what it gave.
    """
    operation = request.operation
    if plan is None:
        plan = compile_plan(operation, contract=contract, fixtures=fixtures, generator=generator)
    stream = stream_of(request, seed)
    accept = request.raw.header("accept")
    try:
        decided = _decide(request, plan, stream, accept, handlers.get(operation.operation_id), options)
    except GenerationError as error:
        decided = Refusal(cause=Cause.UNSATISFIABLE_SCHEMA, status=501, detail=_words(error))
    except ContractError as error:
        decided = Refusal(cause=Cause.UNUSABLE_OPERATION, status=501, detail=_words(error))
    if isinstance(decided, Outcome):
        return decided
    return refuse(decided, fixtures=fixtures, plan=plan, accept=accept, stream=stream, realm=contract.name)


def _words(error: ContractError | GenerationError) -> str:
    return "; ".join(
        f"{each.message} ({each.where})" if str(each.where) else each.message for each in error.diagnostics
    )


def stream_of(request: Request, seed: int | str) -> int:
    """Return the stream of a request: what names the same thing, or asks the same, has the same stream.

    The subject of a path that ends in a variable is the path alone, so that reading, writing and every
    query about one thing agree; otherwise query and body belong to it.
    """
    raw, preferred = request.raw, request.preferences.seed
    chosen = seed if preferred is None else preferred
    last = request.operation.route.path.rstrip("/").rpartition("/")[2]
    if "{" in last:
        return stable_seed(chosen, "item", raw.path)
    body = blake2b(raw.body, digest_size=16).hexdigest() if raw.body else ""
    return stable_seed(
        chosen, request.operation.operation_id, raw.method, raw.path, _canonical(raw.query), body
    )


def _canonical(query: str) -> str:
    """Return *query* without its preferences, in an order that does not depend on the sender."""
    if "&" not in query and not query.startswith("__"):
        return query
    return "&".join(sorted(pair for pair in query.split("&") if not pair.startswith("__")))


def _decide(
    request: Request, plan: Plan, stream: int, accept: str | None, handler: Handler | None, options: Options
) -> Outcome | Refusal:
    preferences = request.preferences
    if handler is not None and preferences.example is None and preferences.code is None:
        return conclude(handler(request), request, plan=plan, accept=accept, stream=stream)
    chosen = plan.choose(preferences.code, accept)
    if isinstance(chosen, Refusal):
        return chosen
    because = (f"status {chosen.status}" + (" asked for" if preferences.code else ""),)
    if chosen.content is None:
        if preferences.example is not None:
            return unknown_example(preferences.example, (), "")
        return _outcome(request, plan, chosen, b"", (*because, "no content is declared"), stream)
    if preferences.example is not None:
        return _forced(request, plan, chosen, because, stream, options)
    value, reason = _value(request, chosen.content, stream, options)
    body = chosen.content.write(value)
    return _outcome(request, plan, chosen, body, (*because, reason), stream)


def _forced(
    request: Request, plan: Plan, chosen: Answerable, because: tuple[str, ...], stream: int, options: Options
) -> Outcome | Refusal:
    """Answer with the example that was asked for, valid or not; it is the document's word."""
    name, content = request.preferences.example or "", chosen.content
    declared = content.choice.media.examples if content else ()
    found = next((each for each in declared if each.name == name), None)
    if content is None or found is None:
        return unknown_example(
            name, (each.name for each in declared), content.content_type if content else ""
        )
    values = content.admitted(found.value)
    wrong = (
        () if values or content.schema is None else content.schema.violations(found.value, "response", "body")
    )
    if wrong and options.errors:
        return _violated(found, wrong)
    body = content.write(values[0] if values else found.value)
    reasons = (*because, f"the example {name!r} was asked for")
    return _outcome(request, plan, chosen, body, reasons, stream, wrong)


def _violated(example: Example, wrong: tuple[Violation, ...]) -> Refusal:
    detail = f"the example {example.name!r} of the document is not valid by its schema"
    return Refusal(cause=Cause.INVALID_REPLY, status=500, detail=detail, violations=wrong)


def _value(request: Request, content: Content, stream: int, options: Options) -> _Found:
    """Choose the value of a body; raises `GenerationError` when there is none."""
    preferred = request.preferences.dynamic
    is_dynamic = options.dynamic if preferred is None else preferred
    if not is_dynamic:
        if not options.ignore_examples and content.examples:
            return content.examples[0].value, "an example of the document"
    made = content.generate(stream, options.variant)
    return reflect(made, request, content.shape, content.schema), "generated"


def _outcome(
    request: Request,
    plan: Plan,
    chosen: Answerable,
    body: bytes,
    because: tuple[str, ...],
    stream: int,
    wrong: tuple[Violation, ...] = (),
) -> Outcome:
    headers = chosen.make_headers(stream)
    if plan.operation.deprecated:
        headers = (*headers, ("deprecation", "true"))
    if wrong:
        headers = (*headers, *violations_header(wrong))
    media_type = chosen.content.content_type if chosen.content else ""
    reply = Reply(status=chosen.status, body=body, media_type=media_type, headers=headers)
    return Outcome(reply=reply, because=because, violations=wrong)
