"""What a script starts with: its environment, its arguments, the files around it, and what known commands print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.formats.files import Files, WrittenFiles
from wharf.formats.shell.ran import Certainty, Given
from wharf.formats.span import Span
from wharf.formats.text import Text

Printed = Callable[[tuple[Text, ...]], Text | None]
"""What a command prints, by its words; None, where that is not known."""


@dataclass(frozen=True)
class Start:
    variables: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    """The environment: all of it reaches the programs that are run."""
    others: Given = Given.UNKNOWN
    """What of variables that are not named: UNSET where the environment is known whole, as in a CI job."""
    arguments: tuple[Text, ...] = ()
    files: Files = field(default_factory=lambda: WrittenFiles({}), hash=False)
    folder: str = ""
    """Where it runs, relative to the root of the repository."""
    printed: Printed = field(default=lambda _: None, hash=False)
    ends_on_failure: bool = False
    """`sh -e`, as CI systems start it."""
    certainty: Certainty = Certainty.ALWAYS
    via: tuple[Span, ...] = ()
    name: Text | None = None
    """`$0`: the path by which a script is called."""
    host: Text | None = None
    """Another machine that it runs on."""
    gone: frozenset[str] = frozenset()
    """Variables that are surely not set, whatever others are."""
