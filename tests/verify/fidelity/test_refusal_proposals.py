from __future__ import annotations

from collections.abc import Mapping

import orjson

from locum.behaviour.calls import Call
from locum.verify.fidelity.proposals import propose
from locum.verify.fidelity.recording import Played
from locum.verify.fidelity.refusal_proposals import refusal_edits
from locum.verify.model import Received, Sent, Step
from locum.verify.seen import Seen

SHEET = """\
refusals:
  - causes: [invalid-parameter]
    parameter: limit
    status: 400
    body: {error: invalid}  # as the vendor has it
  - causes: [invalid-parameter]
    parameter: offset
    status: 400
    body: {error: invalid}
  - causes: [unknown-resource]
    status: 404
    body:
      error: none
      message: "There is no {name}"
"""


def told(step: str, status: int, body: Mapping[str, object]) -> Played:
    """Return an answer to a step of the plan."""
    received = Received(status=status, body=orjson.dumps(body))
    sent = Step(sent=Sent(method="GET", url="http://a.test/pets"), received=received)
    return "listPets", step, Seen(call=Call(method="GET", path="/pets"), step=sent)


def patched(mock: list[Played], real: list[Played], *secrets: str) -> list[str]:
    """Return the lines that a patch of the sheet takes out and puts in."""
    beside = refusal_edits(SHEET.encode(), "contract.yaml", mock, real, secrets)
    lines = propose([], [], lambda _: SHEET, str, beside).patch.splitlines()
    return [each for each in lines if each[:1] in "+-" and each[:3] not in {"+++", "---"}]


def test_status_and_words_of_a_refusal_become_those_of_the_real_server() -> None:
    """Of two refusals that read alike the parameter tells which it was; comments stay."""
    mock, real = {"error": "invalid"}, {"error": "limit_invalid", "more": 1}

    assert patched([told("query.limit empty", 400, mock)], [told("query.limit empty", 422, real)]) == [
        "-    status: 400",
        "-    body: {error: invalid}  # as the vendor has it",
        "+    status: 422",
        '+    body: {error: "limit_invalid"}  # as the vendor has it',
    ]


def test_what_is_filled_in_is_left_alone() -> None:
    """A text that is made for each request is no word of the sheet."""
    mock = {"error": "none", "message": "There is no b7"}
    real = {"error": "not_found", "message": "Nothing at b7"}

    assert patched([told("unknown", 404, mock)], [told("unknown", 404, real)]) == [
        "-      error: none",
        '+      error: "not_found"',
    ]


def test_nothing_is_proposed_where_the_refusal_is_not_known() -> None:
    """Nor of an answer that is none, nor with a secret in it."""
    mock, real = {"error": "invalid"}, {"error": "no key-of-anna"}

    assert patched([told("as it is", 400, mock)], [told("as it is", 400, real)]) == []
    assert patched([told("query.limit empty", 400, mock)], [told("query.limit empty", 200, {})]) == []
    assert (
        patched([told("query.limit empty", 400, mock)], [told("query.limit empty", 400, real)], "key-of-anna")
        == []
    )
