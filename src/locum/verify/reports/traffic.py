"""Writes the traffic of a run as an HTTP Archive, by the same words as the journal's."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, cast
from urllib.parse import urlsplit

import orjson

from locum.behaviour.har import har
from locum.behaviour.journal import Interaction
from locum.behaviour.model import Outcome, RawRequest, Reply
from locum.behaviour.redaction import PLAIN
from locum.contract.model import JsonObject
from locum.verify.model import Observed, Received, Report, Sent

__all__ = ["traffic"]

#: What stands for an answer that never came; its status is 0, as browsers write it.
_NOTHING = Received(status=0)


def traffic(report: Report) -> bytes:
    """Return every exchange of the run as a HAR 1.2 log; secrets were taken out before."""
    interactions = [_interaction(each, number, report) for number, each in enumerate(report.traffic, 1)]
    archive = har(interactions, PLAIN, version=version("locum"))
    entries = cast("list[JsonObject]", cast("dict[str, Any]", archive["log"])["entries"])
    for entry, observed in zip(entries, report.traffic, strict=True):
        for name in ("_session", "_because"):
            del entry[name]
        entry |= {"_operation": observed.operation or None, "_suite": observed.suite}
        if observed.step.received is None:
            entry["_failure"] = observed.step.failure or "no answer"
    return orjson.dumps(archive, option=orjson.OPT_INDENT_2)


def _interaction(observed: Observed, number: int, report: Report) -> Interaction:
    received = observed.step.received or _NOTHING
    media_type = next((text for name, text in received.headers if name.lower() == "content-type"), "")
    headers = tuple(pair for pair in received.headers if pair[0].lower() != "content-type")
    reply = Reply(status=received.status, body=received.body, media_type=media_type, headers=headers)
    return Interaction(
        number=number,
        session="",
        at_s=observed.at_s,
        session_time=datetime.fromtimestamp(observed.at_s, UTC),
        took_s=received.took_s,
        request=_request(observed.step.sent),
        request_size=len(observed.step.sent.body),
        outcome=Outcome(reply=reply),
        reply_size=len(received.body),
        contract=report.contract,
    )


def _request(sent: Sent) -> RawRequest:
    try:
        parts = urlsplit(sent.url)
        base, path, query = f"{parts.scheme}://{parts.netloc}", parts.path, parts.query
    except ValueError:
        base, path, query = "", sent.url, ""
    headers = tuple((name.lower(), text) for name, text in sent.headers)
    return RawRequest(
        method=sent.method, path=path, query=query, headers=headers, body=sent.body, base_url=base
    )
