"""Regular expressions of JavaScript, read: from a pattern to its tree.

    alternatives = terms *( "|" terms )            terms = *( term [ quantifier ] )
    quantifier   = ( "*" | "+" | "?" | "{" n [ "," [ m ] ] "}" ) [ "?" ]
    term         = character | "." | class | "\\" escape | "(" … ")" | "^" | "$"

Without the flag `u` whatever has no other meaning stands for itself, as in browsers.
"""

import re
import unicodedata
from functools import cache
from typing import Final

from wharf.formats.github.metadata.javascript import BLANKS
from wharf.formats.github.metadata.pattern_tree import (
    Again,
    Edge,
    Either,
    Group,
    IsIn,
    Look,
    One,
    Pattern,
    PatternNotKnown,
    PatternRefused,
    Sequence,
    Times,
    Tree,
)

DEEPEST: Final = 50
LONGEST: Final = 2_000
_MOST_TIMES: Final = 1_000


_DIGITS: Final = frozenset("0123456789")
_WORD: Final = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_SETS: Final = {"d": _DIGITS, "w": _WORD, "s": frozenset(BLANKS)}
_CONTROLS: Final = {"t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r"}
_ENDS_OF_LINES: Final = frozenset("\n\r\u2028\u2029")
_SYNTAX: Final = frozenset("^$\\.*+?()[]{}|/")
_braces = re.compile(r"\{([0-9]+)(,?)([0-9]*)\}")
_name = re.compile(r"<([A-Za-z_$][A-Za-z0-9_$]*)>")
_property = re.compile(r"\{([A-Za-z_]+)(?:=([A-Za-z_]+))?\}")
_CATEGORIES: Final = {
    "Letter": "L",
    "Lowercase_Letter": "Ll",
    "Uppercase_Letter": "Lu",
    "Number": "N",
    "Decimal_Number": "Nd",
    "Punctuation": "P",
    "Symbol": "S",
    "Separator": "Z",
}


def is_word(character: str) -> bool:
    return character in _WORD


def ends_line(character: str) -> bool:
    return character in _ENDS_OF_LINES


def parse_pattern(source: str, flags: str) -> Pattern:
    if len(source) > LONGEST:
        raise PatternNotKnown("it is too long")
    if "v" in flags:
        raise PatternNotKnown("the flag v")
    return _Reading(source, flags).pattern()


