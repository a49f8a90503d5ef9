"""The patterns by which workflows choose branches and tags: `release/**`, `v[0-9]+.*`, `!main`.

`*` is any characters but `/`, `**` any at all, `?` none or one of the character before it, `+` one or more of it.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

LONGEST: Final = 1_000
"""In characters; longer patterns match nothing that anybody could name so."""

_Fits = Callable[[str], bool]


class _Place(NamedTuple):
    fits: _Fits
    may_be_missing: bool = False
    repeats: bool = False


def chosen(name: str, patterns: Iterable[str]) -> bool:
    """The last pattern that matches decides; `!` before it takes the name away again."""
    is_chosen = False
    for pattern in patterns:
        takes_away = pattern.startswith("!")
        if matches(name, pattern[1:] if takes_away else pattern):
            is_chosen = not takes_away
    return is_chosen


def matches(name: str, pattern: str) -> bool:
    if max(len(name), len(pattern)) > LONGEST:
        return False
    places = list(_places(pattern))
    reached = _passed_over({0}, places)
    for character in name:
        reached = _passed_over(set(_after(character, reached, places)), places)
    return len(places) in reached


def _after(character: str, reached: set[int], places: list[_Place]) -> Iterator[int]:
    for at in reached:
        if at < len(places) and places[at].fits(character):
            yield at + 1
            if places[at].repeats:
                yield at


def _passed_over(reached: set[int], places: list[_Place]) -> set[int]:
    """With the places behind those that may be missing."""
    waiting = list(reached)
    while waiting:
        at = waiting.pop()
        if at < len(places) and places[at].may_be_missing and at + 1 not in reached:
            reached.add(at + 1)
            waiting.append(at + 1)
    return reached


def _places(pattern: str) -> Iterator[_Place]:
    at = 0
    while at < len(pattern):
        fits, at = _fitting(pattern, at)
        if fits is None:
            is_any = pattern[at : at + 1] == "*"
            at += is_any
            yield _Place(_any if is_any else _no_slash, may_be_missing=True, repeats=True)
        elif pattern[at : at + 1] in {"?", "+"} and at < len(pattern):
            yield _Place(fits, may_be_missing=pattern[at] == "?", repeats=pattern[at] == "+")
            at += 1
        else:
            yield _Place(fits)


def _fitting(pattern: str, at: int) -> tuple[_Fits | None, int]:
    """None for `*`; and where the pattern goes on."""
    character = pattern[at]
    if character == "*":
        return None, at + 1
    if character == "[" and (end := pattern.find("]", at + 1)) > 0:
        return _one_of(pattern[at + 1 : end]), end + 1
    if character == "\\" and at + 1 < len(pattern):
        return _only(pattern[at + 1]), at + 2
    return _only(character), at + 1


def _only(character: str) -> _Fits:
    return lambda other: other == character


def _one_of(written: str) -> _Fits:
    ranges: list[tuple[str, str]] = []
    at = 0
    while at < len(written):
        is_range = written[at + 1 : at + 2] == "-" and at + 2 < len(written)
        ranges.append((written[at], written[at + 2] if is_range else written[at]))
        at += 3 if is_range else 1
    return lambda other: any(first <= other <= last for first, last in ranges)


def _any(_: str) -> bool:
    return True


def _no_slash(character: str) -> bool:
    return character != "/"
