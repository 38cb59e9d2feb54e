"""A small shop that is only read, with a correct server of its own, which can be told to break one thing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from tests.verify.conftest import Asked, Told

ERROR: Final = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
LINE: Final = {
    "type": "object",
    "required": ["sku", "quantity", "unitPrice"],
    "properties": {
        "sku": {"type": "string"},
        "quantity": {"type": "integer", "minimum": 1},
        "unitPrice": {"type": "number"},
    },
}
ORDER: Final = {
    "type": "object",
    "required": ["id", "status", "total", "lines"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "status": {"enum": ["open", "paid"]},
        "total": {"type": "number"},
        "lines": {"type": "array", "items": LINE},
    },
}


def _says(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": "as it is", "content": {"application/json": {"schema": schema}}}


DOCUMENT: Final[Mapping[str, Any]] = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "get": {
                "operationId": "listOrders",
                "parameters": [{"name": "status", "in": "query", "schema": {"enum": ["open", "paid"]}}],
                "responses": {"200": _says({"type": "array", "items": ORDER}), "400": _says(ERROR)},
            }
        },
        "/orders/{orderId}": {
            "get": {
                "operationId": "getOrder",
                "parameters": [
                    {
                        "name": "orderId",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "format": "uuid"},
                    }
                ],
                "responses": {"200": _says(ORDER), "400": _says(ERROR), "404": _says(ERROR)},
            }
        },
    },
}


def _order(number: int, *prices: float) -> dict[str, Any]:
    lines = [{"sku": f"s{at}", "quantity": at, "unitPrice": price} for at, price in enumerate(prices, 1)]
    return {
        "id": str(UUID(int=0x3F2504E04F8941D39A0C0305E82C3300 + number)),
        "status": "paid" if number % 2 else "open",
        "total": round(sum(at * price for at, price in enumerate(prices, 1)), 2),
        "lines": lines,
    }


class Shop:
    """The server; *fault* names the one thing it does wrongly, `""` none."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.orders = [_order(1, 9.99), _order(2, 5, 2.5), _order(3, 0.1, 0.2, 0.3), _order(4, 12)]
        if fault == "a total is wrong":
            self.orders[1]["total"] = 99.5
        if fault == "totals mean something else":
            for each in self.orders:
                each["total"] += 4.9

    def __call__(self, asked: Asked) -> Told:
        """Answer one request."""
        found = re.fullmatch(r"/orders(?:/([^/]*))?", asked.path)
        if not found:
            return Told(status=404, body={"error": "there is nothing"})
        if asked.method not in {"GET", "HEAD"}:
            return Told(status=405, body={"error": "not here"}, headers={"Allow": "GET, HEAD"})
        return self._list(asked) if found[1] is None else self._one(found[1])

    def _list(self, asked: Asked) -> Told:
        status = asked.query.get("status", [""])[0]
        if status not in {"", "open", "paid"}:
            return Told(status=400, body={"error": "no such status"})
        wanted = "" if self.fault == "the filter is ignored" else status
        return Told(body=[each for each in self.orders if wanted in {"", each["status"]}])

    def _one(self, name: str) -> Told:
        try:
            key = str(UUID(name))
        except ValueError:
            return Told(status=400, body={"error": "no id"})
        known = next((each for each in self.orders if each["id"] == key), None)
        return Told(body=known) if known is not None else self._unknown(key)

    def _unknown(self, key: str) -> Told:
        shown: dict[str, Any] = {
            "another is shown": self.orders[0],
            "nothing is shown": None,
            "an error is shown": {"error": "no such order"},
            "whatever is asked for is made up": {**self.orders[0], "id": key},
        }
        if self.fault in shown:
            return Told(body=shown[self.fault])
        return Told(status=403 if self.fault == "it is forbidden" else 404, body={"error": "no such order"})
