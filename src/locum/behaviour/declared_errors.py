"""Chooses what of a declared error is shown: its media type, and the headers that it words itself."""

from __future__ import annotations

from locum.behaviour.contents import has_example
from locum.behaviour.negotiation import Choice, choose_media
from locum.behaviour.reply_headers import is_written
from locum.contract.model import ResponseSpec

__all__ = ["content_of_error", "content_with_example", "written_headers"]

_Headers = tuple[tuple[str, str], ...]


def content_of_error(spec: ResponseSpec | None, accept: str | None) -> Choice | None:
    """Choose a declared media type for an error; one that is not acceptable is better than none."""
    content = spec.content if spec else ()
    return choose_media(content, accept) or choose_media(content, None)


def content_with_example(spec: ResponseSpec, accept: str | None) -> Choice | None:
    """Choose as Prism does: among what the client likes equally, an example goes before a schema."""
    content = sorted(spec.content, key=lambda each: (not has_example(each), each.schema is None))
    liked = choose_media(content, accept or "*/*", prefers_json=False)
    return liked or choose_media(content, "*/*", prefers_json=False)


def written_headers(spec: ResponseSpec, made: _Headers) -> _Headers:
    """Return those of *made* that the document words itself."""
    written = {each.name.lower() for each in spec.headers if is_written(each)}
    return tuple((name, text) for name, text in made if name.lower() in written)
