"""Whether values are equal, and which is the smaller one. None, where holes leave it open."""

import math

from wharf.formats.github.expressions.coercions import number_of
from wharf.formats.github.expressions.values import Fields, Items, Value
from wharf.formats.hole import Hole
from wharf.formats.text import HOLE, Text


def equal(left: Value, right: Value) -> bool | None:
    """Texts do not differ by their capitals; lists and objects are equal to themselves only."""
    if isinstance(left, Hole) or isinstance(right, Hole):
        return None
    if isinstance(left, Text) and isinstance(right, Text):
        return same_text(left, right)
    if isinstance(left, Items | Fields) or isinstance(right, Items | Fields):
        return left is right
    if left is None and right is None:
        return True
    first, second = number_of(left), number_of(right)
    return None if first is None or second is None else first == second


def smaller(left: Value, right: Value) -> bool | None:
    """What is no number is neither smaller nor greater than anything."""
    if isinstance(left, Text) and isinstance(right, Text):
        return None if left.holes or right.holes else left.flat.upper() < right.flat.upper()
    first, second = number_of(left), number_of(right)
    if first is None or second is None:
        return None
    return not (math.isnan(first) or math.isnan(second)) and first < second


def same_text(left: Text, right: Text) -> bool | None:
    first, second = left.flat.upper(), right.flat.upper()
    if HOLE not in first and HOLE not in second:
        return first == second
    if HOLE in first and HOLE in second:
        return None if _may_begin(first, second) and _may_begin(first[::-1], second[::-1]) else False
    known, holed = (first, second) if HOLE in second else (second, first)
    return None if may_be(known, holed) else False


def may_be(known: str, holed: str) -> bool:
    """Whether the holes can be filled so that it says this. A hole may be filled with nothing."""
    first, *inner = holed.split(HOLE)
    last = inner.pop()
    if len(known) < len(first) + len(last) or not (known.startswith(first) and known.endswith(last)):
        return False
    at, end = len(first), len(known) - len(last)
    for part in inner:
        found = known.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _may_begin(first: str, second: str) -> bool:
    """Whether what is known before their first holes agrees."""
    one, other = first.split(HOLE, maxsplit=1)[0], second.split(HOLE, maxsplit=1)[0]
    return one.startswith(other) or other.startswith(one)
