"""Members are the named values of a JSON object, with the path that leads to them in the document.

They are asked for as what they must be. Absent and null are one: writers in Go say null for what others leave away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from wharf.errors import Malformed, shown
from wharf.oci.strict_json import JsonValue, kind_of

_EXCERPT = 80


@dataclass(frozen=True, slots=True)
class Members:
    """One object; `problem` is the error to raise for a document of this kind."""

    values: dict[str, JsonValue]
    where: str
    problem: type[Malformed]

    @classmethod
    def of(cls, value: JsonValue, where: str, problem: type[Malformed]) -> Self:
        if not isinstance(value, dict):
            raise _unexpected(problem, value, "an object", where)
        return cls(value, where, problem)

    def path(self, name: str) -> str:
        """Names come from outside: made safe to print, and short."""
        last = shown(name[:_EXCERPT])
        return f"{self.where}.{last}" if self.where else last

    def unexpected(self, name: str, expected: str) -> Malformed:
        return _unexpected(self.problem, self.values.get(name), expected, self.path(name))

    def text(self, name: str) -> str:
        """The text, or an empty one."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.unexpected(name, "a string")
        return value

    def number(self, name: str) -> int:
        """The whole number, which must be there; truth is none."""
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.unexpected(name, "a whole number")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if not isinstance(value, bool | None):
            raise self.unexpected(name, "true or false")
        return bool(value)

    def items(self, name: str) -> list[JsonValue]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.unexpected(name, "an array")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        texts: list[str] = []
        for index, item in enumerate(self.items(name)):
            if not isinstance(item, str):
                raise _unexpected(self.problem, item, "a string", f"{self.path(name)}[{index}]")
            texts.append(item)
        return tuple(texts)

    def inner(self, name: str) -> Self:
        """The object within, or one without members."""
        value = self.values.get(name)
        return type(self).of({} if value is None else value, self.path(name), self.problem)

    def each(self, name: str) -> tuple[Self, ...]:
        """The objects of an array."""
        return tuple(
            type(self).of(item, f"{self.path(name)}[{index}]", self.problem)
            for index, item in enumerate(self.items(name))
        )

    def text_map(self, name: str) -> Mapping[str, str]:
        inner = self.inner(name)
        for key, value in inner.values.items():
            if not isinstance(value, str):
                raise inner.unexpected(key, "a string")
        return MappingProxyType({key: inner.text(key) for key in inner.values})


def _unexpected(problem: type[Malformed], value: JsonValue, expected: str, where: str) -> Malformed:
    if value is None:
        return problem("", f"{expected} is missing", where=where)
    return problem("", f"expected {expected}, found {kind_of(value)}", where=where)
