from __future__ import annotations

import pytest

from locum.cli.prism_flags import spelled_out


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("api.yaml", "api.yaml"),
        ("api.yaml -p 4011", "api.yaml -p 4011"),
        ("api.yaml -p=4011", "api.yaml -p 4011"),
        ("api.yaml --port=4011", "api.yaml --port 4011"),
        ("-d api.yaml", "--dynamic true api.yaml"),
        ("-d=true api.yaml", "--dynamic true api.yaml"),
        ("--dynamic false api.yaml", "--dynamic false api.yaml"),
        ("--dynamic=false api.yaml", "--dynamic false api.yaml"),
        ("--cors=false api.yaml", "--cors false api.yaml"),
        ("--no-cors api.yaml", "--cors false api.yaml"),
        ("--errors api.yaml", "--errors true api.yaml"),
        ("--ignoreExamples api.yaml", "--ignore-examples true api.yaml"),
        ("--ignore-examples api.yaml", "--ignore-examples true api.yaml"),
        (
            "--json-schema-faker-fillProperties=false api.yaml",
            "--json-schema-faker-fill-properties false api.yaml",
        ),
        ("--verboseLevel debug api.yaml", "--verbose-level debug api.yaml"),
        ("-dm api.yaml", "--dynamic true --multiprocess true api.yaml"),
        ("-m false api.yaml", "--multiprocess false api.yaml"),
        ("-- -d", "-- -d"),
    ],
)
def test_a_flag_is_taken_in_every_spelling_of_yargs(written: str, meant: str) -> None:
    """A script written for Prism is understood as it stands."""
    assert " ".join(spelled_out(written.split())) == meant
