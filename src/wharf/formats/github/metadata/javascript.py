"""How JavaScript reads texts: what it takes for blank, what it takes for a number, and where it replaces."""

import math
import re
from decimal import Decimal
from typing import Final

from wharf.formats.text import Known, Text

BLANKS: Final = (
    "\t\n\v\f\r \N{NO-BREAK SPACE}\N{OGHAM SPACE MARK}\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007"
    "\u2008\u2009\u200a\u2028\u2029\N{NARROW NO-BREAK SPACE}\u205f\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
)
MOST_EXACT: Final = 2**53 - 1
"""The greatest number up to which each whole one is different from the next."""
_is_decimal = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)").fullmatch
_is_other = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)").fullmatch
_INFINITE: Final = {"Infinity": math.inf, "+Infinity": math.inf, "-Infinity": -math.inf}


def trimmed(text: Text) -> Text:
    return text.stripped(BLANKS)


def number(text: str) -> float:
    """Not a number (`math.nan`) where it is none; an empty text is zero."""
    text = text.strip(BLANKS)
    if not text:
        return 0.0
    if text in _INFINITE:
        return _INFINITE[text]
    if _is_decimal(text):
        return float(text)
    if _is_other(text):
        return float(int(text, 0)) if len(text) < 200 else math.inf
    return math.nan


def written(value: float) -> str:
    """A whole number as JavaScript writes it."""
    if value == math.inf:
        return "Infinity"
    if value < 1e21:
        return format(Decimal(repr(value)), ".0f")
    digits, _, exponent = repr(value).partition("e")
    return f"{digits.removesuffix('.0')}e{exponent}"


def replaced(text: Text, pattern: re.Pattern[str], replacement: str) -> Text:
    """Each match replaced; what is put in stands where the match stood."""
    parts, start = [], 0
    for match in pattern.finditer(text.flat):
        gone = text[match.start() : match.end()]
        parts += [text[start : match.start()], Text((Known(replacement, gone.span),))]
        start = match.end()
    return Text.joined([*parts, text[start:]]) if parts else text
