"""Puts the credential of an identity into a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from locum.behaviour.calls import Call, authorized

if TYPE_CHECKING:
    from locum.contract.model import Operation
    from locum.verify.bench import Bench

__all__ = ["opened"]


def opened(call: Call, operation: Operation | None, bench: Bench, identity: str | None) -> Call:
    """Return *call* with the credential of *identity*: `None` is whoever opens the operation, `""` nobody.

    A header of the call stands before that of an identity of the same name.
    """
    if identity == "":
        return call
    given = bench.identities.headers if identity is None else ()
    own = {name.lower() for name, _ in call.headers}
    whole = call
    # A call that has the tester's own credential already, since it was sent before, keeps it.
    telling = {(each.parameter or "").lower() for each in bench.contract.security_schemes.values()}
    is_open = any(name.lower() in own & (telling | {"authorization", "cookie"}) for name, _ in given)
    if operation is not None and operation.security and not is_open:
        found = authorized(call, operation, bench.contract, bench.fixtures, identity)
        whole = found if found is not None else call
    for name, text in given:
        if name.lower() not in own:
            whole = whole.with_header(name, text)
    return whole
