"""What an expression can come to: nothing, a truth, a number, a text, a list, an object, or something not known."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from wharf.formats.hole import Hole
from wharf.formats.text import Text


@dataclass(frozen=True, eq=False)
class Items:
    """`is_filtered`: it was made by `*`, so that what is asked of it is asked of each of its items."""

    values: "tuple[Value, ...]"
    is_filtered: bool = False


@dataclass(frozen=True, eq=False)
class Fields:
    """Names do not differ by their capitals. `others`: what a name is that is not among them, if not null."""

    entries: "Mapping[str, tuple[str, Value]]"
    """By names in small letters; with the name as it was written."""
    others: "Callable[[str], Value] | None" = None
    has_exact_names: bool = False
    """Capitals do matter, as in the environment."""

    @classmethod
    def of(cls, entries: "Mapping[str, Value]", others: "Callable[[str], Value] | None" = None) -> "Fields":
        return cls({name.lower(): (name, value) for name, value in entries.items()}, others)

    def get(self, name: str) -> "Value":
        found = self.entries.get(name.lower())
        if found is not None and (found[0] == name or not self.has_exact_names):
            return found[1]
        return self.others(name) if self.others else None

    def values(self) -> "Iterable[Value]":
        return (value for _, value in self.entries.values())


Value = None | bool | float | Text | Items | Fields | Hole
