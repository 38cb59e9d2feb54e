"""Stand-ins inside of a test run: built once, a session for each test, by transports or a live server.

What lives here: all that the pytest plugin does but the hooks of pytest themselves (`pytest_plugin.py`), so
that the plugin costs nothing until a test asks for a stand-in. What must not: the command line.
Read `stand_in.py` first.
"""

from locum.testing.stages import Stages
from locum.testing.stand_in import LocumFixture
from locum.testing.terms import Terms, read_terms

__all__ = ["LocumFixture", "Stages", "Terms", "read_terms"]
