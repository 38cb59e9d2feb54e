"""Tells what a request is about: the same subject has the same stream, whoever asks and how it is spelled."""

from __future__ import annotations

from hashlib import blake2b

from locum.behaviour.model import Request
from locum.behaviour.plans import names_one_thing
from locum.contract.spelling import plainly
from locum.generation.streams import stable_seed

__all__ = ["stream_of"]


def stream_of(request: Request, seed: int | str) -> int:
    """Return the stream of a request: what names the same thing, or asks the same, has the same stream.

    The subject of a path that ends in a variable is the path alone, so that reading, writing and every
    query about one thing agree; otherwise query and body belong to it.
    """
    raw, preferred = request.raw, request.preferences.seed
    chosen = seed if preferred is None else preferred
    if names_one_thing(request.operation):
        return stable_seed(chosen, "item", raw.path)
    body = blake2b(raw.body, digest_size=16).hexdigest() if raw.body else ""
    # The method declared, not the one sent: HEAD must say what GET would have (RFC 9110, 9.3.2).
    route = request.operation.route
    query = _canonical(raw.query)
    return stable_seed(chosen, route.operation_id, route.method.value, raw.path, query, body)


def _canonical(query: str) -> str:
    """Return *query* without its preferences, in an order and a spelling that are not the sender's."""
    if "&" not in query and not query.startswith("__"):
        return plainly(query)
    return "&".join(sorted(pair for pair in plainly(query).split("&") if not pair.startswith("__")))
