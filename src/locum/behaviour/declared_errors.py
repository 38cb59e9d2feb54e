"""Chooses what of a declared error is shown: media type, example, and the headers that it words itself."""

from __future__ import annotations

from locum.behaviour.contents import Content, has_example
from locum.behaviour.joined_examples import is_called
from locum.behaviour.model import Refusal
from locum.behaviour.negotiation import Choice, choose_media, unknown_example
from locum.behaviour.reply_headers import is_written
from locum.contract.model import ResponseSpec

__all__ = ["content_of_error", "content_with_example", "lacking_example", "written_headers"]

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


def lacking_example(name: str | None, content: Content) -> Refusal | None:
    """Return the refusal of an example that was asked for by *name*, if *content* has others only."""
    known = content.examples
    if not name or not known or any(is_called(each, name) for each in known):
        return None
    return unknown_example(name, (each.name for each in known), content.content_type)


def written_headers(spec: ResponseSpec, made: _Headers) -> _Headers:
    """Return those of *made* that the document words itself."""
    written = {each.name.lower() for each in spec.headers if is_written(each)}
    return tuple((name, text) for name, text in made if name.lower() in written)
