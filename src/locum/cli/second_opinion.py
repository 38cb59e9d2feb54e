"""What openapi-spec-validator, an independent reader, finds in a document beyond our own findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, Protocol, cast
from urllib.parse import unquote, urlsplit

from jsonschema.exceptions import ValidationError
from openapi_spec_validator import (
    OpenAPIV2SpecValidator,
    OpenAPIV30SpecValidator,
    OpenAPIV31SpecValidator,
    OpenAPIV32SpecValidator,
)

from locum.catalog import Retriever
from locum.cli.opinion_places import places_of
from locum.contract.contract import Contract
from locum.contract.limits import Limits
from locum.contract.model import JsonValue, Place
from locum.contract.source import read_source
from locum.errors import Diagnostic, Severity

__all__ = ["second_opinion"]


class _Validator(Protocol):
    def iter_errors(self) -> Iterator[ValidationError]: ...


_VALIDATORS: Final[Mapping[str, type]] = {
    "2.": OpenAPIV2SpecValidator,
    "3.0": OpenAPIV30SpecValidator,
    "3.1": OpenAPIV31SpecValidator,
    "3.2": OpenAPIV32SpecValidator,
}
#: More findings than this help nobody.
_MOST: Final = 100
#: A message may quote a large part of the document first; its end says what is wrong.
_LONGEST: Final = 200


def second_opinion(contract: Contract, own: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return what the other reader finds at places where *own* says nothing.

    It is given the files our reader has read, and nothing else: no network, no other file.
    """
    kind = next((kind for start, kind in _VALIDATORS.items() if contract.openapi.startswith(start)), None)
    if kind is None or not contract.files:
        return ()
    told = {each.where.pointer for each in own}
    try:
        found = list(islice(_validator(kind, contract).iter_errors(), _MOST))
    except Exception as error:  # noqa: BLE001 -- it may fail in any way on a document it does not understand
        return (_gave_up(contract, error),)
    sharpened = [_sharpened(each) for each in found]
    fresh = [
        (error, next((place for place in places if not _is_told(place, told)), None))
        for error, places in zip(sharpened, places_of(contract.document, sharpened), strict=True)
    ]
    return tuple(
        dict.fromkeys(_diagnostic(contract, error, place) for error, place in fresh if place is not None)
    )


def _validator(kind: type, contract: Contract) -> _Validator:
    read = _reader_of(contract.files)
    handlers = dict.fromkeys(("<all_urls>", "http", "https", "file"), read)
    confined = type(kind.__name__, (kind,), {"resolver_handlers": handlers})
    return cast("_Validator", confined(contract.document, base_uri=f"file://{contract.files[0]}"))


def _reader_of(files: Iterable[str]) -> Callable[[str], JsonValue]:
    known = frozenset(files)

    def read(uri: str) -> JsonValue:
        path = unquote(urlsplit(uri).path)
        if path not in known:
            raise FileNotFoundError(uri)
        return read_source(Retriever(limit=Limits().file_bytes)(path), path, Limits()).value

    return read


def _sharpened(error: ValidationError) -> ValidationError:
    """Return the most particular reason below an error that only says "fits none of these"."""
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return error


def _is_told(pointer: str, told: Iterable[str]) -> bool:
    return any(place == pointer or (pointer and place.startswith(pointer + "/")) for place in told)


def _diagnostic(contract: Contract, error: ValidationError, pointer: str) -> Diagnostic:
    # What follows the first line repeats the document.
    message = error.message.partition("\n")[0]
    return Diagnostic(
        code="check.second-opinion",
        message=message if len(message) <= _LONGEST else f"… {message[-_LONGEST:]}",
        where=contract.where(Place(uri=contract.files[0], pointer=pointer)),
        hint="found by openapi-spec-validator",
    )


def _gave_up(contract: Contract, error: Exception) -> Diagnostic:
    return Diagnostic(
        code="check.no-second-opinion",
        message=f"openapi-spec-validator could not look through the document: {type(error).__name__}",
        where=contract.where(Place(uri=contract.files[0], pointer="")),
        hint="what locum itself found is complete without it",
        severity=Severity.WARNING,
    )
