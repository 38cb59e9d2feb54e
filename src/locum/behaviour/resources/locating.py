"""Says where a new entity is, in the form that the document declares `Location` in."""

from __future__ import annotations

from urllib.parse import urlsplit

from locum.contract.model import ResponseSpec
from locum.errors import ContractError

__all__ = ["written_location"]


def written_location(spec: ResponseSpec, base_url: str, path: str) -> str:
    """Return the address of *path* below *base_url*: whole, or as much of it as its schema takes."""
    whole = f"{base_url}{path}"
    declared = next((each for each in spec.headers if each.name.lower() == "location"), None)
    if declared is None or declared.schema is None:
        return whole
    forms = (whole, f"{urlsplit(base_url).path}{path}", path)
    try:
        return next((each for each in forms if declared.schema.is_valid(each)), whole)
    except ContractError:
        return whole
