"""Holds a real implementation to a contract and tells what it breaks; the only room that knows Schemathesis.

Suites play requests against a target and yield results; the engine makes a report of them; reporters write
it down. What must not live here: serving, the command line. Read `model.py` first.
"""
