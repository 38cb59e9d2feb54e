"""The codings that a real API is asked for: those in which an answer can be looked into here.

Browsers and many libraries ask for more, and most servers then pack by one of those: nothing would be judged,
and a recording would keep what nobody searched for secrets. Source: RFC 9110, 12.5.3.
"""

from __future__ import annotations

from locum.behaviour.bodies import CODINGS
from locum.behaviour.media_ranges import parse_media

__all__ = ["readable_codings"]


def readable_codings(asked: str) -> str:
    """Return what *asked*, an `Accept-Encoding`, leaves of the codings that are unpacked here.

    Where nothing of it is left that the client would take, the body is asked for as it is.

    >>> readable_codings("gzip;q=0.8, deflate, br, zstd"), readable_codings("br"), readable_codings("*;q=0.5")
    ('gzip;q=0.8, deflate', 'identity', 'gzip;q=0.5')
    >>> readable_codings("gzip;q=0, *"), readable_codings("br, *;q=0")
    ('identity', 'identity')
    >>> readable_codings("br;q=1, gzip;x=1;q=0"), readable_codings("gzip;q=, br")
    ('identity', 'gzip;q=')
    """
    given = [each.strip() for each in asked.split(",")]
    names = frozenset(parse_media(each).type for each in given)
    kept = [each for each in (_readable(each, names) for each in given) if each]
    is_taken = kept == given or any(parse_media(each).quality for each in kept)
    return ", ".join(kept) if is_taken else "identity" if asked.strip() else asked


def _readable(one: str, names: frozenset[str]) -> str:
    """Return *one* if it can be undone here, any other coding as the one that most servers know.

    A weight of zero says that it is not wanted (RFC 9110, 12.4.2).
    """
    coding = parse_media(one)
    if coding.type != "*" or not coding.quality:
        return one if coding.type in CODINGS | {"*"} else ""
    return "" if names & {"gzip", "x-gzip"} else one.replace("*", "gzip", 1)
