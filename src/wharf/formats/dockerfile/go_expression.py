"""Regular expressions of Go, as far as a pattern of an ignore file can become one, and texts that match them.

Where it is harmless an expression becomes one of Python's. Where that could take for ever (many stars, long names)
it is walked state by state, which takes a time that only grows with the length.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

ANY_FOLDERS: Final = "(.*/)?"
_NAMED: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_PERL: Final = {"d": "0-9", "s": r"\t\n\f\r ", "w": "0-9A-Za-z_"}
_CONTROLS: Final = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_PLACES: Final = {"A": r"\A", "z": r"\Z", "b": r"\b", "B": r"\B"}
_named_class = re.compile(r"\[:(.*?):\]", re.DOTALL)
_times = re.compile(r"\{(0|[1-9][0-9]{0,9})(,(0|[1-9][0-9]{0,9})?)?\}")
_MOST_TIMES: Final = 1000
_MOST_TRIES: Final = 100_000
_MOST_STATES: Final = 5_000


class NotAPattern(ValueError):
    """Docker refuses it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A character, or a place between characters, and how often it is there. `most`: None for any number of times."""

    written: str
    """Python's expression for it."""
    is_place: bool = False
    least: int = 1
    most: int | None = 1

    @property
    def varies(self) -> bool:
        return self.least != self.most


_FOLDERS: Final = _Part(r"(?:.*/)?")
_START: Final = _Part(r"\A", is_place=True)
_Branch = list[_Part]


class Expression:
    """`^…$` as Docker writes it, without the `^`: of several branches only the first begins where the path does."""

    def __init__(self, expression: str) -> None:
        branches = _Reading(expression).branches()
        self._varying = sum(part.varies or part is _FOLDERS for branch in branches for part in branch)
        self._branches = branches
        written = "|".join("".join(map(_written, branch)) for branch in branches)
        self._quick = re.compile(written, re.ASCII)

    def matches(self, text: str) -> bool:
        if len(text) ** self._varying <= _MOST_TRIES:
            return self._quick.search(text) is not None
        return any(_walked(tuple(branch), text) for branch in self._branches)


def _written(part: _Part) -> str:
    times = "" if (part.least, part.most) == (1, 1) else f"{{{part.least},{'' if part.most is None else part.most}}}"
    return f"(?:{part.written}){times}" if times and part.is_place else part.written + times


