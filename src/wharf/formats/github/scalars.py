"""What GitHub makes of unquoted words of YAML: `true` is a boolean, and `1.10` is a number, which is written `1.1`."""

import math
import re
from typing import Final

from wharf.formats.text import Text
from wharf.formats.yaml.tree import Scalar, Style

_is_whole = re.compile(r"[-+]?[0-9]{1,400}").fullmatch
_is_other_base = re.compile(r"0o[0-7]{1,100}|0x[0-9a-fA-F]{1,100}").fullmatch
_is_fraction = re.compile(r"[-+]?(?:\.[0-9]{1,400}|[0-9]{1,400}(?:\.[0-9]{0,400})?)(?:[eE][-+]?[0-9]{1,5})?").fullmatch
_TRUTHS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_is_infinite = re.compile(r"[-+]?\.(?:inf|Inf|INF)").fullmatch
_NO_NUMBERS: Final = frozenset({".nan", ".NaN", ".NAN"})

_TEXTS: Final = frozenset({"!!str", "tag:yaml.org,2002:str", "!"})

Plain = None | bool | float | Text


def typed(scalar: Scalar) -> Plain:
    """Its value, as the expressions of a workflow see it."""
    if scalar.style is not Style.PLAIN or scalar.tag in _TEXTS or scalar.text.holes:
        return scalar.text
    word = scalar.text.flat
    if scalar.is_null:
        return None
    if word in _TRUTHS:
        return _TRUTHS[word]
    number = _number(word)
    return scalar.text if number is None else number


def text_of(scalar: Scalar) -> Text:
    """As it reaches an input or a variable. Where GitHub writes it in another way, its place is that of the whole."""
    value = typed(scalar)
    if isinstance(value, Text):
        return value
    said = "" if value is None else written(value)
    return scalar.text if said == scalar.text.flat else Text.known(said, scalar.span)


def written(value: bool | float) -> str:  # noqa: FBT001 - it is a value, not a switch
    """With fifteen digits at most, as .NET writes numbers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return format(value + 0.0, ".15G")  # not -0


def _number(word: str) -> float | None:
    if _is_whole(word) or _is_fraction(word):
        return float(word)
    if _is_other_base(word):
        return float(int(word, 0))
    if _is_infinite(word):
        return -math.inf if word.startswith("-") else math.inf
    return math.nan if word in _NO_NUMBERS else None
