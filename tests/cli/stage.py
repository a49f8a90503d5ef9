"""A command run in surroundings of the test's own: what it ended with, and what it said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import click

from wharf.cli.main import main, root
from wharf.cli.surroundings import Surroundings

SLOWNESS = 15.0
"""A busy machine is no other world."""


class Terminal(StringIO):
    """A stream with a person in front of it."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str


def run(
    folder: Path, arguments: Sequence[str], environ: Mapping[str, str] | None = None, command: click.Command = root
) -> Outcome:
    """Where nobody looks: both streams are files, and the folder is a home, too."""
    out, err = StringIO(), StringIO()
    code = main(arguments, Surroundings(environ or {}, out, err, folder, home=folder, slowness=SLOWNESS), command)
    return Outcome(code, out.getvalue(), err.getvalue())
