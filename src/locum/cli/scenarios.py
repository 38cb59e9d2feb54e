"""`locum scenarios`: everything that can be made to go wrong, with lines to try, and the proof."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import click

from locum.behaviour.scenarios import Scenario
from locum.catalog import Entry, Reading, attach_handlers, installed_handlers, load_all
from locum.cli.curl import write_curl
from locum.cli.plays import Play, Way, catalogue
from locum.cli.proving import Verdict, own_server, prove

__all__ = ["scenarios"]

_URL: Final = "http://127.0.0.1:4010"
_Listed = list[tuple[Scenario, list[Play]]]


@click.command(epilog="\b\nExample:\n  locum scenarios their-api.yaml --check")
@click.argument("contracts", nargs=-1, metavar="[NAME|DOCUMENT]...")
@click.option("--json", "as_json", is_flag=True, help="Print the catalogue, or the verdicts, as JSON.")
@click.option("--check", "checks", is_flag=True, help="Play every scenario against a server.")
@click.option("--url", help=f"The server to play against.  [default: one of its own; for lines {_URL}]")
@click.option("--derived/--no-derived", default=True, help="With what the document alone tells.")
@click.option("--only", metavar="ID|NAME", help="Only scenarios whose id or name begins like this.")
@click.option("--fixtures", type=click.Path(path_type=Path), metavar="DIR", help="As for `locum serve`.")
def scenarios(  # noqa: PLR0913 -- one for each flag
    contracts: Sequence[str],
    *,
    as_json: bool,
    checks: bool,
    url: str | None,
    derived: bool,
    only: str | None,
    fixtures: Path | None,
) -> None:
    """List what can be made to go wrong with a contract: by a request of itself, and by force.

    A scenario is forced on one request by the header `Prefer: scenario=NAME` or the query `__scenario=NAME`,
    and on a session by the control API. With `--check`: exit code 0 when all hold, else 1.
    """
    loaded = load_all(contracts, Reading(fixtures=fixtures))
    entries, _ = attach_handlers(loaded, list(installed_handlers(entry.name for entry in loaded)))
    listed = {entry.name: list(_chosen(catalogue(entry), derived=derived, only=only)) for entry in entries}
    if not checks:
        _tell(entries, listed, (url or _URL).rstrip("/"), as_json=as_json)
        return
    silent = [each.id for rows in listed.values() for each, plays in rows if not plays]
    if silent:
        click.echo(f"not played, since no request can be made for them: {', '.join(silent)}", err=True)
    if url is not None:
        verdicts = _proved(entries, listed, url.rstrip("/"))
    else:
        words = [*contracts, *(["--fixtures", str(fixtures)] if fixtures else [])]
        with own_server(words) as own:
            verdicts = _proved(entries, listed, own)
    sys.exit(_conclude(verdicts, as_json=as_json))


def _chosen(listed: _Listed, *, derived: bool, only: str | None) -> Iterator[tuple[Scenario, list[Play]]]:
    start = (only or "").lower()
    for scenario, plays in listed:
        is_meant = scenario.id.lower().startswith(start) or scenario.name.startswith(start)
        if is_meant and (derived or not scenario.is_derived):
            yield scenario, plays


def _proved(entries: Sequence[Entry], listed: Mapping[str, _Listed], url: str) -> list[Verdict]:
    plays = [
        (play, f"{url}{entry.base_path}")
        for entry in entries
        for _, plays in listed[entry.name]
        for play in plays
    ]
    return prove(plays, url)


def _conclude(verdicts: Sequence[Verdict], *, as_json: bool) -> int:
    kept = sum(verdict.holds for verdict in verdicts)
    share = 100 * kept // len(verdicts) if verdicts else 100
    if as_json:
        told = [_verdict_as_json(verdict) for verdict in verdicts]
        click.echo(json.dumps({"verdicts": told, "hold": kept, "of": len(verdicts)}, indent=2))
    else:
        for verdict in verdicts:
            if not verdict.holds:
                play = verdict.play
                place = f"{play.scenario.contract} {play.operation_id}"
                click.echo(f"{play.scenario.id} {play.scenario.name} ({play.way}, {place}):")
                for fault in verdict.faults:
                    click.echo(f"  {fault}")
                click.echo(f"  {play.call.method} {play.call.target}")
        click.echo(f"{kept} of {len(verdicts)} hold ({share} %)")
    return 0 if kept == len(verdicts) else 1


def _tell(entries: Sequence[Entry], listed: Mapping[str, _Listed], url: str, *, as_json: bool) -> None:
    if as_json:
        told = [
            _as_json(scenario, plays, f"{url}{entry.base_path}")
            for entry in entries
            for scenario, plays in listed[entry.name]
        ]
        click.echo(json.dumps(told, indent=2))
        return
    for entry in entries:
        click.echo(f"{entry.name}: {len(listed[entry.name])} scenarios\n")
        for scenario, plays in listed[entry.name]:
            status = scenario.status or "-"
            click.echo(f"{scenario.id}  {scenario.name}  {status}  {scenario.title}")
            for way, line in _lines(plays, f"{url}{entry.base_path}"):
                click.echo(f"  {way:8} {line}")
        click.echo("")


def _lines(plays: Sequence[Play], url: str) -> Iterator[tuple[Way, str]]:
    """Yield a line for each natural request, and one by force."""
    forced = next((play for play in plays if play.way is Way.FORCED), None)
    for play in [*(play for play in plays if play.way is Way.NATURAL), *([forced] if forced else [])]:
        yield play.way, write_curl(play.call, url, ("-i", "-g"))


def _as_json(scenario: Scenario, plays: Sequence[Play], url: str) -> dict[str, object]:
    return {
        "id": scenario.id,
        "name": scenario.name,
        "title": scenario.title,
        "contract": scenario.contract,
        "operations": sorted({play.operation_id for play in plays}),
        "status": scenario.status,
        "natural": [line for way, line in _lines(plays, url) if way is Way.NATURAL],
        "forced": next((line for way, line in _lines(plays, url) if way is Way.FORCED), None),
        "source": scenario.source or None,
        "confidence": scenario.confidence or None,
    }


def _verdict_as_json(verdict: Verdict) -> dict[str, object]:
    play = verdict.play
    return {
        "scenario": play.scenario.id,
        "name": play.scenario.name,
        "contract": play.scenario.contract,
        "operation": play.operation_id,
        "way": play.way.value,
        "holds": verdict.holds,
        "faults": list(verdict.faults),
    }
