"""Judges replies that came from elsewhere by what an operation declares: status, headers, media type, body.

Our own replies are made valid instead. Next: `relays.py`, `callbacks.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from locum.behaviour.bodies import CODINGS, BodyReader, coding_of, codings_in, compile_body, unpack
from locum.behaviour.body_errors import BodyError
from locum.behaviour.media_ranges import parse_media
from locum.behaviour.model import Cause, RawRequest, Reply
from locum.contract.model import (
    Header,
    JsonValue,
    Location,
    MediaType,
    Operation,
    Parameter,
    RequestBody,
    ResponseSpec,
    Violation,
)
from locum.contract.styles import UNREADABLE, compile_parameters

__all__ = ["JudgeReply", "compile_reply_judge", "is_readable", "judge_body", "undeclared_status"]

#: Yields how a reply breaks what its operation declares.
JudgeReply = Callable[[Reply], Iterator[Violation]]

_SUCCESS: Final = 2
_JSON: Final = parse_media("application/json")
_MEDIA_TYPE: Final = "media-type"
#: Described elsewhere in the document, so a declaration as a header counts for nothing (3.1.1, 4.8.17.1).
_IGNORED: Final = frozenset({"content-type"})


def undeclared_status(operation: Operation, status: int) -> Violation:
    """Return the violation of a status that *operation* does not declare; only a success is an error."""
    declared = [each.status for each in operation.responses]
    return Violation(
        location=("response", "status"),
        keyword="status",
        message=f"{status} is not declared; declared: {', '.join(declared) or 'none'}",
        received=str(status),
        asked=[*declared],
        is_warning=status // 100 != _SUCCESS,
    )


def compile_reply_judge(
    spec: ResponseSpec, *, judges_undeclared: bool = False, takes_akin: bool = False
) -> JudgeReply:
    """Compile what *spec* declares of replies; raises `ContractError` as `Schema.bundle` does.

    Where *judges_undeclared* a body of another media type is judged by the first that is declared as well;
    *takes_akin* takes media types of the same syntax as those that are declared.
    """
    reader = _body_reader(spec, takes_akin=takes_akin)
    judge_headers = _header_judge([each for each in spec.headers if each.name.lower() not in _IGNORED])

    def judge(reply: Reply) -> Iterator[Violation]:
        found = () if reader is None else tuple(_judged_body(reader, spec, reply))
        yield from found
        if judges_undeclared and any(each.keyword == _MEDIA_TYPE for each in found):
            yield from _judged_by_first(spec, reply)
        yield from judge_headers(reply)

    return judge


def judge_body(spec: ResponseSpec, reply: Reply) -> Iterator[Violation]:
    """Yield what is wrong with the body of *reply*."""
    reader = _body_reader(spec)
    return iter(()) if reader is None else _judged_body(reader, spec, reply)


def _body_reader(spec: ResponseSpec, *, takes_akin: bool = False) -> BodyReader | None:
    if not spec.content:
        return None
    declared = RequestBody(required=False, content=spec.content, place=spec.place)
    return compile_body(declared, takes_akin=takes_akin)


def _judged_body(reader: BodyReader, spec: ResponseSpec, reply: Reply) -> Iterator[Violation]:
    if not parse_media(reply.media_type).subtype and not reply.body:
        return
    answer = RawRequest(method="", path="", headers=_described(reply), body=reply.body)
    try:
        decoded = reader.read(answer)
    except BodyError as error:
        yield from (_about_reply(each, error.cause, spec, reply) for each in error.violations)
        return
    schema = decoded.media.schema
    if schema is not None and not isinstance(decoded.value, bytes):
        yield from schema.violations(decoded.value, "response", "body")


def _judged_by_first(spec: ResponseSpec, reply: Reply) -> Iterator[Violation]:
    """Yield what the first schema has against a body, which is JSON by its media type, or else text."""
    schema = spec.content[0].schema
    if schema is None:
        return
    try:
        is_json = _JSON.is_akin(parse_media(reply.media_type))
        value = _as_json(spec, reply) if is_json else _as_text(reply)
    except BodyError:
        return
    yield from schema.violations(value, "response", "body")


def _as_text(reply: Reply) -> str:
    return unpack(reply.body, coding_of(reply)).decode(errors="replace")


def _as_json(spec: ResponseSpec, reply: Reply) -> JsonValue:
    name = parse_media(reply.media_type).name
    media = MediaType(name=name, place=spec.place)
    reader = compile_body(RequestBody(required=False, content=(media,), place=spec.place))
    value = reader.read(RawRequest(method="", path="", headers=_described(reply), body=reply.body)).value
    return value if not isinstance(value, bytes) else None


def _described(reply: Reply) -> tuple[tuple[str, str], ...]:
    coding = coding_of(reply)
    described = (("content-type", reply.media_type),)
    return (*described, ("content-encoding", coding)) if coding else described


def is_readable(reply: Reply) -> bool:
    """Tell whether the codings of a body can all be undone here; a body in any other is taken as it is."""
    return CODINGS.issuperset(codings_in(coding_of(reply)))


def _about_reply(violation: Violation, cause: Cause, spec: ResponseSpec, reply: Reply) -> Violation:
    """Return what a reader said of a request as said of a reply."""
    if cause is not Cause.UNSUPPORTED_MEDIA_TYPE or not is_readable(reply):
        return replace(violation, location=("response", *violation.location[1:]))
    declared = [each.name for each in spec.content]
    return Violation(
        location=("response", "header", "content-type"),
        keyword=_MEDIA_TYPE,
        message=f"is {reply.media_type[:80]!r}; declared: {', '.join(declared)}",
        expected=", ".join(declared),
        received=reply.media_type[:80],
        asked=[*declared],
    )


def _header_judge(headers: Iterable[Header]) -> JudgeReply:
    declared = {each.name.lower(): each for each in headers}
    reader = compile_parameters([_as_parameter(each) for each in declared.values()])

    def judge(reply: Reply) -> Iterator[Violation]:
        if not declared:
            return
        sent = reader.read({}, "", [(name.lower(), text) for name, text in reply.headers])
        yield from (replace(each, location=("response", *each.location[1:])) for each in sent.violations)
        values = {name.lower(): value for name, value in sent.headers.items()}
        for name, header in declared.items():
            if name not in values:
                if header.required:
                    yield _missing(header)
            elif header.schema is not None and values[name] is not UNREADABLE:
                yield from header.schema.violations(values[name], "response", "header", header.name)

    return judge


def _as_parameter(header: Header) -> Parameter:
    return Parameter(
        name=header.name,
        location=Location.HEADER,
        required=header.required,
        style=header.style,
        explode=header.explode,
        schema=header.schema,
        media_type=header.media_type,
        place=header.place,
    )


def _missing(header: Header) -> Violation:
    return Violation(
        location=("response", "header", header.name),
        keyword="required",
        message="is required",
        expected=f"the header {header.name!r}",
        received="nothing",
        place=header.place,
    )
