"""Templates of a chart with its values put in, as far as these are known before it is installed.

Where a condition is not known, all of its branches are taken: what they ask for may be asked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from wharf.formats.hole import Unknown
from wharf.formats.kubernetes.template import (
    Assign,
    Block,
    Call,
    Choice,
    Define,
    Expression,
    Field,
    Literal,
    Loop,
    Output,
    Variable,
    parse_template,
)
from wharf.formats.kubernetes.template_functions import FUNCTIONS
from wharf.formats.kubernetes.template_value import Open, Value, field_of, is_true, text_of
from wharf.formats.text import Text

DEEPEST: Final = 12
MOST_PARTS: Final = 60_000
MOST_CHARACTERS: Final = 4_000_000
_MOST_TURNS: Final = 100
_ROOT: Final = ""


class Rendering:
    """With the templates that all files of a chart define."""

    def __init__(self, defined: Mapping[str, Block], root: Mapping[str, Value]) -> None:
        self._defined = defined
        self._root = root
        self._parts_left = MOST_PARTS
        self._characters_left = MOST_CHARACTERS
        self._depth = 0

    def text(self, block: Block) -> Text:
        return Text.joined(self._block(block, self._root, {_ROOT: self._root}))

    def _block(self, block: Block, dot: Value, variables: dict[str, Value]) -> Iterator[Text]:
        for part in block:
            self._parts_left -= 1
            if self._parts_left < 0 or self._characters_left < 0:
                yield Text.unknown(Unknown.TOO_MUCH, "what the templates make")
                return
            if isinstance(part, Text):
                yield self._afforded(part)
            elif isinstance(part, Output):
                yield self._afforded(self._printed(part, dot, variables))
            elif isinstance(part, Assign):
                variables[part.name] = self._value(part.expression, dot, variables)
            elif isinstance(part, Choice):
                yield from self._choice(part, dot, variables)
            elif isinstance(part, Loop):
                yield from self._loop(part, dot, variables)

    def _afforded(self, text: Text) -> Text:
        self._characters_left -= len(text)
        return text

    def _printed(self, part: Output, dot: Value, variables: dict[str, Value]) -> Text:
        text = text_of(self._value(part.expression, dot, variables))
        if text.holes and text.span is None:
            hole = text.holes[0]
            return Text.unknown(hole.reason.kind, hole.reason.subject, part.text.span)
        return text

    def _choice(self, choice: Choice, dot: Value, variables: dict[str, Value]) -> Iterator[Text]:
        for expression, body in choice.branches:
            value = self._value(expression, dot, variables) if expression is not None else True
            truth = is_true(value)
            if truth is not False:
                inner = value if choice.moves_dot and expression is not None else dot
                yield from self._deeper(body, inner, variables)
            if truth:
                return

    def _loop(self, loop: Loop, dot: Value, variables: dict[str, Value]) -> Iterator[Text]:
        value = self._value(loop.expression, dot, variables)
        turns: list[tuple[Value, Value]] = [(Open("key"), Open("item"))]
        if isinstance(value, Mapping):
            turns = [(Text.known(key), each) for key, each in value.items()]
        elif isinstance(value, Sequence):
            turns = [(Text.known(str(at)), each) for at, each in enumerate(value)]
        elif is_true(value) is not None:
            turns = []
        for key, each in turns[:_MOST_TURNS]:
            named = dict(zip(loop.names[-2:], (key, each) if len(loop.names) > 1 else (each,), strict=False))
            yield from self._deeper(loop.body, each, {**variables, **named})
        if not turns:
            yield from self._deeper(loop.otherwise, dot, variables)

    def _deeper(self, block: Block, dot: Value, variables: dict[str, Value]) -> Iterator[Text]:
        self._depth += 1
        if self._depth <= DEEPEST * 2:
            yield from self._block(block, dot, variables)
        self._depth -= 1

    def _value(self, expression: Expression, dot: Value, variables: dict[str, Value]) -> Value:
        if isinstance(expression, Literal):
            return expression.text
        if isinstance(expression, Variable):
            return variables.get(expression.name, Open(f"${expression.name}"))
        if isinstance(expression, Field):
            value = dot if expression.of is None else self._value(expression.of, dot, variables)
            for name in expression.names:
                value = field_of(value, name)
            return value
        if isinstance(expression, Call):
            return self._called(expression, dot, variables)
        return Text.unknown(Unknown.SYNTAX, expression.written[:60])

    def _called(self, call: Call, dot: Value, variables: dict[str, Value]) -> Value:
        arguments = [self._value(each, dot, variables) for each in call.arguments]
        if call.name in {"true", "false", "nil"}:
            return {"true": True, "false": False, "nil": None}[call.name]
        if call.name == "include" and arguments:
            return self._included(text_of(arguments[0]).flat, arguments[1] if len(arguments) > 1 else None)
        if call.name == "tpl" and len(arguments) > 1 and isinstance(arguments[0], Text):
            return self._inner(parse_template(arguments[0]), arguments[1])
        if sum(len(each) for each in arguments if isinstance(each, Text)) > self._characters_left:
            return Text.unknown(Unknown.TOO_MUCH, "what the templates make")
        function: Callable[[list[Value]], Value] | None = FUNCTIONS.get(call.name)
        made = function(arguments) if function else Open(call.name)
        return self._afforded(made) if isinstance(made, Text) else made

    def _included(self, name: str, dot: Value) -> Value:
        block = self._defined.get(name)
        return Open(f"include {name}") if block is None else self._inner(block, dot)

    def _inner(self, block: Block, dot: Value) -> Value:
        self._depth += 1
        if self._depth > DEEPEST:
            self._depth -= 1
            return Text.unknown(Unknown.TOO_MUCH, "templates in templates")
        text = Text.joined(self._block(block, dot, {_ROOT: dot}))
        self._depth -= 1
        return text


def defined_in(block: Block) -> Iterator[Define]:
    """Definitions stand at the top of a file, or in a condition there."""
    for part in block:
        if isinstance(part, Define):
            yield part
        elif isinstance(part, Choice):
            for _, body in part.branches:
                yield from defined_in(body)
