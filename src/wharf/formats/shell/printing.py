"""What `echo` and `printf` print, with the places kept of all that is put into it."""

import re
from collections.abc import Sequence
from typing import Final

from wharf.formats.text import HOLE, Known, Text

_end_of_line: Final = Text.known("\n")
_escape: Final = re.compile(r"\\(?:([abefnrtv\\'\"])|0?([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(c))")
_LETTERS: Final = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_field: Final = re.compile(r"%(%|([-+ 0#]*)(\d{0,3})(?:\.(\d{1,3}))?([sdiuxXobqcfeg]))")
_MOST_ROUNDS: Final = 200


def echo(arguments: Sequence[Text]) -> Text:
    options, rest = "", list(arguments)
    while rest and re.fullmatch(r"-[neE]+", rest[0].flat):
        options += rest.pop(0).flat
    said = Text.joined(rest, " ")
    if "e" in options:
        said = said.mapped(_unescaped)
    return said if "n" in options else said + _end_of_line


def printf(arguments: Sequence[Text]) -> Text | None:
    """None where the format itself is not known."""
    if not arguments:
        return None
    form, *values = arguments if arguments[0].flat != "--" else arguments[1:]
    form = form.mapped(_unescaped)
    if not values:
        return _once(form, [])[0]
    said: list[Text] = []
    for _ in range(_MOST_ROUNDS):
        text, used = _once(form, values)
        said.append(text)
        values = values[used:]
        if not values or not used:
            break
    return Text.joined(said)


def _once(form: Text, values: Sequence[Text]) -> tuple[Text, int]:
    pieces, start, used = [], 0, 0
    for found in _field.finditer(form.flat):
        pieces.append(form[start : found.start()])
        start = found.end()
        if found.group(1) == "%":
            pieces.append(form[found.start() : found.start() + 1])
            continue
        value = values[used] if used < len(values) else Text()
        used += 1
        pieces.append(_formed(value, found))
    return Text.joined([*pieces, form[start:]]), used


def _formed(value: Text, found: re.Match[str]) -> Text:
    _, flags, width, precision, kind = found.groups()
    if HOLE in value.flat:
        return value
    if kind == "b":
        value = value.mapped(_unescaped)
    if kind in "sbqc":
        value = value[: int(precision)] if precision else value
    elif kind in "diu" and re.fullmatch(r"-?\d{1,18}", value.flat):
        value = Text.known(str(int(value.flat)), value.span)
    padding = max(int(width or 0) - len(value), 0)
    fill = Text((Known(("0" if "0" in flags and kind in "diux" else " ") * padding),)) if padding else Text()
    return value + fill if "-" in flags else fill + value


def _unescaped(text: str) -> str:
    def put(found: re.Match[str]) -> str:
        letter, octal, hexadecimal, end = found.groups()
        if end:
            return ""
        if letter:
            return _LETTERS.get(letter, letter)
        return chr(int(octal, 8) if octal else int(hexadecimal, 16))

    return _escape.sub(put, text) if "\\" in text else text
