"""Resources that a contract implies: recognised from its document, and kept in the session.

What was created can be read, listed, changed and deleted, without a script. Read `model.py` for the words,
`recognition.py` for how they are found, `playing.py` for what is done with them.
"""

from locum.behaviour.resources.inventing import Inventor
from locum.behaviour.resources.model import Part, Resource, Role
from locum.behaviour.resources.playing import Player, compile_player
from locum.behaviour.resources.recognition import Recognition

__all__ = ["Inventor", "Part", "Player", "Recognition", "Resource", "Role", "compile_player"]
