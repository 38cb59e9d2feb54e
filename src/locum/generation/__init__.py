"""Turns schemas into values: compiled producers, seeded, with a Faker vocabulary.

What lives here: producers, pools, patterns, vocabulary, static examples, media types.
What must not: disk, sockets, clocks, global randomness, OpenAPI documents (schemas arrive self-contained).
"""
