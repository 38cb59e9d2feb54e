"""Server Objects (3.1.1, 4.8.5): base URLs and their variables."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping

from locum.contract.model import Server
from locum.contract.node import Node

__all__ = ["read_servers"]

VARIABLE = re.compile(r"\{([^{}]+)\}")
#: Combinations of variables that are worth listing; the default is always the first.
MOST_URLS = 64


def read_servers(node: Node) -> tuple[Server, ...]:
    """Read a list of servers; `()` where none is given."""
    return tuple(read_server(each) for each in node.elements() if is_server(each))


def is_server(node: Node) -> bool:
    """Tell whether an item can be read, reporting if not."""
    if isinstance(node.value, dict):
        return True
    node.complain("an object with url")
    return False


def read_server(node: Node) -> Server:
    """Read one server, its variables filled in."""
    url = node.text("url", "/")
    choices = {name: read_variable(name, node) for name in dict.fromkeys(VARIABLE.findall(url))}
    filled = (
        fill(url, dict(zip(choices, values, strict=True)))
        for values in itertools.islice(itertools.product(*choices.values()), MOST_URLS)
    )
    left = {
        name: values[0] if node.get("variables").get(name).get("enum").value else f"{{{name}}}"
        for name, values in choices.items()
    }
    return Server(
        url=url,
        urls=tuple(dict.fromkeys(filled)),
        open_url=fill(url, left),
        description=node.text("description"),
    )


def read_variable(name: str, node: Node) -> tuple[str, ...]:
    """Return the values of a variable, the default first; an undeclared one stands for its name."""
    variable = node.get("variables").get(name)
    if not isinstance(variable.value, dict):
        node.library.warn(node.place, "server-variable", f"the server variable {{{name}}} is not declared")
        return (name,)
    values = [str(each.value) for each in variable.get("enum").elements()]
    default = variable.text("default")
    if "default" not in variable:
        node.library.warn(variable.place, "server-variable", f"the server variable {{{name}}} has no default")
        return tuple(dict.fromkeys(values)) or (name,)
    return tuple(dict.fromkeys([default, *values]))


def fill(url: str, values: Mapping[str, str]) -> str:
    """Return *url* with its variables replaced."""
    return VARIABLE.sub(lambda found: values[found[1]], url)
