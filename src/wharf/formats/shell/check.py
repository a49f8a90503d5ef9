"""What `[ ... ]`, `test` and `[[ ... ]]` answer: yes, no, or that it is not known."""

from collections.abc import Sequence
from typing import Final

from wharf.formats.hole import Unknown
from wharf.formats.shell.expand import Expander
from wharf.formats.shell.ran import Given
from wharf.formats.shell.regular import expression
from wharf.formats.shell.syntax import Word
from wharf.formats.shell.wildcard import literal, matches
from wharf.formats.shell.world import Variable, World
from wharf.formats.text import Text

_NUMBERS: Final = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
_BINARY: Final = _NUMBERS | {"=", "==", "!=", "=~", "<", ">", "-nt", "-ot", "-ef"}
_DEEPEST: Final = 20
_STEADY: Final = frozenset(
    {Unknown.SECRET, Unknown.VARIABLE, Unknown.INPUT, Unknown.ENVIRONMENT, Unknown.OUTPUT, Unknown.EVENT}
)
"""Reasons of what stays the same while a script runs."""
Answer = bool | None


class Checker:
    def __init__(self, expander: Expander) -> None:
        self._expander = expander

    def check(self, words: Sequence[Word], world: World) -> None:
        """`[[ ... ]]`: the right side of `==` is a pattern."""
        texts = [self._expander.text(word, world) for word in words]
        self._answer(_Question(texts, list(words), world, self._expander), texts, world)

    def test(self, texts: Sequence[Text], world: World) -> None:
        """`[ ... ]`."""
        self._answer(_Question(list(texts), None, world, self._expander), list(texts), world)

    def _answer(self, question: "_Question", texts: list[Text], world: World) -> None:
        answer = question.whole()
        world.question = None
        if answer is None and all(hole.reason.kind in _STEADY for text in texts for hole in text.holes):
            asked = Text.joined(texts, " ")
            answer = (world.decided or {}).get(asked)
            world.question = asked if answer is None else None
        world.status = answer


class _Question:
    def __init__(self, texts: list[Text], words: list[Word] | None, world: World, expander: Expander) -> None:
        self._texts = texts
        self._words = words
        self._world = world
        self._expander = expander
        self._at = 0
        self._depth = 0

    def whole(self) -> Answer:
        if not self._texts:
            return False
        answer = self._either()
        return answer if self._at >= len(self._texts) else None

    def _peek(self, offset: int = 0) -> str:
        at = self._at + offset
        return self._texts[at].flat if at < len(self._texts) else ""

    def _takes(self, *operators: str) -> bool:
        if self._at < len(self._texts) and self._peek() in operators:
            self._at += 1
            return True
        return False

    def _either(self) -> Answer:
        answer = self._both()
        while self._takes("||", "-o"):
            other = self._both()
            answer = True if answer or other else None if answer is None or other is None else False
        return answer

    def _both(self) -> Answer:
        answer = self._one()
        while self._takes("&&", "-a"):
            other = self._one()
            answer = False if answer is False or other is False else None if answer is None or other is None else True
        return answer

    def _one(self) -> Answer:
        self._depth += 1
        if self._depth > _DEEPEST or self._at >= len(self._texts):
            self._at = len(self._texts) + 1
            return None
        if self._peek(1) not in _BINARY:
            if self._at + 1 < len(self._texts) and self._takes("!"):
                answer = self._one()
                return None if answer is None else not answer
            if self._takes("("):
                answer = self._either()
                self._takes(")")
                return answer
        return self._plain()

    def _plain(self) -> Answer:
        left_over = len(self._texts) - self._at
        if left_over >= 3 and self._peek(1) in _BINARY:
            self._at += 3
            return self._compared(self._at - 3)
        if left_over >= 2 and len(self._peek()) == 2 and self._peek()[0] == "-":
            self._at += 2
            return self._asked(self._texts[self._at - 2].flat, self._texts[self._at - 1])
        self._at += 1
        return _is_not_empty(self._texts[self._at - 1])

    def _asked(self, operator: str, text: Text) -> Answer:
        if operator == "-n":
            return _is_not_empty(text)
        if operator == "-z":
            answer = _is_not_empty(text)
            return None if answer is None else not answer
        if operator == "-v" and text.value is not None:
            given = self._world.given(text.flat)
            return None if given is Given.UNKNOWN else given is not Given.UNSET
        return None

    def _compared(self, at: int) -> Answer:
        left, operator, right = self._texts[at], self._texts[at + 1].flat, self._texts[at + 2]
        if operator in _NUMBERS:
            return self._numbers(left, operator, right)
        if operator in ("=", "==", "!="):
            same = self._same(left, right, at + 2)
            return same if operator != "!=" or same is None else not same
        if left.value is None or right.value is None:
            return None
        if operator == "=~":
            return self._found(left, right)
        if operator not in ("<", ">"):
            return None
        return left.flat < right.flat if operator == "<" else left.flat > right.flat

    def _same(self, left: Text, right: Text, at: int) -> Answer:
        if self._words is not None:
            pattern = self._expander.pattern(self._words[at], self._world)
            return None if pattern is None else matches(pattern, left.flat)
        if left.value is not None and right.value is not None:
            return left.flat == right.flat
        if left.value is None and right.value is None:
            return None
        known, other = (left, right) if left.value is not None else (right, left)
        return False if matches(literal(known.flat), other.flat) is False else None

    def _found(self, text: Text, wanted: Text) -> Answer:
        searched = expression(wanted.flat, is_extended=True)
        if searched is None or not searched.may_search(text.flat):
            return None
        found = searched.pattern.search(text.flat)
        if found is not None:
            spans = [found.span(group) for group in range(searched.pattern.groups + 1)]
            groups = [(str(at), text[max(start, 0) : max(end, 0)]) for at, (start, end) in enumerate(spans)]
            self._world.put("BASH_REMATCH", Variable(elements=tuple(groups)))
        return found is not None

    def _numbers(self, left: Text, operator: str, right: Text) -> Answer:
        one, other = self._expander.number(left, self._world), self._expander.number(right, self._world)
        if one is None or other is None:
            return None
        answers = {
            "-eq": one == other, "-ne": one != other, "-lt": one < other, "-le": one <= other, "-gt": one > other,
            "-ge": one >= other,
        }  # fmt: skip
        return answers[operator]


def _is_not_empty(text: Text) -> Answer:
    """A hole may be empty."""
    return True if len(text) > len(text.holes) else None if text.holes else False
