"""The smallest real files of types that are not text: what a client's decoder will open."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Final

__all__ = ["sample_file"]

#: One transparent pixel.
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
_GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_JPEG = (
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8Q"
    "EBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)
_WEBP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
#: An empty archive: the end record alone (APPNOTE 4.3.16).
_ZIP = "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="
#: Nothing, compressed (RFC 1952).
_GZIP = "H4sIAAAAAAAC/wMAAAAAAAAAAAA="
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n162\n%%EOF\n"
)
_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'
#: A header and not one sample: 8 kHz, mono, 8 bit.
_WAV = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA="

_FILES: Final[Mapping[str, bytes]] = {
    "image/png": base64.b64decode(_PNG),
    "image/gif": base64.b64decode(_GIF),
    "image/jpeg": base64.b64decode(_JPEG),
    "image/jpg": base64.b64decode(_JPEG),
    "image/webp": base64.b64decode(_WEBP),
    "image/svg+xml": _SVG,
    "application/pdf": _PDF,
    "application/zip": base64.b64decode(_ZIP),
    "application/x-zip-compressed": base64.b64decode(_ZIP),
    "application/gzip": base64.b64decode(_GZIP),
    "application/x-gzip": base64.b64decode(_GZIP),
    "application/x-tar": bytes(1024),
    "audio/wav": base64.b64decode(_WAV),
    "audio/x-wav": base64.b64decode(_WAV),
}


def sample_file(name: str) -> bytes | None:
    """Return a small valid file of the media type *name*, or `None` for a type not known here."""
    return _FILES.get(name)
