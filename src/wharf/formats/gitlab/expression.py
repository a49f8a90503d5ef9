"""Conditions of `rules: if`, which compare variables: `$CI_COMMIT_TAG =~ /^v/ && $DEPLOY != "no"`.

The answer is yes, no, or None where it depends on something that is not known.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from wharf.formats.gitlab.pattern import parse_pattern
from wharf.formats.text import Text

Looked = Callable[[str], Text | None]
"""What a variable says, by its name; None, if it certainly does not exist. Holes are in what is not known."""

_MOST_TOKENS: Final = 400
_DEEPEST: Final = 40
_token = re.compile(
    r"\s*(?:(?P<sign>\(|\)|==|!=|=~|!~|&&|\|\|)"
    r"|\$(?:\{(?P<braced>\w+)\}|(?P<name>\w+))"
    r'|"(?P<double>[^"]*)"|\'(?P<single>[^\']*)\''
    r"|/(?P<pattern>(?:[^/\\]|\\.)+)/(?P<flags>[ismU]*)"
    r"|(?P<null>null)\b|(?P<truth>true|false)\b)"
)


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass(frozen=True)
class Words:
    text: Text


@dataclass(frozen=True)
class Regex:
    source: str
    ignores_case: bool


@dataclass(frozen=True)
class Null:
    pass


@dataclass(frozen=True)
class Sign:
    text: str


@dataclass(frozen=True)
class Compared:
    sign: str
    left: "Operand"
    right: "Operand"


@dataclass(frozen=True)
class Joined:
    """All of the parts (`&&`), or any (`||`)."""

    by: str
    parts: "tuple[Expression, ...]"


Operand = Variable | Words | Regex | Null
Expression = Operand | Compared | Joined


def parse_expression(text: Text) -> Expression | None:
    """None, if GitLab would refuse it."""
    tokens = _tokens(text)
    if tokens is None:
        return None
    reading = _Reading(tokens)
    found = reading.any_of()
    return found if reading.is_at_end else None


def answer(expression: Expression, looked: Looked) -> bool | None:
    if isinstance(expression, Joined):
        answers = [answer(part, looked) for part in expression.parts]
        decisive = expression.by == "||"
        return decisive if decisive in answers else None if None in answers else not decisive
    if isinstance(expression, Compared):
        return _compared(expression, looked)
    return _is_full(_value(expression, looked))


def _is_full(value: Text | None) -> bool | None:
    if value is None:
        return False
    return bool(value) if value.value is not None or len(value) > len(value.holes) else None


def _compared(expression: Compared, looked: Looked) -> bool | None:
    left = _value(expression.left, looked)
    if expression.sign in {"=~", "!~"}:
        found = _matches(left, expression.right, looked)
        return found if found is None or expression.sign == "=~" else not found
    right = _value(expression.right, looked)
    if (left is not None and left.holes) or (right is not None and right.holes):
        return None
    return (left == right) is (expression.sign == "==")


def _matches(subject: Text | None, by: Operand, looked: Looked) -> bool | None:
    if subject is None:
        return False
    pattern = by if isinstance(by, Regex) else _pattern_in(_value(by, looked))
    found = parse_pattern(pattern.source, ignores_case=pattern.ignores_case) if pattern else None
    return found.is_in(subject.flat) if found and subject.value is not None else None


def _pattern_in(value: Text | None) -> Regex | None:
    """A variable may hold one, with its slashes."""
    found = _token.fullmatch(value.flat) if value is not None and value.value is not None else None
    return _regex(found) if found and found["pattern"] is not None else None


def _value(operand: Operand, looked: Looked) -> Text | None:
    if isinstance(operand, Variable):
        return looked(operand.name)
    if isinstance(operand, Words):
        return operand.text
    return Text.known(operand.source) if isinstance(operand, Regex) else None


def _regex(found: re.Match[str]) -> Regex:
    return Regex(found["pattern"].replace("\\/", "/"), "i" in found["flags"])


def _tokens(text: Text) -> list[Operand | Sign] | None:
    tokens: list[Operand | Sign] = []
    at, end = 0, len(text.flat.rstrip())
    while at < end:
        found = _token.match(text.flat, at)
        if not found or len(tokens) >= _MOST_TOKENS:
            return None
        tokens.append(_made(found, text))
        at = found.end()
    return tokens


def _made(found: re.Match[str], text: Text) -> Operand | Sign:
    if found["sign"]:
        return Sign(found["sign"])
    if name := found["braced"] or found["name"]:
        return Variable(name)
    if found["pattern"] is not None:
        return _regex(found)
    if found["truth"]:
        return Words(Text.known(found["truth"]))
    quoted = "double" if found["double"] is not None else "single"
    return Null() if found["null"] else Words(text[found.start(quoted) : found.end(quoted)])


class _Reading:
    """`&&` binds more closely than `||`, and comparing more closely than both. None is what cannot be read."""

    def __init__(self, tokens: list[Operand | Sign]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    @property
    def is_at_end(self) -> bool:
        return self._at == len(self._tokens)

    def any_of(self) -> Expression | None:
        return self._joined("||", self._all_of)

    def _all_of(self) -> Expression | None:
        return self._joined("&&", self._comparison)

    def _joined(self, sign: str, part: "Callable[[], Expression | None]") -> Expression | None:
        parts = [part()]
        while self._takes(sign):
            parts.append(part())
        known = tuple(each for each in parts if each is not None)
        return None if len(known) < len(parts) else known[0] if len(known) == 1 else Joined(sign, known)

    def _comparison(self) -> Expression | None:
        if self._takes("("):
            return self._in_parentheses()
        left = self._operand()
        for sign in ("==", "!=", "=~", "!~"):
            if left is not None and self._takes(sign):
                right = self._operand()
                return None if right is None else Compared(sign, left, right)
        return left

    def _in_parentheses(self) -> Expression | None:
        self._depth += 1
        found = self.any_of() if self._depth <= _DEEPEST else None
        self._depth -= 1
        return found if self._takes(")") else None

    def _operand(self) -> Operand | None:
        token = None if self.is_at_end else self._tokens[self._at]
        if token is None or isinstance(token, Sign):
            return None
        self._at += 1
        return token

    def _takes(self, sign: str) -> bool:
        if self.is_at_end or self._tokens[self._at] != Sign(sign):
            return False
        self._at += 1
        return True