class _Reading:
    def __init__(self, source: str, flags: str) -> None:
        self._source = source
        self._strict = "u" in flags
        self._folds = "i" in flags
        self._all = "s" in flags
        self._at = 0
        self._depth = 0
        self._groups = 1
        self._names: dict[str, int] = {}
        self._total = _count_groups(source)
        self._has_names = self._strict or re.search(r"\(\?<[^=!]", source) is not None

    def pattern(self) -> Pattern:
        tree = self._either()
        if self._at < len(self._source):
            raise PatternRefused("Unmatched ')'")
        return Pattern(tree, self._groups, self._names)

    def _take(self, wanted: str) -> bool:
        if self._source.startswith(wanted, self._at):
            self._at += len(wanted)
            return True
        return False

    def _either(self) -> Tree:
        self._depth += 1
        if self._depth > DEEPEST:
            raise PatternNotKnown("it is nested too deeply")
        ways = [self._sequence()]
        while self._take("|"):
            ways.append(self._sequence())
        self._depth -= 1
        return ways[0] if len(ways) == 1 else Either(tuple(ways))

    def _sequence(self) -> Tree:
        parts: list[Tree] = []
        while self._at < len(self._source) and self._source[self._at] not in "|)":
            first_group = self._groups
            term, is_repeatable = self._term()
            parts.append(self._repeated(term, is_repeatable, first_group))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self, term: Tree, is_repeatable: bool, first_group: int) -> Tree:  # noqa: FBT001 - of the term
        bounds = self._bounds()
        if bounds is None:
            return term
        if not is_repeatable:
            raise PatternRefused("Nothing to repeat")
        least, most = bounds
        if most is not None and most < least:
            raise PatternRefused("numbers out of order in {} quantifier")
        if max(least, most or 0) > _MOST_TIMES:
            raise PatternNotKnown("it repeats too often")
        return Times(term, least, most, self._take("?"), (first_group, self._groups))

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(sign):
                return bounds
        match = _braces.match(self._source, self._at)
        if match is None or (match[3] and not match[2]):
            return None
        self._at = match.end()
        least = _bound(match[1])
        return least, (_bound(match[3]) if match[3] else None) if match[2] else least

    def _term(self) -> tuple[Tree, bool]:
        character = self._source[self._at]
        if character in "*+?" or (character == "{" and _braces.match(self._source, self._at)):
            raise PatternRefused("Nothing to repeat")
        if self._strict and character in "{}]":
            raise PatternRefused("Lone quantifier brackets")
        self._at += 1
        match character:
            case "(":
                return self._group()
            case "[":
                return self._class(), True
            case "\\":
                return self._escape()
            case "^" | "$":
                return Edge(character), False
            case ".":
                return One((lambda _: True) if self._all else (lambda c: c not in _ENDS_OF_LINES)), True
        return self._exactly(character), True

    def _exactly(self, character: str) -> One:
        if not self._folds:
            return One(lambda c: c == character)
        folded = fold(character)
        return One(lambda c: fold(c) == folded)

    def _group(self) -> tuple[Tree, bool]:
        for opening, is_behind, is_wanted in _LOOKS:
            if self._take(opening):
                return Look(self._inside(), is_behind, is_wanted), not is_behind and not self._strict
        if self._take("?:"):
            return Group(self._inside()), True
        if self._take("?"):
            self._named_group()
        number = self._groups
        self._groups += 1
        return Group(self._inside(), number), True

    def _named_group(self) -> None:
        match = _name.match(self._source, self._at)
        if match is None:
            if self._at < len(self._source) and self._source[self._at] in "ims-<":
                raise PatternNotKnown("modifiers or an unusual name of a group")
            raise PatternRefused("Invalid group")
        if match[1] in self._names:
            raise PatternNotKnown("two groups of one name")
        self._names[match[1]] = self._groups
        self._at = match.end()

    def _inside(self) -> Tree:
        tree = self._either()
        if not self._take(")"):
            raise PatternRefused("Unterminated group")
        return tree

    def _escape(self) -> tuple[Tree, bool]:
        if self._at >= len(self._source):
            raise PatternRefused("\\ at end of pattern")
        character = self._source[self._at]
        if character in "bB":
            self._at += 1
            return Edge(character), False
        if character in "123456789" and (again := self._again()) is not None:
            return again, True
        if character == "k" and self._has_names:
            match = _name.match(self._source, self._at + 1)
            if match is None:
                raise PatternRefused("Invalid named reference")
            self._at = match.end()
            return Again(name=match[1]), True
        if (members := self._set()) is not None:
            return One(members), True
        return self._exactly(self._character()), True

    def _again(self) -> Again | None:
        match = re.compile(r"[0-9]+").match(self._source, self._at)
        assert match is not None
        number = int(match[0][:6])
        if number < self._total:
            self._at = match.end()
            return Again(number)
        if self._strict:
            raise PatternRefused("Invalid escape")
        return None

    def _set(self) -> IsIn | None:
        """`\\d` and its sisters, after the backslash."""
        character = self._source[self._at]
        if character in "pP" and self._strict:
            return self._property(is_wanted=character == "p")
        members = _SETS.get(character.lower()) if character in "dDwWsS" else None
        if members is None:
            return None
        self._at += 1
        return members.__contains__ if character.islower() else (lambda c: c not in members)

    def _property(self, *, is_wanted: bool) -> IsIn:
        match = _property.match(self._source, self._at + 1)
        if match is None:
            raise PatternRefused("Invalid property name")
        name = match[2] or match[1]
        category = _CATEGORIES.get(name, name)
        if category not in _CATEGORIES.values() or (match[2] and match[1] not in {"gc", "General_Category"}):
            raise PatternNotKnown("a property of characters")
        self._at = match.end()
        return lambda c: unicodedata.category(c).startswith(category) == is_wanted

    def _character(self, also: str = "") -> str:
        """The one that an escape stands for; the backslash is behind us."""
        character = self._source[self._at]
        self._at += 1
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "c":
            return self._control()
        if character in "01234567" and not (self._strict and character != "0"):
            return self._octal(character)
        if character in "xu":
            return self._hexadecimal(character)
        if self._strict and character not in _SYNTAX and character != also:
            raise PatternRefused("Invalid escape")
        return character

    def _control(self) -> str:
        letter = self._source[self._at : self._at + 1]
        if letter.isascii() and letter.isalpha():
            self._at += 1
            return chr(ord(letter) % 32)
        if self._strict:
            raise PatternRefused("Invalid unicode escape")
        self._at -= 1
        return "\\"

    def _octal(self, first: str) -> str:
        match = re.compile(r"[0-3][0-7]{0,2}|[4-7][0-7]?").match(self._source, self._at - 1)
        assert match is not None
        if self._strict and (len(match[0]) > 1 or self._source[self._at : self._at + 1].isdigit()):
            raise PatternRefused("Invalid decimal escape")
        self._at += len(match[0]) - len(first)
        return chr(int(match[0], 8))

    def _hexadecimal(self, kind: str) -> str:
        digits = 2 if kind == "x" else 4
        match = re.compile(rf"[0-9a-fA-F]{{{digits}}}").match(self._source, self._at)
        if match is None and kind == "u" and self._strict:
            match = re.compile(r"\{(0*[0-9a-fA-F]{1,6})\}").match(self._source, self._at)
        if match is None:
            if self._strict:
                raise PatternRefused("Invalid Unicode escape")
            return kind
        self._at = match.end()
        value = int(match[0].strip("{}"), 16)
        if value > 0x10FFFF:
            raise PatternRefused("Invalid Unicode escape")
        return chr(value)

    def _class(self) -> One:
        is_wanted = not self._take("^")
        members: list[IsIn] = []
        while not self._take("]"):
            if self._at >= len(self._source):
                raise PatternRefused("Unterminated character class")
            members += self._members()
        return One(_any_of(tuple(members), is_wanted=is_wanted, folds=self._folds))

    def _members(self) -> list[IsIn]:
        """One character, a set, or a range."""
        first = self._member()
        if not self._source.startswith("-", self._at) or self._source[self._at + 1 : self._at + 2] in {"", "]"}:
            return [_is(first)]
        self._at += 1
        last = self._member()
        if isinstance(first, str) and isinstance(last, str):
            if ord(first) > ord(last):
                raise PatternRefused("Range out of order in character class")
            return [lambda c: first <= c <= last]
        if self._strict:
            raise PatternRefused("Invalid character class")
        return [_is(first), _is("-"), _is(last)]

    def _member(self) -> str | IsIn:
        if not self._take("\\"):
            self._at += 1
            return self._source[self._at - 1]
        if self._at >= len(self._source):
            raise PatternRefused("\\ at end of pattern")
        if self._take("b"):
            return "\b"
        return self._set() or self._character(also="-")


