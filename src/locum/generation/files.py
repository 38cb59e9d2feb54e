"""The smallest real files of types that are not text: what a client's decoder will open."""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping
from typing import Final

from locum.generation.packages import PACKAGES, package

__all__ = ["sample_file"]

#: One transparent pixel.
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
_GIF = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_JPEG = (
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8Q"
    "EBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)
_WEBP = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
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

#: One black pixel of 24 bits, its row filled up to four bytes.
_BMP = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 58, 0, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + bytes(4)
#: One image, which may be a PNG.
_ICO = struct.pack("<HHHBBBBHHII", 0, 1, 1, 1, 1, 0, 0, 1, 32, len(base64.b64decode(_PNG)), 22)
_ICO += base64.b64decode(_PNG)
#: One silent frame: MPEG-1 layer III, 128 kbit/s, 44.1 kHz.
_MP3 = b"\xff\xfb\x90\x00" + bytes(413)
#: The type of the file, and no media.
_MP4 = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 512, b"isom") + struct.pack(">I4s", 8, b"mdat")

_FILES: Final[Mapping[str, bytes]] = {
    "image/png": base64.b64decode(_PNG),
    "image/gif": base64.b64decode(_GIF),
    "image/jpeg": base64.b64decode(_JPEG),
    "image/jpg": base64.b64decode(_JPEG),
    "image/webp": base64.b64decode(_WEBP),
    "image/svg+xml": _SVG,
    "application/pdf": _PDF,
    "application/gzip": base64.b64decode(_GZIP),
    "application/x-gzip": base64.b64decode(_GZIP),
    "application/x-tar": bytes(1024),
    "audio/wav": base64.b64decode(_WAV),
    "audio/x-wav": base64.b64decode(_WAV),
    "audio/mpeg": _MP3,
    "audio/mp3": _MP3,
    "image/bmp": _BMP,
    "image/x-icon": _ICO,
    "image/vnd.microsoft.icon": _ICO,
    "video/mp4": _MP4,
    "application/wasm": b"\x00asm\x01\x00\x00\x00",
    "application/x-bzip2": b"BZh9\x17rE8P\x90\x00\x00\x00\x00",
    "application/zstd": b"(\xb5/\xfd \x00\x01\x00\x00",
}


def sample_file(name: str) -> bytes | None:
    """Return a small valid file of the media type *name*, or `None` for a type not known here."""
    return package(name) if name in PACKAGES else _FILES.get(name)
