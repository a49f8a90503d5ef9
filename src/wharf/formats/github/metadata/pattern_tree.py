"""Regular expressions of JavaScript, taken apart: what a pattern says, before anything is compared with it."""

from collections.abc import Callable
from typing import NamedTuple

IsIn = Callable[[str], bool]


class PatternRefused(Exception):
    """JavaScript refuses it as well."""


class PatternNotKnown(Exception):
    """It may mean something in a newer JavaScript, or is too large for us."""


class One(NamedTuple):
    """One character out of a set."""

    is_in: IsIn


class Group(NamedTuple):
    inside: "Tree"
    number: int | None = None


class Look(NamedTuple):
    inside: "Tree"
    is_behind: bool
    is_wanted: bool


class Again(NamedTuple):
    """What a group matched, once more. `name` is resolved when all groups are known."""

    number: int = 0
    name: str = ""


class Edge(NamedTuple):
    """`^`, `$`, `b` or `B`."""

    kind: str


class Times(NamedTuple):
    inside: "Tree"
    least: int
    most: int | None
    is_lazy: bool
    groups: tuple[int, int]
    """The first number of the groups in it, and the first one after it."""


class Sequence(NamedTuple):
    parts: "tuple[Tree, ...]"


class Either(NamedTuple):
    ways: "tuple[Tree, ...]"


Tree = One | Group | Look | Again | Edge | Times | Sequence | Either


class Pattern(NamedTuple):
    tree: Tree
    groups: int
    names: dict[str, int]
