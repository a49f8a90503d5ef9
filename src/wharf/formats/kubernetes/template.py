"""A template of a Helm chart, taken apart: the text between `{{` and `}}`, and what stands in them.

    action     = "{{" [ "-" ] ( comment | statement | pipeline ) [ "-" ] "}}"
    statement  = ( "if" | "with" | "range" | "else" [ "if" ] | "end" | "define" | "block" | "template" ) ...
    pipeline   = [ variable ( ":=" | "=" ) ] command *( "|" command )
    command    = operand *( SP operand )
    operand    = string | number | [ variable ] *( "." name ) | name | "(" pipeline ")" *( "." name )

What is not understood is an expression that nobody can know (`Strange`); nothing is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Union

from wharf.formats.text import Text

MOST_ACTIONS: Final = 20_000
DEEPEST: Final = 40


@dataclass(frozen=True)
class Literal:
    text: Text


@dataclass(frozen=True)
class Field:
    """`.a.b` of something; without anything, of what the dot is. `$` is the variable without a name."""

    of: "Expression | None"
    names: tuple[str, ...]


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple["Expression", ...] = ()


@dataclass(frozen=True)
class Strange:
    written: str


Expression = Literal | Field | Variable | Call | Strange


@dataclass(frozen=True)
class Output:
    expression: Expression
    text: Text
    """The action as it stands there."""


@dataclass(frozen=True)
class Assign:
    name: str
    expression: Expression


@dataclass(frozen=True)
class Choice:
    """`if` and `with`: the first branch whose expression is true. `moves_dot`: the dot is then what it says."""

    branches: tuple[tuple[Expression | None, "Block"], ...]
    moves_dot: bool = False


@dataclass(frozen=True)
class Loop:
    expression: Expression
    names: tuple[str, ...]
    body: "Block"
    otherwise: "Block" = ()


@dataclass(frozen=True)
class Define:
    name: str
    body: "Block"


Part = Union[Text, Output, Assign, Choice, Loop, Define]  # noqa: UP007 - Block is not known yet
Block = tuple[Part, ...]

_action_end = re.compile(r"(?P<trim>\s-)?\}\}")
_token = re.compile(
    r'\s*(?:(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)\')'
    r"|(?P<number>[-+]?[0-9][0-9a-zA-Z_.]*)"
    r"|(?P<path>\$?[A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+|\$[A-Za-z0-9_]*|\.)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<mark>:=|[()|,=]))"
)
_NESTING: Final = {"if", "with", "range", "define", "block"}


@dataclass(frozen=True)
class _Action:
    body: Text
    whole: Text


def parse_template(text: Text) -> Block:
    return _Parsing(tuple(_pieces(text))).block()[0]


def _pieces(text: Text) -> Iterator[Text | _Action]:
    """Texts and actions, with blank space taken away where a `-` says so."""
    flat, cursor, trims = text.flat, 0, False
    for _ in range(MOST_ACTIONS):
        start = flat.find("{{", cursor)
        comment = flat.find("*/", start) if start >= 0 and re.match(r"\{\{-?\s*/\*", flat[start : start + 20]) else -1
        found = _action_end.search(flat, comment if comment >= 0 else start) if start >= 0 else None
        before = text[cursor : start if found else len(flat)]
        before = before[len(before) - len(before.flat.lstrip()) :] if trims else before
        if found is None:
            yield before
            return
        opens_trimming = flat.startswith("{{-", start)
        yield before[: len(before.flat.rstrip())] if opens_trimming else before
        body = Text() if comment >= 0 else text[start + (3 if opens_trimming else 2) : found.start()]
        yield _Action(body, text[start : found.end()])
        cursor, trims = found.end(), bool(found["trim"])


class _Parsing:
    def __init__(self, pieces: tuple[Text | _Action, ...]) -> None:
        self._pieces = pieces
        self._at = 0
        self._depth = 0

    def block(self) -> tuple[Block, _Action | None]:
        """Up to the `end` or `else` that closes it, which is told."""
        parts: list[Part] = []
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            self._at += 1
            if isinstance(piece, Text):
                parts += [piece] if piece else []
                continue
            word = _first_word(piece.body.flat)
            if word in {"end", "else"}:
                return tuple(parts), piece
            parts += self._statement(word, piece) if word in _NESTING else _simple(word, piece)
        return tuple(parts), None

    def _statement(self, word: str, action: _Action) -> list[Part]:
        self._depth += 1
        if self._depth > DEEPEST:
            self._at = len(self._pieces)
            return []
        rest = action.body[action.body.flat.find(word) + len(word) :]
        made = self._choice(rest, word) if word in {"if", "with"} else self._named(rest, word)
        self._depth -= 1
        return made

    def _choice(self, condition: Text, word: str) -> list[Part]:
        branches: list[tuple[Expression | None, Block]] = []
        expression: Expression | None = _expression(condition)[1]
        while True:
            body, closing = self.block()
            branches.append((expression, body))
            if closing is None or _first_word(closing.body.flat) == "end":
                return [Choice(tuple(branches), word == "with")]
            condition = _behind_else(closing.body)
            expression = _expression(condition)[1] if condition else None

    def _named(self, rest: Text, word: str) -> list[Part]:
        names, expression = _expression(rest)
        body, closing = self.block()
        otherwise: Block = ()
        if closing is not None and _first_word(closing.body.flat) == "else":
            otherwise, _ = self.block()
        if word == "range":
            return [Loop(expression, names, body, otherwise)]
        name = expression.text.flat if isinstance(expression, Literal) else ""
        return [Define(name, body)] if word == "define" else list(body)


def _first_word(body: str) -> str:
    stripped = body.strip()
    found = re.match(r"[a-z]+\b", stripped)
    return found[0] if found else ""


def _behind_else(body: Text) -> Text:
    """The condition of `else if`, and of `else with`."""
    rest = body.stripped()[len("else") :].stripped()
    word = _first_word(rest.flat)
    return rest[len(word) :] if word in {"if", "with"} else Text()


def _simple(word: str, action: _Action) -> list[Part]:
    if not action.body.flat.strip() or word in {"break", "continue"}:
        return []
    body = action.body.stripped()
    if word == "template":
        body = body[len(word) :]
        return [Output(Call("include", _expressions(body)), action.whole)]
    names, expression = _expression(body)
    return [Assign(names[0], expression)] if names else [Output(expression, action.whole)]


def _expressions(text: Text) -> tuple["Expression", ...]:
    return _Reading(text).operands()


def _expression(text: Text) -> tuple[tuple[str, ...], Expression]:
    """The variables that it is given to, and what is given."""
    found = re.match(r"\s*((?:\$\w*\s*,\s*)?\$\w*)\s*:?=(?!=)", text.flat)
    if not found:
        return (), _Reading(text).pipeline()
    names = tuple(name.strip().removeprefix("$") for name in found[1].split(","))
    return names, _Reading(text[found.end() :]).pipeline()


class _Reading:
    """Of one pipeline, token by token."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    def pipeline(self) -> Expression:
        expression = self._command(())
        while self._mark("|"):
            expression = self._command((expression,))
        return expression

    def operands(self) -> tuple[Expression, ...]:
        found: list[Expression] = []
        while (operand := self._operand()) is not None:
            found.append(operand)
        return tuple(found)

    def _command(self, piped: tuple[Expression, ...]) -> Expression:
        operands = self.operands()
        if not operands:
            return Strange(self._text.flat.strip())
        first, arguments = operands[0], operands[1:] + piped
        if isinstance(first, Call) and not first.arguments:
            return Call(first.name, arguments)
        return Strange(self._text.flat.strip()) if arguments else first

    def _operand(self) -> Expression | None:
        found = _token.match(self._text.flat, self._at)
        if found is None or found["mark"] in {")", "|", ",", "=", ":="}:
            return None
        self._at = found.end()
        if found["mark"] == "(":
            return self._bracketed()
        start = found.start(found.lastgroup or 0)
        written = self._text[start : found.end()]
        if found["string"]:
            return Literal(written[1:-1])
        if found["number"]:
            return Literal(written)
        return _path(written.flat) if found["path"] else Call(written.flat)

    def _bracketed(self) -> Expression:
        self._depth += 1
        if self._depth > DEEPEST:
            self._at = len(self._text)
            return Strange(self._text.flat)
        inner = self.pipeline()
        self._depth -= 1
        self._mark(")")
        found = re.compile(r"(?:\.[A-Za-z0-9_]+)+").match(self._text.flat, self._at)
        if not found:
            return inner
        self._at = found.end()
        return Field(inner, tuple(found[0][1:].split(".")))

    def _mark(self, mark: str) -> bool:
        found = _token.match(self._text.flat, self._at)
        if not found or found["mark"] != mark:
            return False
        self._at = found.end()
        return True


def _path(written: str) -> Expression:
    first, *names = written.split(".")
    names = [name for name in names if name]
    if first.startswith("$"):
        variable = Variable(first[1:])
        return Field(variable, tuple(names)) if names else variable
    return Field(None, tuple(names))
