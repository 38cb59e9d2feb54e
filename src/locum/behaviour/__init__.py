"""Decides what the stand-in does with a request; pure functions of values.

What lives here: checking, authorization, preferences, negotiation, refusals, answers.
What must not: disk, sockets, clocks, randomness, frameworks. Read `answer.py` first.
"""

from locum.behaviour.answer import NO_OPTIONS, Options, answer
from locum.behaviour.judges import judged
from locum.behaviour.model import (
    Callout,
    Cause,
    Credential,
    CredentialStatus,
    Fixtures,
    Identity,
    Outcome,
    Preferences,
    RawRequest,
    Refusal,
    RefusalMembers,
    RefusalRule,
    Reply,
    Request,
)
from locum.behaviour.preferences import read_preferences
from locum.behaviour.refusals import refuse
from locum.behaviour.stand_in import StandIn
from locum.behaviour.world import World

__all__ = [
    "NO_OPTIONS",
    "Callout",
    "Cause",
    "Credential",
    "CredentialStatus",
    "Fixtures",
    "Identity",
    "Options",
    "Outcome",
    "Preferences",
    "RawRequest",
    "Refusal",
    "RefusalMembers",
    "RefusalRule",
    "Reply",
    "Request",
    "StandIn",
    "World",
    "answer",
    "judged",
    "read_preferences",
    "refuse",
]
