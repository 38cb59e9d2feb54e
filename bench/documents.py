"""The documents that are measured: one contract of five operations, with examples, without, and in copies.

`python bench/documents.py FOLDER` writes all of them as JSON. Nothing here starts a server.
Read `document.yaml` next: it is the contract, written by hand.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = [
    "PAGE_SIZE",
    "SIZES",
    "Document",
    "answer_schema",
    "plain",
    "scaled",
    "with_examples",
    "write_documents",
]

Document = dict[str, Any]

PAGE_SIZE: Final = 100
#: Numbers of operations of the scaled copies.
SIZES: Final = (10, 100, 1000, 5000)
_HERE: Final = Path(__file__).parent
_JSON: Final = "application/json"


def plain() -> Document:
    """Return the contract without a single example: a mock has to make up every value."""
    document: Document = yaml.safe_load((_HERE / "document.yaml").read_bytes())
    return document


def with_examples() -> Document:
    """Return the contract with one good example per answer: a mock may send the same body for ever."""
    document = plain()
    examples = yaml.safe_load((_HERE / "examples.yaml").read_bytes())
    examples["listUsage"] = _page(examples["listUsage"])
    for operation in _operations(document):
        operation["responses"]["200"]["content"][_JSON]["example"] = examples[operation["operationId"]]
    return document


def scaled(count: int) -> Document:
    """Return a plain document of *count* operations, each five of which have schemas of their own.

    The first five are the plain document's, at the same paths, so the same request opens every copy.
    """
    document = plain()
    original = json.dumps({"paths": document["paths"], "schemas": document["components"]["schemas"]})
    for number in range(1, -(-count // len(document["paths"]))):
        group = json.loads(original.replace('"#/components/schemas/', f'"#/components/schemas/G{number}'))
        for path, item in group["paths"].items():
            for operation in item.values():
                operation["operationId"] += f"G{number}"
            document["paths"][f"/group{number}{path}"] = item
        document["components"]["schemas"] |= {
            f"G{number}{name}": each for name, each in group["schemas"].items()
        }
    return document


def answer_schema(document: Document, operation_id: str) -> Document:
    """Return the schema of the 200 answer as one JSON Schema that carries the components it refers to."""
    operation = next(each for each in _operations(document) if each["operationId"] == operation_id)
    schema = operation["responses"]["200"]["content"][_JSON]["schema"]
    return {**schema, "components": document["components"]}


def write_documents(folder: Path) -> Mapping[str, Path]:
    """Write every document into *folder* and return the paths by name: `plain`, `examples`, `10` … `5000`."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = {"plain": plain(), "examples": with_examples()} | {str(size): scaled(size) for size in SIZES}
    written = {}
    for name, document in documents.items():
        written[name] = folder / f"{name}.json"
        written[name].write_text(json.dumps(document), encoding="utf-8")
    return written


def _operations(document: Document) -> list[Document]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def _page(record: Document) -> Document:
    records = []
    for number in range(PAGE_SIZE):
        each = copy.deepcopy(record)
        each["simId"] = f"{number:09}"
        each["bytes"] += number
        records.append(each)
    return {"records": records, "total": 4242, "limit": PAGE_SIZE, "offset": 0}


if __name__ == "__main__":
    for path in write_documents(
        Path(sys.argv[1] if len(sys.argv) > 1 else "bench/results/documents")
    ).values():
        sys.stdout.write(f"{path.stat().st_size:>10,} bytes  {path}\n")
