"""The smallest real archives, and the office documents that are archives: made when they are first asked for.

Sources: APPNOTE 6.3 (zip); ECMA-376, parts 1 and 2 (Office Open XML).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from typing import Final

__all__ = ["PACKAGES", "package"]

_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATED: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEETS: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORDS: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE_TYPE: Final = "application/vnd.openxmlformats-officedocument."


def _relations(kind: str, target: str) -> str:
    return (
        f'{_XML}<Relationships xmlns="{_RELATED}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _types(parts: Mapping[str, str]) -> str:
    overrides = "".join(
        f'<Override PartName="{name}" ContentType="{_OFFICE_TYPE}{kind}+xml"/>'
        for name, kind in parts.items()
    )
    return (
        f'{_XML}<Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


_ZIP: Final = {"answer.txt": "An answer of the stand-in.\n"}
_XLSX: Final = {
    "[Content_Types].xml": _types(
        {"/xl/workbook.xml": "spreadsheetml.sheet.main", "/xl/sheet1.xml": "spreadsheetml.worksheet"}
    ),
    "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Answer" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": _relations("worksheet", "sheet1.xml"),
    "xl/sheet1.xml": f'{_XML}<worksheet xmlns="{_SHEETS}"><sheetData/></worksheet>',
}
_DOCX: Final = {
    "[Content_Types].xml": _types({"/word/document.xml": "wordprocessingml.document.main"}),
    "_rels/.rels": _relations("officeDocument", "word/document.xml"),
    "word/document.xml": f'{_XML}<w:document xmlns:w="{_WORDS}"><w:body><w:p/></w:body></w:document>',
}
_EPUB: Final = {"mimetype": "application/epub+zip"}
#: What is inside, by media type.
PACKAGES: Final[Mapping[str, Mapping[str, str]]] = {
    "application/zip": _ZIP,
    "application/x-zip-compressed": _ZIP,
    "application/java-archive": {"META-INF/MANIFEST.MF": "Manifest-Version: 1.0\r\n\r\n"},
    "application/epub+zip": _EPUB,
    f"{_OFFICE_TYPE}spreadsheetml.sheet": _XLSX,
    f"{_OFFICE_TYPE}wordprocessingml.document": _DOCX,
}


@cache
def package(name: str) -> bytes:
    """Return the archive for the media type *name*, one of `PACKAGES`; always the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, text in PACKAGES[name].items():
            # Without a date of its own an entry is of 1980, in every process.
            archive.writestr(zipfile.ZipInfo(path), text)
    return out.getvalue()
