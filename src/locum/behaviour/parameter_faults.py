"""What is told of parameters and bodies that are missing, or had better not be sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from locum.behaviour.model import RawRequest
from locum.contract.model import Location, Parameter, Violation

__all__ = ["MISSING_BODY", "deprecated_parameter", "missing_parameter", "undecodable_in_path"]

#: What stands in a decoded path for bytes that are not UTF-8.
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"

MISSING_BODY: Final = Violation(
    location=("request", "body"), keyword="required", message="is required", expected="a body"
)


def deprecated_parameter(parameter: Parameter) -> Violation:
    """Return the warning that a deprecated parameter was sent."""
    return Violation(
        location=("request", parameter.location.value, parameter.name),
        keyword="deprecated",
        message="is deprecated",
        place=parameter.place,
        is_warning=True,
    )


def missing_parameter(parameter: Parameter) -> Violation:
    """Return the violation of a required parameter that was not sent."""
    return Violation(
        location=("request", parameter.location.value, parameter.name),
        keyword="required",
        message="is required",
        expected=f"the {parameter.location.value} parameter {parameter.name!r}",
        received="nothing",
        place=parameter.place,
    )


def undecodable_in_path(raw: RawRequest, parameters: Iterable[Parameter]) -> Iterator[Violation]:
    """Yield a violation for each path parameter that is not UTF-8 behind its percent-encoding."""
    if not raw.path_values:
        return
    if not any(_REPLACED in text for text in raw.path_values.values()) or _is_utf8(raw.path):
        return
    for parameter in parameters:
        if parameter.location is Location.PATH and _REPLACED in raw.path_values.get(parameter.name, ""):
            yield Violation(
                location=("request", parameter.location.value, parameter.name),
                keyword="style",
                message="is not UTF-8 behind its percent-encoding",
                expected="percent-encoded UTF-8",
                received=raw.path_values[parameter.name][:100],
                place=parameter.place,
            )


def _is_utf8(path: str) -> bool:
    try:
        unquote_to_bytes(path).decode()
    except UnicodeDecodeError:
        return False
    return True
