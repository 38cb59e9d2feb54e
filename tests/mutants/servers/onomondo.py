"""Onomondo SIM usage: records of all SIMs, of one SIM, and the total of a tag."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from servers.exchange import Call, Credential, Reply, Site
from servers.flow import Api, bearer, credential_of, json_error
from servers.onomondo_pages import BadRequestError, page
from servers.onomondo_view import Row, visible
from servers.onomondo_world import BY_ID, METERS, SIMS, SPARE, TAG_OWNERS, Sim, records

KEYS = (
    Credential(secret="api-key-of-fjordlight", organization="fjordlight"),
    Credential(
        secret="tag-limited-api-key-of-fjordlight", organization="fjordlight", only=frozenset({METERS})
    ),
    Credential(secret="api-key-of-quarry", organization="quarry"),
    Credential(secret="revoked-api-key-of-fjordlight", organization="fjordlight", kind="revoked"),
)
CAUSES = {
    "unknown-path": (404, "not_found"),
    "method-not-allowed": (405, "method_not_allowed"),
    "not-acceptable": (406, "not_acceptable"),
    "rate-limited": (429, "rate_limit_exceeded"),
    "unauthorized": (401, "unauthorized"),
    "forbidden": (403, "id_forbidden"),
    "unknown-sim": (404, "sim_not_found"),
    "tag-forbidden": (403, "tag_forbidden"),
    "unknown-tag": (404, "tag_not_found"),
    "malformed": (400, "request_invalid"),
    "failed": (500, "internal_error"),
}
ICCID_LENGTHS = (19, 20)


def refuse(cause: str, site: Site, detail: str = "") -> Reply:
    """Word a refusal as this API does: by a code in snake case."""
    status, code = CAUSES[cause]
    if site.has("A25") and status == 404:
        return json_error(status, {"error": "SIM not found"})
    return json_error(status, {"error": detail or code})


def identify(call: Call, site: Site) -> Credential | Reply:
    """Return whose key was sent, or the challenge."""
    key = bearer(call, site)
    if key is None:
        return KEYS[0] if site.has("D18") else _challenge(site, "")
    found = credential_of(key, KEYS)
    if found is None and key == "" and site.has("D19"):
        return KEYS[0]
    opens = {"good", "revoked"} if site.has("D15") else {"good"}
    return found if found and found.kind in opens else _challenge(site, ', error="invalid_token"')


def _challenge(site: Site, error: str) -> Reply:
    reply = refuse("unauthorized", site)
    return reply if site.has("B21") else reply.plus(WWW_Authenticate=f'Bearer realm="onomondo"{error}')


def list_usage(call: Call, caller: Credential, site: Site) -> Reply:
    """Answer with a page of the records of all SIMs the caller may read."""

    def check(sim_id: str) -> None:
        sim = BY_ID.get(sim_id)
        if sim and not _may_read(caller, sim, site) and not site.has("D13"):
            raise PermissionError

    owner = "quarry" if site.has("D13") and any("sim_id:0007" in value for _, value in call.query) else ""
    rows = _listed(replace(caller, organization=owner) if owner else caller, site)
    return _paged(call, site, lambda: page(call, rows, site, check))


@lru_cache(maxsize=16)
def _listed(caller: Credential, site: Site) -> list[Row]:
    """Return all that the caller may read as rows; most of the time of a call would go here."""
    seen = [record for record in records(caller.organization) if _may_read(caller, record.sim, site)]
    if site.has("D12"):
        seen = sorted([*seen, *records("quarry")[:3]], key=lambda record: record.key)
    if site.has("C43"):
        seen = [record for record in seen if record.time < site.now - timedelta(days=2)]
    return visible(seen, site)


def list_sim_usage(call: Call, caller: Credential, site: Site, sim_id: str) -> Reply:
    """Answer with a page of the records of one SIM."""
    text = sim_id.zfill(9) if site.has("B31") and sim_id.isdigit() else sim_id
    if not (text.isascii() and text.isdigit() and len(text) in (9, *ICCID_LENGTHS)):
        return refuse("malformed", site, "id_invalid")
    sim = next((each for each in SIMS if text in (each.sim_id, each.iccid)), None)
    if sim is None:
        if site.has("C41"):
            return Reply(content={"pagination": {"has_more": False}, "usage": []})
        return refuse("unknown-sim", site)
    if not _may_read(caller, sim, site) and not site.has("D11"):
        return refuse("forbidden", site)
    alike = sim.sim_id[:-1] if site.has("C38") else sim.sim_id
    seen = [record for record in records(sim.organization) if record.sim.sim_id.startswith(alike)]
    if site.has("C39"):
        seen = [record for record in seen if record.bytes]
    return _paged(call, site, lambda: page(call, visible(seen, site), site, None))


def _paged(call: Call, site: Site, make: object) -> Reply:
    try:
        return make()  # type: ignore[operator,no-any-return]
    except BadRequestError as error:
        return refuse("malformed", site, error.code)
    except PermissionError:
        return refuse("forbidden", site)
    except (LookupError, ValueError):
        return refuse("failed", site)


def total_tag(_: Call, caller: Credential, site: Site, tag_id: str) -> Reply:
    """Answer with the bytes of all SIMs that carry the tag."""
    try:
        tag = str(uuid.UUID(tag_id))
        if tag != tag_id.lower():
            raise ValueError(tag_id)
    except ValueError:
        return refuse("failed", site) if site.has("B33") else refuse("malformed", site, "tag_id_invalid")
    owner = TAG_OWNERS.get(tag)
    if owner is None:
        return refuse("unknown-tag", site)
    may_read = owner == caller.organization and (not caller.only or tag in caller.only or site.has("D20"))
    if not may_read and not site.has("D14"):
        return refuse("tag-forbidden", site)
    total: int | str = _total(owner, tag, site)
    return Reply(content={"tag_id": tag, "usage": str(total) if site.has("A22") else total})


def _total(owner: str, tag: str, site: Site) -> int:
    counted = [record for record in records(owner) if tag in record.sim.tags]
    if site.has("C44"):
        counted = list(records(owner))
    if site.has("C45"):
        counted = [record for record in counted if len(record.sim.tags) == 1]
    if site.has("C46"):
        counted = counted[:50]
    if site.has("C47") and tag != SPARE:
        counted = [*counted, *counted[:1]]
    if site.has("C48"):
        counted = [record for record in counted if record.time.year == site.now.year]
    return sum(record.bytes for record in counted)


def _may_read(caller: Credential, sim: Sim, site: Site) -> bool:
    if sim.organization != caller.organization:
        return False
    return not caller.only or bool(caller.only & sim.tags) or site.has("D10")


API = Api(
    name="onomondo",
    routes={
        "/usage": list_usage,
        "/usage/(?P<sim_id>[^/]+)": list_sim_usage,
        "/usage/tag-total/(?P<tag_id>[^/]+)": total_tag,
    },
    refuse=refuse,
    identify=identify,
    says_limit=True,
)
