"""All patterns by their words: which of them a piece of a log can hold at all.

A piece of a long log has most of its words in common with other pieces, and with most patterns none of those that
matter: so its words are taken once, and a pattern is only looked for where all of its own are among them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, Generic, TypeVar

from wharf.doctor.pattern import Pattern
from wharf.doctor.squeezed import without_colours_in

T = TypeVar("T")
_LETTERS: Final = bytes(
    byte if chr(byte) in "abcdefghijklmnopqrstuvwxyz0123456789\n" else ord(" ") for byte in bytes(range(256)).lower()
)
_ESCAPED_ENDS: Final = (b"\\n", b"\\t", b"\\r")
_LONGEST_WORD: Final = 40


class Wordings(Generic[T]):
    """`T` is what a pattern belongs to."""

    def __init__(self, patterns: Iterable[tuple[Pattern, T]]) -> None:
        known = tuple(patterns)
        used = Counter(word for pattern, _ in known for word in pattern.words)
        self._wordless: list[tuple[Pattern, T]] = []
        self._by_word: dict[bytes, list[tuple[Pattern, T]]] = defaultdict(list)
        for pattern, owner in known:
            rarest = min(pattern.words, key=lambda word: (used[word], -len(word), word), default=None)
            (self._wordless if rarest is None else self._by_word[rarest]).append((pattern, owner))

    def possible_in(self, words: set[bytes]) -> list[tuple[Pattern, T]]:
        near = (one for word in self._by_word.keys() & words for one in self._by_word[word])
        return self._wordless + [one for one in near if one[0].words <= words]


def words_of(text: bytes) -> set[bytes]:
    """Small words of letters and figures, also those that a line end has cut in two."""
    text = without_colours_in(text)
    if b"\\" in text:
        for end in _ESCAPED_ENDS:
            text = text.replace(end, b" ")
    letters = text.translate(_LETTERS)
    words = set(letters.split())
    if b"\n" in letters:
        words.update(_cut_in_two(letters))
    return words


def _cut_in_two(letters: bytes) -> Iterable[bytes]:
    """A terminal that is eighty columns wide breaks words; so does a frame around them, whose signs are spaces here."""
    while b"\n\n" in letters:
        letters = letters.replace(b"\n\n", b"\n")
    for line, following in pairwise(letters.split(b"\n")):
        tail = line[-_LONGEST_WORD:].rstrip()
        head = following[: 2 * _LONGEST_WORD].split(None, 1)
        if head and tail:
            yield tail.rpartition(b" ")[2] + head[0]
