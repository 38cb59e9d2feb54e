"""Fetches the files a contract is made of: the only place that opens a document.

Read `read_contract` (room `contract`) for who decides which references may be followed; what is decided
here is how much is read, from where, and for how long.
"""

from __future__ import annotations

import stat
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote, urlsplit
from urllib.request import OpenerDirector, Request

__all__ = ["STANDARD_INPUT", "Retriever", "is_url", "path_of"]

#: The name that stands for what comes by standard input.
STANDARD_INPUT: Final = "-"
_TIMEOUT_S: Final = 20.0
_REMOTE: Final = ("http", "https")


def is_url(text: str) -> bool:
    """Tell whether *text* is an http(s) address."""
    return text.partition("://")[0].lower() in _REMOTE


def path_of(uri: str) -> Path:
    """Return the local path *uri* stands for: a path as it is, or what a `file:` URI names (RFC 8089)."""
    parts = urlsplit(uri)
    return Path(unquote(parts.path)) if parts.scheme == "file" else Path(uri)


@dataclass(slots=True)
class Retriever:
    """Maps a URI to the bytes behind it, and remembers which local files were asked for.

    *limit* is the largest size in bytes. Addresses are fetched when they share the origin of *home*,
    or any when *allow_remote* is set. Raises `OSError` saying why a file cannot be had.
    """

    limit: int
    allow_remote: bool = False
    home: str = ""
    _files: set[Path] = field(default_factory=set)

    def __call__(self, uri: str) -> bytes:
        """Return the bytes behind *uri*."""
        try:
            return self._fetch(uri) if is_url(uri) else self._read(path_of(uri))
        except ValueError as error:  # a bracket that does not close, a port of letters, a NUL
            raise OSError(f"this is no address: {error}") from error

    def files(self) -> frozenset[Path]:
        """Return the local files asked for so far, missing ones included."""
        return frozenset(self._files)

    def _read(self, path: Path) -> bytes:
        if self.home == STANDARD_INPUT and path == Path(STANDARD_INPUT).absolute():
            if sys.stdin is None:  # closed by whoever started this, as by `<&-`
                raise OSError("standard input is closed")
            return self._within(_all_of(sys.stdin.buffer, self.limit + 1))
        self._files.add(path.absolute())
        found = path.stat()
        # A pipe or a device would be read without an end, or wait for ever.
        if not stat.S_ISREG(found.st_mode):
            raise OSError("this is not a regular file")
        with path.open("rb") as file:
            return self._bounded(file)

    def _fetch(self, uri: str) -> bytes:
        self._permit(uri)
        request = Request(uri, headers={"Accept": "application/yaml, application/json, */*"})  # noqa: S310 -- the scheme was checked by `is_url`
        try:
            with _opener(self._permit).open(request, timeout=_TIMEOUT_S) as reply:
                return self._bounded(reply)
        except urllib.error.HTTPError as error:
            raise OSError(f"the host answered {error.code} {error.reason}") from error
        except urllib.error.URLError as error:
            raise OSError(f"the host cannot be reached: {error.reason}") from error
        except HTTPException as error:
            raise OSError(f"the host's answer cannot be read: {error}") from error

    def _permit(self, uri: str) -> None:
        if not is_url(uri):
            raise PermissionError(f"{uri} is neither http nor https")
        if not self.allow_remote and _origin(uri) != _origin(self.home):
            raise PermissionError(f"{uri} is on another host; --allow-remote-refs fetches it")

    def _bounded(self, source: IO[bytes]) -> bytes:
        return self._within(source.read(self.limit + 1))

    def _within(self, content: bytes) -> bytes:
        if len(content) > self.limit:
            raise OSError(f"the file is larger than {self.limit:,} bytes")
        return content


@lru_cache(maxsize=1)
def _all_of(source: IO[bytes], most: int) -> bytes:
    """Return *most* bytes of *source*, which can be read once only and is asked again when documents are."""
    return source.read(most)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirection only to where the first address might have pointed."""

    def __init__(self, permit: Callable[[str], None]) -> None:
        self._permit = permit

    def redirect_request(  # noqa: PLR0913, PLR0917 -- the signature is urllib's
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        self._permit(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(permit: Callable[[str], None]) -> OpenerDirector:
    # Built by hand: the default opener also knows file:, ftp: and data:.
    opener = OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(permit),
    ):
        opener.add_handler(handler)
    return opener


def _origin(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.scheme.lower(), parts.netloc.lower()
