"""What a YAML document is made of: scalars, lists and mappings, each with its place.

A scalar is a text, whatever it looks like: `453e654` is a tag, and neither infinite nor a number. Whether it was
quoted is kept, for programs that do make numbers of such things.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from wharf.formats.span import Span
from wharf.formats.text import Text


class Style(Enum):
    PLAIN = "plain"
    SINGLE = "'"
    DOUBLE = '"'
    LITERAL = "|"
    FOLDED = ">"


@dataclass(frozen=True)
class Scalar:
    """`text` has the places of its characters wherever they stand in the file as they are."""

    text: Text
    style: Style
    span: Span
    """With its quotes or its `|`."""
    tag: str = ""
    """As it is written: `!reference`, `!!str`; most have none."""

    @property
    def is_null(self) -> bool:
        return self.style is Style.PLAIN and self.text.flat in {"", "~", "null", "Null", "NULL"} and not self.tag


@dataclass(frozen=True)
class List:
    items: tuple["Node", ...]
    span: Span
    tag: str = ""

    def __iter__(self) -> Iterator["Node"]:
        return iter(self.items)


@dataclass(frozen=True)
class Entry:
    key: Scalar
    value: "Node"


@dataclass(frozen=True)
class Map:
    """Entries in the order of the file, merged ones (`<<`) after the others and only where they add something."""

    entries: tuple[Entry, ...]
    span: Span
    tag: str = ""
    repeated: tuple[Scalar, ...] = ()
    """Keys that stand there a second time. Of such entries the last one counts."""

    def get(self, key: str) -> "Node | None":
        entry = self._by_key.get(key)
        return entry.value if entry else None

    def entry(self, key: str) -> Entry | None:
        return self._by_key.get(key)

    def map(self, key: str) -> "Map | None":
        value = self.get(key)
        return value if isinstance(value, Map) else None

    def list(self, key: str) -> "List | None":
        value = self.get(key)
        return value if isinstance(value, List) else None

    def scalar(self, key: str) -> Scalar | None:
        """Not there, if it is null."""
        value = self.get(key)
        return value if isinstance(value, Scalar) and not value.is_null else None

    def text(self, key: str) -> Text | None:
        scalar = self.scalar(key)
        return scalar.text if scalar else None

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    @cached_property
    def _by_key(self) -> dict[str, Entry]:
        return {entry.key.text.flat: entry for entry in self.entries}


Node = Scalar | List | Map
