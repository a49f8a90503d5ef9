"""Comparing a text with a regular expression of JavaScript, step by step, and never with more steps than are allowed.

The pattern becomes a row of instructions. Where there are two ways, the second one is kept for later; when one way
fails, the last one that was kept is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from wharf.formats.github.metadata.pattern_parse import ends_line, fold, is_word, parse_pattern
from wharf.formats.github.metadata.pattern_tree import (
    Again,
    Edge,
    Either,
    Group,
    Look,
    One,
    Pattern,
    PatternNotKnown,
    PatternRefused,
    Sequence,
    Times,
    Tree,
)

MOST_STEPS: Final = 50_000
MOST_INSTRUCTIONS: Final = 20_000
_FLAGS: Final = frozenset("dgimsuvy")
Found = tuple[str | None, ...]


def match_text(source: str, flags: str, text: str) -> Found | None:
    """What `text.match(new RegExp(source, flags))` gives: the whole and its groups; with `g`, all wholes."""
    if len(set(flags)) != len(flags) or not _FLAGS.issuperset(flags) or {"u", "v"} <= set(flags):
        raise PatternRefused(f"Invalid flags supplied to RegExp constructor '{flags}'")
    if "u" not in flags and "v" not in flags:
        source, text = _halves(source), _halves(text)
    machine = _Machine(_Writing(parse_pattern(source, flags)).program(), text, flags)
    if "g" in flags:
        return machine.all()
    places = machine.search(0)
    return machine.groups(places) if places else None


def _halves(text: str) -> str:
    """Characters beyond the first 65,536 are two for JavaScript."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(int.from_bytes(units[at : at + 2], "little")) for at in range(0, len(units), 2))


class _Take(NamedTuple):
    is_in: Callable[[str], bool]
    step: int


@dataclass
class _Split:
    first: int = 0
    second: int = 0


@dataclass
class _Jump:
    to: int = 0


class _Save(NamedTuple):
    slot: int


class _Forget(NamedTuple):
    start: int
    end: int


class _Moved(NamedTuple):
    """Fails, if nothing was taken since the place in this slot."""

    slot: int


class _Repeat(NamedTuple):
    number: int
    step: int


@dataclass
class _Looking:
    is_wanted: bool
    after: int = 0


@dataclass(frozen=True)
class _Done:
    pass


_Instruction = _Take | _Split | _Jump | _Save | _Forget | _Moved | _Repeat | _Looking | _Done | Edge


class _Program(NamedTuple):
    instructions: list[_Instruction]
    slots: int
    groups: int


