"""Senet usage summary: twelve counters of one Application in one closed month.

Months are counted in UTC, and one is closed when the next has begun. The counters follow from how many
devices an Application has and how often they speak; nothing is stored.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from itertools import count

from servers.exchange import Call, Credential, JsonObject, Reply, Site
from servers.flow import Api, credential_of, json_error

EUI = re.compile(r"[0-9A-Fa-f]{16}")
MONTH = re.compile(r"0?[1-9]|1[0-2]")
YEAR = re.compile(r"0*[1-9][0-9]*")
#: A year of more digits than this is as far away as any.
YEAR_DIGITS = 9
CALLS = count(1)

KEYS = (
    Credential(secret="usage-key-of-fjordlight", organization="fjordlight"),
    Credential(secret="usage-key-of-harbour", organization="harbour"),
    Credential(secret="usage-key-of-quarry", organization="quarry"),
    Credential(secret="onboarding-key-of-fjordlight", organization="fjordlight", kind="onboarding"),
    Credential(secret="revoked-usage-key-of-fjordlight", organization="fjordlight", kind="revoked"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A LoRa Application, who may read it, since when it exists, and how its devices behave."""

    readers: frozenset[str]
    since: tuple[int, int]
    devices: int
    every_s: int
    #: Of a thousand uplinks, how many others heard, and how many were answered.
    foreign: int = 250
    answered: int = 20
    habit: str = "active"
    #: Each device stands for so many.
    copies: int = 1
    quiet: frozenset[tuple[int, int]] = frozenset()


def _app(readers: str, since: tuple[int, int], devices: int, every_s: int, **more: object) -> Application:
    return Application(
        readers=frozenset(readers.split()),
        since=since,
        devices=devices,
        every_s=every_s,
        **more,  # type: ignore[arg-type]
    )


APPLICATIONS = {
    "00005EEF10000001": _app("fjordlight harbour", (2022, 7), 126, 3000),
    "00005EEF10000002": _app("fjordlight", (2023, 3), 340, 43_200, foreign=80, answered=5),
    "00005EEF10000003": _app("harbour fjordlight", (2023, 1), 48, 600, answered=150),
    "00005EEF10000004": _app("fjordlight harbour", (2023, 6), 12, 3600, habit="silent"),
    "00005EEF10000005": _app(
        "fjordlight harbour", (2021, 1), 120, 1, foreign=500, answered=400, copies=25_000_000
    ),
    "00005EEF10000006": _app("fjordlight harbour", (2024, 1), 30, 900),
    "00005EEF10000007": _app("fjordlight", (2022, 11), 16, 1800, quiet=frozenset({(2023, 8), (2024, 1)})),
    "00005EEF10000008": _app("fjordlight", (2023, 10), 1, 86_400),
    "00005EEF10000009": _app("fjordlight harbour", (2024, 2), 60, 1200),
    "00005EEF1000000A": _app("fjordlight", (2023, 9), 25, 3600, habit="shelved"),
    "00005EEF10000010": _app("quarry", (2022, 1), 75, 300),
    "00005EEF10000011": _app("quarry harbour", (2023, 5), 9, 3600),
}
TEXTS = {
    "unknown-path": (404, "Not found"),
    "method-not-allowed": (405, "Method not allowed"),
    "not-acceptable": (406, "Not acceptable"),
    "unsupported-media-type": (415, "Unsupported media type"),
    "rate-limited": (429, "Too many requests"),
    "forbidden": (403, "Authorization failure"),
    "unknown-application": (404, "Application not found"),
    "no-file": (404, "File not found"),
    "busy": (500, "Server is busy"),
    "malformed": (400, "Malformed request"),
}
TRACE = 'Traceback (most recent call last):\n  File "/srv/usage/summary.py", line 41, in parse\nValueError: '


def refuse(cause: str, site: Site, detail: str = "") -> Reply:
    """Word a refusal as this API does."""
    status, message = TEXTS[cause]
    text = detail or message
    if site.has("D08") and status == 400:
        text = TRACE + text
    if site.has("E13"):
        text = f"Request could not be served: {text.lower()}."
    if site.has("A04") and status == 404:
        return json_error(status, {"error": text})
    if site.has("C16") and cause == "no-file":
        return Reply(content={"message": text})
    return json_error(status, {"message": text})


def identify(call: Call, site: Site) -> Credential | Reply:
    """Return whose key was sent; every other case is 403, since the contract knows no 401."""
    key = call.header("authorization")
    if key is None and site.has("D05"):
        key = call.value("api_key") or call.value("apiKey") or call.value("Authorization")
    if key is None:
        is_let_in = site.has("D01") or (site.has("D06") and call.method == "HEAD")
        return KEYS[0] if is_let_in else _keyless(site)
    found = credential_of(key.strip(), KEYS)
    if found is None and site.has("D07"):
        found = next((each for each in KEYS if each.secret.startswith(key[:9])), None)
    opens = {"good", *(["onboarding"] if site.has("D02") else []), *(["revoked"] if site.has("D03") else [])}
    return found if found and found.kind in opens else refuse("forbidden", site)


def _keyless(site: Site) -> Reply:
    reply = refuse("forbidden", site)
    if site.has("E22"):
        return replace(reply, status=401).plus(WWW_Authenticate='ApiKey realm="usage"')
    return reply


