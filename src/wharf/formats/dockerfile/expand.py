"""Variables and quotes in a word of an instruction, replaced as BuildKit replaces them.

$NAME  ${NAME}  ${NAME:-word}  ${NAME:+word}  ${NAME:?word}  and the same without `:`
${NAME#pattern}  ##  %  %%  ${NAME/pattern/word}  //
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from wharf.formats.hole import Unknown
from wharf.formats.span import Span
from wharf.formats.text import Text

Variables = Mapping[str, Text]
_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_in_braces = re.compile(r"(\w+)(?:(:?[-+?])|([#%]{1,2})|(//?))?")
_DEEPEST: Final = 20
_LONGEST: Final = 65_536


@dataclass(frozen=True)
class Unset:
    """A variable that was asked for and is not there."""

    name: str
    span: Span | None
    has_default: bool = False


@dataclass(frozen=True)
class Expanded:
    text: Text
    unset: tuple[Unset, ...] = ()
    problem: str = ""
    """Why BuildKit refuses it."""


def expand(word: Text, variables: Variables, escape: str = "\\") -> Expanded:
    expanding = _Expanding(variables, escape)
    text = expanding.word(word)
    return Expanded(text, tuple(expanding.unset), expanding.problem)


@dataclass
class _Expanding:
    variables: Variables
    escape: str
    unset: list[Unset] = field(default_factory=list)
    problem: str = ""
    depth: int = 0

    def word(self, word: Text) -> Text:
        self.depth += 1
        if self.depth > _DEEPEST:
            return Text.unknown(Unknown.TOO_MUCH, word.flat[:40], word.span)
        parts: list[Text] = []
        flat, start, at, quote = word.flat, 0, 0, ""
        while at < len(flat):
            end, made, quote = self._piece(word, at, quote)
            if made is None:
                at = end
                continue
            parts += (word[start:at], made)
            start = at = end
        self.depth -= 1
        if sum(map(len, parts)) > _LONGEST:
            return Text.unknown(Unknown.TOO_MUCH, word.flat[:40], word.span)
        return Text.joined([*parts, word[start:]]) if parts else word

    def _piece(self, word: Text, at: int, quote: str) -> tuple[int, Text | None, str]:
        """Where it ends, what it becomes (None: what it is), and the quote that is open after it."""
        flat, character = word.flat, word.flat[at]
        if character == self.escape and quote != "'":
            keeps = quote == '"' and flat[at + 1 : at + 2] not in {'"', "$", self.escape}
            return at + 2, word[at : at + 2] if keeps else word[at + 1 : at + 2], quote
        if character in "\"'" and quote in {"", character}:
            return at + 1, Text(), "" if quote else character
        if character == "$" and quote != "'":
            end, made = self._variable(word, at)
            return end, made, quote
        return at + 1, None, quote

    def _variable(self, word: Text, at: int) -> tuple[int, Text | None]:
        flat = word.flat
        if flat.startswith("{", at + 1):
            end = _closing(flat, at + 2)
            if end < 0:
                self.problem = self.problem or "a ${ is not closed"
                return len(flat), None
            return end + 1, self._braces(word[at + 2 : end], word[at : end + 1].span)
        found = _name.match(flat, at + 1)
        if not found:
            return at + 1, None
        return found.end(), self._value(found[0], word[at : found.end()].span)

    def _value(self, name: str, span: Span | None, *, has_default: bool = False) -> Text:
        if name not in self.variables:
            self.unset.append(Unset(name, span, has_default))
        return self.variables.get(name, Text())

    def _braces(self, inner: Text, span: Span | None) -> Text:
        found = _in_braces.match(inner.flat)
        if not found or (found.end() < len(inner) and not (found[2] or found[3] or found[4])):
            self.problem = self.problem or f"${{{inner.flat}}} is not understood"
            return Text.unknown(Unknown.SYNTAX, inner.flat, span)
        name, operand = found[1], inner[found.end() :]
        if found[2]:
            return self._defaulted(name, found[2], operand, span)
        value = self._value(name, span)
        if found[3]:
            return self._trimmed(value, found[3], self.word(operand), span)
        return self._replaced(value, found[4], operand, span) if found[4] else value

    def _defaulted(self, name: str, operator: str, operand: Text, span: Span | None) -> Text:
        is_set = name in self.variables
        value = self._value(name, span, has_default=True)
        if value.holes:
            return value
        is_given = is_set and not (operator[0] == ":" and not value)
        if operator[-1] == "+":
            return self.word(operand) if is_given else Text()
        if is_given or operator[-1] == "?":
            self.problem = self.problem or ("" if is_given else f"{name} has to be set: {operand.flat}")
            return value
        return self.word(operand)

    def _trimmed(self, value: Text, operator: str, pattern: Text, span: Span | None) -> Text:
        if value.holes or pattern.holes:
            return Text.unknown(Unknown.SYNTAX, f"{operator}{pattern.flat}", span)
        matches = re.compile(_glob(pattern.flat), re.DOTALL)
        size = len(value)
        lengths = range(size + 1) if len(operator) == 1 else range(size, -1, -1)
        if operator[0] == "#":
            return next((value[length:] for length in lengths if matches.fullmatch(value.flat, 0, length)), value)
        return next(
            (value[: size - length] for length in lengths if matches.fullmatch(value.flat, size - length)), value
        )

    def _replaced(self, value: Text, operator: str, operand: Text, span: Span | None) -> Text:
        wanted, _, _ = operand.flat.partition("/")
        instead = self.word(operand[len(wanted) + 1 :])
        wanted_text = self.word(operand[: len(wanted)])
        if value.holes or wanted_text.holes or len(value) * len(wanted_text) > 1_000_000:
            return Text.unknown(Unknown.SYNTAX, f"{operator}{operand.flat}", span)
        found = list(re.finditer(_glob(wanted_text.flat), value.flat, re.DOTALL))[: 1 if operator == "/" else None]
        parts, start = [], 0
        for each in found:
            parts += [value[start : each.start()], instead]
            start = each.end()
        return Text.joined([*parts, value[start:]])


def _closing(flat: str, at: int) -> int:
    """The brace that closes what was opened before `at`; -1 if there is none."""
    depth = 1
    while at < len(flat):
        if flat[at] == "\\":
            at += 1
        elif flat.startswith("${", at):
            depth += 1
            at += 1
        elif flat[at] == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return -1


def _glob(pattern: str) -> str:
    """With at most a few stars: others are taken as they are."""
    made, stars, at = "", 0, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\" and at + 1 < len(pattern):
            at += 1
            made += re.escape(pattern[at])
        elif character == "*" and stars < 3:
            stars += 1
            made += "" if made.endswith(".*") else ".*"
        else:
            made += "." if character == "?" else re.escape(character)
        at += 1
    return made
