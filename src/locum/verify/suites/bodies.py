"""Tries the bodies of requests, one member at a time: missing, of other types, at their limits and beyond."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from locum.behaviour.bodies import compile_body
from locum.behaviour.body_errors import BodyError
from locum.behaviour.calls import Call
from locum.behaviour.model import RawRequest
from locum.contract.model import HttpMethod, JsonValue, MediaType, Operation
from locum.errors import ContractError
from locum.generation.media import is_json
from locum.verify.asking import breaks
from locum.verify.bases import base_of
from locum.verify.bench import Bench, Profile
from locum.verify.body_mutations import BodyMutation, body_mutations
from locum.verify.composing import is_playable
from locum.verify.derived import derived
from locum.verify.model import Result, Severity
from locum.verify.seen import Seen
from locum.verify.telling import Rule, place_of
from locum.verify.things.bodies import media_of, shape_of_media, values_for, with_value

__all__ = ["bodies"]

SUITE: Final = "bodies"
REFUSED: Final = Rule(
    id="body.accepted",
    promise="A body that breaks its schema is refused as the contract declares",
    suite=SUITE,
)
TAKEN: Final = Rule(
    id="body.refused", promise="A body with a member at the limits of its schema is taken", suite=SUITE
)
MEDIA: Final = Rule(
    id="body.media-type",
    promise="A body of a media type that is not declared is refused",
    suite=SUITE,
    source="RFC 9110, 15.5.16",
)
#: Bodies that are tried of one operation.
_MOST: Final = {Profile.QUICK: 12, Profile.FULL: 120, Profile.FUZZ: 400}
_UNHEARD_OF: Final = "application/x-nobody-has-this"
_UNSUPPORTED: Final = 415
#: Methods whose bodies mean nothing, whatever a document says (RFC 9110, 9.3.1, 9.3.8).
_BODILESS: Final = frozenset({HttpMethod.GET, HttpMethod.HEAD, HttpMethod.TRACE})


@dataclass(frozen=True, kw_only=True)
class _Base:
    """A call with a good body of *media*; *is_taken* says that it was answered with success."""

    operation: Operation
    call: Call
    media: MediaType
    value: JsonValue
    is_taken: bool


def bodies(bench: Bench) -> Iterator[Result]:
    """Play everything that can be tried of the body of each operation."""
    for operation in bench.operations:
        is_sent = operation.request_body is not None and operation.route.method not in _BODILESS
        if not is_sent or not is_playable(bench, operation):
            continue
        try:
            base = _base(bench, operation)
            if base is not None:
                yield from _tried(bench, base)
        except ContractError as error:
            yield REFUSED.unseen(operation.operation_id, str(error).partition("\n")[0])


def _base(bench: Bench, operation: Operation) -> _Base | None:
    """Return a call whose body may be changed, `None` where none can be made."""
    media, usual = media_of(operation), base_of(bench, operation)
    if media is None or media.schema is None or usual is None:
        return None
    for value in islice(values_for(bench, media, salt=bench.options.seed), 3):
        call = with_value(usual.call, media, value)
        seen = bench.send(call, operation)
        if seen.is_success:
            return _Base(operation=operation, call=call, media=media, value=value, is_taken=True)
    return None


def _tried(bench: Bench, base: _Base) -> Iterator[Result]:
    yield from _as_a_whole(bench, base)
    shape = shape_of_media(base.media)
    found = body_mutations(base.value, shape, _judge(base))
    for mutation in islice(found, _MOST[bench.options.profile]):
        call = with_value(base.call, base.media, mutation.value)
        if mutation.is_valid and breaks(call, base.operation, bench):
            continue
        seen = bench.send(call, base.operation, is_wrong=not mutation.is_valid)
        yield from _judged(bench, base, seen, mutation)


def _judge(base: _Base) -> Callable[[JsonValue], bool]:
    """Return what tells whether the document takes a value, as it is when it was sent and read."""
    declared, schema, media = base.operation.request_body, base.media.schema, base.media
    if declared is None or schema is None:
        return lambda _: True
    if is_json(media.name):
        return schema.is_valid
    reader = compile_body(declared)

    def is_valid(value: JsonValue) -> bool:
        if not isinstance(value, dict):
            return True  # a form is nothing else
        call = with_value(base.call, media, value)
        headers = tuple((name.lower(), text) for name, text in call.headers)
        try:
            read = reader.read(
                RawRequest(method=call.method, path=call.path, headers=headers, body=call.body)
            )
        except BodyError:
            return False
        return isinstance(read.value, bytes) or schema.is_valid(_as_text(read.value))

    return is_valid


def _as_text(value: JsonValue | bytes) -> JsonValue:
    """Return a value of a form with texts in the place of files, as schemas look at them."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, dict):
        return {name: _as_text(each) for name, each in value.items()}
    return [_as_text(each) for each in value] if isinstance(value, list) else value


