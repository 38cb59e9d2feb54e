"""What is told of parameters and bodies that are missing, or had better not be sent."""

from __future__ import annotations

from typing import Final

from locum.contract.model import Parameter, Violation

__all__ = ["MISSING_BODY", "deprecated_parameter", "missing_parameter"]

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
