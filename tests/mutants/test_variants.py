from __future__ import annotations

import re

import pytest
from asking import client, onomondo_pages, talkdesk_pages
from judging import document, flaws, path_of, read
from servers.exchange import Site
from table import HERE, Variant, faults, request_of, variants

VARIANTS = variants()
PAIRS = [(variant, contract) for variant in VARIANTS for contract in variant.contracts]
#: A missing key is 401 here, which the document does not know and a probe tolerates.
UNDECLARED = {"E22"}


@pytest.mark.parametrize(
    ("variant", "contract"), PAIRS, ids=[f"{each.id}-{contract}" for each, contract in PAIRS]
)
def test_a_variant_keeps_to_the_document(variant: Variant, contract: str) -> None:
    """Whatever shows a fault is answered by a variant as the document declares it, and never by a failure."""
    asked = client(contract, Site(variant=variant.id))
    shown = (each.shown for each in faults() if each.contract == contract and each.group in "ABDS")
    for line in dict.fromkeys(line for lines in shown for line in lines):
        request, _ = request_of(line, contract)
        method, target, *_ = request.decode().split(" ")
        answer = read(asked.converse().hear(request), is_head=method == "HEAD")
        assert answer.status < 500
        is_declared = method.lower() in document(contract)["paths"].get(path_of(contract, target), ())
        if is_declared and not (answer.status == 401 and variant.id in UNDECLARED):
            assert flaws(contract, path_of(contract, target), answer, method) == [], line


def test_each_variant_acts_somewhere_and_no_other_does() -> None:
    """The table and the code name the same variants, at least fifteen."""
    sources = [path.read_text() for path in [*HERE.glob("servers/*.py"), HERE / "serve.py"]]
    named = {name for source in sources for name in re.findall(r'"(E[0-9]{2})"', source)}

    assert named == {variant.id for variant in VARIANTS}
    assert len(named) >= 15


def test_other_tokens_and_other_sizes_lead_to_the_same_records() -> None:
    """What is not promised may differ, the records do not."""
    ours, other = client("onomondo"), client("onomondo", Site(variant="E14"))
    assert list(onomondo_pages(ours, "/usage?limit=200")) == list(onomondo_pages(other, "/usage?limit=200"))

    target = "/express/usage/month"
    ids = [
        [row["id"] for page in talkdesk_pages(asked, target) for row in page["_embedded"]["usage"]]
        for asked in (client("talkdesk"), client("talkdesk", Site(variant="E04")))
    ]
    assert ids[0] == ids[1]
