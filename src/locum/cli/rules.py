"""`locum rules suggest`: rules that a document looks like it means, to be confirmed by its author."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click
import yaml

from locum.behaviour.rule_suggestions import Suggestion, suggest_rules
from locum.catalog import Reading, load

__all__ = ["rules"]

_PARTS: Final = ("requires", "opaque", "invariants", "relations")


@click.group(epilog="\b\nExample:\n  locum rules suggest their-api.yaml > fixtures/their-api/invariants.yaml")
def rules() -> None:
    """Propose rules that the schemas of a document cannot say."""


@rules.command(epilog="\b\nExample:\n  locum rules suggest their-api.yaml")
@click.argument("document", metavar="DOCUMENT|NAME")
@click.option("--json", "as_json", is_flag=True, help="Print the proposals as JSON.")
@click.option(
    "--root", type=click.Path(path_type=Path), metavar="DIR", help="Folder that references may not leave."
)
@click.option("--allow-remote-refs", is_flag=True, help="Follow http(s) references.")
def suggest(document: str, *, as_json: bool, root: Path | None, allow_remote_refs: bool) -> None:
    """Propose dependencies, opaque values, invariants and relations, each with its reason, as YAML.

    Names of parameters and shapes of answers are looked at. Keep what is meant, delete the rest, then see
    by `locum check` what of it the stand-in can show.
    """
    entry = load(document, Reading(root=root, allow_remote_refs=allow_remote_refs))
    found = suggest_rules(entry.contract)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2))
    else:
        click.echo("\n".join(_sheet(found)))


def _sheet(found: Sequence[Suggestion]) -> Iterator[str]:
    if not found:
        yield "# Nothing in this document looks like a rule."
        return
    yield "# Proposed, not promised: keep what is meant, delete the rest."
    for part in _PARTS:
        chosen = [each for each in found if each.part == part]
        if chosen:
            yield f"{part}:"
        for each in chosen:
            yield f"  # {each.operation}: {each.reason}."
            written = yaml.safe_dump([each.rule], sort_keys=False, width=100, allow_unicode=True)
            yield from (f"  {line}" for line in written.splitlines())
