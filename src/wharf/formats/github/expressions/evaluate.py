"""What expressions come to. All jobs and steps before are taken to have gone well, unless the scope says otherwise."""

from dataclasses import dataclass
from typing import Final

from wharf.formats.github.expressions.coercions import text_of_value, truth_of
from wharf.formats.github.expressions.compare import equal, smaller
from wharf.formats.github.expressions.functions import (
    FUNCTIONS,
    STATUS_FUNCTIONS,
    decided_or_open,
    first_hole,
)
from wharf.formats.github.expressions.json_texts import LONGEST
from wharf.formats.github.expressions.parse import Misread, parse_expression
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
from wharf.formats.github.expressions.values import Fields, Items, Value
from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.text import Known, Text

_MOST_ITEMS: Final = 10_000


@dataclass(frozen=True)
class Scope:
    contexts: Fields
    has_succeeded: bool | None = True
    """All that came before. None, where some of it may have been left out."""


def value_of(expression: Text, scope: Scope) -> Value:
    """Of what stands between `${{` and `}}`."""
    parsed = parse_expression(expression.flat)
    if isinstance(parsed, Misread):
        return Hole(Reason(Unknown.SYNTAX, expression.flat.strip()[:80]), expression.span)
    return _Evaluating(expression, scope).value(parsed)


def truth_of_expression(expression: Text, scope: Scope) -> bool | None:
    """Three-valued: `false && unknown` is false."""
    parsed = parse_expression(expression.flat)
    return None if isinstance(parsed, Misread) else _Evaluating(expression, scope).truth(parsed)


def asks_for_status(expression: Text) -> bool:
    """Without `success()` or a sister of it, GitHub asks for `success()` as well."""
    parsed = parse_expression(expression.flat)
    return not isinstance(parsed, Misread) and _asks(parsed)


def _asks(expression: Expression) -> bool:
    if isinstance(expression, Call) and expression.function in STATUS_FUNCTIONS:
        return True
    return any(map(_asks, parts_of(expression)))


class _Evaluating:
    def __init__(self, source: Text, scope: Scope) -> None:
        self._source = source
        self._scope = scope

    def truth(self, expression: Expression) -> bool | None:
        match expression:
            case Pair(operator="&&"):
                left, right = self.truth(expression.left), self.truth(expression.right)
                return False if False in (left, right) else None if None in (left, right) else True
            case Pair(operator="||"):
                left, right = self.truth(expression.left), self.truth(expression.right)
                return True if True in (left, right) else None if None in (left, right) else False
            case Not():
                of = self.truth(expression.of)
                return None if of is None else not of
            case Call(function=("success" | "failure")):
                return self._status(expression.function)
            case _:
                return truth_of(self.value(expression))

    def value(self, expression: Expression) -> Value:
        match expression:
            case Literal():
                return expression.value
            case Quoted():
                return self._quoted(expression)
            case Name():
                return self._scope.contexts.get(expression.name)
            case Member():
                return _member(self.value(expression.of), expression.name)
            case Index():
                return _indexed(self.value(expression.of), self.value(expression.index))
            case Each():
                return _each(self.value(expression.of))
            case Call():
                return self._called(expression)
            case Not():
                of = self.value(expression.of)
                truth = truth_of(of)
                return decided_or_open(None if truth is None else not truth, [of])
            case Pair():
                return self._pair(expression)

    def _quoted(self, expression: Quoted) -> Text:
        inner = self._source[expression.start + 1 : expression.end - 1]
        return inner if "''" not in inner.flat else Text.joined(inner.split("''"), "'")

    def _pair(self, pair: Pair) -> Value:
        left = self.value(pair.left)
        if pair.operator in {"&&", "||"}:
            truth = truth_of(left)
            if truth is None:
                return first_hole([left]) or Hole(Reason(Unknown.RUN, pair.operator))
            return left if truth == (pair.operator == "||") else self.value(pair.right)
        right = self.value(pair.right)
        return decided_or_open(_compared(pair.operator, left, right), [left, right])

    def _called(self, call: Call) -> Value:
        if call.function in STATUS_FUNCTIONS:
            status = self._status(call.function)
            return Hole(Reason(Unknown.RUN, f"{call.function}()")) if status is None else status
        function = FUNCTIONS.get(call.function)
        if function is None or not function.fewest <= len(call.arguments) <= function.most:
            return Hole(Reason(Unknown.SYNTAX, self._source.flat[call.start : call.end][:80]))
        result = function.do([self.value(argument) for argument in call.arguments])
        if isinstance(result, Text) and len(result) > LONGEST:
            return Hole(Reason(Unknown.TOO_MUCH, call.function))
        return result

    def _status(self, function: str) -> bool | None:
        if function == "success":
            return self._scope.has_succeeded
        return function == "always"


def _compared(operator: str, left: Value, right: Value) -> bool | None:
    match operator:
        case "==":
            return equal(left, right)
        case "!=":
            same = equal(left, right)
            return None if same is None else not same
        case "<":
            return smaller(left, right)
        case ">":
            return smaller(right, left)
        case _:
            ordered = smaller(left, right) if operator == "<=" else smaller(right, left)
            same = equal(left, right)
            return None if ordered is None or same is None else ordered or same


def _member(of: Value, name: str) -> Value:
    match of:
        case Hole():
            return of
        case Fields():
            return of.get(name)
        case Items(is_filtered=True):
            found = (each.get(name) for each in of.values if isinstance(each, Fields))
            return Items(tuple(each for each in found if each is not None), is_filtered=True)
        case _:
            return None


def _indexed(of: Value, index: Value) -> Value:
    if isinstance(of, Hole):
        return of
    if (hole := first_hole([index])) and isinstance(of, Fields | Items):
        return hole
    if isinstance(of, Items) and not of.is_filtered and isinstance(index, float | int):
        inside = 0 <= index < len(of.values)
        return of.values[int(index)] if inside else None
    return _member(of, text_of_value(index).flat)


def _each(of: Value) -> Value:
    if isinstance(of, Hole):
        return of
    if isinstance(of, Fields) and of.others is not None:
        return Hole(Reason(Unknown.RUN, "*"))
    if isinstance(of, Items) and of.is_filtered:
        inner = [value for each in of.values if isinstance(each, Items | Fields) for value in _values(each)]
        return Items(tuple(inner[:_MOST_ITEMS]), is_filtered=True)
    return (
        Items(tuple(_values(of)), is_filtered=True) if isinstance(of, Items | Fields) else Items((), is_filtered=True)
    )


def _values(of: Items | Fields) -> tuple[Value, ...]:
    return of.values if isinstance(of, Items) else tuple(of.values())


def placed(text: Text, where: Text) -> Text:
    """What has no place of its own stands where it was asked for."""
    span = where.span
    return Text(
        tuple(
            piece if piece.span else Known(piece.text, span) if isinstance(piece, Known) else Hole(piece.reason, span)
            for piece in text.pieces
        )
    )