def summarize(call: Call, caller: Credential, site: Site) -> Reply:
    """Answer with the summary that was asked for, or say which parameter is wrong."""
    asked: dict[str, str] = {}
    for name, pattern in (("eui", EUI), ("month", MONTH), ("year", YEAR)):
        values = call.values(name)
        if not values and name == "month" and site.has("B07"):
            values = ["1"]
        if not values:
            return refuse("malformed", site, f"Missing parameter: {name}")
        text = values[-1]
        if len(values) > 1 or not pattern.fullmatch(text):
            if (text := _forgiven(name, text, site)) == "fail":
                return refuse("busy", site)
            if not text:
                return _malformed(name, site)
        asked[name] = text
    year = int(asked["year"]) if len(asked["year"]) <= YEAR_DIGITS else 10**YEAR_DIGITS
    return _judged(asked["eui"], year, int(asked["month"]), caller, site)


def _forgiven(name: str, text: str, site: Site) -> str:
    """Return what a faulty server makes of a malformed value, or an empty text."""
    if name == "month" and site.has("B08") and text == "13":
        return "1"
    if name == "month" and site.has("B11") and re.fullmatch(r"[0-9]+\.[0-9]+", text):
        return text.partition(".")[0]
    if name == "year" and site.has("B10") and text.lstrip("-").isdigit():
        return "2024"
    if name == "month" and site.has("B12") and not re.fullmatch(r"-?[0-9]+", text):
        return "fail"
    return ""


def _malformed(name: str, site: Site) -> Reply:
    if name == "eui" and site.has("B13"):
        return refuse("unknown-application", site)
    return refuse("malformed", site, f"Malformed parameter: {name}")


def _judged(eui: str, year: int, month: int, caller: Credential, site: Site) -> Reply:
    found = APPLICATIONS.get(eui if site.has("C07") else eui.upper())
    if found is None:
        return _nothing(site, "C05") or refuse("unknown-application", site)
    if caller.organization not in found.readers and not site.has("D04"):
        return refuse("forbidden", site)
    if site.has("C08"):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    if site.has("C10"):
        year = 2024 if month < site.now.month else 2023
    if (year, month) < found.since:
        return _nothing(site, "C06") or refuse("no-file", site)
    today = (site.now.year, site.now.month)
    if (year, month) > today or ((year, month) == today and not site.has("E29")):
        return _nothing(site, "C04") or refuse("no-file", site)
    summary = _spoilt(counters(found, year, month), site)
    if site.has("C12"):
        summary |= {"eui": eui, "year": year, "month": month - 1}
    return Reply(content=[summary] if site.has("A06") else summary)


def _nothing(site: Site, fault: str) -> Reply | None:
    names = counters(APPLICATIONS["00005EEF10000004"], 2023, 12)
    return Reply(content=dict.fromkeys(names, 0)) if site.has(fault) else None


def counters(app: Application, year: int, month: int) -> JsonObject:
    """Count one month of *app*."""
    age = (year - app.since[0]) * 12 + month - app.since[1]
    registered = app.devices if age > 1 else max(1, app.devices * (age + 1) // 3)
    activated = 0 if app.habit == "shelved" else registered - registered // 16
    deactivated = min(activated, app.devices // 20) if age > 5 else 0
    active = activated - deactivated
    is_heard = app.habit == "active" and (year, month) not in app.quiet
    reporting = active - active // 8 if is_heard else 0
    seconds = calendar.monthrange(year, month)[1] * 86_400
    up = reporting * (seconds // app.every_s) - (reporting * (month % 3) if app.every_s < 43_200 else 0)
    foreign = up * app.foreign // 1000
    of_devices = {
        "numberOfDevices": registered - deactivated,
        "numberOfActiveDevices": active,
        "numberOfReportingDevices": reporting,
        "numberOfDevicesEvaluated": registered - deactivated,
        "totalRegistrations": registered,
        "totalActivations": activated,
        "totalDeactivations": deactivated,
    }
    of_month = {
        "totalUpPackets": up,
        "totalDownPackets": up * app.answered // 1000,
        "totalSecuritySession": reporting + (age * 5) % 7 if is_heard else 0,
        "totalLocalUpMsg": up - foreign,
        "totalForeignUpMsg": foreign,
    }
    return {name: value * app.copies for name, value in {**of_devices, **of_month}.items()}


def _spoilt(summary: JsonObject, site: Site) -> JsonObject:
    """Return *summary* as a faulty server would count it."""
    up = summary["totalUpPackets"]
    match site.fault:
        case "A01":
            summary["totalUpPackets"] = str(up)
        case "A02":
            summary["totalDownPackets"] = summary["totalDownPackets"] / 1000 + 0.5
        case "A03":
            summary = {name: value or None for name, value in summary.items()}
        case "A07":
            summary["totalForeignUpMsg"] = -summary["totalForeignUpMsg"] - 1
        case "C01":
            summary["numberOfReportingDevices"] = summary["numberOfActiveDevices"] + 1
        case "C02":
            summary["totalForeignUpMsg"] //= 2
        case "C03":
            summary["totalUpPackets"] = up or summary["numberOfActiveDevices"]
        case "C09":
            summary["numberOfActiveDevices"] = summary["numberOfDevices"] + 3
        case "C11":
            summary["totalSecuritySession"] += next(CALLS)
        case "C13":
            summary |= {name: summary[name] // 10_000 for name in summary if name.startswith("total")}
        case "C14":
            summary["numberOfDevicesEvaluated"] = summary["numberOfReportingDevices"] // 2
    return summary


API = Api(
    name="senet",
    routes={"/rest/integration/usage/summary": summarize},
    refuse=refuse,
    identify=identify,
)
