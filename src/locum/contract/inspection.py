"""Everything that is wrong with a contract, for `locum check`: reads and compiles all of it."""

from __future__ import annotations

from collections.abc import Iterator

from locum.contract.contract import Contract
from locum.contract.diagnostics import diagnostic_at
from locum.contract.model import Example, Header, MediaType, Operation, Schema, Violation
from locum.errors import ContractError, Diagnostic, Severity

__all__ = ["inspect_contract"]


def inspect_contract(contract: Contract, *, with_examples: bool = True) -> tuple[Diagnostic, ...]:
    """Return every diagnostic of *contract*, by file and line, each once.

    Those of the root, of each operation and schema, and each example that breaks its own schema; the last are
    warnings, and dear where examples are long.
    """
    found: dict[Diagnostic, None] = {}
    for route in contract.routes:
        try:
            operation = contract.operation(route)
        except ContractError as error:
            found.update(dict.fromkeys(error.diagnostics))
            continue
        for schema, examples in schemas_of(operation):
            found.update(dict.fromkeys(inspect_schema(schema, examples if with_examples else ())))
    found.update(
        dict.fromkeys((*contract.diagnostics, *contract.list_diagnostics(), *contract.look_closely()))
    )
    return tuple(sorted(contract.locate(found), key=reading_order))


def reading_order(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    """Sort as a reader meets them."""
    where = diagnostic.where
    return where.file, where.line or 0, where.column or 0, diagnostic.code + diagnostic.message


def schemas_of(operation: Operation) -> Iterator[tuple[Schema, tuple[Example, ...]]]:
    """Yield each schema of *operation* with the examples given for it."""
    described: list[Header | MediaType] = []
    if operation.request_body is not None:
        described.extend(operation.request_body.content)
    for response in operation.responses:
        described.extend((*response.headers, *response.content))
    for each in (*operation.parameters, *described):
        if each.schema is not None:
            yield each.schema, each.examples


def inspect_schema(schema: Schema, examples: tuple[Example, ...]) -> Iterator[Diagnostic]:
    """Yield what is wrong with a schema, or with its examples."""
    try:
        schema.is_valid(None)
        for example in examples:
            for violation in schema.violations(example.value)[:1]:
                yield example_diagnostic(example, violation)
    except ContractError as error:
        yield from error.diagnostics


def example_diagnostic(example: Example, violation: Violation) -> Diagnostic:
    """Say how an example breaks its schema."""
    member = ".".join(str(part) for part in violation.location)
    name = f"the example {example.name!r}" if example.name else "the example"
    message = f"{name} breaks its schema: {member or 'it'} {violation.message}"
    received = f"found {violation.received}" if violation.received else ""
    return diagnostic_at(example.place, "example", message, hint=received, severity=Severity.WARNING)
