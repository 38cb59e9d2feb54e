"""Makes the headers a response declares: an example, a value usual for the header, or a generated one.

Headers that belong to the transport, or that would make a client misread the reply, are left to the shell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from locum.behaviour.contents import Generates
from locum.contract.coercion import shape_of
from locum.contract.delimiting import DELIMITERS
from locum.contract.model import Header, JsonValue, Schema
from locum.contract.writing import to_json, write_text
from locum.errors import ContractError, GenerationError
from locum.generation.model import Variant
from locum.generation.static import static_example

__all__ = ["MakeHeaders", "compile_headers", "is_written"]

#: Makes the headers of one reply for a stream.
MakeHeaders = Callable[[int], tuple[tuple[str, str], ...]]
_Make = Callable[[int], str]
_Usual = Callable[["Header", "Schema", Generates], _Make]

#: Said by the shell, or untrue if said here (RFC 9110, 6.6, 7.6, 8; RFC 9112, 6).
_LEFT_OUT: Final = frozenset(
    {"content-type", "content-length", "content-encoding", "transfer-encoding", "connection", "keep-alive"}
    | {"trailer", "upgrade", "te", "proxy-connection"}
)
#: Sent only when required, or shown by a valid example: made-up ones do harm.
_WITH_CARE: Final = frozenset({"set-cookie", "content-range", "link", "refresh", "www-authenticate"})
#: What to say where the schema leaves it open.
_USUAL: Final[Mapping[str, tuple[JsonValue, ...]]] = {
    "etag": ('"5d8c72a5edda8d6a"', "5d8c72a5edda8d6a"),
    "last-modified": ("Thu, 15 Feb 2024 12:00:00 GMT",),
    "expires": ("Thu, 15 Feb 2024 13:00:00 GMT",),
    "date": ("Thu, 15 Feb 2024 12:00:00 GMT",),
    "retry-after": (1, "1"),
    "cache-control": ("no-store",),
    "pragma": ("no-cache",),
    "vary": ("Accept",),
    "content-language": ("en",),
    "content-disposition": ("attachment",),
    "content-range": ("bytes 0-0/1",),
    "accept-ranges": ("none",),
    "www-authenticate": ("Bearer",),
    "access-control-allow-origin": ("*",),
    "link": ('</>; rel="self"',),
    "set-cookie": ("session=stand-in; Path=/; HttpOnly",),
}


def compile_headers(
    headers: Iterable[Header], generator: Generates, *, is_fixed: bool = False, allow: Callable[[], str] = str
) -> MakeHeaders:
    """Compile the declared headers of one response; one for which no value can be made is left out.

    Where *is_fixed* a header has the static value of its schema, if that is valid. *allow* gives what `Allow`
    says.
    """
    usual = _static if is_fixed else _generated
    makers = [(each.name, make) for each in headers for make in _maker(each, generator, usual, allow)]
    if not makers:
        return lambda _: ()
    return lambda stream: tuple((name, make(stream)) for name, make in makers)


def is_written(header: Header) -> bool:
    """Tell whether the document has a valid example of what *header* says."""
    try:
        return bool(_examples(header))
    except ContractError:
        return False


def _examples(header: Header) -> list[JsonValue]:
    """Return the valid examples of *header*, that of its schema last; raises `ContractError`."""
    of_schema = shape_of(header.schema.bundle()).find("example") if header.schema else None
    found = [*(each.value for each in header.examples), *([] if of_schema is None else [of_schema])]
    return _valid(found, header)


def _valid(values: Iterable[JsonValue], header: Header) -> list[JsonValue]:
    return [each for each in values if header.schema is None or header.schema.is_valid(each)]


def _maker(header: Header, generator: Generates, usual: _Usual, allow: Callable[[], str]) -> Iterable[_Make]:
    name = header.name.lower()
    if name in _LEFT_OUT or (name in _WITH_CARE and not header.required and not is_written(header)):
        return
    fixed = next(iter(_fixed(header, allow)), None)
    if fixed is not None:
        yield lambda _: fixed
    elif header.schema is not None:
        try:
            yield usual(header, header.schema, generator)
        except (GenerationError, ContractError):
            return


def _static(header: Header, schema: Schema, generator: Generates) -> _Make:
    value = static_example(schema.bundle())
    if not schema.is_valid(value):
        return _generated(header, schema, generator)
    text = _written(value, header)
    return lambda _: text


def _generated(header: Header, schema: Schema, generator: Generates) -> _Make:
    produce = generator.producer(schema.bundle(), variant=Variant.MINIMAL)
    return lambda stream: _written(produce(stream), header)


def _fixed(header: Header, allow: Callable[[], str]) -> Iterable[str]:
    """Return the texts that can be sent each time: valid examples, then what is usual."""
    try:
        for value in [*_examples(header), *_valid(_usual_values(header.name.lower(), allow), header)]:
            yield _written(value, header)
    except ContractError:  # the schema cannot be used; the reply can, without this header
        return


def _usual_values(name: str, allow: Callable[[], str]) -> tuple[JsonValue, ...]:
    """Return what the header *name* says where its schema leaves it open, as a text or a list."""
    if name != "allow":
        return _USUAL.get(name, ())
    text = allow()
    return (text, [*text.split(", ")])


def _written(value: JsonValue, header: Header) -> str:
    """Write *value* by the style `simple`, in the characters a header may have (RFC 9110, 5.5)."""
    if header.media_type is not None:
        text = to_json(value).decode()
    elif isinstance(value, list):
        text = DELIMITERS.get(header.style, ",").join(write_text(each) for each in value)
    elif isinstance(value, dict):
        between = "=" if header.explode else ","
        text = ",".join(f"{key}{between}{write_text(each)}" for key, each in value.items())
    else:
        text = write_text(value)
    return "".join(each if " " <= each <= "~" else "?" for each in text).strip()