_LOOKS: Final = (("?=", False, True), ("?!", False, False), ("?<=", True, True), ("?<!", True, False))


def _bound(figures: str) -> int:
    return int(figures[:9])


def _is(member: str | IsIn) -> IsIn:
    return (lambda c: c == member) if isinstance(member, str) else member


def _any_of(members: tuple[IsIn, ...], *, is_wanted: bool, folds: bool) -> IsIn:
    if not folds:
        return lambda c: any(is_in(c) for is_in in members) == is_wanted
    return lambda c: any(is_in(each) for each in _variants(c) for is_in in members) == is_wanted


@cache
def fold(character: str) -> str:
    upper = character.upper()
    is_letter_of_another_kind = len(upper) != 1 or (ord(character) >= 128 and ord(upper) < 128)
    return character if is_letter_of_another_kind else upper


def _variants(character: str) -> set[str]:
    folded = fold(character)
    return {character, folded} | {each for each in (character.lower(), folded.lower()) if fold(each) == folded}


def _count_groups(source: str) -> int:
    """One more than there are groups with numbers."""
    total, at, in_class = 1, 0, False
    while at < len(source):
        character = source[at]
        if character == "\\":
            at += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(" and (source[at + 1 : at + 2] != "?" or re.match(r"<[^=!]", source[at + 2 : at + 4])):
            total += 1
        at += 1
    return total
