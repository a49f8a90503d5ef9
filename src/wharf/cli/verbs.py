"""A group of commands, each in a module of its own that is imported when the command is used.

Importing all verbs to run one of them would cost more than most of them take.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

import click

from wharf.oci.nearness import nearest


class Verb(NamedTuple):
    """Where a command is written, and what it is for: known without importing it."""

    module: str
    purpose: str
    heading: str = "Commands"
    stands_as: str = ""
    """What it is called in its module, where it has not its own name: `list` is a word of the language, too."""


class Verbs(click.Group):
    def __init__(self, name: str, verbs: Mapping[str, Verb], about: str, epilog: str = "") -> None:
        settings = {"help_option_names": ["-h", "--help"]}
        super().__init__(name, help=about, epilog=epilog, no_args_is_help=True, context_settings=settings)
        self.verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        verb = self.verbs.get(cmd_name)
        if verb is None:
            return None
        command: click.Command = getattr(import_module(verb.module), verb.stands_as or cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        near = [] if args[0] in self.verbs or ctx.resilient_parsing else nearest(args[0], self.verbs, 1)
        if near:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        widest = max(map(len, self.verbs), default=0)
        for heading in dict.fromkeys(verb.heading for verb in self.verbs.values()):
            with formatter.section(heading):
                below = [(name, verb) for name, verb in self.verbs.items() if verb.heading == heading]
                formatter.write_dl([(name.ljust(widest), verb.purpose) for name, verb in below])
