"""Bytes to a tree of JSON values: JSON by orjson, YAML 1.2 by ryaml, what they refuse by `events.py`.

The tree holds `JsonValue` only: keys are text, integers fit 64 bits, floats are finite, dates stay text.
"""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import orjson
from ryaml import InvalidYamlError, loads  # type: ignore[attr-defined]  # its stub exports nothing

from locum.contract.events import read_events
from locum.contract.limits import Limits
from locum.contract.model import JsonObject, JsonValue
from locum.contract.tabs import INDENTING_TABS, without_tabs
from locum.errors import ContractError, Diagnostic, Severity, Where

__all__ = ["Source", "read_source"]

#: UTF-32 stands before UTF-16: its little-endian mark begins with the other's.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
JSON_START = re.compile(r"\s*[{\[]")
#: An anchor where a value may begin. Too many hits only cost time; a miss would let a bomb through.
ANCHOR = re.compile(r"(?:^|[:?,\[{-])\s*(?:!\S*\s+)?&[^\s,\[\]{}]", re.MULTILINE)
JSON_PLACE = re.compile(r": line (\d+) column (\d+) \(char \d+\)$")
BRACKETS = re.compile(r"[\[\]{}]")
HEAP = 5000
#: Beyond this a file its fast reader refuses is not read a second time just to be lenient.
CAREFUL_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file as parsed; *text* is kept for finding lines."""

    uri: str
    text: str = field(repr=False)
    value: JsonValue = field(repr=False)
    diagnostics: tuple[Diagnostic, ...] = ()


def read_source(content: bytes, uri: str, limits: Limits) -> Source:
    """Parse *content* as JSON or YAML; raises `ContractError` when it is neither or exceeds *limits*."""
    if len(content) > limits.file_bytes:
        raise ContractError(
            Diagnostic(
                code="contract.too-large",
                message=f"the file has {len(content):,} bytes, more than the {limits.file_bytes:,} allowed",
                where=Where(file=uri),
            )
        )
    text, remarks = decode(content, uri)
    read = read_json if JSON_START.match(text) else read_yaml
    value, found = read(text, uri, limits)
    return Source(uri=uri, text=text, value=value, diagnostics=remarks + found)


def is_heap(text: str) -> bool:
    """Tell whether *text* has so many brackets in brackets that looking at it takes the reader minutes.

    Its time grows with the square of the depth; brackets in texts count as well, which closes most of them.
    """
    if text.count("[") + text.count("{") < HEAP:
        return False
    depth = 0
    for found in BRACKETS.finditer(text):
        depth = depth + 1 if found[0] in "[{" else max(0, depth - 1)
        if depth == HEAP:
            return True
    return False


def decode(content: bytes, uri: str) -> tuple[str, tuple[Diagnostic, ...]]:
    """Return the text of *content*; bytes that are not valid in its encoding are replaced and reported."""
    mark, encoding = next(((mark, name) for mark, name in MARKS if content.startswith(mark)), (b"", ""))
    encoding = encoding or guess_encoding(content[:4])
    try:
        return content[len(mark) :].decode(encoding), ()
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(encoding, "replace")
        remark = Diagnostic(
            code="contract.encoding",
            message=f"byte 0x{error.object[error.start]:02x} is not valid {encoding.upper()}",
            where=Where(file=uri, line=before.count("\n") + 1, column=len(before) - before.rfind("\n")),
            hint="save the file as UTF-8",
            severity=Severity.WARNING,
        )
        return content[len(mark) :].decode(encoding, "replace"), (remark,)


def guess_encoding(start: bytes) -> str:
    """Tell UTF-16 without a mark from UTF-8 by where the zero bytes are (YAML 1.2.2, 5.2)."""
    if len(start) > 1 and start[0] == 0 != start[1]:
        return "utf-16-be"
    return "utf-16-le" if len(start) > 1 and start[1] == 0 != start[0] else "utf-8"


def read_json(text: str, uri: str, limits: Limits) -> tuple[JsonValue, tuple[Diagnostic, ...]]:
    """Parse JSON; what is no JSON may still be YAML, and if it is not, the complaint is about JSON."""
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        refusal = json_refusal(str(error), uri, limits)
        if len(text) > CAREFUL_BYTES or is_heap(text):
            raise refusal from error
        try:
            return read_events(text, uri, limits)
        except ContractError as second:
            limited = any(each.code.startswith("contract.too-") for each in second.diagnostics)
            raise (second if limited else refusal) from error
    containers_in(value, uri, limits)
    return value, ()


def json_refusal(problem: str, uri: str, limits: Limits) -> ContractError:
    """Word what orjson said, with the place it names."""
    place = JSON_PLACE.search(problem)
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    if problem.startswith("depth limit"):
        return too_deep(uri, limits)
    return ContractError(
        Diagnostic(
            code="contract.syntax",
            message=f"this is not JSON: {JSON_PLACE.sub('', problem)}",
            where=Where(file=uri, line=line, column=column),
        )
    )


def read_yaml(text: str, uri: str, limits: Limits) -> tuple[JsonValue, tuple[Diagnostic, ...]]:
    """Parse YAML; tabs where YAML wants spaces are taken for as many as make sense of the file."""
    if is_heap(text):
        raise too_deep(uri, limits)
    try:
        return read_spaced_yaml(text, uri, limits)
    except ContractError as error:
        first = INDENTING_TABS.search(text)
        if first is None or len(text) > CAREFUL_BYTES or error.diagnostics[0].code != "contract.syntax":
            raise
        for spaced in without_tabs(text):
            try:
                value, found = read_spaced_yaml(spaced, uri, limits)
            except ContractError:
                continue
            return value, (tab_remark(text, first.start(), uri), *found)
        raise


def tab_remark(text: str, start: int, uri: str) -> Diagnostic:
    """Say where the first line stands that is indented with tabs."""
    return Diagnostic(
        code="contract.tabs",
        message="the line is indented with tabs, which YAML does not allow",
        where=Where(file=uri, line=text.count("\n", 0, start) + 1, column=1),
        hint="indent with spaces",
        severity=Severity.WARNING,
    )


def read_spaced_yaml(text: str, uri: str, limits: Limits) -> tuple[JsonValue, tuple[Diagnostic, ...]]:
    """Parse YAML fast where that gives the same tree, else carefully."""
    # ryaml copies what an alias stands for; the careful reader shares it, and counts.
    if not ANCHOR.search(text):
        try:
            value = loads(text)
        except (InvalidYamlError, ValueError):
            return read_events(text, uri, limits)
        if not needs_care([[value], *containers_in(value, uri, limits)]):
            return value, ()
    return read_events(text, uri, limits)


def containers_in(root: JsonValue, uri: str, limits: Limits) -> list[JsonObject | list[JsonValue]]:
    """Return every object and list of the tree, the outer ones first.

    Raises `ContractError` where the tree is deeper or has more values than the limits allow.
    """
    level = [root] if isinstance(root, dict | list) else []
    found, depth, nodes = list(level), 0, 1
    while level:
        depth += 1
        if depth > limits.depth and any(level):
            raise too_deep(uri, limits)
        nodes += sum(map(len, level))
        if nodes > limits.nodes:
            raise ContractError(
                Diagnostic(
                    code="contract.too-many-values",
                    message=f"the file holds more than {limits.nodes:,} values",
                    where=Where(file=uri),
                )
            )
        level = [
            each
            for outer in level
            for each in (outer.values() if type(outer) is dict else outer)
            if type(each) is dict or type(each) is list
        ]
        found += level
    return found


def needs_care(containers: Iterable[JsonObject | list[JsonValue]]) -> bool:
    """Turn integer keys into text, and tell what only events can settle.

    Those are merge keys, clashing keys, keys neither text nor integer, custom tags, numbers JSON lacks.
    """
    for each in containers:
        if isinstance(each, dict) and not settle_keys(each):
            return True
        values = each.values() if isinstance(each, dict) else each
        if any(type(value) is float and not math.isfinite(value) for value in values):
            return True
    return False


def settle_keys(mapping: dict[str, JsonValue]) -> bool:
    """Make every key of *mapping* text, in place; `False` when that would guess."""
    if "<<" in mapping or any(type(key) is not str for key in mapping):
        keys: list[object] = list(mapping)
        if "<<" in mapping or not all(type(key) in (str, int) for key in keys):
            return False
        if len({str(key) for key in keys}) < len(keys):
            return False
        members = [(str(key), value) for key, value in mapping.items()]
        mapping.clear()
        mapping.update(members)
    return not (len(mapping) == 1 and next(iter(mapping)).startswith("!"))


def too_deep(uri: str, limits: Limits) -> ContractError:
    """Say that the file is nested beyond the limit."""
    return ContractError(
        Diagnostic(
            code="contract.too-deep",
            message=f"the file is nested more than {limits.depth} levels deep",
            where=Where(file=uri),
        )
    )
