"""What all servers do alike: the order of decisions, refusals of the protocol, bearer tokens, throttling.

The order is that of a careful server: path, method, media type, throttle, credential, and then the API's own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Protocol

from servers.dress import dressed
from servers.exchange import Call, Credential, JsonObject, Reply, Site

METHODS = ("GET", "HEAD", "OPTIONS")


class Refuse(Protocol):
    """Words a refusal in the shape of one API."""

    def __call__(self, cause: str, site: Site, detail: str = "") -> Reply:
        """Return the reply to *cause*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What differs from API to API."""

    name: str
    #: A path, as a pattern with named groups, and what answers it.
    routes: Mapping[str, Callable[..., Reply]]
    refuse: Refuse
    #: By the pattern of a path, what it answers to beside reading.
    methods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Who calls, or why that is not known.
    identify: Callable[[Call, Site], Credential | Reply]
    media: tuple[str, ...] = ("application/json",)
    #: Calls in a window, and how long the window is in seconds.
    limit: tuple[int, int] = (6000, 60)
    says_limit: bool = False


@dataclass(slots=True)
class Meter:
    """Counts calls in windows of wall time; the only thing a server remembers."""

    clock: Callable[[], float]
    began: float = -math.inf
    calls: int = 0

    def count(self, window_s: int) -> tuple[int, float]:
        """Count one call; return how many this window has seen, and the seconds it still lasts."""
        now = self.clock()
        if now - self.began >= window_s:
            self.began, self.calls = now, 0
        self.calls += 1
        return self.calls, window_s - (now - self.began)


def respond(call: Call, api: Api, site: Site, meter: Meter) -> Reply:
    """Answer *call*."""
    limit, window_s = (40, 1) if site.has("E20", "B25", "B45") else api.limit
    seen, left_s = meter.count(window_s)
    reply = _decided(call, api, site, is_throttled=seen > limit)
    if reply.status == 429 and not site.has("B25", "B45"):
        reply = reply.plus(Retry_After=str(max(1, math.ceil(left_s))))
    if api.says_limit:
        reply = _with_limit(reply, site, limit, seen, left_s)
    return _finished(reply, call, site)


def respond_unread(status: int, api: Api, site: Site, meter: Meter) -> Reply:
    """Answer what could not even be read as a request."""
    reply = replace(api.refuse("malformed", site), status=status)
    if api.says_limit:
        seen, left_s = meter.count(api.limit[1])
        reply = _with_limit(reply, site, api.limit[0], seen, left_s)
    return _finished(reply, Call(method="GET", path=""), site)


def _finished(reply: Reply, call: Call, site: Site) -> Reply:
    ours = {"Date": format_datetime(site.now, usegmt=True), "Cache-Control": "private, no-store"}
    return dressed(replace(reply, headers={**ours, **reply.headers}), call, site)


def _with_limit(reply: Reply, site: Site, limit: int, seen: int, left_s: float) -> Reply:
    reset = site.now + timedelta(seconds=math.ceil(left_s))
    remaining = max(0, limit - (1 if site.has("B26") else seen))
    headers = {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remaining": f"{remaining}/{limit}" if site.has("A27") else str(remaining),
        "x-ratelimit-reset": str(int(reset.timestamp())),
    }
    if site.has("A26") and reply.status == 200:
        del headers["x-ratelimit-reset"]
    return replace(reply, headers={**reply.headers, **headers})


def _decided(call: Call, api: Api, site: Site, *, is_throttled: bool) -> Reply:
    if call.path == "*" and call.method == "OPTIONS":
        return _options(site)
    found = [(path, match) for path in api.routes if (match := re.fullmatch(path, call.path))]
    if not found:
        return api.refuse("unknown-path", site)
    path, match = found[0]
    if (reply := _by_method(call, api, site, api.methods.get(path, ()))) is not None:
        return reply
    if not _accepts(call, api, site) and not site.has("E26"):
        return api.refuse("unsupported-media-type" if site.has("B09") else "not-acceptable", site)
    if is_throttled:
        return api.refuse("rate-limited", site)
    caller = api.identify(call, site)
    return caller if isinstance(caller, Reply) else api.routes[path](call, caller, site, **match.groupdict())


def _by_method(call: Call, api: Api, site: Site, more: tuple[str, ...]) -> Reply | None:
    """Return the reply to a method that is not for the path, or None; *more* are methods beside reading."""
    if call.method == "OPTIONS":
        if site.has("B52"):
            return api.refuse("method-not-allowed", site)
        return _options(site, more)
    if call.method == "HEAD" and site.has("B03", "B53"):
        return _not_allowed(api, site, more)
    if call.method in {"GET", "HEAD", *more}:
        return None
    if call.method == "TRACE" and site.has("B01", "B35"):
        echo = "\r\n".join([f"TRACE {call.path}", *(f"{name}: {value}" for name, value in call.headers)])
        return Reply(text=echo.encode(), media="message/http")
    if call.method == "DELETE" and site.has("B04"):
        return None
    if call.method == "PATCH" and site.has("B66"):
        return Reply(status=204)
    if call.method == "PUT" and site.has("B27"):
        return api.refuse("unknown-path", site)
    if call.method == "POST" and site.has("B41"):
        return api.refuse("forbidden", site)
    return _not_allowed(api, site, more)


def _not_allowed(api: Api, site: Site, more: tuple[str, ...]) -> Reply:
    reply = api.refuse("method-not-allowed", site)
    return reply if site.has("B02") else reply.plus(Allow=_allowed(site, more))


def _options(site: Site, more: tuple[str, ...] = ()) -> Reply:
    if site.has("E19"):
        return Reply(content={"methods": list(METHODS)}).plus(Allow=_allowed(site, more))
    return Reply(status=204).plus(Allow=_allowed(site, more))


def _allowed(site: Site, more: tuple[str, ...]) -> str:
    if site.has("B05"):
        return ", ".join([*METHODS, "POST", "DELETE"])
    if site.has("B67"):
        return "HEAD, OPTIONS"
    allowed = [*METHODS, *more]
    return ",".join(reversed(allowed)) if site.has("E16") else ", ".join(allowed)


def _accepts(call: Call, api: Api, site: Site) -> bool:
    """Tell whether `Accept` takes what the API sends; the closest range decides (RFC 9110, 12.5.1)."""
    accept = call.header("accept")
    if accept is None or not accept.strip():
        return True
    ranges = [_weighed(part) for part in accept.split(",") if part.strip()]
    for media in api.media:
        kind = media.partition("/")[0]
        for wanted in (media, f"{kind}/*", "*/*") if not site.has("B73") else (media, "*/*"):
            weights = [weight for name, weight in ranges if name == wanted]
            if weights:
                if max(weights) > 0:
                    return True
                break
    return False


def _weighed(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weights = [piece[2:] for piece in parameters if piece.startswith("q=")]
    try:
        return name, float(weights[0]) if weights else 1.0
    except ValueError:
        return name, 1.0


def bearer(call: Call, site: Site) -> str | None:
    """Return the token behind `Bearer` in any case (RFC 9110, 11.1), '' for another scheme, or None."""
    header = call.header("authorization")
    if header is None:
        return call.value("access_token") if site.has("D16", "D23") else None
    scheme, _, token = header.partition(" ")
    if site.has("E21") and not token:
        return scheme
    if site.has("B28") and scheme != "Bearer":
        return ""
    if site.has("D17") and scheme.lower() == "token":
        return token.strip()
    return token.strip() if scheme.lower() == "bearer" else ""


def credential_of(token: str, known: tuple[Credential, ...]) -> Credential | None:
    """Return the credential with exactly this secret, or None."""
    return next((each for each in known if each.secret == token), None)


def json_error(status: int, content: JsonObject) -> Reply:
    """Return a refusal with a JSON body."""
    return Reply(status=status, content=content)
