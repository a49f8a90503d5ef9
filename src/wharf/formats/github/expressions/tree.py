"""What an expression is made of. `start` and `end` are offsets in the text that it was read from."""

from dataclasses import dataclass
from typing import NamedTuple


class Literal(NamedTuple):
    """`null`, a truth or a number."""

    value: bool | float | None
    start: int
    end: int


class Quoted(NamedTuple):
    """A text in single quotes, with those. `''` in it stands for one quote."""

    start: int
    end: int


class Name(NamedTuple):
    """A context: `github`."""

    name: str
    start: int
    end: int


class Member(NamedTuple):
    """`of.name`"""

    of: "Expression"
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Index:
    """`of[index]`"""

    of: "Expression"
    index: "Expression"
    start: int
    end: int


class Each(NamedTuple):
    """`of.*`"""

    of: "Expression"
    start: int
    end: int


class Call(NamedTuple):
    function: str
    """In small letters."""
    arguments: "tuple[Expression, ...]"
    start: int
    end: int


class Not(NamedTuple):
    of: "Expression"
    start: int
    end: int


class Pair(NamedTuple):
    """Two operands of `&&`, `||`, `==`, `!=`, `<`, `<=`, `>` or `>=`."""

    operator: str
    left: "Expression"
    right: "Expression"
    start: int
    end: int


Expression = Literal | Quoted | Name | Member | Index | Each | Call | Not | Pair


def parts_of(expression: Expression) -> "tuple[Expression, ...]":
    """The expressions that it is made of."""
    match expression:
        case Member(of=of) | Each(of=of) | Not(of=of):
            return (of,)
        case Index(of=of, index=index):
            return (of, index)
        case Call(arguments=arguments):
            return arguments
        case Pair(left=left, right=right):
            return (left, right)
        case _:
            return ()
