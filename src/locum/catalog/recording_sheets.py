"""What files of recordings look like, as far as they are read. Read next: `recordings.py`."""

from __future__ import annotations

from typing import Final

from locum.contract.model import JsonObject

__all__ = ["HAR_SHEET", "MOCK_SHEET", "OWN_SHEET", "PARTIAL_SHEET", "SPECMATIC_SHEET"]

_TEXT: Final[JsonObject] = {"type": "string"}
_PAIR: Final[JsonObject] = {
    "type": "object",
    "required": ["name", "value"],
    "properties": {"name": _TEXT, "value": _TEXT},
}
HAR_SHEET: Final[JsonObject] = {
    "type": "object",
    "required": ["log"],
    "properties": {
        "log": {
            "type": "object",
            "required": ["entries"],
            "properties": {
                "entries": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["request", "response"],
                        "properties": {
                            "request": {
                                "type": "object",
                                "required": ["method", "url"],
                                "properties": {"method": _TEXT, "url": _TEXT, "postData": {"type": "object"}},
                            },
                            "response": {
                                "type": "object",
                                "required": ["status"],
                                "properties": {
                                    "status": {"type": "integer"},
                                    "headers": {"type": "array", "items": _PAIR},
                                    "content": {"type": "object"},
                                },
                            },
                        },
                    },
                }
            },
        }
    },
}
_HEADERS: Final[JsonObject] = {"type": "object", "additionalProperties": _TEXT}
OWN_SHEET: Final[JsonObject] = {
    "type": "object",
    "required": ["recordings"],
    "additionalProperties": False,
    "properties": {
        "recordings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["request", "reply"],
                "additionalProperties": False,
                "properties": {
                    "name": _TEXT,
                    "request": {
                        "type": "object",
                        "required": ["method", "path"],
                        "additionalProperties": False,
                        "properties": {"method": _TEXT, "path": _TEXT, "query": _TEXT, "body": {}},
                    },
                    "reply": {
                        "type": "object",
                        "required": ["status"],
                        "additionalProperties": False,
                        "properties": {
                            "status": {"type": "integer", "minimum": 200, "maximum": 599},
                            "media_type": _TEXT,
                            "headers": _HEADERS,
                            "body": {},
                            "base64": _TEXT,
                        },
                    },
                },
            },
        }
    },
}


def _stub(prefix: str) -> JsonObject:
    """Return what an example of Specmatic looks like, whose members have had a prefix once."""
    return {
        "type": "object",
        "required": [f"{prefix}http-request", f"{prefix}http-response"],
        "properties": {
            "name": _TEXT,
            "delay-in-milliseconds": {"type": "integer", "minimum": 0},
            f"{prefix}http-request": {
                "type": "object",
                "required": ["path"],
                "properties": {
                    "method": _TEXT,
                    "path": _TEXT,
                    "query": {"type": "object"},
                    "headers": {"type": "object"},
                },
            },
            f"{prefix}http-response": {
                "type": "object",
                "required": ["status"],
                "properties": {"status": {"type": "integer"}, "headers": {"type": "object"}},
            },
        },
    }


SPECMATIC_SHEET: Final = _stub("")
#: As older versions write it.
MOCK_SHEET: Final = _stub("mock-")
#: What stands in it is some of the request and of the reply.
PARTIAL_SHEET: Final[JsonObject] = {
    "type": "object",
    "required": ["partial"],
    "properties": {"name": _TEXT, "partial": SPECMATIC_SHEET},
}
