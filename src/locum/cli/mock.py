"""`locum mock`: stands in for one API with the flags and manners of `prism mock`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from locum.cli.prism_flags import PRISM_DEFAULTS, VERBOSITY, Yargs, shared_flags
from locum.cli.standing_in import stand_in
from locum.settings import read_settings

__all__ = ["mock"]


@click.command(cls=Yargs, epilog="\b\nExample:\n  locum mock their-api.yaml --dynamic --port 8080")
@click.argument("document")
@shared_flags
def mock(document: str, verbose_level: str, **flags: object) -> None:
    """Stand in for the API of DOCUMENT, a file or an address, with the flags of `prism mock`."""
    given = {**flags, "contracts": (document,), "verbosity": VERBOSITY[verbose_level]}
    stand_in(read_settings(given, environment=os.environ, folder=Path.cwd(), defaults=PRISM_DEFAULTS))