class _Reading:
    def __init__(self, expression: str) -> None:
        self._text = expression
        self._at = 0

    def branches(self) -> list[_Branch]:
        """The `^` before the whole is one of the parts: it, too, may be repeated, or be there no time at all."""
        branches: list[_Branch] = [[self._repeated(_START)]]
        while self._at < len(self._text):
            if self._text[self._at] == "|":
                self._at += 1
                branches.append([])
                if _times.match(self._text, self._at):
                    raise NotAPattern("there is nothing before { to be repeated")
            elif self._text.startswith(ANY_FOLDERS, self._at):
                self._at += len(ANY_FOLDERS)
                branches[-1].append(self._alone(_FOLDERS))
            else:
                branches[-1].append(self._repeated(self._part()))
        return branches

    def _alone(self, part: _Part) -> _Part:
        if _times.match(self._text, self._at):
            raise NotAPattern("what is repeated cannot be repeated again")
        return part

    def _repeated(self, part: _Part) -> _Part:
        if part is not _START and self._text.startswith("*", self._at):
            self._at += 1
            return self._alone(_Part(part.written, part.is_place, 0, None))
        times = _times.match(self._text, self._at)
        if not times:
            return part
        self._at = times.end()
        least = int(times[1])
        most = least if not times[2] else int(times[3]) if times[3] else None
        if least > _MOST_TIMES or (most is not None and (most > _MOST_TIMES or most < least)):
            raise NotAPattern(f"{times[0]} is too often, or the wrong way round")
        return self._alone(_Part(part.written, part.is_place, least, most))

    def _part(self) -> _Part:
        character = self._text[self._at]
        self._at += 1
        if character == "[":
            return _Part(self._class())
        if character == "\\":
            return self._escape()
        if character in "^$":
            return _Part(_START.written if character == "^" else r"\Z", is_place=True)
        return _Part("." if character == "." else re.escape(character))

    def _escape(self) -> _Part:
        letter = self._text[self._at]
        self._at += 1
        if letter in _PLACES:
            return _Part(_PLACES[letter], is_place=True)
        if letter.lower() in _PERL:
            return _Part(f"[{'^' if letter.isupper() else ''}{_PERL[letter.lower()]}]")
        return _Part(re.escape(_literal(letter)))

    def _class(self) -> str:
        is_without = self._text.startswith("^", self._at)
        self._at += is_without
        members, first = "", self._at
        while self._at == first or not self._text.startswith("]", self._at):
            members += self._member()
        self._at += 1
        return f"[{'^' if is_without else ''}{members}]"

    def _member(self) -> str:
        if named := _named_class.match(self._text, self._at):
            if named[1] not in _NAMED:
                raise NotAPattern(f"there is no {named[0]}")
            self._at = named.end()
            return _NAMED[named[1]]
        if self._text.startswith("\\", self._at) and (perl := self._text[self._at + 1 : self._at + 2]) in _PERL:
            self._at += 2
            return _PERL[perl]
        low = self._class_character()
        if not self._text.startswith("-", self._at) or self._text[self._at + 1 : self._at + 2] in {"", "]"}:
            return _class_escaped(low)
        self._at += 1
        high = self._class_character()
        if high < low:
            raise NotAPattern(f"{low}-{high} is the wrong way round")
        return f"{_class_escaped(low)}-{_class_escaped(high)}"

    def _class_character(self) -> str:
        character = self._text[self._at : self._at + 1]
        escaped = self._text[self._at + 1 : self._at + 2]
        if not character or (character == "\\" and not escaped):
            raise NotAPattern("a [ is not closed")
        self._at += 2 if character == "\\" else 1
        return _literal(escaped) if character == "\\" else character


def _literal(letter: str) -> str:
    if letter in _CONTROLS:
        return _CONTROLS[letter]
    if letter.isalnum() or not letter.isascii():
        raise NotAPattern(f"\\{letter} means nothing")
    return letter


def _class_escaped(character: str) -> str:
    return "\\" + character if character in r"\]^-[&~|" else character


@dataclass(frozen=True, slots=True)
class _State:
    """`ways`: steps forward that take no character."""

    takes: str = ""
    place: str = ""
    loops: bool = False
    ways: tuple[int, ...] = ()


@cache
def _states(branch: tuple[_Part, ...]) -> tuple[_State, ...]:
    states: list[_State] = []
    for part in branch:
        if len(states) > _MOST_STATES:
            return (_State("(?!)"),)
        if part is _FOLDERS:
            states += [_State(ways=(1, 3)), _State(".", loops=True, ways=(1,)), _State("/")]
        elif part.is_place:
            states += [_State(place=part.written)] if part.least else []
        else:
            states += [_State(part.written)] * part.least
            if part.most is None:
                states.append(_State(part.written, loops=True, ways=(1,)))
            else:
                states += [_State(part.written, ways=(1,))] * (part.most - part.least)
    return tuple(states)


def _walked(branch: tuple[_Part, ...], text: str) -> bool:
    states = _states(branch)
    now: set[int] = set()
    for at in range(len(text) + 1):
        now = _reached(states, now | {0}, text, at)
        if len(states) in now:
            return True
        if at < len(text):
            taking = (each for each in now if each < len(states) and _takes(states[each].takes, text[at]))
            now = {each if states[each].loops else each + 1 for each in taking}
    return False


def _reached(states: tuple[_State, ...], now: set[int], text: str, at: int) -> set[int]:
    """With all states that can be had for nothing."""
    waiting = list(now)
    while waiting:
        each = waiting.pop()
        if each == len(states):
            continue
        state = states[each]
        ways = (1,) if state.place and re.compile(state.place, re.ASCII).match(text, at) else state.ways
        new = {each + way for way in ways} - now
        now |= new
        waiting += new
    return now


@cache
def _takes(takes: str, character: str) -> bool:
    return bool(takes) and re.fullmatch(takes, character) is not None
