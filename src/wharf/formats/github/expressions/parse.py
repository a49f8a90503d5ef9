"""From the characters between `${{` and `}}` to an expression.

or       = and *( "||" and )
and      = equal *( "&&" equal )
equal    = less *( ( "==" | "!=" ) less )
less     = not *( ( "<" | "<=" | ">" | ">=" ) not )
not      = *"!" member
member   = single *( "." name | "." "*" | "[" or "]" | "[" "*" "]" )
single   = literal | name | name "(" [ or *( "," or ) ] ")" | "(" or ")"
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from wharf.errors import MalformedFile
from wharf.formats.github.expressions.tokens import TOO_MUCH, Word, misread, words_of
from wharf.formats.github.expressions.tree import (
    Call,
    Each,
    Expression,
    Index,
    Literal,
    Member,
    Name,
    Not,
    Pair,
    Quoted,
    parts_of,
)

DEEPEST: Final = 50
"""Of brackets in brackets, as GitHub has it."""
_TALLEST: Final = 150
"""Of operators over operators; a row of `||` is as tall as it is long."""
_LEVELS: Final = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="))
_CONSTANTS: Final[dict[str, bool | float | None]] = {
    "true": True,
    "false": False,
    "null": None,
    "NaN": float("nan"),
    "Infinity": float("inf"),
}


@dataclass(frozen=True, slots=True)
class Misread:
    """Why it is no expression, and from which character on."""

    offset: int
    problem: str

    @property
    def is_our_bound(self) -> bool:
        """GitHub may read it all the same."""
        return self.problem == TOO_MUCH


@lru_cache(maxsize=4096)
def parse_expression(written: str) -> Expression | Misread:
    try:
        return _Reading(words_of(written)).whole()
    except MalformedFile as error:
        return Misread(error.column - 1, error.problem)


class _Reading:
    def __init__(self, words: list[Word]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    def whole(self) -> Expression:
        read = self._level(0)
        if self._next.kind != "end":
            raise misread(self._next.start, f"{self._next.said} is not expected here")
        if _is_too_tall(read):
            raise misread(0, TOO_MUCH)
        return read

    @property
    def _next(self) -> Word:
        return self._words[self._at]

    def _level(self, level: int) -> Expression:
        if level == len(_LEVELS):
            return self._not()
        left = self._level(level + 1)
        while self._next.kind == "mark" and self._next.said in _LEVELS[level]:
            operator = self._taken().said
            right = self._level(level + 1)
            left = Pair(operator, left, right, left.start, right.end)
        return left

    def _not(self) -> Expression:
        if self._next.said != "!":
            return self._member()
        start = self._taken().start
        self._deeper(start)
        of = self._not()
        self._depth -= 1
        return Not(of, start, of.end)

    def _member(self) -> Expression:
        found = self._single()
        steps = 0
        while self._next.said in {".", "["} and self._next.kind == "mark":
            steps += 1
            if steps > DEEPEST:
                raise misread(self._next.start, TOO_MUCH)
            found = self._named(found) if self._taken().said == "." else self._indexed(found)
        return found

    def _named(self, of: Expression) -> Expression:
        word = self._taken()
        if word.said == "*":
            return Each(of, of.start, word.end)
        if word.kind != "name":
            raise misread(word.start, "a name is expected after the dot")
        return Member(of, word.said, of.start, word.end)

    def _indexed(self, of: Expression) -> Expression:
        if self._next.said == "*":
            self._taken()
            return Each(of, of.start, self._closing("]"))
        index = self._inner()
        return Index(of, index, of.start, self._closing("]"))

    def _inner(self) -> Expression:
        self._deeper(self._next.start)
        inner = self._level(0)
        self._depth -= 1
        return inner

    def _single(self) -> Expression:
        word = self._taken()
        if word.said == "(" and word.kind == "mark":
            inner = self._inner()
            self._closing(")")
            return inner
        if word.kind == "text":
            return Quoted(word.start, word.end)
        if word.kind == "number":
            return Literal(_number(word.said), word.start, word.end)
        if word.kind != "name":
            problem = "it ends where a value is expected" if word.kind == "end" else f"{word.said} is not expected here"
            raise misread(word.start, problem)
        if self._next.said == "(" and self._next.kind == "mark":
            return self._call(word)
        if word.said in _CONSTANTS:
            return Literal(_CONSTANTS[word.said], word.start, word.end)
        return Name(word.said, word.start, word.end)

    def _call(self, word: Word) -> Expression:
        self._taken()
        arguments: list[Expression] = []
        while self._next.said != ")" or arguments:
            arguments.append(self._inner())
            if self._next.said != ",":
                break
            self._taken()
        return Call(word.said.lower(), tuple(arguments), word.start, self._closing(")"))

    def _closing(self, mark: str) -> int:
        word = self._taken()
        if word.said != mark or word.kind != "mark":
            raise misread(word.start, f"a {mark} is missing here")
        return word.end

    def _taken(self) -> Word:
        word = self._next
        if word.kind != "end":
            self._at += 1
        return word

    def _deeper(self, start: int) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise misread(start, TOO_MUCH)


def _is_too_tall(expression: Expression) -> bool:
    row: tuple[Expression, ...] = (expression,)
    for _ in range(_TALLEST):
        row = tuple(part for above in row for part in parts_of(above))
        if not row:
            return False
    return True


def _number(said: str) -> float:
    bare = said.lstrip("+-")
    value = float(int(bare, 0)) if bare[:2] in {"0x", "0o"} else float(bare)
    return -value if said.startswith("-") else value
