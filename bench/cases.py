"""The requests that are sent: five operations, and probes that must be refused. Nothing is sent from here.

A thousand distinct requests in rotation, so that nothing wins by keeping the answer to one URL; of `fresh`
thirty thousand, so that nothing wins by keeping answers at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

__all__ = ["CASES", "PROBES", "TOKEN", "Case", "Probe", "Sample", "request_lines"]

TOKEN: Final = "bench-token"  # noqa: S105 -- made up; every server under test takes any token
_DISTINCT: Final = 1000
_FRESH: Final = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One request; *body* is sent as JSON when it is not empty."""

    method: str = "GET"
    path: str
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_authorized: bool = True

    def sent_headers(self) -> dict[str, str]:
        """Return the headers as they go out; *headers* win."""
        token = {"Authorization": f"Bearer {TOKEN}"} if self.is_authorized else {}
        kind = {"Content-Type": "application/json"} if self.body else {}
        return {"Accept": "application/json"} | token | kind | dict(self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One operation under load: *sample* makes the n-th of its *distinct* requests."""

    operation_id: str
    sample: Callable[[int], Sample]
    distinct: int = _DISTINCT


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A request that breaks the contract in one way and must be refused with a status of 400 to 499."""

    name: str
    sample: Sample


def request_lines(case: Case) -> str:
    """Return the requests of *case* in the form `load.lua` reads."""
    samples = (case.sample(number) for number in range(case.distinct))
    return "".join(f"{each.method}\t{each.path}\t{each.body}\n" for each in samples)


def _billing(number: int) -> Sample:
    day, month = number % 28 + 1, number // 28 % 12 + 1
    metrics = ("bytes", "messages", "calls", "sessions", "storage")[: number % 5 + 1]
    period = f"startDate={2024 + number // 336}-{month:02}-{day:02}&endDate=2027-01-{day:02}"
    return Sample(path=f"/api/billing/usage?{period}&metrics={','.join(metrics)}")


def _page(number: int) -> Sample:
    return Sample(path=f"/usage?limit={number % 1000 + 1}&offset={number * 100}&filter=tag%20{number}")


def _record(number: int) -> Sample:
    return Sample(path=f"/usage/{100_000_000 + number * 7919}")


def _total(number: int) -> Sample:
    return Sample(path=f"/usage/tag-total/{number * 997 % 1_000_000 + 1}")


def _order(number: int) -> Sample:
    return Sample(method="POST", path="/orders", body=json.dumps(_order_body(number), separators=(",", ":")))


def _order_body(number: int) -> dict[str, Any]:
    return {
        "reference": f"ORD-{number:06}",
        "customerId": f"5b0c4f7e-2d53-4a8f-9f0e-{number:012x}",
        "email": f"buyer{number}@northwind.example",
        "firstName": "Ada",
        "lastName": "Okafor",
        "company": "Northwind Telemetry GmbH",
        "street": f"Lange Strasse {number}",
        "city": "Leipzig",
        "postalCode": f"{10_000 + number}",
        "country": "DE",
        "product": ("sim", "esim", "tracker", "gateway")[number % 4],
        "quantity": number + 1,
        "unitPrice": 4.75,
        "currency": "EUR",
        "discount": 0.1,
        "deliverOn": "2026-12-01",
        "orderedAt": "2026-11-21T09:30:00Z",
        "express": number % 2 == 0,
        "website": "https://northwind.example/account",
        "tags": ["field", "trial"],
    }


def _spoiled_order(**changes: object) -> Sample:
    return Sample(method="POST", path="/orders", body=json.dumps(_order_body(7) | changes))


def _order_without(name: str) -> Sample:
    body = {key: value for key, value in _order_body(7).items() if key != name}
    return Sample(method="POST", path="/orders", body=json.dumps(body))


CASES: Final[Mapping[str, Case]] = {
    "bill": Case(operation_id="getBillingUsage", sample=_billing),
    "fresh": Case(operation_id="getBillingUsage", sample=_billing, distinct=_FRESH),
    "list": Case(operation_id="listUsage", sample=_page),
    "record": Case(operation_id="getUsage", sample=_record),
    "total": Case(operation_id="getTagTotal", sample=_total),
    "order": Case(operation_id="createOrder", sample=_order),
}

_PERIOD: Final = "startDate=2026-10-01&endDate=2026-10-31"
PROBES: Final = (
    Probe(name="no token", sample=Sample(path=f"/api/billing/usage?{_PERIOD}", is_authorized=False)),
    Probe(name="required parameter missing", sample=Sample(path="/api/billing/usage?startDate=2026-10-01")),
    Probe(name="not a date", sample=Sample(path="/api/billing/usage?startDate=soon&endDate=2026-10-31")),
    Probe(
        name="array item outside the enum",
        sample=Sample(path=f"/api/billing/usage?{_PERIOD}&metrics=bytes,love"),
    ),
    Probe(name="integer below the minimum", sample=Sample(path="/usage?limit=0")),
    Probe(name="integer above the maximum", sample=Sample(path="/usage?limit=1001")),
    Probe(name="not an integer in the query", sample=Sample(path="/usage?limit=many")),
    Probe(name="path against its pattern", sample=Sample(path="/usage/12345")),
    Probe(name="not an integer in the path", sample=Sample(path="/usage/tag-total/first")),
    Probe(name="unknown path", sample=Sample(path="/nowhere")),
    Probe(name="unknown method", sample=Sample(method="DELETE", path="/orders")),
    Probe(name="body without a required member", sample=_order_without("email")),
    Probe(name="body with an unknown member", sample=_spoiled_order(colour="blue")),
    Probe(name="body member of the wrong type", sample=_spoiled_order(quantity="ten")),
    Probe(name="body member against its pattern", sample=_spoiled_order(reference="42")),
    Probe(name="body member against its format", sample=_spoiled_order(email="nobody")),
    Probe(name="body that is not JSON", sample=Sample(method="POST", path="/orders", body='{"reference":')),
    Probe(name="body missing", sample=Sample(method="POST", path="/orders")),
    Probe(
        name="body of another media type",
        sample=Sample(method="POST", path="/orders", body="hello", headers={"Content-Type": "text/plain"}),
    ),
)
