"""Tries every answer a document declares before a client does: which schema has no value, and who suffers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from locum.behaviour.negotiation import choose_response
from locum.contract.contract import Contract
from locum.contract.model import MediaType, Operation
from locum.errors import ContractError, Diagnostic, GenerationError, Severity
from locum.generation import Generator

__all__ = ["Trial", "try_answers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How many operations answer, and what stands in the way of the others."""

    usable: int
    diagnostics: tuple[Diagnostic, ...]


def try_answers(contract: Contract) -> Trial:
    """Make a value for every declared answer of every operation.

    An operation is usable when the answer to a plain valid request can be made. A schema without values is
    an error where it makes an operation unusable, else a warning; references to one place count once.
    """
    generator, found = Generator(), dict[tuple[str, str], Diagnostic]()
    usable = 0
    for operation in contract.readable_operations():
        plain = choose_response(operation, None)
        chosen = plain[1].content if isinstance(plain, tuple) else ()
        faults = list(_faults(operation, contract, generator))
        broken = {media.name for media, _ in faults if media in chosen}
        is_usable = not chosen or len(broken) < len(chosen)
        usable += is_usable
        for media, fault in faults:
            severity = Severity.WARNING if is_usable or media not in chosen else Severity.ERROR
            found.setdefault((str(fault.where), fault.code), replace(fault, severity=severity))
    return Trial(usable=usable, diagnostics=tuple(found.values()))


def _faults(
    operation: Operation, contract: Contract, generator: Generator
) -> Iterator[tuple[MediaType, Diagnostic]]:
    for response in operation.responses:
        for media in response.content:
            try:
                if media.schema is not None and not _has_example(media):
                    generator.producer(media.schema.bundle())
            except ContractError as error:  # told by `inspect_contract`; here it counts alone
                yield media, error.diagnostics[0]
            except GenerationError as error:
                yield media, _located(error.diagnostics[0], media, contract)


def _located(fault: Diagnostic, media: MediaType, contract: Contract) -> Diagnostic:
    """Return *fault*, whose pointer leads into a bundle, with its place in the document."""
    if media.schema is None:
        return fault
    return replace(fault, where=contract.where(media.schema.place_of(fault.where.pointer)))


def _has_example(media: MediaType) -> bool:
    return media.schema is not None and any(media.schema.is_valid(each.value) for each in media.examples)
