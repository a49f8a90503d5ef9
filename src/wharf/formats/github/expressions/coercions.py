"""Values made into one another, as GitHub makes them: into texts, numbers and truths. None is what is not known."""

import math
import re
from typing import Final

from wharf.formats.github.expressions.values import Fields, Items, Value
from wharf.formats.github.scalars import written
from wharf.formats.hole import Hole
from wharf.formats.text import HOLE, Text

_is_number = re.compile(r"[-+]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,5})?").fullmatch
_is_other_base = re.compile(r"0x[0-9A-Fa-f]{1,100}|0o[0-7]{1,100}").fullmatch
_INFINITE: Final = {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}


def text_of_value(value: Value) -> Text:
    match value:
        case Text():
            return value
        case None:
            return Text()
        case Hole():
            return Text((value,))
        case Items():
            return Text.known("Array")
        case Fields():
            return Text.known("Object")
        case _:
            return Text.known(written(value))


def truth_of(value: Value) -> bool | None:
    match value:
        case Hole():
            return None
        case Text():
            return _truth_of_text(value)
        case None:
            return False
        case Items() | Fields():
            return True
        case _:
            return bool(value) and not math.isnan(value)


def number_of(value: Value) -> float | None:
    match value:
        case Hole():
            return None
        case Text():
            return None if value.holes else _number_of_text(value.flat.strip())
        case None:
            return 0.0
        case Items() | Fields():
            return math.nan
        case _:
            return float(value)


def _truth_of_text(text: Text) -> bool | None:
    if any(character != HOLE for character in text.flat):
        return True
    return None if text.holes else False


def _number_of_text(said: str) -> float:
    if not said:
        return 0.0
    if _is_number(said):
        return float(said)
    if _is_other_base(said):
        return float(int(said, 0))
    return _INFINITE.get(said, math.nan)
