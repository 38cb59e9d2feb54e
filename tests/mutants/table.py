"""The tables of faults and variants, and the requests that show a fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ryaml import loads  # type: ignore[attr-defined]  # its stub exports nothing

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
GROUPS = {"A": "structure", "B": "protocol", "C": "meaning", "D": "security", "S": "state"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that can be wrong with a server, and what shows it."""

    id: str
    contract: str
    rests: str
    says: str
    shown: tuple[str, ...]

    @property
    def group(self) -> str:
        """The letter of its group."""
        return self.id[0]

    @property
    def confidence(self) -> str:
        """How sure it is that this is a fault: the last capitals of *rests*, RFC standing for standards."""
        return "RFC" if self.rests.startswith("RFC") else self.rests.split()[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way for a server to be different and right."""

    id: str
    contracts: tuple[str, ...]
    rests: str
    says: str


@cache
def faults() -> tuple[Fault, ...]:
    """Return all faults, in the order of the table."""
    entries = _table("faults.yaml")["faults"]
    return tuple(Fault(**{**entry, "shown": tuple(entry["shown"])}) for entry in entries)


@cache
def variants() -> tuple[Variant, ...]:
    """Return all variants, in the order of the table."""
    entries = _table("variants.yaml")["variants"]
    return tuple(Variant(**{**entry, "contracts": tuple(entry["contracts"])}) for entry in entries)


@cache
def _table(name: str) -> Any:  # noqa: ANN401 - any YAML; the dataclasses hold its shape
    return read_yaml(HERE / name)


def read_yaml(path: Path) -> Any:  # noqa: ANN401 - any YAML
    """Return what a YAML file says."""
    return loads(path.read_text())


def document_of(contract: str) -> Path:
    """Return the document of *contract*: built in, or of the bench alone."""
    ours = HERE / "documents" / f"{contract}.yaml"
    return ours if ours.exists() else ROOT / "openapi" / f"{contract}.yaml"


def fixtures_of(contract: str) -> Path:
    """Return the folder that says who may call *contract*."""
    ours = HERE / "documents" / contract
    return ours if ours.exists() else ROOT / "fixtures" / contract


@cache
def secrets(contract: str) -> Mapping[str, str]:
    """Return what `Authorization` says for each credential of the stand-in's fixtures."""
    given = read_yaml(fixtures_of(contract) / "contract.yaml")["credentials"]
    return {
        each["id"]: each["secret"] if each["scheme"] == "apiKey" else f"Bearer {each['secret']}"
        for each in given
    }


def request_of(shown: str, contract: str) -> tuple[bytes, int]:
    """Return the bytes of a request of the table, and how often it is to be sent.

    The header `X-Times` says how often, and is not sent. The credentials `-` and `=` send none of their own.
    Behind `<<<` stands a body of JSON.
    """
    shown, _, body = shown.partition(" <<< ")
    line, *more = (part.strip() for part in shown.split(" | "))
    words = line.split(" ")
    credential, method, target = words[0], "GET" if len(words) == 2 else words[1], words[-1]
    for name, text in {**_table("faults.yaml")["targets"], "x1600": "x" * 1600}.items():
        target = target.replace("{" + name + "}", str(text))
    headers = {name: text for name, _, text in (header.partition(": ") for header in more)}
    times = int(headers.pop("X-Times", "1"))
    if credential not in "-=":
        headers["Authorization"] = secrets(contract)[credential]
    if body:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body.encode()))}
    lines = [
        f"{method} {target} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {text}" for name, text in headers.items()),
    ]
    return ("\r\n".join([*lines, "", ""]) + body).encode(), times
