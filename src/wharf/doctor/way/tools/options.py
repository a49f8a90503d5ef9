"""The words of a command line, sorted into options and operands as most programs do it.

Which options have a value must be known; it cannot be seen.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from wharf.formats.text import Text

_END: Final = "--"
TakesValue = Callable[[str], bool]
"""Of an option, whether the next word belongs to it: `-t`, `--tag`."""


@dataclass(frozen=True)
class Arguments:
    """In the order in which they stand. A flag has an empty value."""

    options: tuple[tuple[str, Text], ...]
    operands: tuple[Text, ...]

    def values(self, *names: str) -> tuple[Text, ...]:
        return tuple(value for name, value in self.options if name in names)

    def last(self, *names: str) -> Text | None:
        values = self.values(*names)
        return values[-1] if values else None

    def has(self, *names: str) -> bool:
        """A flag that is on."""
        return any(value.flat not in {"false", "0"} for value in self.values(*names))


def valued(*names: str) -> TakesValue:
    """These have a value, all others are flags."""
    known = frozenset(names)
    return lambda name: name in known


def all_valued_but(*flags: str) -> TakesValue:
    known = frozenset(flags)
    return lambda name: name not in known


def sorted_words(words: Collection[Text], takes_value: TakesValue, *, ends_at_operand: bool = False) -> Arguments:
    """`ends_at_operand`: what follows the first operand belongs to another command."""
    options: list[tuple[str, Text]] = []
    operands: list[Text] = []
    rest = iter(words)
    for word in rest:
        flat = word.flat
        if operands and ends_at_operand:
            operands.append(word)
        elif flat == _END:
            operands += rest
        elif flat.startswith(_END):
            options.append(_long(word, rest, takes_value))
        elif flat.startswith("-") and len(flat) > 1:
            options += _short(word, rest, takes_value)
        else:
            operands.append(word)
    return Arguments(tuple(options), tuple(operands))


def _long(word: Text, rest: Iterator[Text], takes_value: TakesValue) -> tuple[str, Text]:
    name, equals, _ = word.flat.partition("=")
    if equals:
        return name, word[len(name) + 1 :]
    return name, next(rest, Text()) if takes_value(name) else Text()


def _short(word: Text, rest: Iterator[Text], takes_value: TakesValue) -> Iterator[tuple[str, Text]]:
    """Several flags may stand in one word, and a value directly behind its option."""
    for at, letter in enumerate(word.flat[1:], 2):
        name = f"-{letter}"
        if takes_value(name):
            behind = word[at:]
            yield name, behind[1:] if behind.flat.startswith("=") else behind or next(rest, Text())
            return
        yield name, Text()
