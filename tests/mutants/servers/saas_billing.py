"""SaaS billing usage: what an account used in a period, what it costs, and where it is heading."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from servers.exchange import Call, Credential, JsonObject, Reply, Site
from servers.flow import Api, bearer, credential_of
from servers.saas_billing_ask import BadRequestError, BrokenError, Range, metrics_of, range_of
from servers.saas_billing_world import ACCOUNTS, COUNTERS, EXPONENTS, NOTHING, UNITS, Account, used_between

SECOND = timedelta(seconds=1)
CENT = Decimal("0.01")
SESSIONS = (
    Credential(secret="session-of-admin-at-fjordlight", organization="fjordlight"),
    Credential(secret="session-of-member-at-fjordlight", organization="fjordlight", kind="member"),
    Credential(secret="expired-session-of-admin-at-fjordlight", organization="fjordlight", kind="expired"),
    Credential(secret="session-at-75-percent", organization="aspen"),
    Credential(secret="session-at-75-01-percent", organization="birch"),
    Credential(secret="session-at-90-percent", organization="cedar"),
    Credential(secret="session-at-90-01-percent", organization="drift"),
    Credential(secret="session-at-100-percent", organization="ember"),
    Credential(secret="session-at-118-25-percent", organization="fern"),
    Credential(secret="session-without-usage", organization="glade"),
    Credential(secret="session-with-nothing-included", organization="hazel"),
    Credential(secret="session-with-fractions", organization="iris"),
    Credential(secret="session-with-huge-numbers", organization="juniper"),
    Credential(secret="session-in-yen", organization="kaede"),
    Credential(secret="session-in-dinar", organization="lulu"),
    Credential(secret="session-of-a-newcomer", organization="maple"),
    Credential(secret="session-without-subscription", organization="nook"),
)
CAUSES = {
    "unknown-path": (404, "NOT_FOUND", "Not found"),
    "method-not-allowed": (405, "METHOD_NOT_ALLOWED", "Method not allowed"),
    "not-acceptable": (406, "NOT_ACCEPTABLE", "Not acceptable"),
    "rate-limited": (429, "RATE_LIMITED", "Too many requests"),
    "unauthorized": (401, "UNAUTHORIZED", "Authentication required"),
    "forbidden": (403, "FORBIDDEN", "Billing permission required"),
    "no-subscription": (404, "NOT_FOUND", "No subscription found"),
    "malformed": (400, "BAD_REQUEST", "Malformed request"),
    "failed": (500, "INTERNAL_ERROR", "Internal server error"),
}
TRACE = (
    'Traceback (most recent call last):\n  File "/app/billing/usage.py", line 88, in get\n'
    "billing.errors.RangeError: "
)


def refuse(cause: str, site: Site, detail: str = "") -> Reply:
    """Word a refusal as this API does: in the envelope that every answer has."""
    status, code, message = CAUSES[cause]
    text = detail or message
    if site.has("B56") and status == 400:
        return Reply(status=400, text=b"<h1>Bad Request</h1>", media="text/html")
    if site.has("D24") and status == 400:
        text = TRACE + text
    if site.has("E13") and status != 401:
        text = f"Sorry: {text}!"
    if site.has("E24") and "retained" in text:
        status, code = 404, "NOT_FOUND"
    error = {"code": code.lower() if site.has("A38") else code, "message": text}
    content: JsonObject = {"success": False, "error": error}
    if site.has("E25"):
        content["data"] = None
    if site.has("A34"):
        del content["success"]
    return Reply(status=status, content=content)


def identify(call: Call, site: Site) -> Credential | Reply:
    """Return whose session it is, or the challenge, or that it may not see billing."""
    token = bearer(call, site)
    if token is None:
        is_let_in = site.has("D27") and call.method == "HEAD"
        return SESSIONS[0] if is_let_in else _challenge(site, "", "")
    found = credential_of(token, SESSIONS)
    if found is None and site.has("D26") and token:
        found = next((each for each in SESSIONS if each.secret.startswith(token)), None)
    if found is None or (found.kind == "expired" and not site.has("D21")):
        return _challenge(site, ', error="invalid_token"', token)
    if found.kind == "member" and not site.has("D22"):
        return refuse("forbidden", site)
    return found


def _challenge(site: Site, error: str, token: str) -> Reply:
    if site.has("B59"):
        return refuse("forbidden", site)
    echoed = f"Authentication required: no session {token}" if site.has("D25") else ""
    scheme = "Basic" if site.has("B54") else "Bearer"
    return refuse("unauthorized", site, echoed).plus(WWW_Authenticate=f'{scheme} realm="billing"{error}')


def read_usage(call: Call, caller: Credential, site: Site) -> Reply:
    """Answer with the usage of the range, or say what is wrong with it."""
    account = ACCOUNTS.get(caller.organization)
    try:
        period, wanted = range_of(call, site), metrics_of(call, site)
    except BadRequestError as error:
        return refuse("malformed", site, str(error))
    except BrokenError:
        return refuse("failed", site)
    if account is None:
        return refuse("no-subscription", site)
    is_filtered = wanted is not None
    account = _with_rates(account, wanted or frozenset())
    names = [name for name in account.rates if wanted is None or name in wanted]
    content = {"success": True, "data": _data(account, names, period, site, is_filtered=is_filtered)}
    return Reply(content={**content, "error": None} if site.has("E25") else content)


def _with_rates(account: Account, wanted: frozenset[str]) -> Account:
    """Return the account with every metric asked for; what its plan does not name is not included."""
    return replace(account, rates={**account.rates, **dict.fromkeys(wanted - set(account.rates), NOTHING)})


def _data(account: Account, names: list[str], period: Range, site: Site, *, is_filtered: bool) -> JsonObject:
    used = {name: _used(account, name, period, site) for name in account.rates}
    metrics = {name: _metric(account, name, used[name], site) for name in names}
    if site.has("C77") and is_filtered:
        metrics = {name: {**metric, "used": _plain(used[name] * 9 // 10)} for name, metric in metrics.items()}
    data: JsonObject = {
        "period": _period(period, site),
        "metrics": [{"id": name, **metric} for name, metric in metrics.items()]
        if site.has("A33")
        else metrics,
        "estimatedCost": _cost(account, used, site),
    }
    outlook = _outlook(account, names, used, period, site)
    return {**data, "projectedUsage": outlook} if outlook else data


def _used(account: Account, name: str, period: Range, site: Site) -> Decimal:
    end = min(period.end + SECOND, site.now)
    start = period.start - timedelta(days=1) if site.has("C76") else period.start
    if site.has("C67"):
        end = min(period.end, site.now)
    return used_between(account, name, start, end)


def _period(period: Range, site: Site) -> JsonObject:
    start, end = period.start, period.end
    if site.has("C64"):
        start, end = end, start
    if site.has("C65"):
        start, end = start - timedelta(hours=2), end - timedelta(hours=2)
    written = {"start": _instant(start, site), "end": _instant(end, site)}
    if site.has("A32"):
        del written["end"]
    return written


def _instant(moment: datetime, site: Site) -> str:
    text = f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0")
    return text + (".000+00:00" if site.has("A36") else "Z")


def _metric(account: Account, name: str, used: Decimal, site: Site) -> JsonObject:
    rate = account.rates[name]
    label, unit = UNITS[name]
    overage = max(Decimal(0), used - rate.included)
    if site.has("C56"):
        overage = Decimal(0)
    if site.has("C57"):
        overage = max(Decimal(0), used - rate.included / 2)
    metric: JsonObject = {
        "name": label,
        "unit": "Gigabyte" if site.has("A37") and unit == "GB" else unit,
        "included": _plain(rate.included, site),
        "used": _plain(used, site),
        "overage": _plain(overage, site),
        "percentage": _plain(_percentage(used, rate.included, site), site),
    }
    if site.has("A39") and not rate.included:
        metric["included"] = None
    if site.has("A40") and not used:
        del metric["used"]
    return metric


def _percentage(amount: Decimal, included: Decimal, site: Site) -> Decimal:
    """Return percent with two decimals, half up; where nothing is included, 0 or 100."""
    if not included:
        return Decimal(100 if amount else 0)
    if site.has("C58"):
        return (amount / included).quantize(Decimal("0.0001"))
    percentage = (amount * 100 / included).quantize(CENT, ROUND_HALF_UP)
    if site.has("C59"):
        return Decimal(int(percentage))
    return min(percentage, Decimal(100)) if site.has("C80") else percentage


def _cost(account: Account, used: dict[str, Decimal], site: Site) -> JsonObject:
    unit = Decimal(1).scaleb(-EXPONENTS[account.currency])
    beyond = {name: max(Decimal(0), used[name] - rate.included) for name, rate in account.rates.items()}
    overage = sum((beyond[name] * rate.price for name, rate in account.rates.items()), Decimal(0))
    if site.has("C79"):
        overage += used.get("apiCalls", Decimal(0)) / 10_000
    base, overage = account.base, overage.quantize(unit, ROUND_HALF_UP)
    total = base if site.has("C60") else base + overage
    match site.fault:
        case "C61":
            total = (total * Decimal("1.2")).quantize(unit)
        case "C62":
            total *= 100
        case "C63":
            base += Decimal("0.0005")
            total += Decimal("0.0005")
    currency = account.currency.upper() if site.has("A35") else account.currency
    return {
        "base": _plain(base, site),
        "overage": _plain(overage, site),
        "total": _plain(total, site),
        "currency": currency,
    }


def _outlook(
    account: Account, names: list[str], used: dict[str, Decimal], period: Range, site: Site
) -> JsonObject:
    """Return where counters are heading, if the range is still open."""
    if not period.start <= site.now <= period.end:
        return {}
    elapsed = Decimal((site.now - period.start).total_seconds())
    length = Decimal((period.end + SECOND - period.start).total_seconds())
    counters = [name for name in names if name in (account.projected or COUNTERS) and name in COUNTERS]
    if site.has("C74"):
        length = elapsed * Decimal("0.8")
    return {
        name: _projection(account, name, used[name], length / elapsed if elapsed else Decimal(1), site)
        for name in counters
    }


def _projection(account: Account, name: str, used: Decimal, ratio: Decimal, site: Site) -> JsonObject:
    rate = account.rates[name]
    projected = (used * ratio / rate.step).quantize(Decimal(1), ROUND_HALF_UP) * rate.step
    percentage = _percentage(used if site.has("C75") else projected, rate.included, replace(site, fault=""))
    written = _plain(percentage, site)
    return {"projected": _plain(projected, site), "percentage": f"{written}%" if site.has("A31") else written}


def _plain(amount: Decimal, site: Site | None = None) -> int | float:
    """Return an amount as JSON has it: a whole number where it is one."""
    is_whole = amount == amount.to_integral_value() and not (site and site.has("E27"))
    return int(amount) if is_whole else float(amount)


API = Api(name="saas-billing", routes={"/api/billing/usage": read_usage}, refuse=refuse, identify=identify)
