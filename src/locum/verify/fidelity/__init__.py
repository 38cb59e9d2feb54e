"""Tells where a mock and the real server answer differently: one plan, played on both.

What lives here: the plan, the shapes of answers, their differences as findings, recordings of real answers,
and what the contract would have to say. What must not: serving the mock, whose address is handed in.
Read `comparing.py` first.
"""

from locum.verify.fidelity.comparing import compare, played
from locum.verify.fidelity.proposals import propose
from locum.verify.fidelity.recording import Played, Recording, read_recording, write_recording
from locum.verify.fidelity.refusal_proposals import refusal_edits

__all__ = [
    "Played",
    "Recording",
    "compare",
    "played",
    "propose",
    "read_recording",
    "refusal_edits",
    "write_recording",
]