def _as_a_whole(bench: Bench, base: _Base) -> Iterator[Result]:
    """Try a body that is none, half of one, and one that says it is something else."""
    declared, operation = base.operation.request_body, base.operation
    wrong: list[tuple[str, Call]] = []
    if is_json(base.media.name):
        if isinstance(base.value, dict | list | str):
            wrong += [("malformed", replace(base.call, body=base.call.body[:-1]))]
        wrong += [("trailing-text", replace(base.call, body=base.call.body + b" x"))]
    if declared is not None and declared.required and is_json(base.media.name):
        wrong.append(("missing", replace(base.call, body=b"")))
    for kind, call in wrong:
        seen = bench.send(call, operation, is_wrong=True)
        yield from _judged(bench, base, seen, BodyMutation(kind=kind, location="", value=None))
    if declared is None or any("*" in each.name for each in declared.content):
        return
    seen = bench.send(base.call.with_header("Content-Type", _UNHEARD_OF), operation, is_wrong=True)
    if not seen.is_success:
        yield MEDIA.held(operation.operation_id)
        return
    is_declared = any(each.status == str(_UNSUPPORTED) for each in operation.responses)
    yield MEDIA.broken(
        operation.operation_id,
        seen.step,
        location="header.content-type",
        kind="ignored",
        expected="415" if is_declared else "a refusal",
        received=str(seen.status),
        # HTTP itself lets a server look at the body instead.
        severity=Severity.FAILURE if is_declared else Severity.DEVIATION,
    )


def _judged(bench: Bench, base: _Base, seen: Seen, mutation: BodyMutation) -> Iterator[Result]:
    if not seen.is_looked_at:
        return
    name, rule = base.operation.operation_id, TAKEN if mutation.is_valid else REFUSED
    declares = any(each.status == str(seen.status) for each in base.operation.responses)
    is_refusal = seen.is_refusal and (declares or not seen.is_beside_the_point)
    is_fault = seen.blames_call or seen.status >= 500  # noqa: PLR2004 -- RFC 9110 section 15.6
    if is_refusal if not mutation.is_valid else not is_fault:
        yield rule.held(name)
        return
    refusals = [each.status for each in base.operation.responses if each.status.startswith("4")]
    told = (
        f"a body that is {mutation.kind}" if not mutation.location else f"{mutation.location} {mutation.kind}"
    )
    wanted = f"refused by one of {', '.join(refusals)}" if refusals else "refused"
    result = rule.broken(
        name,
        seen.step,
        location="/".join(filter(None, ("body", mutation.location))),
        kind=mutation.kind,
        expected=f"{told} is {'taken' if mutation.is_valid else wanted}",
        received=f"{seen.status} {seen.content[:200].decode('utf-8', 'replace')}".strip(),
        where=place_of(bench.contract, base.media.schema.place if base.media.schema else None),
    )
    # What a schema takes, a server may have other reasons to refuse.
    yield derived(bench, result) if mutation.is_valid else result
