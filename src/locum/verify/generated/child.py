"""Runs inside Schemathesis: writes what happens there to standard output, an object in each line.

Loaded by `SCHEMATHESIS_HOOKS`. What Schemathesis itself prints goes to standard error.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from typing import Any, Final

from schemathesis import Case, cli
from schemathesis.engine import events

from locum.errors import LocumError
from locum.verify.generated.environment import find_rulebook
from locum.verify.generated.rule_hooks import add_mending
from locum.verify.generated.rulebook import Rulebook

__all__: list[str] = []

_OUT: Final = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)


def _find(case: Case[Any]) -> Rulebook | None:
    """Return the rules, if they can be read here: they only make requests better."""
    try:
        return find_rulebook(case)
    except LocumError:
        return None


add_mending(_find)


@cli.handler()
class Telling(cli.EventHandler[Any]):
    """Tells each event that matters to whoever started the process."""

    def handle_event(self, ctx: object, event: Any) -> None:  # noqa: ANN401, ARG002 -- the signature is Schemathesis's
        """Write one line for an event."""
        if isinstance(event, events.ScenarioFinished | events.FuzzScenarioFinished):
            _tell(
                kind="scenario",
                phase=str(getattr(event, "phase", "fuzz")),
                exchanges=list(_exchanges(event.recorder)),
            )
        elif isinstance(event, events.NonFatalError):
            _tell(kind="error", label=event.label, message=str(event.value)[:2000])
        elif isinstance(event, events.FatalError):
            _tell(kind="fatal", message=f"{type(event.exception).__name__}: {event.exception}"[:2000])
        elif isinstance(event, events.EngineFinished):
            _tell(kind="finished")


def _tell(**told: object) -> None:
    _OUT.write(json.dumps(told) + "\n")
    _OUT.flush()


def _exchanges(recorder: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401 -- the class has no public name
    for name, interaction in recorder.interactions.items():
        node = recorder.cases.get(name)
        if node is not None:
            yield {
                **_case(node.value),
                **_interaction(interaction),
                "id": name,
                "parent": node.parent_id,
                "checks": [_check(each) for each in recorder.checks.get(name, ())],
            }


def _case(case: Case[Any]) -> dict[str, object]:
    """Tell which operation a case is of, and what about it was meant to be wrong."""
    meta = case.meta
    phase = meta.phase.data if meta is not None else None
    return {
        "method": str(case.operation.method).upper(),
        "path": case.operation.path,
        "path_values": {name: str(value) for name, value in (case.path_parameters or {}).items()},
        "is_negative": meta is not None and meta.generation.mode.is_negative,
        "parameter": getattr(phase, "parameter", None),
        "location": str(getattr(phase, "parameter_location", None) or ""),
        "description": str(getattr(phase, "description", None) or ""),
        "scenario": str(getattr(phase, "scenario", None) or ""),
    }


def _interaction(interaction: Any) -> dict[str, object]:  # noqa: ANN401 -- the class has no public name
    request, response = interaction.request, interaction.response
    told: dict[str, object] = {
        "at_s": interaction.timestamp,
        "request": {
            "method": request.method,
            "url": request.uri,
            "headers": _pairs(request.headers),
            "body": _bytes(request.body),
        },
        "response": None,
    }
    if response is not None:
        told["response"] = {
            "status": response.status_code,
            "headers": _pairs(response.headers),
            "body": _bytes(response.content),
            "is_whole": response.content_size == len(response.content),
            "took_s": response.elapsed,
            "http_version": response.http_version,
        }
    return told


def _check(check: Any) -> dict[str, object]:  # noqa: ANN401 -- the class has no public name
    info = check.failure_info
    if info is None:
        return {"name": check.name}
    failure = info.failure
    told = {"code": failure.code, "title": failure.title, "message": failure.message[:2000]}
    return {"name": check.name, "case": failure.case_id, **told}


def _pairs(headers: dict[str, list[str]]) -> list[list[str]]:
    return [[name, str(text)] for name, texts in headers.items() for text in texts]


def _bytes(content: bytes | None) -> str:
    return base64.b64encode(content or b"").decode()
