"""Talkdesk monthly usage: rows of every account under an organisation, page by page, joined by links."""

from __future__ import annotations

import re
from dataclasses import dataclass

from servers.exchange import Call, Credential, JsonObject, Reply, Site
from servers.flow import Api, bearer, credential_of
from servers.talkdesk_filter import Parsed, UnreadableError, parse
from servers.talkdesk_page import Ask, page
from servers.talkdesk_world import ACCOUNT, ACCOUNTS, Row, rows

SCOPE = "express-accounts-usage:read"
#: The API does not exist before this day.
SINCE = "2024-01-31"
LONGEST_FILTER = 1600
PATH = "/express/usage/month"
TOKENS = (
    Credential(secret="access-token-of-fjordlight", organization="fjordlight"),
    Credential(
        secret="access-token-of-one-account-of-fjordlight",
        organization="fjordlight",
        only=frozenset({f"{ACCOUNT}ae40"}),
    ),
    Credential(secret="access-token-without-scope-of-fjordlight", organization="fjordlight", kind="unscoped"),
    Credential(secret="expired-access-token-of-fjordlight", organization="fjordlight", kind="expired"),
    Credential(secret="access-token-of-harbour", organization="harbour", kind="not-entitled"),
    Credential(secret="access-token-of-quarry", organization="quarry"),
)
CAUSES = {
    "unknown-path": (404, "not_found", "Resource not found"),
    "method-not-allowed": (405, "method_not_allowed", "Method not allowed"),
    "not-acceptable": (406, "not_acceptable", "Not acceptable"),
    "rate-limited": (429, "too_many_requests", "Too many requests"),
    "unauthorized": (401, "unauthorized", "A valid access token is required"),
    "insufficient-scope": (403, "insufficient_scope", f"The access token lacks the scope {SCOPE}"),
    "not-entitled": (403, "not_entitled", "The organization is not entitled to this API"),
    "foreign": (
        403,
        "accounts_not_under_organization",
        "The accounts specified are not under the organization of the access token",
    ),
    "unauthorized-account": (
        403,
        "accounts_not_authorized",
        "The caller is not authorized to query the given accounts",
    ),
    "forbidden": (403, "accounts_not_authorized", "Forbidden"),
    "malformed": (400, "bad_request", "Invalid parameters"),
    "failed": (500, "internal_error", "Internal server error"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A parameter that is wrong, and what it has to be."""

    name: str
    text: str


def refuse(cause: str, site: Site, detail: str = "", wrong: tuple[Wrong, ...] = ()) -> Reply:
    """Word a refusal as this API does: code, message, and the fields that are wrong."""
    status, code, message = CAUSES[cause]
    text = detail or message
    if site.has("E13"):
        text = f"[{code}] {text}"
    content: JsonObject = {"code": code, "message": text}
    if site.has("A49") and status == 401:
        content = {"error": code, "message": text}
    if wrong:
        content["fields"] = [{"name": each.name, "description": each.text} for each in wrong]
        if site.has("A48"):
            content["fields"] = [{"name": each.name} for each in wrong]
    if site.has("D39") and status == 500:
        content["description"] = (
            "java.lang.NumberFormatException at com.talkdesk.usage.Paging.parse(Paging.java:57)"
        )
    return Reply(status=status, content=content)


def identify(call: Call, site: Site) -> Credential | Reply:
    """Return whose token it is, or the challenge, or what it lacks."""
    token = bearer(call, site)
    if token is None:
        is_let_in = site.has("D38") and call.method == "HEAD"
        return TOKENS[0] if is_let_in else _challenge(site, "")
    found = credential_of(token, TOKENS)
    if found is None and site.has("D36") and token:
        return TOKENS[0]
    if found is None or (found.kind == "expired" and not site.has("D31")):
        if found and site.has("B70"):
            return refuse("forbidden", site)
        return _challenge(site, ', error="invalid_token"')
    if found.kind == "unscoped" and not site.has("D30"):
        if site.has("B69"):
            return _challenge(site, ', error="invalid_token"')
        challenge = f'Bearer realm="talkdesk", error="insufficient_scope", scope="{SCOPE}"'
        return refuse("insufficient-scope", site).plus(WWW_Authenticate=challenge)
    if found.kind == "not-entitled" and not site.has("D35"):
        if site.has("B71"):
            return Reply(status=402, content={"code": "payment_required", "message": "Upgrade"})
        return refuse("not-entitled", site)
    return found


def _challenge(site: Site, error: str) -> Reply:
    return refuse("unauthorized", site).plus(WWW_Authenticate=f'Bearer realm="talkdesk"{error}')


def list_usage(call: Call, caller: Credential, site: Site) -> Reply:
    """Answer with a page of rows, or say which parameters are wrong or whose accounts were asked for."""
    if f"{site.now:%Y-%m-%d}" < SINCE:
        return refuse("unknown-path", site)
    wrong: list[Wrong] = []
    ask = _ask(call, site, wrong)
    parsed = _parsed(call, site, wrong)
    if site.has("B65") and any(each.name == "filter" for each in wrong):
        return refuse("failed", site)
    if (site.has("B62") and ask.per_page == 0) or (site.has("B72", "D39") and ask.page > 2**31):
        return refuse("failed", site)
    if site.has("B63") and not call.header("x-none") and "%C3" in call.raw_query.upper():
        return refuse("failed", site)
    if wrong:
        return refuse("malformed", site, wrong=tuple(wrong))
    if (refusal := _guarded(parsed.accounts, caller, site)) is not None:
        return refusal
    kept = [row for row in rows() if _may_read(row, caller, parsed, site) and parsed.test(row)]
    if not kept and site.has("C99"):
        kept = [row for row in rows() if _may_read(row, caller, parsed, site)]
    if site.has("E23") and ask.page > 1 and (ask.page - 1) * ask.per_page >= len(kept):
        return refuse("unknown-path", site)
    everything = sum(row.organization == caller.organization for row in rows())
    return page(ask, kept, site, everything=everything)


def _guarded(accounts: set[str], caller: Credential, site: Site) -> Reply | None:
    """Refuse a filter that names an account outside the organisation, or outside what the token opens."""
    outside = {each for each in accounts if ACCOUNTS.get(each, ("",))[0] != caller.organization}
    if outside and not site.has("D32") and not (site.has("D33") and outside < accounts):
        return refuse("foreign", site)
    if caller.only and not accounts <= caller.only and not site.has("D37"):
        return refuse("unauthorized-account", site)
    return None


def _may_read(row: Row, caller: Credential, parsed: Parsed, site: Site) -> bool:
    if site.has("D34") and row.account.endswith("b0c8"):
        return True
    if site.has("D32") and row.account in parsed.accounts:
        return True
    if row.organization != caller.organization:
        return False
    return not caller.only or row.account in caller.only or site.has("D37")


def _ask(call: Call, site: Site, wrong: list[Wrong]) -> Ask:
    given = {name: value for name in ("filter", "order_by") if (value := call.value(name)) is not None}
    order = given.get("order_by", "id:desc")
    is_once = len(call.values("order_by")) <= 1
    if not is_once or not (site.has("B61") or re.fullmatch("id:(asc|desc)", order)):
        wrong.append(Wrong(name="order_by", text="must be id:asc or id:desc"))
    default = 25 if site.has("E04") else 50
    per_page = _number(call, "per_page", (default, 250), site, wrong)
    return Ask(
        base=f"http://{call.header('host') or 'localhost'}{PATH}",
        page=_number(call, "page", (1, None), site, wrong),
        per_page=per_page,
        is_ascending=(order == "id:asc") != site.has("C93"),
        given=given,
        wants_hal="hal+json" in (call.header("accept") or ""),
    )


def _number(call: Call, name: str, bounds: tuple[int, int | None], site: Site, wrong: list[Wrong]) -> int:
    """Return a whole number; *bounds* are what it is unless given, and its maximum."""
    default, most = bounds
    values = call.values(name)
    if not values:
        return default
    is_number = re.fullmatch("[1-9][0-9]{0,17}", values[0]) is not None
    if len(values) == 1 and is_number and (most is None or int(values[0]) <= most):
        return int(values[0])
    if values[0] == "0" and ((name == "page" and site.has("B60")) or site.has("B62")):
        return 0 if name == "per_page" else 1
    if name == "per_page" and is_number and site.has("B76"):
        return int(values[0])
    if name == "page" and not is_number and site.has("B77"):
        return 1
    if name == "page" and re.fullmatch("[1-9][0-9]*", values[0]):
        return 10**18
    wrong.append(
        Wrong(name=name, text="must be a whole number, at least 1" + (f", at most {most}" if most else ""))
    )
    return default


def _parsed(call: Call, site: Site, wrong: list[Wrong]) -> Parsed:
    values = call.values("filter")
    if not values:
        return Parsed()
    try:
        if len(values) > 1:
            raise UnreadableError("must be given once")
        if len(values[0]) > LONGEST_FILTER and not site.has("B78"):
            raise UnreadableError(f"must have at most {LONGEST_FILTER} characters")
        return parse(values[0], site)
    except UnreadableError as error:
        wrong.append(Wrong(name="filter", text=str(error)))
        return Parsed()


API = Api(
    name="talkdesk",
    routes={PATH: list_usage},
    refuse=refuse,
    identify=identify,
    media=("application/json", "application/hal+json"),
)
