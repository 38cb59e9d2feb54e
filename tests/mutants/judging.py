"""Whether a reply keeps to a document, by a validator that locum does not use."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from table import document_of, read_yaml

BODILESS = (204, 304)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply as a client sees it: names of headers in lower case, the body decoded."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON."""
        return json.loads(self.body)


def read(said: bytes, *, is_head: bool = False) -> Answer:
    """Read one reply, which is all that was said."""
    head, _, rest = said.partition(b"\r\n\r\n")
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = _joined(rest) if headers.get("transfer-encoding") == "chunked" and not is_head else rest
    if headers.get("content-encoding") == "gzip" and body:
        body = gzip.decompress(body)
    return Answer(status=int(status_line.split(" ")[1]), headers=headers, body=body)


def _joined(chunks: bytes) -> bytes:
    body = b""
    while chunks:
        size, _, chunks = chunks.partition(b"\r\n")
        body, chunks = body + chunks[: int(size, 16)], chunks[int(size, 16) + 2 :]
    return body


@cache
def document(contract: str) -> dict[str, Any]:
    """Return the document of *contract*."""
    return read_yaml(document_of(contract))  # type: ignore[no-any-return]


@cache
def _validator(contract: str, pointer: str) -> Draft202012Validator:
    whole: Resource[Any] = DRAFT202012.create_resource(document(contract))
    registry: Registry[Any] = Registry().with_resource("urn:document", whole)
    return Draft202012Validator(
        {"$ref": f"urn:document#{pointer}"}, registry=registry, format_checker=FormatChecker()
    )


def path_of(contract: str, target: str) -> str:
    """Return the path of *target* as the document writes it; concrete ones come before templates."""
    path = target.partition("?")[0]
    written: list[str] = sorted(document(contract)["paths"], key=lambda each: each.count("{"))
    return next(each for each in written if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", each), path))


def flaws(contract: str, path: str, answer: Answer, method: str = "GET") -> list[str]:
    """Return what in the reply to a call of *path* (as the document writes it) is not as declared."""
    responses = document(contract)["paths"][path][method.lower()]["responses"]
    if answer.status in BODILESS:
        return ["a body where none may be"] if answer.body else []
    if str(answer.status) not in responses:
        return [f"status {answer.status} is not declared"]
    place = (
        "/paths/"
        + path.replace("~", "~0").replace("/", "~1")
        + f"/{method.lower()}/responses/{answer.status}"
    )
    response, place = _followed(contract, responses[str(answer.status)], place)
    return [
        *_header_flaws(contract, response, place, answer),
        *_body_flaws(contract, response, place, answer),
    ]


def _followed(contract: str, found: dict[str, Any], place: str) -> tuple[dict[str, Any], str]:
    while "$ref" in found:
        place = found["$ref"].removeprefix("#")
        found = document(contract)
        for part in place.split("/")[1:]:
            found = found[part.replace("~1", "/").replace("~0", "~")]
    return found, place


def _header_flaws(contract: str, response: dict[str, Any], place: str, answer: Answer) -> list[str]:
    found = []
    for name, declared in response.get("headers", {}).items():
        header, where = _followed(contract, declared, f"{place}/headers/{name}")
        text = answer.headers.get(name.lower())
        if text is None:
            found += [f"header {name} is missing"] if header.get("required") else []
            continue
        value = (
            int(text) if re.fullmatch("[0-9]+", text) and header["schema"].get("type") == "integer" else text
        )
        errors = _validator(contract, f"{where}/schema").iter_errors(value)
        found += [f"header {name}: {error.message}" for error in errors]
    return found


def _body_flaws(contract: str, response: dict[str, Any], place: str, answer: Answer) -> list[str]:
    media = answer.headers.get("content-type", "").partition(";")[0].lower()
    if media not in response["content"]:
        return [f"media type {media!r} is not declared"]
    pointer = f"{place}/content/{media.replace('/', '~1')}/schema"
    errors = _validator(contract, pointer).iter_errors(answer.content)
    return [f"{error.json_path}: {error.message[:120]}" for error in errors]
