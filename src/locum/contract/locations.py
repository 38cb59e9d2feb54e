"""Where the files of a contract are, and which of them its document may name. Pure text.

A location is an absolute or relative path with forward slashes, or an `http(s)` URL. A `file:` URI is
turned into a path at once. Paths are never percent-encoded; references, which are, get decoded first.
"""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urljoin, urlsplit

__all__ = [
    "folder_of",
    "is_remote",
    "is_within",
    "join_location",
    "join_uri",
    "normal_location",
    "possible_locations",
    "stem_of",
]

REMOTE = re.compile(r"https?://", re.IGNORECASE)
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def is_remote(location: str) -> bool:
    """Tell whether reading *location* needs the network."""
    return REMOTE.match(location) is not None


def normal_location(location: str) -> str:
    """Return *location* in the one form under which files are remembered.

    >>> normal_location("file:///a/./b%20c.yaml")
    '/a/b c.yaml'
    """
    if is_remote(location):
        return location
    if location.lower().startswith("file:"):
        location = unquote(_path_of(location))
    return posixpath.normpath(location)


def join_location(base: str, reference: str) -> str | None:
    """Return what *reference* (without fragment) means in file *base*; `None` for a scheme nobody serves.

    >>> join_location("/api/root.yaml", "../common/a%20b.yaml")
    '/common/a b.yaml'
    """
    if is_remote(reference) or reference.lower().startswith("file:"):
        return normal_location(reference)
    if SCHEME.match(reference):
        return None
    if is_remote(base):
        return join_uri(base, reference)
    path = unquote(reference)
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path))


def join_uri(base: str, reference: str) -> str:
    """Return what *reference* means below *base* (RFC 3986, 5); as it is where one of them is no URI.

    >>> join_uri("http://a/b", "c"), join_uri("http://a/b", "http://[c")
    ('http://a/c', 'http://[c')
    """
    try:
        return urljoin(base, reference)
    except ValueError:  # a bracket that does not close
        return reference


def possible_locations(target: str, absolute: str, own: str, location: str) -> tuple[str, ...]:
    """Return where the file may be that *target* names in the file at *location*, likeliest first.

    The file calls itself *own*, so that *target* means *absolute*; a document that was copied with its
    neighbours still finds them. Last comes what *target* means to those who know nothing of such names.

    >>> possible_locations("b.yaml", "https://x.io/v1/b.yaml", "https://x.io/v1/a.yaml", "/api/a.yaml")
    ('/api/b.yaml', 'https://x.io/v1/b.yaml')
    """
    folder = folder_of(own)
    moved = None
    if is_within(absolute, folder):
        moved = join_location(location, absolute[len(folder) :].lstrip("/") if folder else absolute)
    fetched = absolute if is_remote(absolute) else None
    found = (moved, fetched, join_location(location, target))
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _path_of(uri: str) -> str:
    try:
        return urlsplit(uri).path
    except ValueError:
        return uri


def folder_of(location: str) -> str:
    """Return the folder *location* stands in."""
    return join_uri(location, ".").rstrip("/") if is_remote(location) else posixpath.dirname(location)


def is_within(location: str, folder: str) -> bool:
    """Tell whether *location* stands in *folder* or below it.

    >>> is_within("/api/x.yaml", "/api"), is_within("/apis/x.yaml", "/api"), is_within("../x.yaml", "")
    (True, False, False)
    """
    if folder in ("", "."):
        return not (location.startswith(("/", "../")) or is_remote(location))
    return location.startswith(folder.rstrip("/") + "/")


def stem_of(location: str) -> str:
    """Return the file name of *location* without its suffixes."""
    name = posixpath.basename(_path_of(location) if is_remote(location) else location)
    return name.split(".")[0] or name
