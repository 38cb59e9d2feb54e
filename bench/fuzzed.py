"""Has Schemathesis play documents against our server; every failure that is left needs an explanation.

`python bench/fuzzed.py FOLDER...` takes each document below the folders that stands for itself, serves it by
`locum mock` and by `locum serve`, and runs all phases and all checks. What the document explains by itself is
found out here, by rules; the rest is looked up in `fuzzed.toml`. A failure without explanation ends with 1.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from fuzzing import Failure, Play, Played, play, read
from report import table

from locum.catalog import Entry
from locum.contract.model import Operation
from locum.errors import LocumError

_HERE: Final = Path(__file__).parent
_SUFFIXES: Final = frozenset({".json", ".yaml", ".yml"})
#: Statuses by which an operation may declare that a request was wrong, by what was sent instead.
_ALIKE: Final[Mapping[int, tuple[int, ...]]] = {
    400: (400, 422),
    401: (401, 403),
    403: (403, 401),
    404: (404, 410),
    406: (406,),
    413: (413, 422, 400),
    415: (415, 422, 400),
    422: (422, 400),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A failure of one document in one mode, and what explains it; `""` is nothing."""

    document: str
    mode: str
    failure: Failure
    reason: str


def main() -> int:
    """Play all documents; exit with 1 when a failure has no explanation, or a document had no verdict."""
    given = _options()
    files = sorted({each for folder in given.documents for each in _documents(folder)})
    if not files:
        sys.stderr.write("no document below the folders given\n")
        return 2
    entries = tomllib.loads((_HERE / "fuzzed.toml").read_text(encoding="utf-8"))["explained"]
    jobs = [(file, mode) for file in files for mode in given.modes]
    verdicts: list[Verdict] = []
    rows: list[tuple[str, ...]] = []
    troubles: list[str] = []
    with ThreadPoolExecutor(given.jobs) as pool:
        for (file, mode), (played, entry) in zip(
            jobs, pool.map(lambda job: _play(*job, given), jobs), strict=True
        ):
            name = _name(file, given.root)
            found = [_judged(name, mode, each, entry, entries) for each in played.failures]
            verdicts += found
            rows.append(_row(name, mode, played, found))
            troubles += [f"{name} ({mode}): {played.trouble}"] if played.trouble else []
            sys.stderr.write(f"{' | '.join(rows[-1])}\n")
    sys.stdout.write(_tables(rows, verdicts))
    bad = [each for each in verdicts if not each.reason]
    for each in bad:
        told = " ".join(each.failure.message.split())[:300]
        sys.stdout.write(f"\nunexplained: {each.document} ({each.mode}) {each.failure.operation}\n  {told}\n")
    for trouble in troubles:
        sys.stdout.write(f"\nno verdict: {trouble}\n")
    return int(bool(bad or troubles))


def _documents(folder: Path) -> Iterator[Path]:
    for each in [folder] if folder.is_file() else sorted(folder.rglob("*")):
        if each.suffix in _SUFFIXES and each.is_file():
            text = each.read_text(encoding="utf-8", errors="replace")
            if (
                re.search(r"""^[\s{]*["']?(openapi|swagger)["']?\s*:""", text, re.MULTILINE)
                and "paths" in text
            ):
                yield each


def _name(file: Path, root: Path) -> str:
    return str(file.relative_to(root)) if file.is_relative_to(root) else file.name


def _play(file: Path, mode: str, given: argparse.Namespace) -> tuple[Played, Entry | None]:
    """Play one document, or read what was kept of it, and keep what was found."""
    kept = given.output / f"{re.sub(r'[^A-Za-z0-9.-]', '_', f'{_name(file, given.root)}-{mode}')}.json"
    asked = Play(
        document=file,
        root=given.root,
        mode=mode.split(),
        seed=given.seed,
        examples=given.examples,
        most=given.most,
        seconds=given.seconds,
    )
    entry = read(asked)
    if given.again and kept.is_file():
        told = json.loads(kept.read_text(encoding="utf-8"))
        failures = tuple(Failure(**each) for each in told["failures"])
        return Played(**told | {"failures": failures}), entry
    played = play(asked, entry) if entry else Played(trouble="not read")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(asdict(played), indent=1), encoding="utf-8")
    return played, entry


def _judged(
    name: str, mode: str, failure: Failure, entry: Entry | None, entries: Sequence[Mapping[str, Any]]
) -> Verdict:
    operation = _operation(entry, failure.operation)
    rules = (_undeclared, _bare, _failing)
    by_rule = next((why for rule in rules if operation and (why := rule(failure, operation))), "")
    title = entry.contract.title if entry else ""
    by_hand = next((each["because"] for each in entries if _speaks(each, title, mode, failure)), "")
    return Verdict(document=name, mode=mode, failure=failure, reason=by_rule or by_hand)


