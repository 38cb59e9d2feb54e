"""Tells Schemathesis what a JSON Schema cannot: its hooks and checks, made from the rules of a contract.

Requests that are meant to be valid keep the rules, but for one in four, which shows that breaking one is
refused. A refusal that the rules explain is no failure, and neither is one of the contract's own statuses
where Schemathesis insists on another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from http import HTTPStatus
from itertools import combinations
from typing import Any, Final, TypeAlias

import requests
import schemathesis
from schemathesis import Case, CheckContext, HookContext, Response

from locum.behaviour.exchanges import Call, Exchange, Judgement
from locum.behaviour.invariants import Invariant, judge_all
from locum.behaviour.model import RawRequest
from locum.behaviour.requirements import Opaque, Requirement
from locum.contract.model import JsonValue, Location, Operation
from locum.verify.generated.rulebook import Excuse, Rulebook, raw_of

__all__ = ["Find", "add_checks", "add_filters", "add_mending", "add_one_check"]

#: Finds the rules that go with a case; `None` where there are none.
Find: TypeAlias = Callable[[Case[Any]], Rulebook | None]
_ONE_IN: Final = 4
#: Bytes of an answer that is long, and how many such answers of one operation are looked at.
_LONG: Final = 16 * 1024
_MOST_LONG: Final = 8
#: A server that is never called: what is composed is looked at and thrown away.
_NOWHERE: Final = "http://localhost"
_NAMES: Final = re.compile(r"query\.([A-Za-z_]\w*)|query\['([^']+)'\]|'([^']+)' in query")
#: Codes of Schemathesis: valid data refused, and a header left out that was not missed as it expects.
_REFUSED: Final = "ST202"
_NOT_MISSED: Final = "ST203"
_SUCCESS: Final = range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES)
_CLIENT_ERRORS: Final = range(HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)


def add_mending(find: Find) -> None:
    """Have requests that are meant to be valid keep the rules, most of the time."""

    @schemathesis.hook("map_case")
    def map_case(_: HookContext, case: Case[Any]) -> Case[Any]:
        book = find(case)
        meta = case.meta
        if book is not None and meta is not None and meta.generation.mode.is_positive:
            _mend(case, book)
        return case


def add_filters(find: Find) -> None:
    """Drop the failures that the rules, or the declared statuses, explain."""

    @schemathesis.hook("filter_failure")
    def filter_failure(
        _: HookContext,
        failure: Any,  # noqa: ANN401 -- the class has no public name
        case: Case[Any],
        response: Response,
    ) -> bool:
        book = find(case)
        operation = _operation(book, case) if book is not None else None
        if book is None or operation is None:
            return True
        if failure.code == _REFUSED:
            return not book.may_refuse(operation, _sent(operation, response), response.status_code)
        if failure.code == _NOT_MISSED:
            is_declared = operation.response_for(response.status_code) is not None
            return not (is_declared and response.status_code in _CLIENT_ERRORS)
        return True


def add_checks(find: Find, rules: tuple[Invariant | Requirement | Opaque, ...]) -> None:
    """Have every generated answer held to each of *rules*, by a check of its own name."""
    for rule in rules:
        check = _invariant_check(find, rule) if isinstance(rule, Invariant) else _refusal_check(find, rule)
        check.__name__ = check.__qualname__ = re.sub(r"\W", "_", rule.id)
        schemathesis.check(check)


def add_one_check(find: Find) -> None:
    """Have every generated answer held to all rules of its document, by one check; the first one speaks."""

    @schemathesis.check
    def rules(context: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        book = find(case)
        if book is not None:
            for invariant in book.rules.invariants:
                _invariant_check(find, invariant)(context, response, case)
            for requirement in book.rules.requirements:
                _refusal_check(find, requirement)(context, response, case)
        return None


_Check: TypeAlias = Callable[[CheckContext, Response, Case[Any]], bool | None]


class _Looked:
    """What the invariants make of the answer looked at last: each rule asks by a check of its own. Mutable.

    Long answers take their time, and say the same again and again: a few of each operation are looked at.
    """

    def __init__(self) -> None:
        self._response: Response | None = None
        self._broken: dict[str, str] = {}
        self._long: Counter[str] = Counter()

    def broken(self, book: Rulebook, operation: Operation, response: Response) -> Mapping[str, str]:
        """Return the message of each invariant that *response* breaks, by its id."""
        if self._response is not response:
            self._response, self._broken = response, {}
            name = operation.operation_id
            self._long[name] += len(response.content) > _LONG
            if len(response.content) <= _LONG or self._long[name] <= _MOST_LONG:
                self._broken = self._judged(book, operation, response)
        return self._broken

    def _judged(self, book: Rulebook, operation: Operation, response: Response) -> dict[str, str]:
        raw = _sent(operation, response)
        exchange = Exchange(
            call=Call(operation=operation.operation_id, path=raw.path_values, query=raw.query),
            status=response.status_code,
            body=_json(response),
            headers={name: ", ".join(texts) for name, texts in response.headers.items()},
            now=book.now,
        )
        verdicts = judge_all(book.rules.invariants, exchange)
        return {
            rule.id: verdict.message for rule, verdict in verdicts if verdict.judgement is Judgement.BROKEN
        }


_LOOKED: Final = _Looked()


def _invariant_check(find: Find, rule: Invariant) -> _Check:
    def check(_: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        book = find(case)
        operation = _operation(book, case) if book is not None else None
        if book is None or operation is None or operation.operation_id not in rule.operations:
            return True
        message = _LOOKED.broken(book, operation, response).get(rule.id)
        if message is not None:
            raise AssertionError(message)
        return None

    return check


def _refusal_check(find: Find, rule: Requirement | Opaque) -> _Check:
    def check(_: CheckContext, response: Response, case: Case[Any]) -> bool | None:
        book = find(case)
        operation = _operation(book, case) if book is not None else None
        if book is None or operation is None or response.status_code not in _SUCCESS:
            return True
        excuses = book.excuses(operation, _sent(operation, response))
        if any(each.is_certain and each.rule is rule for each in excuses):
            raise AssertionError(f"{rule.promise}: a request that breaks it is answered")
        return None

    return check


def _mend(case: Case[Any], book: Rulebook) -> None:
    """Change the query of *case* as little as it takes to keep the rules; leave some to be refused."""
    operation = _operation(book, case)
    if operation is None or not isinstance(case.query, dict):
        return
    excuses = _excuses(case, operation, book)
    if not excuses or _is_left_broken(case):
        return
    before = dict(case.query)
    for query in _mended(before, excuses, operation):
        case.query = query
        if not _excuses(case, operation, book):
            return
    case.query = before


def _mended(
    query: Mapping[str, Any], excuses: tuple[Excuse, ...], operation: Operation
) -> Iterator[dict[str, Any]]:
    """Yield changed queries: two values exchanged, then fewer and fewer of the optional ones."""
    names = list(dict.fromkeys(name for each in excuses for name in _names(each) if name in query))
    for one, other in combinations(names, 2):
        yield {**query, one: query[other], other: query[one]}
    needed = {each.name for each in operation.parameters if each.required and each.location is Location.QUERY}
    spare = [name for name in names if name not in needed]
    for count in range(1, len(spare) + 1):
        for gone in combinations(spare, count):
            yield {name: value for name, value in query.items() if name not in gone}


def _names(excuse: Excuse) -> list[str]:
    rule = excuse.rule
    if isinstance(rule, Opaque):
        return [rule.name]
    told = f"{rule.expression.text} {rule.when.text if rule.when else ''}"
    return [rule.name, *(next(filter(None, found)) for found in _NAMES.findall(told))]


def _is_left_broken(case: Case[Any]) -> bool:
    digest = blake2b(repr(sorted(case.query.items(), key=repr)).encode("utf-8", "replace"), digest_size=1)
    return digest.digest()[0] % _ONE_IN == 0


def _excuses(case: Case[Any], operation: Operation, book: Rulebook) -> tuple[Excuse, ...]:
    try:
        prepared = requests.Request(**case.as_transport_kwargs(base_url=_NOWHERE)).prepare()
    except (TypeError, ValueError):  # nothing that can be sent
        return ()
    return book.excuses(operation, _read(operation, prepared, case.path_parameters))


def _sent(operation: Operation, response: Response) -> RawRequest:
    return _read(operation, response.request, None)


def _read(
    operation: Operation, prepared: requests.PreparedRequest, path_values: Mapping[str, Any] | None
) -> RawRequest:
    body = prepared.body if isinstance(prepared.body, str | bytes) else b""
    return raw_of(
        operation,
        prepared.url or "",
        {name: str(value) for name, value in prepared.headers.items()},
        body.encode("utf-8", "replace") if isinstance(body, str) else body,
        {name: str(value) for name, value in path_values.items()} if path_values is not None else None,
    )


def _operation(book: Rulebook | None, case: Case[Any]) -> Operation | None:
    """Return the operation that *case* calls, if it does so by its own method."""
    method, path = case.operation.method, case.operation.path
    if book is None or str(case.method).upper() != str(method).upper():
        return None
    return book.operation(method, path)


def _json(response: Response) -> JsonValue:
    try:
        found: JsonValue = response.json()
    except ValueError:
        return None
    return found
