"""The values of a verdict: what was sent and received, what was found, and the report of it all.

Suites make results, the engine collects them, reporters read the report: these values are all they share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from locum.behaviour.exchanges import Judgement
from locum.errors import Where

__all__ = [
    "ExitCode",
    "Finding",
    "Observed",
    "Received",
    "Report",
    "Result",
    "Sent",
    "Severity",
    "Step",
    "Untested",
    "id_of",
    "is_id",
]


class Severity(StrEnum):
    """What a finding does to the verdict."""

    #: The contract is broken: exit code 1.
    FAILURE = "failure"
    #: A vendor's habit that the contract's own source does not promise: told, exit code 0.
    WARNING = "warning"
    #: Within the tolerances of a real server: told, exit code 0.
    DEVIATION = "deviation"


class ExitCode:
    """How a verification ends."""

    KEPT = 0
    NEW_FAILURES = 1
    COULD_NOT_TEST = 2
    EXPIRED = 3
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request as it went out; *url* is whole, header values are as sent.

    Secrets are in it: whoever shows it to people replaces them (`redaction`).
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An answer as it came in; *headers* as sent, in order. *took_s* is until the last byte."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    took_s: float = 0.0
    http_version: str = "HTTP/1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One exchange of a finding; *received* is `None` when no answer came, *failure* then says why."""

    sent: Sent
    received: Received | None = None
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One exchange of the whole run, for coverage and traffic.

    *operation* is an operation id, `""` where the request belongs to none. *at_s* is since the epoch.
    *suite* names who sent it.
    """

    operation: str
    suite: str
    at_s: float
    step: Step


def id_of(identity: str) -> str:
    """Return the short name of an identity, whose last two characters follow from the others.

    >>> is_id(id_of("listPets schema.body body/*/id wrong-type"))
    True
    """
    return _checked(blake2b(identity.encode("utf-8", "replace"), digest_size=4).hexdigest())


def is_id(text: str) -> bool:
    """Tell whether *text* may be the short name of a finding: hardly any that is mistyped may.

    >>> is_id("0123456789"), is_id("")
    (False, False)
    """
    return text == _checked(text[:8])


def _checked(name: str) -> str:
    return name + blake2b(name.encode("utf-8", "replace"), digest_size=1).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault. Its identity is operation, rule, location and kind: a known failure covers that and no more.

    *rule* is the id of an invariant or relation, or a dotted name such as `schema.body`, `status.undeclared`.
    *location* is where in the request or the answer, without indexes: `query.limit`, `body/usage/*/iccid`.
    *kind* is what was done or seen: `missing`, `below-minimum`, `wrong-type`, `no-credential`, `pattern`, …
    *promise* is one sentence; *expected* and *received* only what differs. *steps* is the smallest sequence
    of exchanges that shows it, the telling one last. *where* is the place in the contract or its rules.
    """

    operation: str
    rule: str
    location: str = ""
    kind: str = ""
    severity: Severity = Severity.FAILURE
    promise: str
    expected: str = ""
    received: str = ""
    steps: tuple[Step, ...] = ()
    where: Where = Where()
    confidence: str = ""
    source: str = ""
    engine: str = "planner"

    @property
    def identity(self) -> str:
        """The identity in words, as a file of known failures keeps it."""
        return " ".join((self.operation or "-", self.rule, self.location or "-", self.kind or "-"))

    @property
    def id(self) -> str:
        """A short name of the identity, for `--replay`."""
        return id_of(self.identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one rule on one operation, over all its requests.

    *evaluated* counts the exchanges it was looked at on; *reason* says why it was not evaluated.
    """

    operation: str
    rule: str
    title: str
    suite: str
    judgement: Judgement
    evaluated: int = 0
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    where: Where = Where()
    took_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Untested:
    """Something that was not tested, and why: an operation, a status, a rule, an identity."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The verdict on one target.

    *statuses* counts answers by operation id and declared status key (`"200"`, `"4XX"`, `"default"`, or the
    bare status where none is declared). *known* are findings that the file of known failures covers,
    *expired* those whose entry has expired; *findings* are new ones, failures first. *reasons* tells why a
    finding is known, by identity.
    """

    contract: str
    version: str = ""
    document: str = ""
    url: str
    profile: str
    seed: str
    started_at_s: float
    took_s: float = 0.0
    requests: int = 0
    results: tuple[Result, ...] = ()
    findings: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    expired: tuple[Finding, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    declared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    untested: tuple[Untested, ...] = ()
    traffic: tuple[Observed, ...] = ()
    interrupted: bool = False
    #: Why nothing could be tested, `""` otherwise.
    obstacle: str = ""

    @property
    def exit_code(self) -> int:
        """The exit code of the process; never 0 when nothing was tested."""
        if self.interrupted:
            return ExitCode.INTERRUPTED
        if any(each.severity is Severity.FAILURE for each in self.findings):
            return ExitCode.NEW_FAILURES
        if self.obstacle:
            return ExitCode.COULD_NOT_TEST
        return ExitCode.EXPIRED if self.expired else ExitCode.KEPT
