"""Patterns of the shell (`*`, `?`, `[a-z]`), matched in a time that grows with the text, whatever the pattern is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from wharf.formats.text import HOLE

LONGEST: Final = 4096
_CLASSES: Final[dict[str, Callable[[str], bool]]] = {
    "space": str.isspace, "digit": str.isdigit, "alpha": str.isalpha, "alnum": str.isalnum,
    "upper": str.isupper, "lower": str.islower, "punct": lambda letter: letter.isprintable() and not letter.isalnum(),
    "blank": lambda letter: letter in " \t",
}  # fmt: skip


@dataclass(frozen=True)
class One:
    """Matches one character, or with `is_many` any number of any."""

    accepts: Callable[[str], bool]
    is_many: bool = False


def _any(letter: str) -> bool:
    return bool(letter)


Wildcard = tuple[One, ...]


def literal(text: str) -> Wildcard:
    return tuple(One(lambda letter, wanted=wanted: letter == wanted) for wanted in text)  # type: ignore[misc]


def wildcard(text: str) -> Wildcard:
    return tuple(_pieces(text))


def _pieces(text: str) -> Iterator[One]:
    at = 0
    while at < len(text):
        letter = text[at]
        if letter == "*":
            yield One(_any, is_many=True)
        elif letter == "?":
            yield One(_any)
        elif letter == "[" and (end := _end_of_set(text, at)) > 0:
            yield One(_set(text[at + 1 : end]))
            at = end
        else:
            yield from literal(letter)
        at += 1


def _end_of_set(text: str, start: int) -> int:
    at = start + 1
    at += text[at : at + 1] in ("!", "^")
    at += text[at : at + 1] == "]"
    while at < len(text) and text[at] != "]":
        if text.startswith("[:", at) and (close := text.find(":]", at, at + 20)) > 0:
            at = close + 1
        at += 1
    return at if at < len(text) else -1


def _set(body: str) -> Callable[[str], bool]:
    is_negated = body[:1] in ("!", "^")
    tests = list(_tests(body[1:] if is_negated else body))
    return lambda letter: any(test(letter) for test in tests) is not is_negated


def _tests(body: str) -> Iterator[Callable[[str], bool]]:
    at = 0
    while at < len(body):
        close = body.find(":]", at) if body.startswith("[:", at) else -1
        if close > 0:
            yield _CLASSES.get(body[at + 2 : close], lambda _: False)
            at = close + 2
        elif body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            yield lambda letter, low=body[at], high=body[at + 2]: low <= letter <= high  # type: ignore[misc]
            at += 3
        else:
            yield lambda letter, wanted=body[at]: letter == wanted  # type: ignore[misc]
            at += 1


def ends(pattern: Wildcard, text: str) -> Iterator[int]:
    """Where matches end that begin at the beginning, the shortest first."""
    states = _closed(pattern, {0})
    goal = len(pattern)
    if goal in states:
        yield 0
    for at, letter in enumerate(text, 1):
        moved = set()
        for state in states:
            if state < goal and pattern[state].accepts(letter):
                moved.add(state if pattern[state].is_many else state + 1)
        states = _closed(pattern, moved)
        if not states:
            return
        if goal in states:
            yield at


def _closed(pattern: Wildcard, states: set[int]) -> set[int]:
    closed = set(states)
    for state in states:
        following = state
        while following < len(pattern) and pattern[following].is_many:
            following += 1
            closed.add(following)
    return closed


def matches(pattern: Wildcard, text: str) -> bool | None:
    """None: it depends on what is not known."""
    if len(text) > LONGEST or len(pattern) > LONGEST:
        return None
    whole = any(end == len(text) for end in ends(pattern, text))
    if HOLE not in text:
        return whole
    if whole and all(piece.is_many or not piece.accepts(HOLE) for piece in pattern):
        return True
    return None if _could(pattern, text) else False


def _could(pattern: Wildcard, text: str) -> bool:
    """Whether the text matches for some texts in its holes."""
    states = _closed(pattern, {0})
    for letter in text:
        if letter == HOLE:
            states = set(range(min(states, default=len(pattern)), len(pattern) + 1)) if states else states
        else:
            moved = set()
            for state in states:
                if state < len(pattern) and pattern[state].accepts(letter):
                    moved.add(state if pattern[state].is_many else state + 1)
            states = _closed(pattern, moved)
        if not states:
            return False
    return len(pattern) in states


def backwards(pattern: Wildcard) -> Wildcard:
    return tuple(reversed(pattern))
