"""Signatures that come near a text in which none is recognised. They are a place to look on, and never an answer."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from wharf.doctor.signature import Signature, SignatureId
from wharf.doctor.squeezed import without_colours
from wharf.doctor.wordings import words_of

_LEAST: Final = 0.6
_LEAST_WORDS: Final = 2
_MOST: Final = 3
_LINES_TOGETHER: Final = 2
_LONGEST_LINE: Final = 400
_LONGEST_TEXT: Final = 128 * 1024


@dataclass(frozen=True, slots=True)
class Near:
    """`share`: how much of what the signature says stands in the text, from 0 to 1; `line` is where."""

    signature: Signature
    share: float
    line_number: int
    line: str


def nearest(text: str, signatures: Iterable[Signature]) -> tuple[Near, ...]:
    """Best first. Words that many signatures have say little of any of them."""
    weighing = _Weighing(signatures)
    best: dict[SignatureId, Near] = {}
    for number, line, words in _places(text):
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


def _places(text: str) -> Iterator[tuple[int, str, set[bytes]]]:
    """Each line with the one after it, since messages go on. Of much text its end, which tells how it went."""
    lines = text[-_LONGEST_TEXT:].split("\n")
    before = text.count("\n") - len(lines) + 2
    for number, line in enumerate(lines):
        together = "\n".join(one[:_LONGEST_LINE] for one in lines[number : number + _LINES_TOGETHER])
        yield before + number, without_colours(line[:_LONGEST_LINE]).strip(), words_of(together.encode())
