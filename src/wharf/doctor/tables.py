"""A file of the catalogue while it is read: a table of TOML from which each entry is taken once, with its kind.

What is left over at the end was misspelled, and is refused with the name of its place.
"""

from collections.abc import Mapping
from typing import Self, TypeVar

from wharf.doctor.language import Words
from wharf.errors import SettingRefused

T = TypeVar("T")


class Table:
    def __init__(self, entries: Mapping[str, object], place: str, path: str = "") -> None:
        self._entries = dict(entries)
        self._place = place
        self._path = path

    def text(self, name: str, otherwise: str | None = None) -> str:
        return self._taken(name, str, otherwise).strip()

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._taken(name, list, [])
        return tuple(self._as(f"{name}[{number}]", value, str) for number, value in enumerate(values))

    def words(self, name: str) -> Words:
        both = self.table(name)
        words = Words(both.text("en"), both.text("ko"))
        both.end()
        if not words.english or not words.korean:
            raise self.refused(name, "", "it is to be said in English and in Korean")
        return words

    def table(self, name: str) -> Self:
        return type(self)(self._taken(name, dict, {}), self._place, self._named(name))

    def tables(self, name: str) -> tuple[Self, ...]:
        rows = self._taken(name, list, [])
        paths = [f"{name}[{number}]" for number in range(len(rows))]
        return tuple(
            type(self)(self._as(path, row, dict), self._place, self._named(path))
            for path, row in zip(paths, rows, strict=True)
        )

    def rest(self) -> dict[str, object]:
        """All that is left, by name: where the names themselves are data."""
        entries, self._entries = self._entries, {}
        return entries

    def has(self, name: str) -> bool:
        return name in self._entries

    def end(self) -> None:
        for name, value in self._entries.items():
            raise self.refused(name, str(value), "no such entry is known here")

    def refused(self, name: str, value: str, reason: str) -> SettingRefused:
        return SettingRefused(self._named(name), value, self._place, reason)

    def _taken(self, name: str, kind: type[T], otherwise: T | None = None) -> T:
        value = self._entries.pop(name, otherwise)
        if value is None:
            raise self.refused(name, "", "it is missing")
        return self._as(name, value, kind)

    def _as(self, name: str, value: object, kind: type[T]) -> T:
        if not isinstance(value, kind):
            raise self.refused(name, str(value), f"it is to be a {kind.__name__}")
        return value

    def _named(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name
