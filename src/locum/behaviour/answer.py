"""Answers a checked request: which reply, and why.

Where the body comes from, first that applies: the example that was asked for, the handler (`stand_in.py`),
an example of the document, a static value, a generated one. The same seed and request give the same bytes.
Read `plans.py` for what is compiled beforehand, `refusals.py` for what happens instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from locum.behaviour.body_memory import BodyMemory
from locum.behaviour.contents import Content, Generates
from locum.behaviour.created_locations import located
from locum.behaviour.joined_examples import NO_JOINS, is_called, joined
from locum.behaviour.manners import OWN_MANNERS, Manners
from locum.behaviour.model import Cause, Fixtures, Outcome, Refusal, Reply, Request
from locum.behaviour.negotiation import unknown_example
from locum.behaviour.plans import Answerable, Plan, compile_plan
from locum.behaviour.reflection import recohered, reflect
from locum.behaviour.refusals import refuse
from locum.behaviour.subjects import stream_of
from locum.behaviour.wording import put_status
from locum.contract.contract import Contract
from locum.contract.model import Route, Violation
from locum.errors import ContractError, GenerationError
from locum.generation.model import Variant

__all__ = ["NO_OPTIONS", "Options", "answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How bodies are chosen for all requests; what one request prefers wins over *dynamic*.

    *dynamic* generates although there are examples; *ignore_examples* passes over them, in static mode too.
    *prefer_static* is Prism's way without `--dynamic`: example, else the static value, else generated.
    *errors* turns a violation in our own reply into a 500 instead of the header `sl-violations`.
    *variant* says which optional members a generated body has. *callbacks* sends those of an operation
    unasked. *examples_as_is* sends the first example whether it is valid or not. *manners* tells refusals.
    *stateful* keeps what is created, changed and deleted; see `resources/`.
    """

    dynamic: bool = False
    ignore_examples: bool = False
    prefer_static: bool = False
    errors: bool = False
    stateful: bool = False
    variant: Variant = Variant.FULL
    callbacks: bool = False
    examples_as_is: bool = False
    manners: Manners = OWN_MANNERS


NO_OPTIONS: Final = Options()


@dataclass(slots=True, kw_only=True)
class _Turn:
    """One request, with whatever decides about its answer."""

    request: Request
    plan: Plan
    seed: int | str
    accept: str | None
    options: Options
    memory: BodyMemory
    routes: tuple[Route, ...]
    known_stream: int | None = None

    @property
    def stream(self) -> int:
        """The stream of the request, worked out when something has to be made."""
        if self.known_stream is None:
            self.known_stream = stream_of(self.request, self.seed)
        return self.known_stream


def answer(  # noqa: PLR0913 -- everything a decision depends on is an argument
    request: Request,
    *,
    contract: Contract,
    fixtures: Fixtures,
    generator: Generates,
    seed: int | str,
    options: Options = NO_OPTIONS,
    plan: Plan | None = None,
    memory: BodyMemory | None = None,
) -> Outcome:
    """Return the reply to *request*, and why it is this one.

    *plan* keeps what is compiled from one request to the next, *memory* what was made.
    """
    operation = request.operation
    if plan is None:
        plan = compile_plan(
            operation, contract=contract, fixtures=fixtures, generator=generator, manners=options.manners
        )
    turn = _Turn(
        request=request,
        plan=plan,
        seed=seed,
        accept=request.raw.header("accept"),
        options=options,
        memory=memory or BodyMemory(0),
        routes=contract.routes,
    )
    decided = _guarded(turn)
    if isinstance(decided, Outcome):
        return decided
    return refuse(
        decided,
        fixtures=fixtures,
        plan=plan,
        accept=turn.accept,
        stream=turn.stream,
        realm=contract.name,
        manners=options.manners,
    )


def _guarded(turn: _Turn) -> Outcome | Refusal:
    """Decide; what the document or its schemas make impossible is a refusal."""
    try:
        return _decide(turn)
    except GenerationError as error:
        status = 500 if turn.options.manners.gives_up else 501
        facts = {"code": error.diagnostics[0].code}
        return Refusal(cause=Cause.UNSATISFIABLE_SCHEMA, status=status, detail=_words(error), facts=facts)
    except ContractError as error:
        return Refusal(cause=Cause.UNUSABLE_OPERATION, status=501, detail=_words(error))


def _words(error: ContractError | GenerationError) -> str:
    told = ((each.message, str(each.where)) for each in error.diagnostics)
    return "; ".join(f"{message} ({where})" if where else message for message, where in told)


def _decide(turn: _Turn) -> Outcome | Refusal:
    wanted = turn.request.preferences
    named = _named(turn)
    if named is not None:
        return named
    chosen = turn.plan.settled(wanted, turn.accept)
    if isinstance(chosen, Refusal):
        return chosen
    if wanted.example is not None:
        return _forced(turn, chosen, wanted.example)
    if chosen.content is None:
        body, reason, wrong = b"", "no content is declared", turn.options.manners.unnamed(chosen.spec)
    else:
        body, reason, wrong = _body(turn, chosen.content, chosen.status)
    if wrong and turn.options.errors:
        return _broken(turn, f"the answer is not valid by its schema: it is {reason}", wrong)
    return _outcome(turn, chosen, body, reason, wrong)


def _named(turn: _Turn) -> Outcome | Refusal | None:
    """Return the answer by the example that the request names by what it says, if there is a valid one."""
    wanted, joins = turn.request.preferences, turn.plan.joins
    is_bound = wanted.code is not None or wanted.example is not None or turn.options.ignore_examples
    if joins is NO_JOINS or is_bound or _is_dynamic(turn):
        return None
    join = joined(joins, turn.request)
    chosen = turn.plan.choose(join.status, turn.accept) if join else None
    if join is None or chosen is None or isinstance(chosen, Refusal) or chosen.content is None:
        return None
    if not any(each.name == join.name for each in chosen.content.examples):
        return None
    return _forced(turn, chosen, join.name, f"the example {join.name!r}, named by the request")


