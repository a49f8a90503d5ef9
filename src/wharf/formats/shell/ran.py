"""What is known of a script after it was followed: the commands that it runs, and the files that it writes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from wharf.formats.hole import Hole
from wharf.formats.span import Span
from wharf.formats.text import Text


class Certainty(Enum):
    """Whether it happens."""

    ALWAYS = "always"
    PERHAPS = "perhaps"

    def and_(self, other: "Certainty") -> "Certainty":
        return Certainty.ALWAYS if self is other is Certainty.ALWAYS else Certainty.PERHAPS


class Failing(Enum):
    """What becomes of the script when the command fails."""

    ENDS = "ends"
    """The script ends with it (`set -e`, or it is the last one)."""
    PASSED_OVER = "passed over"
    """Nobody looks."""
    DECIDES = "decides"
    """Another way is taken: `if`, `while`, `&&`, `||`."""


@dataclass(frozen=True)
class Ran:
    """One command with all that was expanded in it."""

    words: tuple[Text, ...]
    """The program and its arguments; at least one."""
    span: Span
    environment: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """Variables that reach the program: those of the environment, exported ones, and those set before its name."""
    stdin: Text | None = None
    """Where a heredoc, a here-string or a known command before a pipe gives it."""
    stdout: Text | None = None
    """The file that its output goes to, with `/dev/null` for silence."""
    silent: bool = False
    """What it says of errors is thrown away (`2>/dev/null`, `&>/dev/null`)."""
    certainty: Certainty = Certainty.ALWAYS
    failing: Failing = Failing.PASSED_OVER
    is_asked: bool = False
    """The script looks at whether it fails: `if`, `&&`, `||`, whatever comes of that."""
    is_read: bool = False
    """The script takes what it prints: `$(…)`, a pipe."""
    host: Text | None = None
    """The other machine that it runs on, by ssh."""
    folder: str = ""
    """Where it runs, relative to the root of the repository, as far as that is known."""
    is_elsewhere: bool = False
    """It may run outside of the repository; `folder` says nothing then."""
    via: tuple[Span, ...] = ()
    """Where the script was called that it stands in, the outermost first."""

    @property
    def program(self) -> str | None:
        """The name without its folder."""
        name = self.words[0].value
        return name.rsplit("/", 1)[-1] if name is not None else None


@dataclass(frozen=True)
class Written:
    """A file that a script writes."""

    path: Text
    content: Text
    span: Span
    certainty: Certainty = Certainty.ALWAYS
    appended: bool = False
    host: Text | None = None


class Given(Enum):
    """What was known of a variable when it was expanded."""

    SET = "set"
    EMPTY = "empty"
    UNSET = "unset"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Defaulted:
    """One `${NAME:-default}` or a sister of it, as it was met."""

    name: str
    default: Text
    operator: str
    """`:-`, `-`, `:=`, `=`, `:+`, `+`, `:?`, `?`."""
    given: Given
    span: Span
    host: Text | None = None


@dataclass(frozen=True)
class Lost:
    """A variable that is asked for and not there, because a command on the way there passed nothing on."""

    name: str
    span: Span
    by: Span
    """The `ssh` or `sudo` that did not."""
    program: str
    host: Text | None = None


@dataclass(frozen=True)
class Followed:
    ran: tuple[Ran, ...] = ()
    written: tuple[Written, ...] = ()
    defaulted: tuple[Defaulted, ...] = ()
    undecided: tuple[Hole, ...] = ()
    """What could not be followed, beside holes in the texts themselves."""
    lost: tuple[Lost, ...] = ()
