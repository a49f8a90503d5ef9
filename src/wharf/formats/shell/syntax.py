"""What a script of sh or bash is made of. Each part is cut out of the script, so that it knows where it stands."""

from dataclasses import dataclass
from typing import NamedTuple

from wharf.formats.hole import Hole
from wharf.formats.span import Span
from wharf.formats.text import Text


class Literal(NamedTuple):
    """Characters that stand for themselves. Quoted ones are no patterns, and never fall apart into words."""

    text: Text
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$NAME`, `${NAME:-word}` and their sisters."""

    name: str
    is_quoted: bool
    text: Text
    """As it is written."""
    operator: str = ""
    operand: "Word | None" = None
    second: "Word | None" = None
    """What is put in by `${NAME/pattern/text}`, or the length in `${NAME:offset:length}`."""
    index: "Word | None" = None
    is_length: bool = False
    is_indirect: bool = False


class Substitution(NamedTuple):
    """`$(...)`: what the commands print."""

    body: "Script"
    is_quoted: bool
    text: Text


class Arithmetic(NamedTuple):
    """`$((...))`: a number."""

    body: "Word"
    is_quoted: bool
    text: Text


class Channel(NamedTuple):
    """`<(...)`: the name of a file that holds what the commands print."""

    body: "Script"
    is_quoted: bool
    text: Text


Part = Literal | Parameter | Substitution | Arithmetic | Channel


@dataclass(frozen=True, slots=True)
class Word:
    parts: tuple[Part, ...] = ()

    @property
    def literal(self) -> str | None:
        """What it says where nothing in it is expanded."""
        if all(isinstance(part, Literal) for part in self.parts):
            return "".join(part.text.flat for part in self.parts if isinstance(part, Literal))
        return None

    @property
    def is_quoted(self) -> bool:
        return any(part.is_quoted for part in self.parts)


@dataclass(frozen=True, slots=True)
class Assignment:
    name: str
    value: "Word | tuple[Word, ...]"
    """Several words are the elements of an array."""
    is_appended: bool = False
    index: Word | None = None


class Redirect(NamedTuple):
    operator: str
    """`>`, `>>`, `<`, `<<` (the target is the text itself), `<<<`, `&>`, `>&` and so on."""
    descriptor: int | None
    target: Word


class Simple(NamedTuple):
    """A command with its words. `declared` are assignments after `export`, `local` and their like."""

    span: Span
    text: Text
    words: tuple[Word, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    declared: tuple[Assignment, ...] = ()
    redirects: tuple[Redirect, ...] = ()


class Check(NamedTuple):
    """`[[ ... ]]`, by its words."""

    words: tuple[Word, ...]
    text: Text


class Count(NamedTuple):
    """`(( ... ))`."""

    body: Word
    text: Text


class Group(NamedTuple):
    """`{ ...; }` or, in a shell of its own, `( ... )`."""

    body: "Script"
    is_apart: bool


class If(NamedTuple):
    branches: "tuple[tuple[Script, Script], ...]"
    otherwise: "Script | None"


class For(NamedTuple):
    name: str
    words: tuple[Word, ...] | None
    """None: the arguments, as `for NAME` alone asks for."""
    body: "Script"


class While(NamedTuple):
    condition: "Script"
    body: "Script"
    is_until: bool


class Loop(NamedTuple):
    """`for ((...))` and `select`: how often is not looked at."""

    body: "Script"
    text: Text
    name: str = ""


class Arm(NamedTuple):
    patterns: tuple[Word, ...]
    body: "Script"
    falls_through: bool


class Case(NamedTuple):
    word: Word
    arms: tuple[Arm, ...]
    text: Text


class Function(NamedTuple):
    name: str
    body: "Command"


class Redirected(NamedTuple):
    """A compound command whose output or input leads elsewhere."""

    command: "Command"
    redirects: tuple[Redirect, ...]


Command = Simple | Check | Count | Group | If | For | While | Loop | Case | Function | Redirected


class Pipeline(NamedTuple):
    commands: tuple[Command, ...]
    is_negated: bool
    text: Text


class Chain(NamedTuple):
    """Pipelines with `&&` or `||` before each but the first."""

    first: Pipeline
    rest: tuple[tuple[str, Pipeline], ...] = ()
    is_behind: bool = False
    """It runs in the background."""


class Script(NamedTuple):
    chains: tuple[Chain, ...] = ()
    problems: tuple[Hole, ...] = ()
    """What was not understood. Only the whole script has them."""
