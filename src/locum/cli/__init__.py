"""The command line: verbs, each in a module of its own that is loaded when it is called.

What lives here: flags, narration, exit codes, reloading. What must not: deciding what is answered.
A new verb is a module and a line in `VERBS` of `main.py`.
"""

from locum.cli.main import main

__all__ = ["main"]
