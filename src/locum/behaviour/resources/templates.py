"""Path templates: which stands above which, and what a path says of its variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import quote

__all__ = [
    "above",
    "bare",
    "fill_template",
    "is_variable",
    "last_segment",
    "normal",
    "parents",
    "variables",
    "variables_at_end",
]

_VARIABLE: Final = re.compile(r"\{([^{}/]+)\}")
#: What says in which format something is answered, and nothing of which thing it is.
_FORMAT: Final = re.compile(r"(?<=[^/])[./](json|xml|csv)$")


def variables(template: str) -> tuple[str, ...]:
    """Return the names of the variables of *template*, in order.

    >>> variables("/owners/{ownerId}/pets/{petId}")
    ('ownerId', 'petId')
    """
    return tuple(_VARIABLE.findall(template))


def is_variable(segment: str) -> bool:
    """Tell whether a segment is one variable and nothing else."""
    return _VARIABLE.fullmatch(segment) is not None


def bare(template: str) -> str:
    """Return *template* without the format at its end, and without a slash there.

    >>> bare("/Calls/{Sid}.json"), bare("/containers/{id}/json"), bare("/json"), bare("/pets/")
    ('/Calls/{Sid}', '/containers/{id}', '/json', '/pets')
    """
    return _FORMAT.sub("", template.rstrip("/"))


def variables_at_end(template: str) -> int:
    """Return how many segments at the end of *template* are variables.

    >>> variables_at_end("/repos/{owner}/{repo}"), variables_at_end("/pets")
    (2, 0)
    """
    count = 0
    while is_variable(last_segment(template)):
        template, count = above(template), count + 1
    return count


def last_segment(path: str) -> str:
    """Return what stands behind the last slash, one at the very end aside."""
    return path.rstrip("/").rpartition("/")[2]


def above(path: str) -> str:
    """Return *path* without its last segment, `""` at the top."""
    return path.rstrip("/").rpartition("/")[0]


def parents(path: str) -> Iterator[str]:
    """Yield every path above *path*, the nearest first.

    >>> list(parents("/owners/5/pets"))
    ['/owners/5', '/owners']
    """
    path = above(path)
    while path:
        yield path
        path = above(path)


def normal(template: str) -> str:
    """Return *template* with its variables nameless, so that spellings of one path are equal."""
    return _VARIABLE.sub("{}", template.rstrip("/"))


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """Return the path that *template* means for *values*, percent-encoded, without a slash at its end.

    Every entity has one such path, however the request spelled it.

    >>> fill_template("/users/{name}/", {"name": "a b"})
    '/users/a%20b'
    """
    return _VARIABLE.sub(lambda found: quote(values.get(found[1], ""), safe=""), template.rstrip("/"))
