"""Puts the stand-in on a socket: the only room that knows Connexion.

What lives here: the application, routing, the door between ASGI and our values, served documents, CORS.
What must not: decisions about requests (room `behaviour`). Start with `app.py`, then `stand_in.py`.
"""

from locum.server.app import build_app

__all__ = ["build_app"]
