"""Whether two texts with holes say the same: surely, perhaps, or surely not."""

from enum import Enum
from typing import Final

from wharf.doctor.way.image_name import ImageName
from wharf.formats.hole import Unknown
from wharf.formats.text import HOLE, Text

_STEADY: Final = frozenset(
    {Unknown.SECRET, Unknown.VARIABLE, Unknown.INPUT, Unknown.OUTPUT, Unknown.RUN, Unknown.EVENT, Unknown.FILE}
)
"""What is not known, but is the same wherever the same name stands for it in one run."""


class Likeness(Enum):
    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"


def likeness(one: Text, other: Text) -> Likeness:
    if one == other:
        return Likeness.YES if all(hole.reason.kind in _STEADY for hole in one.holes) else Likeness.PERHAPS
    return Likeness.PERHAPS if _may_be_one(one.flat, other.flat) else Likeness.NO


def likeness_of_names(pushed: ImageName, asked: ImageName) -> Likeness:
    """Of what is pushed to what is asked for. A digest is known only after it was pushed."""
    if asked.digest is not None or pushed.digest is not None or pushed.tag is None:
        same = likeness(pushed.repository, asked.repository)
        is_made_here = asked.digest is not None and bool(asked.digest.holes)
        return Likeness.PERHAPS if same is Likeness.YES and not is_made_here else same
    return likeness(pushed.whole, asked.whole)


def _may_be_one(one: str, other: str) -> bool:
    if HOLE not in one:
        one, other = other, one
    if HOLE not in one:
        return False
    if HOLE not in other:
        return _fits(one, other)
    return _agree(one.partition(HOLE)[0], other.partition(HOLE)[0]) and _agree(
        one.rpartition(HOLE)[2][::-1], other.rpartition(HOLE)[2][::-1]
    )


def _agree(one: str, other: str) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _fits(pattern: str, text: str) -> bool:
    """Whether something can be put into the holes of the pattern so that it becomes the text."""
    first, *middle, last = pattern.split(HOLE)
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
