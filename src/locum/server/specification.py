"""A contract as Connexion wants to see it; the one file that touches Connexion's undocumented names.

Connexion 3.3 reads OpenAPI 3.0 only, checks the document with a slow validator, copies it several times
and inlines every reference, so a circular document never ends. `ContractSpecification` hands it a
contract that has been read already. `tests/server/test_specification.py` notices when a name used here
changes its meaning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connexion.middleware.main import API
from connexion.spec import OpenAPISpecification

if TYPE_CHECKING:
    from connexion import AsyncApp

    from locum.contract import Contract

__all__ = ["ContractSpecification", "register"]


class ContractSpecification(OpenAPISpecification):  # type: ignore[misc]  # Connexion is not annotated
    """A Connexion specification that carries a `Contract`.

    Its `paths` are empty on purpose: the layers that Connexion would build per operation are not used,
    and the application below the stand-in has nothing to serve.
    """

    def __init__(self, contract: Contract) -> None:
        document: dict[str, Any] = {"openapi": contract.openapi, "info": {}, "paths": {}, "components": {}}
        self._raw_spec = document
        self._spec = document
        self._base_uri = ""
        self.contract = contract


def register(app: AsyncApp, contract: Contract, *, name: str, base_path: str, **options: object) -> None:
    """Register *contract* on *app* as an API; *options* reach every `SpecMiddleware` of the stack.

    `AsyncApp.add_api` cannot be used: it names the class that reads the document itself.
    """
    middleware = app.middleware
    given = {**middleware.options.__dict__, **options}
    middleware.apis.append(API(ContractSpecification(contract), base_path=base_path, name=name, **given))
