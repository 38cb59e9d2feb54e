"""A document and its fixtures, written to disk."""

from __future__ import annotations

from pathlib import Path

import pytest

DOCUMENT = """\
openapi: 3.1.0
info: {title: Pets, version: '1'}
servers:
- url: https://pets.example/api/v2/
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
paths:
  /pets:
    get:
      operationId: listPets
      responses: {'200': {description: All}}
"""


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Return the path of a document that nothing lies beside."""
    path = tmp_path / "pets.yaml"
    path.write_text(DOCUMENT)
    return path
