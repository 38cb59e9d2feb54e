from __future__ import annotations

import re
from pathlib import Path

import pytest
from judging import flaws, path_of, read
from servers.build import conversation_maker
from servers.exchange import Site
from table import GROUPS, HERE, Fault, faults, request_of

FAULTS = faults()


def said(fault: Fault, site: Site) -> list[bytes]:
    """Send the requests that show *fault* to a server, each on its own connection; its clock stands still."""
    converse = conversation_maker(fault.contract, site, clock=lambda: 0.0)
    requests = [request_of(shown, fault.contract) for shown in fault.shown]
    return [converse().hear(request) for request, times in requests for _ in range(times)]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_is_seen_from_outside(fault: Fault) -> None:
    """At least one of the requests of the table is answered otherwise than by the reference."""
    reference = said(fault, Site())
    mutant = said(fault, Site(fault=fault.id))

    assert mutant != reference
    assert all(mutant)


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.group in "CDS"], ids=lambda fault: fault.id
)
def test_a_fault_of_meaning_or_security_looks_well_formed(fault: Fault) -> None:
    """No such fault falls to a status of the five hundreds, but for the one that shows its stack there."""
    statuses = {int(reply.split(b" ", 2)[1]) for reply in said(fault, Site(fault=fault.id))}

    assert all(status < 500 for status in statuses) or fault.id == "D39"


#: Faults of meaning that a schema sees as well.
SEEN_BY_SCHEMA = {"C16", "C21"}


@pytest.mark.parametrize("fault", [each for each in FAULTS if each.group == "C"], ids=lambda fault: fault.id)
def test_a_fault_of_meaning_keeps_to_the_document(fault: Fault) -> None:
    """What a faulty server says still satisfies its schema, so that only its meaning is wrong."""
    answers = [read(reply) for reply in said(fault, Site(fault=fault.id))]
    target = request_of(fault.shown[0], fault.contract)[0].split(b" ")[1].decode()
    found = [
        flaw for answer in answers for flaw in flaws(fault.contract, path_of(fault.contract, target), answer)
    ]

    assert bool(found) == (fault.id in SEEN_BY_SCHEMA), found[:3]


def test_each_id_of_the_table_acts_somewhere_and_no_other_does() -> None:
    """The table and the code name the same faults."""
    sources = [path.read_text() for path in Path(HERE, "servers").glob("*.py")]
    named = {name for source in sources for name in re.findall(r'"([ABCDS][0-9]{2,3})"', source)}

    assert named == {fault.id for fault in FAULTS}


def test_the_table_is_large_enough_and_says_each_thing_once() -> None:
    """There are at least 130 faults, in each group, none told twice."""
    spread = {(fault.group, fault.contract) for fault in FAULTS}
    ids = [fault.id for fault in FAULTS]

    assert len(ids) == len(set(ids)) >= 130
    assert len(spread) == (len(GROUPS) - 1) * 4 + 1
    assert len({(fault.contract, fault.says) for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("confidence", ["SEED", "CALC", "V-H", "V-M", "INFER", "ASSUMED", "DOC", "RFC"])
def test_each_fault_says_how_sure_it_is(confidence: str) -> None:
    """What a fault rests on ends with a known word, and each word is used."""
    words = {fault.confidence for fault in FAULTS}

    assert confidence in words
    assert words <= {"SEED", "CALC", "V-H", "V-M", "INFER", "ASSUMED", "DOC", "RFC"}
