"""Handlers for the built-in contracts, one module each, on the public names of `locum` alone.

What lives here: what a vendor does that no document can say. What must not: anything another contract needs.
"""
