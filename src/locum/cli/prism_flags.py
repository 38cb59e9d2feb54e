"""The flags that `prism mock` and `prism proxy` share, with their meaning, so that scripts keep working.

Source: Prism 5.14, commands/mock and sharedOptions; its flags are read by yargs, which takes a boolean as
`--cors`, `--cors=false`, `--cors false`, `--no-cors`, `-d=true`, and an option in camel or kebab case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from locum.settings import Settings

__all__ = ["PRISM_DEFAULTS", "VERBOSITY", "Yargs", "shared_flags", "spelled_out"]

_Command = TypeVar("_Command", bound="Callable[..., Any]")

_FILL: Final = "--json-schema-faker-fill-properties"
_BOOLEANS: Final = frozenset(
    {
        "--callbacks",
        "--cors",
        "--errors",
        "--dynamic",
        "--multiprocess",
        "--ignore-examples",
        "--stateful",
        _FILL,
    }
    | {"--validate-request", "--insecure"}
)
_SHORT: Final[Mapping[str, str]] = {"-d": "--dynamic", "-m": "--multiprocess"}
#: Short flags written together.
_BUNDLE: Final = re.compile(r"-[dm]{2,}")
_TRUTHS: Final = frozenset({"true", "false"})
VERBOSITY: Final[Mapping[str, int]] = {
    "trace": 2, "debug": 1, "info": 0, "warn": 0, "error": 0, "fatal": 0, "silent": -1,
}  # fmt: skip


def spelled_out(words: Sequence[str]) -> list[str]:
    """Return the command line with every flag in one spelling: kebab case, `--flag value`.

    >>> spelled_out(["api.yaml", "-d=true", "--no-cors", "--ignoreExamples"])
    ['api.yaml', '--dynamic', 'true', '--cors', 'false', '--ignore-examples', 'true']
    """
    return list(_spell(list(words)))


def _spell(words: list[str]) -> Iterator[str]:
    while words:
        word = words.pop(0)
        if word == "--":
            yield from (word, *words)
            return
        if _BUNDLE.fullmatch(word):
            words[:0] = [f"-{letter}" for letter in word[1:]]
            continue
        name, equals, value = word.partition("=")
        name = _SHORT.get(name, _kebab(name))
        if name.startswith("--no-") and "--" + name[5:] in _BOOLEANS:
            yield from ("--" + name[5:], "false")
        elif name in _BOOLEANS:
            following = words.pop(0) if not equals and words and words[0] in _TRUTHS else "true"
            yield from (name, value if equals else following)
        elif equals and name.startswith("-"):
            yield from (name, value)
        else:
            yield word if not name.startswith("--") else name


def _kebab(name: str) -> str:
    """Return a long flag in kebab case, anything else as it is."""
    if not name.startswith("--"):
        return name
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: "-" + found[1].lower(), name)


class Yargs(click.Command):
    """A command that takes its flags in every spelling yargs knows."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Spell the flags out before click sees them."""
        return super().parse_args(ctx, spelled_out(args))


#: Prism reloads unasked.
PRISM_DEFAULTS: Final = Settings(static=True, prism=True, stateful=False, watch=True, callbacks=True)

_FLAGS: Final = (
    click.option("-p", "--port", type=int, help="Port to listen on.  [default: 4010]"),
    click.option("-h", "--host", help="Address to listen on.  [default: 127.0.0.1]"),
    click.option("--cors", type=bool, help="Let pages of other origins call.  [default: true]"),
    click.option(
        "-m",
        "--multiprocess",
        type=bool,
        expose_value=False,
        help="Taken for the sake of scripts; one process serves.",
    ),
    click.option(
        "--errors", type=bool, help="Answer 500 when our own reply breaks the contract.  [default: false]"
    ),
    click.option(
        "-v",
        "--verbose-level",
        type=click.Choice(list(VERBOSITY)),
        default="info",
        help="How much is told; `debug` tells of each request.",
    ),
    click.option("-d", "--dynamic", type=bool, help="Generate values.  [default: false]"),
    click.option(
        _FILL, type=bool, expose_value=False, help="Taken for the sake of scripts; nothing is added."
    ),
    click.option("--ignore-examples", type=bool, help="Pass over the document's examples.  [default: false]"),
    click.option(
        "--stateful", type=bool, help="Keep what operations create, change and delete.  [default: false]"
    ),
    click.option("--seed", help="Same seed, same answers."),
    click.option("--examples-as-is", is_flag=True, default=None, help="As for `locum serve`."),
    click.option("--callbacks", type=bool, help="Send the callbacks of each call.  [default: true]"),
    click.option(
        "--callback-host",
        "callback_hosts",
        multiple=True,
        metavar="HOST",
        help="Send callbacks to this host too, not to this machine alone.",
    ),
    click.option("--client-patience", type=int, metavar="SECONDS", help="As for `locum serve`."),
    click.option("--overlay", multiple=True, metavar="FILE", help="As for `locum serve`."),
    click.option("--replay", multiple=True, metavar="PATH", help="As for `locum serve`."),
    click.option("--handlers", multiple=True, metavar="MODULE", help="As for `locum serve`."),
    click.option("--fixtures", type=click.Path(path_type=Path), metavar="DIR", help="As for `locum serve`."),
    click.option("--root", type=click.Path(path_type=Path), metavar="DIR", help="As for `locum serve`."),
    click.option("--allow-remote-refs", is_flag=True, default=None, help="As for `locum serve`."),
    click.option("--watch/--no-watch", default=None, help="Read again what changes.  [default: watch]"),
)


def shared_flags(command: _Command) -> _Command:
    """Give *command* the flags of both verbs, in their order."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return command
