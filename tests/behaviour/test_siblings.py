"""Paths of a vendor's other APIs, which know credentials too."""

from __future__ import annotations

import pytest

from locum.behaviour import Cause, Credential, Fixtures, RawRequest
from locum.behaviour.model import Sibling
from locum.behaviour.siblings import refusal_beside
from locum.contract.model import Location, Place, SecurityScheme, SecurityType

SCHEMES = {
    "key": SecurityScheme(
        name="key",
        type=SecurityType.API_KEY,
        location=Location.HEADER,
        parameter="x-key",
        place=Place(uri="", pointer=""),
    )
}
FIXTURES = Fixtures(
    credentials=(
        Credential(id="here", scheme="key", secret="ours", kind="usage"),
        Credential(id="there", scheme="key", secret="theirs", kind="onboarding"),
    ),
    accepts={"key": frozenset({"usage"})},
    siblings=(Sibling(path="/devices", accepts={"key": frozenset({"onboarding"})}),),
)


def cause(path: str, secret: str) -> Cause | None:
    """Return why *secret* is refused at *path*."""
    headers = (("x-key", secret),) if secret else ()
    raw = RawRequest(method="GET", path=path, headers=headers)
    refusal = refusal_beside(raw, schemes=SCHEMES, fixtures=FIXTURES, realm="api")
    return refusal.cause if refusal else None


@pytest.mark.parametrize(
    ("path", "secret", "expected"),
    [
        ("/devices", "ours", Cause.WRONG_KIND),
        ("/devices", "nobodys", Cause.INVALID_CREDENTIAL),
        ("/devices", "", Cause.MISSING_CREDENTIAL),
        ("/devices", "theirs", None),
        ("/elsewhere", "ours", None),
    ],
)
def test_a_sibling_takes_credentials_of_its_own(path: str, secret: str, expected: Cause | None) -> None:
    """What opens this API does not open its neighbour; who opens that one is not refused."""
    assert cause(path, secret) is expected
