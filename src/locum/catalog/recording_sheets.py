"""What files of recordings look like, as far as they are read. Read next: `recordings.py`."""

from __future__ import annotations

from typing import Final

from locum.contract.model import JsonObject

__all__ = ["HAR_SHEET", "OWN_SHEET", "SPECMATIC_SHEET"]

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
SPECMATIC_SHEET: Final[JsonObject] = {
    "type": "object",
    "required": ["http-request", "http-response"],
    "properties": {
        "name": _TEXT,
        "http-request": {
            "type": "object",
            "required": ["path"],
            "properties": {"method": _TEXT, "path": _TEXT, "query": {"type": "object"}},
        },
        "http-response": {
            "type": "object",
            "required": ["status"],
            "properties": {"status": {"type": "integer"}, "headers": {"type": "object"}},
        },
    },
}
