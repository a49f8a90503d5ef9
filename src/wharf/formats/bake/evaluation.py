"""What expressions of bake files say, with variables and the environment put in. What is not known stays a hole."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from wharf.formats.bake.expression import (
    Call,
    Choice,
    Expression,
    ListOf,
    Literal,
    Member,
    Name,
    ObjectOf,
    Opaque,
    Operation,
    Template,
)
from wharf.formats.bake.functions import FUNCTIONS
from wharf.formats.bake.values import Value, as_text, is_unknown, truth, unknown
from wharf.formats.hole import Unknown
from wharf.formats.text import Known, Text

MOST_STEPS: Final = 50_000
_DEEPEST: Final = 60
_LONGEST: Final = 20_000


@dataclass(frozen=True)
class OwnFunction:
    names: tuple[str, ...]
    rest: str | None
    result: Expression


@dataclass
class Scope:
    """Variables as expressions or values: they are worked out when somebody asks for them."""

    variables: Mapping[str, Expression] = field(default_factory=dict)
    known: dict[str, Value] = field(default_factory=dict)
    environment: Mapping[str, Text] = field(default_factory=dict)
    functions: Mapping[str, OwnFunction] = field(default_factory=dict)
    steps: list[int] = field(default_factory=lambda: [0, 0])
    """Taken so far, and how deep."""

    def with_(self, more: Mapping[str, Value]) -> "Scope":
        return Scope(self.variables, self.known | dict(more), self.environment, self.functions, self.steps)

    def value(self, name: str, source: Text) -> Value:
        if name in self.known:
            return self.known[name]
        if name not in self.variables:
            return unknown(Unknown.SYNTAX, name, source)
        self.known[name] = unknown(Unknown.TOO_MUCH, name, source)
        default = evaluated(self.variables[name], self)
        given = self.environment.get(name)
        self.known[name] = default if given is None else _like(given, default)
        return self.known[name]


def _like(given: Text, default: Value) -> Value:
    """What the environment gives is read as what the default is."""
    if given.holes or not isinstance(default, bool | float):
        return given
    if isinstance(default, bool):
        return given.flat.lower() in {"1", "t", "true"}
    try:
        return float(given.flat)
    except ValueError:
        return given


def evaluated(expression: Expression, scope: Scope) -> Value:
    scope.steps[0] += 1
    scope.steps[1] += 1
    try:
        if scope.steps[0] > MOST_STEPS or scope.steps[1] > _DEEPEST:
            return unknown(Unknown.TOO_MUCH, "the expressions of a bake file")
        return _evaluated(expression, scope)
    finally:
        scope.steps[1] -= 1


def _evaluated(expression: Expression, scope: Scope) -> Value:
    match expression:
        case Literal(value):
            return value
        case Template():
            return _template(expression, scope)
        case Name(source):
            return _placed(scope.value(source.flat, source), source)
        case Member(whole, key):
            return _member(evaluated(whole, scope), evaluated(key, scope))
        case Call():
            return _call(expression, scope)
        case Operation(sign, sides):
            return _operation(sign, [evaluated(side, scope) for side in sides])
        case Choice():
            return _choice(expression, scope)
        case ListOf() | ObjectOf():
            return _collected(expression, scope)
        case Opaque(source):
            return unknown(Unknown.SYNTAX, source.flat[:60], source)


def _collected(expression: ListOf | ObjectOf, scope: Scope) -> Value:
    if isinstance(expression, ListOf):
        return tuple(evaluated(item, scope) for item in expression.items)
    return {as_text(evaluated(key, scope)).flat: evaluated(value, scope) for key, value in expression.items}


def _placed(value: Value, source: Text) -> Value:
    """What has no place of its own stands where it is asked for."""
    if not isinstance(value, Text) or value.span is not None or value.holes:
        return value
    return Text((Known(value.flat, source.span),))


def _template(template: Template, scope: Scope) -> Value:
    if template.is_only and not isinstance(only := template.parts[0], Text):
        return evaluated(only, scope)
    parts = [part if isinstance(part, Text) else as_text(evaluated(part, scope)) for part in template.parts]
    if sum(map(len, parts)) > _LONGEST:
        return unknown(Unknown.TOO_MUCH, "a text of a bake file")
    return Text.joined(parts)


def _member(whole: Value, key: Value) -> Value:
    if is_unknown(whole):
        return whole
    if isinstance(whole, Mapping):
        return whole.get(as_text(key).flat, unknown(Unknown.SYNTAX, as_text(key).shown))
    if isinstance(whole, tuple) and isinstance(key, float) and 0 <= key < len(whole):
        return whole[int(key)]
    return unknown(Unknown.SYNTAX, as_text(key).shown)


def _choice(choice: Choice, scope: Scope) -> Value:
    condition = evaluated(choice.condition, scope)
    if (holds := truth(condition)) is None:
        then, otherwise = evaluated(choice.then, scope), evaluated(choice.otherwise, scope)
        return then if then == otherwise else _either(condition)
    return evaluated(choice.then if holds else choice.otherwise, scope)


def _either(condition: Value) -> Text:
    text = as_text(condition)
    return Text((text.holes[0],)) if text.holes else unknown(Unknown.EITHER, text.shown)


def _operation(sign: str, sides: list[Value]) -> Value:
    if sign in {"&&", "||", "!"}:
        return _logic(sign, [truth(side) for side in sides], sides)
    for side in sides:
        if is_unknown(side):
            return side
    if sign in {"==", "!="}:
        return (sides[0] == sides[1]) == (sign == "==")
    figures = [_figure(side) for side in sides]
    if any(map(math.isnan, figures)):
        return unknown(Unknown.SYNTAX, sign)
    return _reckoned(sign, figures)


def _logic(sign: str, truths: list[bool | None], sides: list[Value]) -> Value:
    if sign == "!":
        return _either(sides[0]) if truths[0] is None else not truths[0]
    decisive = sign == "||"
    if decisive in truths:
        return decisive
    return _either(sides[truths.index(None)]) if None in truths else not decisive


def _figure(value: Value) -> float:
    if isinstance(value, float) and not isinstance(value, bool):
        return value
    try:
        return float(as_text(value).flat) if isinstance(value, Text) else math.nan
    except ValueError:
        return math.nan


def _reckoned(sign: str, figures: list[float]) -> Value:
    if len(figures) == 1:
        return -figures[0]
    left, right = figures
    if sign in "/%" and not right:
        return unknown(Unknown.SYNTAX, sign)
    reckonings: Mapping[str, Callable[[], float | bool]] = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "%": lambda: math.fmod(left, right),
        "<": lambda: left < right,
        "<=": lambda: left <= right,
        ">": lambda: left > right,
        ">=": lambda: left >= right,
    }
    return reckonings[sign]()


def _call(call: Call, scope: Scope) -> Value:
    given = _given(call, scope)
    if call.name in scope.functions:
        return _own(scope.functions[call.name], given, scope)
    known = FUNCTIONS.get(call.name)
    value = known(given) if known else None
    return unknown(Unknown.SYNTAX, call.source.flat[:60], call.source) if value is None else value


def _given(call: Call, scope: Scope) -> list[Value]:
    given = [evaluated(each, scope) for each in call.given]
    if call.spreads_last and given and isinstance(given[-1], tuple):
        return [*given[:-1], *given[-1]]
    return given


def _own(function: OwnFunction, given: Iterable[Value], scope: Scope) -> Value:
    values = list(given)
    named = dict(zip(function.names, values, strict=False))
    if function.rest:
        named[function.rest] = tuple(values[len(function.names) :])
    return evaluated(function.result, scope.with_(named))
