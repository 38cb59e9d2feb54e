"""What a request asks of the stand-in by our own headers: `Locum-Session` and `Locum-Because`."""

from __future__ import annotations

from typing import Final, NamedTuple

from locum.behaviour import Cause, RawRequest, Refusal
from locum.behaviour.journal import Interaction
from locum.behaviour.session import DEFAULT_SESSION, is_session_name

__all__ = ["Asked", "read_asked", "reasons"]

_SESSION: Final = "locum-session"
_BECAUSE: Final = "locum-because"
#: What switches off; anything else (`1`, `?1`, `true`) switches on.
_OFF: Final = frozenset({"", "0", "?0", "false", "no", "off"})
#: A header may be this long; most clients stop at 8 KiB for all of them.
_LONGEST: Final = 4096


class Asked(NamedTuple):
    """The session a request belongs to, and whether its reply tells why it is what it is."""

    session: str = DEFAULT_SESSION
    wants_reasons: bool = False


_NOTHING: Final = Asked()


def read_asked(head: RawRequest) -> Asked | Refusal:
    """Return what *head* asks for, or the refusal of a name that no session can have."""
    session: str | None = None
    wants_reasons = False
    for name, text in head.headers:
        if not name.startswith("locum-"):
            continue
        if name == _SESSION:
            if not is_session_name(text) or session not in {None, text}:
                return _refused(text)
            session = text
        elif name == _BECAUSE:
            wants_reasons = text.strip().lower() not in _OFF
    if session is None and not wants_reasons:
        return _NOTHING
    return Asked(session or DEFAULT_SESSION, wants_reasons)


def reasons(interaction: Interaction) -> tuple[tuple[str, str], ...]:
    """Return the headers that tell where an interaction belongs and why its reply is what it is."""
    return (
        ("locum-session", interaction.session),
        ("locum-interaction", str(interaction.number)),
        ("locum-because", "; ".join(interaction.outcome.because)[:_LONGEST]),
    )


def _refused(text: str) -> Refusal:
    detail = (
        f"no session can be called {text[:60]!r}: expected one name of 1 to 100 letters, digits and ._:@~+-, "
        "the first a letter or a digit"
    )
    return Refusal(cause=Cause.INVALID_SESSION, status=400, detail=detail)
