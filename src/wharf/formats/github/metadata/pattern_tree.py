"""Regular expressions of JavaScript, taken apart: what a pattern says, before anything is compared with it."""

from collections.abc import Callable
from dataclasses import dataclass

IsIn = Callable[[str], bool]


class PatternRefused(Exception):
    """JavaScript refuses it as well."""


class PatternNotKnown(Exception):
    """It may mean something in a newer JavaScript, or is too large for us."""


@dataclass(frozen=True)
class One:
    """One character out of a set."""

    is_in: IsIn


@dataclass(frozen=True)
class Group:
    inside: "Tree"
    number: int | None = None


@dataclass(frozen=True)
class Look:
    inside: "Tree"
    is_behind: bool
    is_wanted: bool


@dataclass(frozen=True)
class Again:
    """What a group matched, once more. `name` is resolved when all groups are known."""

    number: int = 0
    name: str = ""


@dataclass(frozen=True)
class Edge:
    """`^`, `$`, `b` or `B`."""

    kind: str


@dataclass(frozen=True)
class Times:
    inside: "Tree"
    least: int
    most: int | None
    is_lazy: bool
    groups: tuple[int, int]
    """The first number of the groups in it, and the first one after it."""


@dataclass(frozen=True)
class Sequence:
    parts: "tuple[Tree, ...]"


@dataclass(frozen=True)
class Either:
    ways: "tuple[Tree, ...]"


Tree = One | Group | Look | Again | Edge | Times | Sequence | Either


@dataclass(frozen=True)
class Pattern:
    tree: Tree
    groups: int
    names: dict[str, int]
