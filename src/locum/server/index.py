"""The list of what is served, at `/` where no contract stands there itself."""

from __future__ import annotations

import orjson

from locum.behaviour import Reply
from locum.server.mounts import Mount, Mounts

__all__ = ["index_reply"]


def index_reply(mounts: Mounts) -> Reply:
    """Return the contracts that are served and where their documents are, as JSON."""
    listed = {"contracts": [_listed(mount) for mount in mounts]}
    return Reply(status=200, body=orjson.dumps(listed), media_type="application/json")


def _listed(mount: Mount) -> dict[str, object]:
    contract = mount.stand_in.contract
    return {
        "name": contract.name,
        "title": contract.title,
        "version": contract.version,
        "operations": len(contract.routes),
        "base_path": mount.base_path,
        "document": f"{mount.base_path}/openapi.json",
        "try_it_out": f"{mount.base_path}/ui/",
        "hosts": sorted(mount.hosts),
    }
