"""Turns schemas into values: compiled producers, seeded, with a Faker vocabulary.

What lives here: producers, pools, patterns, vocabulary, static examples, media types.
What must not: disk, sockets, clocks, global randomness, OpenAPI documents (schemas arrive self-contained).
Start with `generator.py`; `media.py` writes values as bodies.
"""

from locum.generation.generator import Generator
from locum.generation.json_schema_faker import faker_options
from locum.generation.media import complete_type, encode, encoder, is_json
from locum.generation.model import GenerationSettings, Producer, Variant
from locum.generation.static import static_example
from locum.generation.streams import mix, stable_seed
from locum.generation.vocabulary import DEFAULT_VOCABULARY, Vocabulary

__all__ = [
    "DEFAULT_VOCABULARY",
    "GenerationSettings",
    "Generator",
    "Producer",
    "Variant",
    "Vocabulary",
    "complete_type",
    "encode",
    "encoder",
    "faker_options",
    "is_json",
    "mix",
    "stable_seed",
    "static_example",
]
