"""Nearness: which of these names was meant?

People ask for `453a6545…` where `sha-453a654` was pushed, for `V1.2` instead of `v1.2`, for `lates`. Each of these
is a kind of nearness, in this order: the same commit, the same but for its case, one inside the other, alike.

Whoever asks chooses the words, and whoever pushes chooses the candidates: the work for each pair has a small bound.
"""

import re
from collections.abc import Iterable

_SHORTEST_ID = 7
_COMMIT = re.compile(rf"[0-9a-f]{{{_SHORTEST_ID},64}}")
_ALIKE = 0.6
_INSIDE = 0.8
_SAME_BUT_FOR_CASE = 0.9
_SAME_COMMIT = 1.0


def nearest(wanted: str, candidates: Iterable[str], limit: int = 3) -> list[str]:
    """The candidates that come close, best first; those that are equally close keep their order."""
    scored = [(nearness(wanted, candidate), candidate) for candidate in candidates if candidate != wanted]
    close = [(score, candidate) for score, candidate in scored if score >= _ALIKE]
    return [candidate for _, candidate in sorted(close, key=lambda pair: -pair[0])[:limit]]


def nearness(wanted: str, candidate: str) -> float:
    """Between 0 (nothing in common) and 1."""
    if _share_a_commit(wanted, candidate):
        return _SAME_COMMIT
    left, right = wanted.casefold(), candidate.casefold()
    if left == right:
        return _SAME_BUT_FOR_CASE
    short, long = sorted((left, right), key=len)
    if len(short) >= 3 and short in long:
        return _INSIDE + 0.1 * len(short) / len(long)
    return min(_alike(left, right), _INSIDE)


def _share_a_commit(left: str, right: str) -> bool:
    """Whether both contain the beginning of the same commit id, at least seven digits long."""
    ids: dict[str, list[str]] = {}
    for one in _COMMIT.findall(left):
        ids.setdefault(one[:_SHORTEST_ID], []).append(one)
    return any(
        one.startswith(other) or other.startswith(one)
        for one in _COMMIT.findall(right)
        for other in ids.get(one[:_SHORTEST_ID], ())
    )


def _alike(left: str, right: str) -> float:
    """How much of both is the longest text that can be read in either, with gaps."""
    if 2 * min(len(left), len(right)) < _ALIKE * (len(left) + len(right)):
        return 0.0
    return 2 * _length_in_common(left, right) / (len(left) + len(right))


def _length_in_common(left: str, right: str) -> int:
    """The length of the longest common subsequence. A row of the usual table is one number, a bit for each character
    of `left`; a bit that is gone stands for one character more in common (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for place, character in enumerate(left):
        places[character] = places.get(character, 0) | 1 << place
    everything = (1 << len(left)) - 1
    row = everything
    for character in right:
        matched = row & places.get(character, 0)
        row = (row + matched | row - matched) & everything
    return len(left) - row.bit_count()
