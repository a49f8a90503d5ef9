"""What becomes of a plain scalar that looks like a number when a program written in Go reads it from YAML.

`1.10` becomes 1.1, `453e654` infinity, `0123` the octal 83. Helm makes a floating-point number of all of them, and
prints those from a million on with an exponent: `8202758` is `8.202758e+06`.
"""

import re
from typing import Final

from wharf.formats.yaml.tree import Scalar, Style

_is_float = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?").fullmatch
_is_integer = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)").fullmatch
_LONGEST: Final = 64
_NAMED: Final = {".inf": "+Inf", ".Inf": "+Inf", ".INF": "+Inf", "-.inf": "-Inf", ".nan": "NaN", ".NaN": "NaN"}
_EXACT_INTEGERS: Final = 6


def is_number(scalar: Scalar) -> bool:
    """Whether it is read as a number: it has no quotes and looks like one."""
    return _digits(scalar) is not None


def printed(scalar: Scalar) -> str:
    """As Helm prints it in a template."""
    digits = _digits(scalar)
    if digits is None:
        return scalar.text.flat
    if digits in _NAMED:
        return _NAMED[digits]
    return _as_go(_value(digits))


def _digits(scalar: Scalar) -> str | None:
    text = scalar.text.value
    if scalar.style is not Style.PLAIN or scalar.tag or text is None or not 0 < len(text) <= _LONGEST:
        return None
    if text in _NAMED:
        return text
    digits = text.replace("_", "") if text[0] != "_" else text
    return digits if _is_integer(digits) or _is_float(digits) else None


def _value(digits: str) -> float:
    if not _is_integer(digits):
        return float(digits)
    sign = -1 if digits[0] == "-" else 1
    bare = digits.lstrip("+-").lower()
    if bare[0] == "0" and len(bare) > 1 and bare[1].isdigit():
        bare = "0o" + bare[1:]
    return float(sign * int(bare, 0))


def _as_go(value: float) -> str:
    if value != value or value in {float("inf"), float("-inf")}:  # noqa: PLR0124 - that is how NaN is told
        return "NaN" if value != value else ("+Inf" if value > 0 else "-Inf")  # noqa: PLR0124
    mantissa, _, exponent = f"{value!r}".partition("e")
    if exponent:
        return f"{mantissa.removesuffix('.0')}e{int(exponent):+03d}"
    whole = mantissa.removesuffix(".0")
    digits = len(whole.partition(".")[0].lstrip("-"))
    return whole if digits <= _EXACT_INTEGERS or not float(whole) else _scientific(whole)


def _scientific(written: str) -> str:
    sign, written = ("-", written[1:]) if written.startswith("-") else ("", written)
    whole, _, fraction = written.partition(".")
    digits = (whole + fraction).rstrip("0")
    exponent = len(whole) - 1
    return f"{sign}{digits[0]}{'.' if digits[1:] else ''}{digits[1:]}e{exponent:+03d}"