def _forced(turn: _Turn, chosen: Answerable, name: str, reason: str = "") -> Outcome | Refusal:
    """Answer with the example that was asked for, valid or not; it is the document's word."""
    content = chosen.content
    if content is None:
        is_plain = turn.options.manners.is_plain
        return _outcome(turn, chosen, b"", "no content") if is_plain else unknown_example(name, (), "")
    declared = content.written_examples
    found = next((each.value for each in declared if is_called(each, name)), _ABSENT)
    if isinstance(found, _Absent):
        return unknown_example(name, (each.name for each in declared), content.content_type)
    values = content.admitted(found)
    wrong = () if values or content.schema is None else content.schema.violations(found, "response", "body")
    if wrong and turn.options.errors:
        return _broken(turn, f"the example {name!r} of the document is not valid by its schema", wrong)
    body = content.write(values[0] if values else found)
    return _outcome(turn, chosen, body, reason or f"the example {name!r} was asked for", wrong)


def _broken(turn: _Turn, detail: str, wrong: tuple[Violation, ...]) -> Refusal:
    """Refuse to send what breaks the contract, and tell what the request is warned of as well."""
    found = _with_warnings(turn, wrong)
    return Refusal(cause=Cause.INVALID_REPLY, status=500, detail=detail, violations=found)


def _with_warnings(turn: _Turn, wrong: tuple[Violation, ...]) -> tuple[Violation, ...]:
    return (*turn.request.violations, *wrong) if turn.options.manners.warns else wrong


class _Absent:
    """Stands for an example that is not there; `None` is a value."""


_ABSENT: Final = _Absent()


def _body(turn: _Turn, content: Content, status: int) -> tuple[bytes, str, tuple[Violation, ...]]:
    """Choose a body, say why, and what is wrong with it; raises `GenerationError` when there is none."""
    options, is_dynamic = turn.options, _is_dynamic(turn) and content.schema is not None
    if not is_dynamic and not options.ignore_examples:
        if options.examples_as_is and content.written_examples:
            body, wrong = content.literal_body()
            return body, "an example of the document, as it is", wrong
        if content.examples:
            return content.example_body(), content.kind_of_example, ()
    if not is_dynamic and options.prefer_static and content.static():
        return content.static_body(), "the static value of the schema", ()
    if content.too_large and options.prefer_static and not is_dynamic and options.manners.gives_up:
        raise content.too_large
    try:
        return _generated(turn, content, status), "generated", ()
    except GenerationError as error:
        if not options.manners.settles:
            raise
        return _next_best(content, error)


def _is_dynamic(turn: _Turn) -> bool:
    preferences = turn.request.preferences
    # Who asks for a variant asks for a value made to measure.
    by_default = turn.options.dynamic or preferences.variant is not None
    return by_default if preferences.dynamic is None else preferences.dynamic


def _next_best(content: Content, error: GenerationError) -> tuple[bytes, str, tuple[Violation, ...]]:
    """Return what comes nearest to a schema that no value satisfies, with all that is wrong with it."""
    value = content.nearest()
    wrong = content.schema.violations(value, "response", "body") if content.schema else ()
    return content.write(value), f"the next best, since {_words(error)}", wrong


def _generated(turn: _Turn, content: Content, status: int) -> bytes:
    request, raw = turn.request, turn.request.raw
    variant = request.preferences.variant or turn.options.variant
    is_error, is_dynamic = status >= HTTPStatus.BAD_REQUEST, _is_dynamic(turn)
    tells_status = is_error and turn.options.manners.is_truthful and not is_dynamic

    def make() -> bytes:
        made = content.generate(turn.stream, variant)
        said = recohered(reflect(made, request, content.shape, content.schema), request, content)
        if tells_status and content.schema is not None:
            said = put_status(said, status=status, schema=content.schema, shape=content.shape)
        return content.write(turn.options.manners.arrange(said) if is_dynamic else said)

    # All that a generated body depends on; the media type says how a body was read.
    read_as = raw.header("content-type") if raw.body else None
    told = status if tells_status else 0
    key = (
        content,
        told,
        is_dynamic,
        turn.seed,
        request.preferences.seed,
        variant,
        raw.path,
        raw.query,
        raw.body,
        read_as,
    )
    return turn.memory.recall(key, len(raw.path) + len(raw.query) + len(raw.body), make)


def _outcome(
    turn: _Turn, chosen: Answerable, body: bytes, reason: str, wrong: tuple[Violation, ...] = ()
) -> Outcome:
    headers: tuple[tuple[str, str], ...] = ()
    if chosen.spec.headers:
        headers = turn.plan.headers_of(chosen.spec, is_dynamic=_is_dynamic(turn))(turn.stream)
    if headers and turn.options.manners.is_truthful:
        headers = located(headers, chosen, turn.request, body, turn.routes)
    if turn.plan.operation.deprecated:
        headers = (*headers, ("deprecation", "true"))
    wrong = _with_warnings(turn, wrong)
    if wrong:
        headers = (*headers, *turn.options.manners.broken(wrong))
    media_type = chosen.content.content_type if chosen.content else ""
    asked = " asked for" if turn.request.preferences.code == chosen.status else ""
    return Outcome(
        reply=Reply(status=chosen.status, body=body, media_type=media_type, headers=headers),
        because=(f"status {chosen.status}{asked}", reason),
        violations=wrong,
    )
