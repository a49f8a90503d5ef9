"""The words of a script while they are read: quotes, escapes, and everything that begins with a dollar.

A word never makes reading fail. What is not understood stays as it is written, and is noted as a problem.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.shell.syntax import Arithmetic, Channel, Literal, Parameter, Part, Script, Substitution, Word
from wharf.formats.text import Text

DEEPEST: Final = 24
MOST_HEREDOCS: Final = 400
_LONGEST_SUM: Final = 4096
_EXCERPT: Final = 40


@dataclass(frozen=True)
class Mode:
    """How characters are read in some place: which ones stand for themselves, and where it ends."""

    plain: re.Pattern[str]
    ends: frozenset[str]
    is_quoted: bool = False
    has_single: bool = True
    has_double: bool = True
    escaped: str = ""
    """What a backslash takes its meaning from, where it stays itself before anything else."""


def _mode(special: str, ends: str, **options: bool | str) -> Mode:
    plain = re.compile(rf"[^{re.escape(special + ends)}\\$`]+")
    return Mode(plain, frozenset(ends), **options)  # type: ignore[arg-type]


PLAIN: Final = _mode("'\"", " \t\r\n;&|()<>")
PATTERN: Final = _mode("'\"", " \t\r\n")
QUOTES: Final = _mode("", '"', is_quoted=True, has_single=False, has_double=False, escaped='$`"\\\n')
BODY: Final = _mode("", "", is_quoted=True, has_single=False, has_double=False, escaped="$`\\\n")
OPERAND: Final = _mode("'\"", "}")
QUOTED_OPERAND: Final = _mode('"', "}", is_quoted=True, has_single=False, escaped='$`"\\\n}')
FIRST_OPERAND: Final = _mode("'\"", "/}")
OFFSET: Final = _mode("'\"", ":}")
INDEX: Final = _mode("'\"", "]}")

_name: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-]")
_short_name: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_operator: Final = re.compile(r":[-=?+]|[-=?+]|##?|%%?|/[/#%]?|\^\^?|,,?|:|@")
_brackets: Final = re.compile(r"[()]")
_escapes: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}


class TooDeep(Exception):
    """Something stands in something stands in something, too often."""


class WordReader:
    """Reads words at its place, and goes on behind them."""

    def __init__(self, text: Text, problems: list[Hole], depth: int = 0) -> None:
        self.text = text
        self.flat = text.flat
        self.at = 0
        self.depth = depth
        self.problems = problems
        self.behind_heredocs: dict[int, int] = {}
        """By the place of a line's end: where the script goes on after the heredocs that stand there."""

    def script(self, ends: str) -> Script:
        """Commands up to the character that ends them, or the end. Read by who knows commands."""
        raise NotImplementedError

    def another(self, text: Text) -> "WordReader":
        return type(self)(text, self.problems, self.depth + 1)

    def deeper(self, read: Callable[[], Script]) -> Script:
        if self.depth >= DEEPEST:
            raise TooDeep
        self.depth += 1
        try:
            return read()
        finally:
            self.depth -= 1

    def peek(self, offset: int = 0) -> str:
        at = self.at + offset
        return self.flat[at : at + 1]

    def starts(self, text: str) -> bool:
        return self.flat.startswith(text, self.at)

    def problem(self, start: int, end: int, kind: Unknown = Unknown.SYNTAX) -> None:
        excerpt = self.flat[start : min(end, start + _EXCERPT)].strip()
        self.problems.append(Hole(Reason(kind, excerpt), self.text.at(min(start, max(len(self.flat) - 1, 0)))))

    def word(self, mode: Mode = PLAIN) -> Word:
        return Word(tuple(self.parts(mode)))

    def parts(self, mode: Mode) -> list[Part]:
        parts: list[Part] = []
        while self.at < len(self.flat):
            if plain := mode.plain.match(self.flat, self.at):
                self.at = plain.end()
                parts.append(Literal(self.text[plain.start() : plain.end()], mode.is_quoted))
            elif self.flat[self.at] in mode.ends and not self._is_channel(mode):
                break
            else:
                parts += self._special(mode)
        return parts

    def _is_channel(self, mode: Mode) -> bool:
        return mode is PLAIN and (self.starts("<(") or self.starts(">("))

    def _special(self, mode: Mode) -> list[Part]:
        character = self.flat[self.at]
        if character == "\\":
            return self._escape(mode)
        if character == "$":
            return self._dollar(mode)
        if character == "`":
            return [self._backticks(mode)]
        if character == "'" and mode.has_single:
            return [self._single_quotes()]
        if character == '"' and mode.has_double:
            return self._double_quotes()
        if character in "<>":
            return [self._channel()]
        return [self._one(mode)]

    def _one(self, mode: Mode) -> Literal:
        self.at += 1
        return Literal(self.text[self.at - 1 : self.at], mode.is_quoted)

    def _escape(self, mode: Mode) -> list[Part]:
        escaped = self.peek(1)
        if escaped == "\r" and self.peek(2) == "\n":
            self.at += 3
            return []
        if not escaped or (mode.escaped and escaped not in mode.escaped):
            return [self._one(mode)]
        self.at += 2
        return [] if escaped == "\n" else [Literal(self.text[self.at - 1 : self.at], is_quoted=True)]

    def _single_quotes(self) -> Part:
        start = self.at + 1
        end = self.flat.find("'", start)
        if end < 0:
            self.problem(self.at, len(self.flat))
            end = len(self.flat)
        self.at = end + 1
        return Literal(self.text[start:end], is_quoted=True)

    def _double_quotes(self) -> list[Part]:
        start = self.at
        self.at += 1
        parts = self.parts(QUOTES)
        if self.at >= len(self.flat):
            self.problem(start, len(self.flat))
        self.at += 1
        return parts or [Literal(Text(), is_quoted=True)]

    def _dollar(self, mode: Mode) -> list[Part]:
        following = self.peek(1)
        if following == "{":
            return [self._braces(mode)]
        if following == "(":
            return [self._sum_or_commands(mode)]
        if following == "'" and mode.has_single:
            return [self._ansi_quotes()]
        if following == '"' and mode.has_double:
            self.at += 1
            return self._double_quotes()
        name = _short_name.match(self.flat, self.at + 1)
        if name is None:
            return [self._one(mode)]
        start, self.at = self.at, name.end()
        return [Parameter(name.group(), mode.is_quoted, self.text[start : self.at])]

    def _ansi_quotes(self) -> Part:
        """`$'...'`, where a backslash means more."""
        start = self.at = self.at + 2
        pieces: list[Text] = []
        while self.at < len(self.flat) and self.flat[self.at] != "'":
            if self.flat[self.at] == "\\":
                pieces.append(self.text[start : self.at])
                pieces.append(Text.known(_escapes.get(self.peek(1), self.peek(1)), self.text.at(self.at)))
                self.at += 2
                start = self.at
            else:
                self.at += 1
        pieces.append(self.text[start : self.at])
        self.at += 1
        return Literal(Text.joined(pieces), is_quoted=True)

    def _backticks(self, mode: Mode) -> Part:
        start = self.at
        pieces, begin, self.at = [], start + 1, start + 1
        while self.at < len(self.flat) and self.flat[self.at] != "`":
            escaped = self.peek(1)
            if self.flat[self.at] == "\\" and (escaped in ("`", "\\", "$") or (escaped == '"' and mode.is_quoted)):
                pieces.append(self.text[begin : self.at])
                begin = self.at + 1
                self.at += 1
            self.at += 1
        pieces.append(self.text[begin : self.at])
        self.at += 1
        return Substitution(self._commands_of(Text.joined(pieces)), mode.is_quoted, self.text[start : self.at])

    def _commands_of(self, text: Text) -> Script:
        if self.depth >= DEEPEST:
            raise TooDeep
        return self.another(text).script("")

    def _channel(self) -> Part:
        start, self.at = self.at, self.at + 2
        body = self.deeper(lambda: self.script(")"))
        self.at += 1
        return Channel(body, is_quoted=False, text=self.text[start : self.at])

    def _sum_or_commands(self, mode: Mode) -> Part:
        start = self.at
        if self.starts("$((") and (end := self.end_of_sum(self.at + 3)) is not None:
            body = self.text[self.at + 3 : end]
            self.at = end + 2
            return Arithmetic(self.body(body), mode.is_quoted, self.text[start : self.at])
        self.at += 2
        commands = self.deeper(lambda: self.script(")"))
        if self.peek() != ")":
            self.problem(start, len(self.flat))
        self.at += 1
        return Substitution(commands, mode.is_quoted, self.text[start : self.at])

    def end_of_sum(self, start: int) -> int | None:
        """Where the `))` begins that closes a sum, if it is one."""
        open_ones = 0
        for bracket in _brackets.finditer(self.flat, start, start + _LONGEST_SUM):
            if bracket.group() == "(":
                open_ones += 1
            elif open_ones:
                open_ones -= 1
            else:
                return bracket.start() if self.flat.startswith("))", bracket.start()) else None
        return None

    def body(self, text: Text) -> Word:
        """A text in which parameters are expanded, as in a heredoc."""
        if self.depth >= DEEPEST:
            raise TooDeep
        reader = self.another(text)
        return Word(tuple(reader.parts(BODY)))

    def _braces(self, mode: Mode) -> Part:
        start = self.at
        self.at += 2
        is_indirect = self.starts("!") and self.peek(1) not in ("}", ":", "-")
        is_length = self.starts("#") and self.peek(1) not in ("}", ":", "-", "#", "%", "+", "=", "?", "/")
        self.at += is_indirect or is_length
        name = _name.match(self.flat, self.at)
        if name is None:
            return self._not_understood(start, mode)
        self.at = name.end()
        index = self._index()
        operator, operand, second = self._operation(mode)
        if self.peek() != "}":
            return self._not_understood(start, mode)
        self.at += 1
        return Parameter(
            name.group(), mode.is_quoted, self.text[start : self.at], operator, operand, second, index,
            is_length, is_indirect,
        )  # fmt: skip

    def _index(self) -> Word | None:
        if not self.starts("["):
            return None
        self.at += 1
        index = self._deeper_word(INDEX)
        self.at += self.starts("]")
        return index

    def _operation(self, mode: Mode) -> tuple[str, Word | None, Word | None]:
        found = _operator.match(self.flat, self.at)
        if found is None:
            return "", None, None
        self.at = found.end()
        operator = found.group()
        if operator == ":":
            return operator, *self._two(OFFSET, ":")
        if operator[0] == "/":
            return operator, *self._two(FIRST_OPERAND, "/", is_slash_first=operator in ("/", "//"))
        return operator, self._deeper_word(self._operand_mode(mode, operator)), None

    def _operand_mode(self, mode: Mode, operator: str) -> Mode:
        return QUOTED_OPERAND if mode.is_quoted and operator[-1] in "-=?+" else OPERAND

    def _two(self, mode: Mode, between: str, *, is_slash_first: bool = False) -> tuple[Word, Word | None]:
        slash = (self._one(mode),) if is_slash_first and self.starts("/") else ()
        first = Word(slash + self._deeper_word(mode).parts)
        if not self.starts(between):
            return first, None
        self.at += 1
        return first, self._deeper_word(OPERAND)

    def _deeper_word(self, mode: Mode) -> Word:
        if self.depth >= DEEPEST:
            raise TooDeep
        self.depth += 1
        try:
            return self.word(mode)
        finally:
            self.depth -= 1

    def _not_understood(self, start: int, mode: Mode) -> Literal:
        end = self.flat.find("}", self.at, self.at + _LONGEST_SUM)
        self.at = end + 1 if end >= 0 else min(self.at + 1, len(self.flat))
        self.problem(start, self.at)
        return Literal(self.text[start : self.at], mode.is_quoted)
