"""Puts one parameter of a call in the place of another, whatever its location and spelling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, unquote_plus

from locum.behaviour.calls import Call, encoded
from locum.contract.model import Location, Operation, Parameter, Style
from locum.verify.exchanging import path_values

__all__ = ["texts_in", "with_texts", "without"]


def with_texts(call: Call, operation: Operation, parameter: Parameter, texts: Sequence[str]) -> Call:
    """Return *call* with *texts* (not encoded) as everything that is sent of *parameter*.

    Several texts repeat it; none leaves it out. A parameter of the path takes the first.
    """
    pairs = tuple((quote(parameter.name, safe=""), quote(text, safe="")) for text in texts)
    return _PUT[parameter.location](call, operation, parameter, pairs, texts)


def without(call: Call, operation: Operation, parameter: Parameter) -> Call:
    """Return *call* without *parameter*."""
    return with_texts(call, operation, parameter, ())


def texts_in(call: Call, operation: Operation, parameter: Parameter) -> tuple[str, ...]:
    """Return what *call* sends of *parameter*, decoded."""
    if parameter.location is Location.PATH:
        found = path_values(operation.route.path, call.path).get(parameter.name)
        return () if found is None else (found,)
    if parameter.location is Location.QUERY:
        return tuple(unquote_plus(text) for name, text in call.query if _is(parameter, name))
    name = parameter.name.lower()
    return tuple(text for key, text in call.headers if key.lower() == name)


def _is(parameter: Parameter, name: str) -> bool:
    decoded = unquote_plus(name)
    nested = parameter.style is Style.DEEP_OBJECT and decoded.startswith(f"{parameter.name}[")
    return decoded == parameter.name or nested


def _in_query(
    call: Call,
    _: Operation,
    parameter: Parameter,
    pairs: tuple[tuple[str, str], ...],
    __: Sequence[str],
) -> Call:
    kept = tuple(pair for pair in call.query if not _is(parameter, pair[0]))
    return replace(call, query=(*kept, *pairs))


def _in_path(
    call: Call,
    operation: Operation,
    parameter: Parameter,
    pairs: tuple[tuple[str, str], ...],
    _: Sequence[str],
) -> Call:
    values = path_values(operation.route.path, call.path)
    path = operation.route.path
    for name, text in values.items():
        written = pairs[0][1] if name == parameter.name and pairs else encoded(text)
        path = path.replace(f"{{{name}}}", written)
    return replace(call, path=path)


def _in_header(
    call: Call,
    _: Operation,
    parameter: Parameter,
    __: tuple[tuple[str, str], ...],
    texts: Sequence[str],
) -> Call:
    gone = call.with_header(parameter.name, None)
    return replace(gone, headers=(*gone.headers, *((parameter.name, text) for text in texts)))


def _in_cookie(
    call: Call,
    _: Operation,
    parameter: Parameter,
    pairs: tuple[tuple[str, str], ...],
    __: Sequence[str],
) -> Call:
    told = "; ".join(text for key, text in call.headers if key.lower() == "cookie")
    others = [each.strip() for each in told.split(";") if each.partition("=")[0].strip() != parameter.name]
    cookies = "; ".join([*filter(None, others), *(f"{name}={text}" for name, text in pairs)])
    return call.with_header("Cookie", cookies or None)


_PUT = {
    Location.QUERY: _in_query,
    Location.PATH: _in_path,
    Location.HEADER: _in_header,
    Location.COOKIE: _in_cookie,
}
