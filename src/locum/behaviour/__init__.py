"""Decides what the stand-in does with a request; pure functions of values.

What lives here: checking, authorization, preferences, negotiation, refusals, answers.
What must not: disk, sockets, clocks, randomness, frameworks. Read `answer.py` first.
"""
