"""Signatures that come near a text in which none is recognised. They are a place to look on, and never an answer."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from wharf.doctor.shown_text import is_shown
from wharf.doctor.signature import Signature, SignatureId
from wharf.doctor.squeezed import without_colours
from wharf.doctor.strangers import is_of_our_trade
from wharf.doctor.wordings import words_of

_LEAST: Final = 0.65
_LEAST_WORDS: Final = 2
_MOST: Final = 3
_LINES_TOGETHER: Final = 2
_LONGEST_LINE: Final = 400
_MOST_LINES: Final = 1000
_LONGEST_TEXT: Final = 128 * 1024


@dataclass(frozen=True, slots=True)
class Near:
    """`share`: how much of what the signature says stands in the text, from 0 to 1; `line` is where."""

    signature: Signature
    share: float
    line_number: int
    line: str


def nearest(text: str, signatures: Iterable[Signature], first_line: int = 1) -> tuple[Near, ...]:
    """Best first. Words that many signatures have say little of any of them. `first_line`: the number of the first."""
    weighing = _Weighing(signatures)
    best: dict[SignatureId, Near] = {}
    for number, line, words in _places(text, first_line):
        for signature, share in weighing.shares(words):
            if share > (best[signature.id].share if signature.id in best else _LEAST):
                best[signature.id] = Near(signature, round(share, 2), number, line)
    return tuple(sorted(best.values(), key=lambda near: -near.share)[:_MOST])


class _Weighing:
    def __init__(self, signatures: Iterable[Signature]) -> None:
        known = [(pattern.words, one) for one in signatures for pattern in one.patterns if pattern.words]
        used = Counter(word for words, _ in known for word in words)
        self._weights = {word: math.log(1 + len(known) / times) for word, times in used.items()}
        self._known = [(words, self._weight(words), signature) for words, signature in known]
        self._by_word: dict[bytes, list[int]] = defaultdict(list)
        for number, (words, _) in enumerate(known):
            for word in words:
                self._by_word[word].append(number)

    def shares(self, words: set[bytes]) -> Iterator[tuple[Signature, float]]:
        shared = words & self._by_word.keys()
        near = Counter(number for word in shared for number in self._by_word[word])
        for number, times in near.items():
            if times >= _LEAST_WORDS:
                own, weight, signature = self._known[number]
                yield signature, self._weight(own & shared) / weight

    def _weight(self, words: Iterable[bytes]) -> float:
        return sum(self._weights[word] for word in words)


def _places(text: str, first_line: int) -> Iterator[tuple[int, str, set[bytes]]]:
    """Each line with the one after it, since messages go on. Of much text its end, which tells how it went."""
    lines = text[-_LONGEST_TEXT:].split("\n")[-_MOST_LINES:]
    before = first_line + text.count("\n") + 1 - len(lines)
    for number, line in enumerate(lines):
        if not is_of_our_trade(line[:_LONGEST_LINE]) or is_shown(lines, number):
            continue
        together = "\n".join(one[:_LONGEST_LINE] for one in lines[number : number + _LINES_TOGETHER])
        yield before + number, without_colours(line[:_LONGEST_LINE]).strip(), words_of(together.encode())
