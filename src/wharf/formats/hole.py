"""What cannot be known from what is written, and why not."""

from enum import Enum
from typing import NamedTuple

from wharf.formats.span import Span


class Unknown(Enum):
    """Why something is not known. `subject` of a reason is what is named in angle brackets here."""

    SECRET = "secret"  # noqa: S105 - a kind of reason
    """The secret <name> is not in the repository."""
    VARIABLE = "variable"
    """The variable <name> is kept in the settings of the CI, not in the repository."""
    INPUT = "input"
    """The input <name> is given by whoever starts the run."""
    ENVIRONMENT = "environment"
    """The environment variable <name> is given by whoever runs the script, or by the machine."""
    OUTPUT = "output"
    """<what> is the output of a step that is not understood."""
    COMMAND = "command"
    """It is what the command <command> prints."""
    REMOTE = "remote"
    """<address> stands in another repository."""
    RUN = "run"
    """<what> is known only while the run goes on."""
    EVENT = "event"
    """<what> depends on what happened."""
    FILE = "file"
    """The file <path> is not here or cannot be read."""
    EITHER = "either"
    """It depends on <what> which of several ways is taken."""
    SYNTAX = "syntax"
    """<text> is not understood."""
    FAILURE = "failure"
    """The step or the reading fails, and <why>."""
    TOO_MUCH = "too much"
    """<what> has grown beyond its bound."""


class Reason(NamedTuple):
    kind: Unknown
    subject: str

    def __str__(self) -> str:
        return f"{self.kind.value}: {self.subject}"


class Hole(NamedTuple):
    """A part of a text that is not known. `span` is where the part is asked for."""

    reason: Reason
    span: Span | None = None
