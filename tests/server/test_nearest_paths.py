"""A path that is not there is answered with the one that was meant, however many there are."""

from __future__ import annotations

import pytest

from locum.errors import nearest
from locum.server import nearest_paths
from locum.server.nearest_paths import NearestPaths

PATHS = ("/pets", "/pets/{id}", "/pets/{id}/owner", "/stores/orders", "/stores/{id}/orders", "/")
MANY = tuple(f"/group{number}{path}" for number in range(1000) for path in PATHS)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/pet", "/pets"),
        ("/pet/7", "/pets"),
        ("/pets/7/ownr", "/pets/{id}/owner"),
        ("/stores/order", "/stores/orders"),
        ("/store/orders", "/stores/orders"),
        ("/stores/orders/", "/stores/orders"),
        ("/nothing/of/the/kind", ""),
        ("", ""),
        ("//", "/"),
    ],
)
def test_the_nearest_path_is_found(asked: str, expected: str) -> None:
    """Each segment may be misspelt; what resembles nothing finds nothing."""
    assert NearestPaths(PATHS).find(asked) == expected


def test_a_slip_deep_in_a_large_contract_is_found() -> None:
    """The last of a thousand groups is found by its own name."""
    assert NearestPaths(MANY).find("/group999/stores/order") == "/group999/stores/orders"


@pytest.mark.parametrize("asked", ["/nothing/here", "/gruop7/pets", "/group7/x/y", "/group7" * 20])
def test_the_search_is_bounded(asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most two hundred names are compared at each segment, and two hundred paths at the end."""
    compared: list[int] = []

    def counting(name: str, choices: object) -> str:
        known = list(choices)  # type: ignore[call-overload]  # whatever is handed in is iterable
        compared.append(len(known))
        return nearest(name, known)

    index = NearestPaths(MANY)
    monkeypatch.setattr(nearest_paths, "nearest", counting)
    index.find(asked)

    assert max(compared) <= 201
    assert len(compared) <= 4
