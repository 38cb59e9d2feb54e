"""Who calls: the credentials a verification has, each with the part it plays.

They come from the fixtures beside a contract, for a stand-in, or from the tester, for a real server.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from locum.behaviour.model import Credential, CredentialStatus, Fixtures

__all__ = ["Identities", "Identity", "Part", "identities_of"]


class Part(StrEnum):
    """What somebody is there for."""

    #: May do everything that is tested.
    GOOD = "good"
    #: May call, and sees its own things only.
    OTHER_TENANT = "other-tenant"
    #: May call, and sees a part of what the good one sees.
    LIMITED = "limited"
    #: A credential of another family.
    WRONG_KIND = "wrong-kind"
    #: Expired or revoked.
    EXPIRED = "expired"
    #: Without the scope that an operation asks for.
    NO_SCOPE = "no-scope"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A credential and its part."""

    credential: Credential
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Everybody there is; *headers* are what the tester sends as the good one, beside or without credentials.

    *are_supplied* tells that the tester has named them, so that those of the fixtures are nobody there.
    """

    everybody: tuple[Identity, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    are_supplied: bool = False

    def of(self, *parts: Part) -> tuple[Identity, ...]:
        """Return who plays one of *parts*, in order."""
        return tuple(each for each in self.everybody if each.part in parts)

    @property
    def secrets(self) -> tuple[Credential, ...]:
        """Everything that must not be shown."""
        return tuple(each.credential for each in self.everybody)

    def fixtures(self, fixtures: Fixtures) -> Fixtures:
        """Return *fixtures* with these credentials, the good ones first."""
        ordered = sorted(self.everybody, key=lambda each: each.part is not Part.GOOD)
        return replace(fixtures, credentials=tuple(each.credential for each in ordered))


def identities_of(fixtures: Fixtures, asked_scopes: Iterable[str] = ()) -> Identities:
    """Return who is who among the credentials of *fixtures*; *asked_scopes* are all that operations ask for.

    The first that opens is the good one. Whoever else opens plays the part its attribute `part` names,
    another tenant's if it names another `organization`, and is limited otherwise.
    """
    scopes = frozenset(asked_scopes)
    good: Credential | None = None
    found: list[Identity] = []
    for each in fixtures.credentials:
        part = _part(each, good, scopes, fixtures)
        if part is Part.GOOD and good is None:
            good = each
        found.append(Identity(credential=each, part=part))
    return Identities(everybody=tuple(found))


def _part(each: Credential, good: Credential | None, scopes: frozenset[str], fixtures: Fixtures) -> Part:
    kinds = fixtures.accepts.get(each.scheme)
    told = each.attributes.get("part")
    if isinstance(told, str) and told in set(Part):
        return Part(told)
    if each.status is not CredentialStatus.ACTIVE:
        return Part.EXPIRED
    if kinds is not None and each.kind not in kinds:
        return Part.WRONG_KIND
    if each.scopes and not scopes <= each.scopes:
        return Part.NO_SCOPE
    if good is None:
        return Part.GOOD
    own, theirs = good.attributes.get("organization"), each.attributes.get("organization")
    return Part.OTHER_TENANT if own != theirs else Part.LIMITED
