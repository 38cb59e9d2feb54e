"""Values that nobody has named but the fixtures: whether a server has ever heard of what they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from locum.catalog.clock_values import is_of_clock
from locum.verify.bench import Bench
from locum.verify.seen import Seen

__all__ = ["supposed", "unheard_of"]


def supposed(named: Mapping[str, str], supplied: Iterable[str]) -> frozenset[str]:
    """Return the values that only the fixtures name; those of the clock are of no server in particular.

    >>> sorted(supposed({"sim": "7", "day": "@+0 days %Y-%m-%d", "tag": "a"}, ["tag"]))
    ['7']
    """
    names = named.keys() - set(supplied)
    return frozenset(named[name] for name in names if not is_of_clock(named[name]))


def unheard_of(bench: Bench, heard: Iterable[Seen]) -> str | None:
    """Return a value that a call was answered with absence for, and of which no credential is shown anything.

    A server with data of its own need not know what the fixtures name; what the document gives as an example
    of a parameter it has to.
    """
    for seen in heard:
        if seen.is_gone and (value := _supposed_in(bench, seen)) and not _is_shown(bench, seen):
            return value
    return None


def _supposed_in(bench: Bench, seen: Seen) -> str | None:
    sent = unquote(seen.call.target)
    texts = sorted(each for each in bench.options.supposed if _stands(each, sent))
    return next((each for each in texts if not _is_documented(seen, each)), None)


def _stands(text: str, whole: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", whole) is not None


def _is_documented(seen: Seen, text: str) -> bool:
    parameters = seen.operation.parameters if seen.operation is not None else ()
    return any(_stands(text, str(example.value)) for each in parameters for example in each.examples)


def _is_shown(bench: Bench, seen: Seen) -> bool:
    others = [
        each.credential.id for each in bench.identities.everybody if each.credential.id != seen.identity
    ]
    return any(bench.send(seen.call, seen.operation, identity=each).is_success for each in others)
