"""Reads OpenAPI documents into a `Contract`; knows nothing else.

What lives here: the values of `model.py`, the reader that makes them, references, schema translation,
validation. What must not: HTTP servers, generation, disk (text is handed in by a `retrieve` callable).
"""
