"""Expressions of HCL, in which bake files are written: texts with `${…}` in them, names, calls, lists, objects."""

from dataclasses import dataclass

from wharf.formats.text import Text


@dataclass(frozen=True)
class Literal:
    value: float | bool | None


@dataclass(frozen=True)
class Template:
    """A text in quotes: what stands there, and what is put in. `is_only` where one expression is all of it."""

    parts: "tuple[Text | Expression, ...]"

    @property
    def is_only(self) -> bool:
        return len(self.parts) == 1 and not isinstance(self.parts[0], Text)


@dataclass(frozen=True)
class Name:
    """A variable. `source` is where it is asked for."""

    source: Text


@dataclass(frozen=True)
class Member:
    """`a.b`, `a[0]`, `a["b"]`."""

    whole: "Expression"
    key: "Expression"


@dataclass(frozen=True)
class Call:
    name: str
    given: "tuple[Expression, ...]"
    source: Text
    spreads_last: bool = False


@dataclass(frozen=True)
class Operation:
    """With one or two sides."""

    sign: str
    sides: "tuple[Expression, ...]"


@dataclass(frozen=True)
class Choice:
    condition: "Expression"
    then: "Expression"
    otherwise: "Expression"


@dataclass(frozen=True)
class ListOf:
    items: "tuple[Expression, ...]"


@dataclass(frozen=True)
class ObjectOf:
    items: "tuple[tuple[Expression, Expression], ...]"


@dataclass(frozen=True)
class Opaque:
    """What is understood as far as its end: `[for … ]`, `a[*].b`, `%{if}`."""

    source: Text


Expression = Literal | Template | Name | Member | Call | Operation | Choice | ListOf | ObjectOf | Opaque


@dataclass(frozen=True)
class Attribute:
    name: Text
    value: Expression


@dataclass(frozen=True)
class Block:
    """`target "app" { … }`."""

    kind: Text
    label: Text
    body: "Body"


@dataclass(frozen=True)
class Body:
    attributes: dict[str, Attribute]
    blocks: tuple[Block, ...]