class _Writing:
    """From the tree to the instructions. Inside of what looks behind, all is written backwards."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        self._slots = pattern.groups * 2
        self._out: list[_Instruction] = []

    def program(self) -> _Program:
        self._write(Group(self._pattern.tree, 0), 1)
        self._add(_Done())
        return _Program(self._out, self._slots, self._pattern.groups)

    def _add(self, instruction: _Instruction) -> None:
        if len(self._out) > MOST_INSTRUCTIONS:
            raise PatternNotKnown("it is too large")
        self._out.append(instruction)

    def _write(self, tree: Tree, step: int) -> None:
        match tree:
            case One(is_in):
                self._add(_Take(is_in, step))
            case Edge():
                self._add(tree)
            case Sequence(parts):
                for part in parts[::step]:
                    self._write(part, step)
            case Either():
                self._either(tree, step)
            case Group():
                self._group(tree, step)
            case Look():
                self._look(tree)
            case Again():
                self._add(_Repeat(self._number(tree), step))
            case Times():
                self._times(tree, step)

    def _number(self, again: Again) -> int:
        if again.name and again.name not in self._pattern.names:
            raise PatternRefused("Invalid named capture referenced")
        return self._pattern.names[again.name] if again.name else again.number

    def _either(self, tree: Either, step: int) -> None:
        jumps = []
        for way in tree.ways[:-1]:
            split = _Split(len(self._out) + 1)
            self._add(split)
            self._write(way, step)
            jumps.append(jump := _Jump())
            self._add(jump)
            split.second = len(self._out)
        self._write(tree.ways[-1], step)
        for jump in jumps:
            jump.to = len(self._out)

    def _group(self, group: Group, step: int) -> None:
        if group.number is None:
            self._write(group.inside, step)
            return
        first = group.number * 2 + (step < 0)
        self._add(_Save(first))
        self._write(group.inside, step)
        self._add(_Save(first ^ 1))

    def _look(self, look: Look) -> None:
        looking = _Looking(look.is_wanted)
        self._add(looking)
        self._write(look.inside, -1 if look.is_behind else 1)
        self._add(_Done())
        looking.after = len(self._out)

    def _times(self, times: Times, step: int) -> None:
        for _ in range(times.least):
            self._once(times, step)
        if times.most is None:
            split = self._split()
            at = len(self._out) - 1
            self._once_more(times, step)
            self._add(_Jump(at))
            self._ways(split, times)
            return
        splits = []
        for _ in range(times.most - times.least):
            splits.append((split := self._split(), len(self._out)))
            self._once_more(times, step)
            split.first = splits[-1][1]
        for split, after in splits:
            split.first, split.second = after, len(self._out)
            if times.is_lazy:
                split.first, split.second = split.second, split.first

    def _split(self) -> _Split:
        split = _Split()
        self._add(split)
        split.first = len(self._out)
        return split

    def _ways(self, split: _Split, times: Times) -> None:
        split.second = len(self._out)
        if times.is_lazy:
            split.first, split.second = split.second, split.first

    def _once(self, times: Times, step: int) -> None:
        start, end = times.groups
        if start < end:
            self._add(_Forget(start * 2, end * 2))
        self._write(times.inside, step)

    def _once_more(self, times: Times, step: int) -> None:
        slot = self._slots
        self._slots += 1
        self._add(_Save(slot))
        self._once(times, step)
        self._add(_Moved(slot))


_Places = tuple[int, ...]


class _Machine:
    def __init__(self, program: _Program, text: str, flags: str) -> None:
        self._program = program
        self._text = text
        self._lines = "m" in flags
        self._folds = "i" in flags
        self._sticks = "y" in flags
        self._steps = 0

    def search(self, start: int) -> _Places | None:
        nothing = (-1,) * self._program.slots
        for at in range(start, start + 1 if self._sticks else len(self._text) + 1):
            if (places := self._run(0, at, nothing)) is not None:
                return places
        return None

    def all(self) -> Found | None:
        wholes: list[str | None] = []
        at = 0
        while at <= len(self._text) and (places := self.search(at)) is not None:
            wholes.append(self._text[places[0] : places[1]])
            at = places[1] + (places[0] == places[1])
        return tuple(wholes) or None

    def groups(self, places: _Places) -> Found:
        pairs = zip(places[: self._program.groups * 2 : 2], places[1 : self._program.groups * 2 : 2], strict=True)
        return tuple(self._text[start:end] if start >= 0 and end >= 0 else None for start, end in pairs)

    def _run(self, instruction: int, at: int, places: _Places) -> _Places | None:
        later: list[tuple[int, int, _Places]] = [(instruction, at, places)]
        while later:
            instruction, at, places = later.pop()
            while instruction >= 0:
                self._steps += 1
                if self._steps > MOST_STEPS:
                    raise PatternNotKnown("it takes too many steps")
                each = self._program.instructions[instruction]
                if isinstance(each, _Done):
                    return places
                if isinstance(each, _Split):
                    later.append((each.second, at, places))
                    instruction = each.first
                elif isinstance(each, _Looking):
                    inside = self._run(instruction + 1, at, places)
                    instruction = each.after if (inside is not None) is each.is_wanted else -1
                    places = inside if inside is not None and each.is_wanted else places
                else:
                    instruction, at, places = self._simple(each, instruction, at, places)
        return None

    def _simple(self, each: _Instruction, instruction: int, at: int, places: _Places) -> tuple[int, int, _Places]:
        """The next instruction, or -1 where this way fails."""
        match each:
            case _Take(is_in, step):
                place = at if step > 0 else at - 1
                fits = 0 <= place < len(self._text) and is_in(self._text[place])
                return (instruction + 1, at + step, places) if fits else (-1, at, places)
            case _Jump(to):
                return to, at, places
            case _Save(slot):
                return instruction + 1, at, (*places[:slot], at, *places[slot + 1 :])
            case _Forget(start, end):
                return instruction + 1, at, (*places[:start], *([-1] * (end - start)), *places[end:])
            case _Moved(slot):
                return (instruction + 1 if places[slot] != at else -1), at, places
            case _Repeat(number, step):
                return self._repeat(number, step, instruction, at, places)
            case Edge(kind):
                return (instruction + 1 if self._is_edge(kind, at) else -1), at, places
        raise AssertionError(each)

    def _repeat(self, number: int, step: int, instruction: int, at: int, places: _Places) -> tuple[int, int, _Places]:
        start, end = places[number * 2], places[number * 2 + 1]
        if start < 0 or end < 0:
            return instruction + 1, at, places
        length = end - start
        begins = at if step > 0 else at - length
        there = self._text[begins : begins + length] if begins >= 0 else ""
        fits = begins >= 0 and self._folded(there) == self._folded(self._text[start:end])
        return (instruction + 1, at + step * length, places) if fits else (-1, at, places)

    def _folded(self, text: str) -> str:
        return "".join(map(fold, text)) if self._folds else text

    def _is_edge(self, kind: str, at: int) -> bool:
        if kind == "^":
            return at == 0 or (self._lines and ends_line(self._text[at - 1]))
        if kind == "$":
            return at == len(self._text) or (self._lines and ends_line(self._text[at]))
        before = at > 0 and is_word(self._text[at - 1])
        after = at < len(self._text) and is_word(self._text[at])
        return (before != after) == (kind == "b")
