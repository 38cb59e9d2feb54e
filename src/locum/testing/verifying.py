"""The suites of a verification as tests: one for each operation and suite, out of one run on the server."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

from locum.behaviour.calls import Call
from locum.behaviour.exchanges import Judgement
from locum.catalog import Entry, Reading, load
from locum.errors import Diagnostic, SettingsError, UnreachableError, nearest
from locum.testing.terms import found_in
from locum.verify.baseline import apply, read_baseline
from locum.verify.bench import Profile
from locum.verify.engine import run
from locum.verify.model import Report, Severity
from locum.verify.plan import JUDGES, SUITES
from locum.verify.preparing import Wish, prepare, redaction_of
from locum.verify.reports import prepared
from locum.verify.reports.told import story
from locum.verify.selection import Choice
from locum.verify.target import Limits

__all__ = ["VERIFY_KEYWORDS", "Case", "Conclusion", "cases_of", "conclude", "verdict_on"]

_JUDGED: Final = (Judgement.HELD, Judgement.BROKEN)


@dataclass(frozen=True, slots=True)
class Case:
    """One operation, `""` for what belongs to none, and one suite."""

    operation: str
    suite: str

    def __str__(self) -> str:
        return f"{self.operation or 'api'}-{self.suite}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What a test says of its case: it fails with *failures*, else is skipped for the reason *unseen*."""

    failures: str = ""
    warnings: str = ""
    unseen: str = ""


def cases_of(contract: str, said: Mapping[str, Any], folders: Iterable[Path]) -> list[Case]:
    """Return every case of *contract*. Raises as `load`, and for a keyword that does not exist."""
    faults = [_unknown(name) for name in said if name not in VERIFY_KEYWORDS]
    if faults:
        raise SettingsError(*faults)
    entry = _entry(contract, said, folders)
    suites = [*(each.name for each in SUITES), *(_name(each) for each in JUDGES)]
    operations = [route.operation_id for route in entry.contract.routes]
    return [Case(operation, suite) for operation in (*operations, "") for suite in suites]


def verdict_on(  # noqa: PLR0913 -- what a marker says, and what is known around it
    contract: str,
    url: str,
    said: Mapping[str, Any],
    folders: Iterable[Path],
    *,
    environment: Mapping[str, str],
    today: date,
) -> Report:
    """Return what was found on the server at *url*, secrets left out. Raises any error of the tree."""
    folders = tuple(folders)
    subject = prepare(_entry(contract, said, folders), _wish(url, said, folders, environment))
    first = subject.target.send(Call(method="GET", path="/"))
    if first.received is None:
        told = f"nothing answers at {url}: {first.failure}"
        raise UnreachableError(Diagnostic(code="testing.unreachable", message=told))
    report = run(subject, SUITES, JUDGES)
    if "baseline" in said:
        known = read_baseline(Path(found_in(str(said["baseline"]), folders)))
        report = apply(report, known, today)
    return prepared(report, redaction_of(subject), folder=str(Path.cwd()))


def conclude(report: Report, case: Case) -> Conclusion:
    """Return what *report* says of *case*."""
    if report.obstacle:
        return Conclusion(failures=f"nothing could be tested: {report.obstacle}")
    results = [
        each for each in report.results if (each.operation, each.suite) == (case.operation, case.suite)
    ]
    new = {each.identity for each in (*report.findings, *report.expired)}
    found = [each for result in results for each in result.findings if each.identity in new]
    told = {
        fails: "\n\n".join(
            "\n".join(story(each, report)) for each in found if (each.severity is Severity.FAILURE) is fails
        )
        for fails in (True, False)
    }
    reasons = dict.fromkeys(each.reason for each in results if each.reason)
    is_seen = any(each.judgement in _JUDGED for each in results)
    unseen = "" if is_seen else "; ".join(reasons) or "there was nothing to look at"
    return Conclusion(failures=told[True], warnings=told[False], unseen=unseen)


def _entry(contract: str, said: Mapping[str, Any], folders: Iterable[Path]) -> Entry:
    folder = said.get("fixtures")
    fixtures = None if folder is None else Path(found_in(str(folder), folders))
    return load(found_in(contract, folders), Reading(fixtures=fixtures))


def _wish(url: str, said: Mapping[str, Any], folders: Iterable[Path], environment: Mapping[str, str]) -> Wish:
    files = {
        name: Path(found_in(str(said[name]), folders)) if name in said else None
        for name in ("credentials", "values")
    }
    return Wish(
        url=url,
        profile=Profile(said.get("profile", Profile.QUICK)),
        seed=str(said.get("seed", "0")),
        credentials=files["credentials"],
        values=files["values"],
        headers=tuple(said.get("headers", {}).items()),
        limits=Limits(seconds=said.get("max_time"), per_s=said.get("per_s")),
        choice=Choice(include=_texts(said.get("include", ())), exclude=_texts(said.get("exclude", ()))),
        allow_writes=said.get("allow_writes", False),
        is_strict=said.get("strict"),
        environment=environment,
    )


#: What the marker `locum_verify` takes beside the contract and `url`.
VERIFY_KEYWORDS: Final = frozenset(
    {"url", "profile", "seed", "credentials", "values", "headers", "max_time", "per_s", "include", "exclude"}
    | {"allow_writes", "strict", "baseline", "fixtures"}
)


def _texts(given: Any) -> tuple[str, ...]:  # noqa: ANN401 -- what a marker says
    return (given,) if isinstance(given, str) else tuple(given)


def _name(judge: Callable[..., Any]) -> str:
    return cast("str", getattr(judge, "__name__", "judge"))


def _unknown(name: str) -> Diagnostic:
    close = nearest(name, VERIFY_KEYWORDS)
    hint = f"did you mean `{close}`?" if close else f"it takes: {', '.join(sorted(VERIFY_KEYWORDS))}"
    message = f"the marker `locum_verify` takes no `{name}`"
    return Diagnostic(code="testing.wrong-marker", message=message, hint=hint)
