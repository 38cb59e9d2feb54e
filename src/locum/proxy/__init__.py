"""Stands between clients and the real API: forwards, checks both sides, falls back to the stand-in.

Start with `relaying.py`; `forwarding.py` is the only module here that opens connections.
"""

from __future__ import annotations

from locum.proxy.forwarding import Forwarder, UpstreamError, open_forwarder
from locum.proxy.relaying import Proxy

__all__ = ["Forwarder", "Proxy", "UpstreamError", "open_forwarder"]
