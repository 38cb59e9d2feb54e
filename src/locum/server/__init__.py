"""Puts the stand-in on a socket: the only room that knows Connexion.

What lives here: the application, routing, the door between ASGI and our values, served documents, CORS, the
control API.
What must not: decisions about requests (room `behaviour`). Start with `app.py`, then `stand_in.py`.
"""

from locum.server.app import build_app, is_controlled, store_of
from locum.server.control import CONTROL_PATH
from locum.server.loopback import is_loopback

__all__ = ["CONTROL_PATH", "build_app", "is_controlled", "is_loopback", "store_of"]
