"""Placeholder docstring, written with the room."""