def _operation(entry: Entry | None, label: str) -> Operation | None:
    for route in entry.contract.routes if entry else ():
        if f"{route.method.value} {route.path}" == label:
            try:
                return entry.contract.operation(route) if entry else None
            except LocumError:
                return None
    return None


def _undeclared(failure: Failure, operation: Operation) -> str:
    """Explain a refusal for which the operation declares no status at all."""
    told = re.search(r"Undocumented status code.*?Received: (\d+)", failure.message, re.DOTALL)
    status = int(told[1]) if told else 0
    if status not in _ALIKE or any(operation.response_for(each) for each in _ALIKE[status]):
        return ""
    asks = {
        401: bool(operation.security),
        403: bool(operation.security),
        404: "{" in operation.route.path,
    }.get(status, bool(operation.parameters or operation.request_body))
    return _UNDECLARED[status] if asks else ""


_WRONG: Final = "no status is declared for a request that is wrong"
_UNDECLARED: Final[Mapping[int, str]] = {
    400: _WRONG,
    401: "credentials are asked for, and no status is declared for those who have none",
    403: "scopes are asked for, and no status is declared for those who lack one",
    404: "what is deleted has to be gone, and no status is declared for that",
    406: "no status is declared for a client that takes no type there is",
    413: _WRONG,
    415: _WRONG,
    422: _WRONG,
}


def _bare(failure: Failure, operation: Operation) -> str:
    """Explain an answer without a type where the response has no schema, and hence no content (2.0)."""
    if "Missing Content-Type" not in failure.message:
        return ""
    status = json.loads(failure.exchange or "{}").get("response", {}).get("status_code", 0)
    spec = operation.response_for(status)
    return (
        "`produces` is declared, but the response has no schema, hence no content"
        if spec and not spec.content
        else ""
    )


def _failing(failure: Failure, operation: Operation) -> str:
    """Explain why a right request fails where the operation declares nothing but errors."""
    if failure.kind != "positive_data_acceptance":
        return ""
    declared = {each.status.upper() for each in operation.responses}
    return "" if any(each[0] in "23D" for each in declared) else "the operation declares errors alone"


def _speaks(entry: Mapping[str, Any], title: str, mode: str, failure: Failure) -> bool:
    """Tell whether an entry of `fuzzed.toml` speaks of *failure*."""
    return (
        entry["check"] == failure.kind
        and mode in entry.get("modes", [mode])
        and title in entry.get("titles", [title])
        and failure.operation in entry.get("operations", [failure.operation])
        and re.search(entry.get("says", ""), failure.message) is not None
    )


def _row(name: str, mode: str, played: Played, found: Sequence[Verdict]) -> tuple[str, ...]:
    operations = str(played.operations)
    if played.chosen < played.operations:
        operations = f"{played.chosen} of {played.operations}"
    return (
        name,
        mode,
        operations,
        f"{played.cases:,}{' (cut)' if played.is_cut else ''}",
        str(sum(bool(each.reason) for each in found)),
        str(sum(not each.reason for each in found)),
    )


def _tables(rows: Sequence[tuple[str, ...]], verdicts: Sequence[Verdict]) -> str:
    played = table(
        "What Schemathesis holds against the server, by document",
        ("document", "mode", "operations", "requests", "explained", "unexplained"),
        rows,
    )
    counts = Counter((each.mode, each.failure.kind, each.reason or "(none)") for each in verdicts)
    documents = {
        key: len(
            {
                each.document
                for each in verdicts
                if (each.mode, each.failure.kind, each.reason or "(none)") == key
            }
        )
        for key in counts
    }
    reasons = table(
        "Why, by check",
        ("mode", "check", "explanation", "operations", "documents"),
        [(*key, str(count), str(documents[key])) for key, count in sorted(counts.items())],
    )
    return f"{played}\n{reasons}\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("documents", nargs="+", type=Path, help="documents, or folders of them")
    parser.add_argument("--root", type=Path, help="folder that references may not leave, and names are below")
    parser.add_argument("--modes", nargs="+", default=["mock", "serve"], help="verbs with their flags")
    parser.add_argument("--examples", type=int, default=15, help="of one operation in the random phase")
    parser.add_argument("--most", type=int, default=40, help="operations of a document; the rest is left out")
    parser.add_argument("--seconds", type=int, default=600, help="for one document in one mode")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time")
    parser.add_argument(
        "--output", type=Path, default=_HERE / "results" / "fuzzed", help="what was found, whole"
    )
    parser.add_argument("--again", action="store_true", help="judge what was found before, where it was kept")
    given = parser.parse_args()
    first = given.documents[0]
    given.root = (given.root or (first if first.is_dir() else first.parent)).resolve()
    given.documents = [each.resolve() for each in given.documents]
    return given


if __name__ == "__main__":
    sys.exit(main())
