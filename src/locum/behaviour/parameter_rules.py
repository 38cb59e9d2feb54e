"""What is asked of the parameters of one location, and of the values that were read for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from locum.behaviour.judges import Judge
from locum.behaviour.model import Cause
from locum.behaviour.parameter_faults import missing_parameter
from locum.contract.coercion import shape_of
from locum.contract.model import JsonValue, Location, Operation, Parameter, Violation
from locum.contract.styles import UNREADABLE

__all__ = ["ParameterRules", "compile_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRules:
    """What is asked of the parameters of one location."""

    declared: Mapping[str, Parameter]
    required: tuple[str, ...]
    defaults: Mapping[str, JsonValue]
    judges: Mapping[str, Judge]

    def judge(
        self, values: dict[str, JsonValue], wrong: list[tuple[Cause, Violation]]
    ) -> dict[str, JsonValue]:
        """Return *values* with defaults filled in; add to *wrong* what is missing or invalid."""
        if not self.declared:
            return values
        missing = [self.declared[name] for name in self.required if name not in values]
        wrong += [(Cause.MISSING_PARAMETER, missing_parameter(each)) for each in missing]
        for name, parameter in self.declared.items():
            if name not in values:
                continue
            value = values[name]
            if name in self.judges:
                wrong.extend((Cause.INVALID_PARAMETER, each) for each in self._judged(parameter, value))
                continue
            if parameter.schema is None or parameter.schema.is_valid(value) or value is UNREADABLE:
                continue
            if value == "" and parameter.allow_empty:
                continue
            location = ("request", parameter.location.value, name)
            wrong.extend(
                (Cause.INVALID_PARAMETER, each) for each in parameter.schema.violations(value, *location)
            )
        return {**self.defaults, **values} if self.defaults else values

    def _judged(self, parameter: Parameter, value: JsonValue) -> Iterable[Violation]:
        """Yield what the parameter's own judge finds wrong; what could not be read is told already."""
        message = "" if value is UNREADABLE else self.judges[parameter.name](value)
        if message:
            location = ("request", parameter.location.value, parameter.name)
            yield Violation(location=location, keyword="syntax", message=message, place=parameter.place)


def compile_rules(operation: Operation, location: Location, judges: Mapping[str, Judge]) -> ParameterRules:
    """Compile what *operation* asks of the parameters at *location*; one that has a judge is left to it."""
    here = [each for each in operation.parameters if each.location is location]
    known = {each.name: each for each in here}
    spoken_for = {"accept", "content-type", "authorization"} if location is Location.HEADER else set[str]()
    # What the path template does not hold cannot be sent, whatever the document says.
    sendable = [
        each for each in here if location is not Location.PATH or f"{{{each.name}}}" in operation.route.path
    ]
    return ParameterRules(
        declared=known,
        required=tuple(
            each.name for each in sendable if each.required and each.name.lower() not in spoken_for
        ),
        defaults={each.name: default for each in here for default in _default(each)},
        judges={name: judge for name, judge in judges.items() if name in known},
    )


def _default(parameter: Parameter) -> Iterable[JsonValue]:
    """Return the default of a parameter that may be left out, if it is a valid one."""
    if parameter.schema is None or parameter.required:
        return
    shape = shape_of(parameter.schema.bundle())
    if shape.has("default") and parameter.schema.is_valid(shape.find("default")):
        yield shape.find("default")
