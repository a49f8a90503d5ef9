"""What commands show: colour for people on a terminal, plain text elsewhere, JSON for machines.

The only module that draws. Results go to standard output; what is said about them goes to standard error.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from io import TextIOWrapper
from itertools import accumulate, takewhile
from typing import Final, TextIO

import click

from wharf.cli.log_commands import are_read, without_commands
from wharf.cli.surroundings import Surroundings
from wharf.errors import Diagnostics, harmless

_WIDTH: Final = 80
_INDENT: Final = "  "
_ERASE_LINE: Final = "\r\x1b[K"
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")
_FILLER: Final = "\0"
"""Stands behind each wide character while text is wrapped: printable text does not hold it."""

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]


class Output:
    def __init__(self, surroundings: Surroundings) -> None:
        self._out = surroundings.out
        self._err = surroundings.err
        self._is_read_for_commands = are_read(surroundings.environ)
        self._plain = bool(surroundings.environ.get("NO_COLOR")) or surroundings.environ.get("TERM") == "dumb"

    def line(self, text: str) -> None:
        self._echo(self._out, harmless(text))

    def heading(self, text: str) -> None:
        """What stands above a part of a longer result."""
        self._echo(self._out, click.style(harmless(text), bold=True))

    def painted(self, parts: Iterable[tuple[str, str]]) -> None:
        """One line of several parts, each with its colour, `dim`, `bold`, or nothing."""
        self._echo(self._out, "".join(_painted(harmless(text), colour) for text, colour in parts))

    def lines(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.line(text)

    def table(self, rows: Iterable[Sequence[str]], sides: str = "") -> None:
        """The first column to the left, the others to the right, unless `sides` says otherwise: "<>>"."""
        for line in aligned(list(rows), sides):
            self.line(_INDENT + line)

    def json(self, value: Json) -> None:
        """What moves the cursor stands only within its strings, and is written there as JSON escapes it."""
        text = json.dumps(value, ensure_ascii=False)
        text = text if text.isprintable() else "".join(map(_as_json_shows_it, text))
        self.command(text.replace("##", "#\\u0023") if self._is_read_for_commands else text)

    def command(self, text: str) -> None:
        """One line that a CI system may take for what it says."""
        click.echo(text, file=self._out, color=False)

    def raw(self, content: bytes) -> None:
        """As they are: their digest is what counts."""
        self._out.flush()
        if isinstance(self._out, TextIOWrapper):
            self._out.buffer.write(content)
            self._out.buffer.flush()
        else:
            self._out.write(content.decode("utf-8", "replace"))

    def note(self, text: str) -> None:
        """What is said about a result, to whoever reads along."""
        self._echo(self._err, harmless(text))

    def ask(self, question: str) -> None:
        """The answer is typed behind it."""
        self._err.write(harmless(question))
        self._err.flush()

    def warn(self, text: str) -> None:
        self._say("warning: ", "yellow", text)

    def explain(self, diagnostics: Diagnostics) -> None:
        """Cause, evidence, next step: what every error has to say."""
        self.progress("")
        self._say("error: ", "red", diagnostics.cause)
        for evidence in diagnostics.evidence:
            for line in evidence.splitlines():
                self._echo(self._err, "\n".join(wrapped(_INDENT, line)))
        if diagnostics.next_step:
            self._say(f"{_INDENT}next: ", "green", diagnostics.next_step)

    def lines_beside(self, texts: Iterable[str]) -> None:
        """What is said about an error after it was explained; a command in it stays in one piece."""
        for text in texts:
            self._echo(self._err, _INDENT + harmless(text))

    def progress(self, text: str) -> None:
        """How far a long work is, on a line that the next one replaces; nothing unless somebody is looking."""
        if self._err.isatty():
            self._err.write(_ERASE_LINE + harmless(text)[: _WIDTH - 1])
            self._err.flush()

    def _say(self, label: str, colour: str, text: str) -> None:
        first, *others = wrapped(label, text)
        first = click.style(label, fg=colour, bold=True) + first.removeprefix(label)
        self._echo(self._err, "\n".join((first, *others)))

    def _echo(self, stream: TextIO, text: str) -> None:
        text = without_commands(text) if self._is_read_for_commands else text
        click.echo(text, file=stream, color=stream.isatty() and not self._plain)


def _painted(text: str, paint: str) -> str:
    if paint in {"dim", "bold"}:
        return click.style(text, dim=paint == "dim" or None, bold=paint == "bold" or None)
    return click.style(text, fg=paint) if paint else text


def _as_json_shows_it(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


def aligned(rows: Sequence[Sequence[str]], sides: str = "") -> list[str]:
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    sides = sides or "<".ljust(len(widths), ">")
    return [_INDENT.join(map(padded, row, widths, sides)).rstrip() for row in rows]


def padded(text: str, width: int, side: str = "<") -> str:
    """To the left or to the right of a field that is this many columns wide."""
    blank = " " * (width - width_of(text))
    return text + blank if side == "<" else blank + text


def width_of(text: str) -> int:
    """In columns of a terminal, where a Korean syllable takes two."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    from unicodedata import combining, east_asian_width  # noqa: PLC0415 - start-up time: most names are ASCII

    return 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1


def shortened(text: str, width: int) -> str:
    """Cut off where the room ends, with a mark that it was."""
    if text.isascii() and len(text) <= width:
        return text
    ends = list(takewhile(lambda end: end <= width, accumulate(map(_columns, text))))
    if len(ends) == len(text):
        return text
    return f"{text[: sum(1 for end in ends if end < width)]}…"


def size_in_words(size: int) -> str:
    """ "1.5 GiB": at most four digits, and bytes as they are."""
    amount, unit = float(size), 0
    while amount >= 1023.95 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    return f"{size} B" if unit == 0 else f"{amount:.1f} {_UNITS[unit]}"


def wrapped(label: str, text: str) -> list[str]:
    """Long words, which are paths and digests, stay whole: they are there to be copied."""
    from textwrap import wrap  # noqa: PLC0415 - start-up time: what goes well is not wrapped

    following = " " * width_of(label)
    text = harmless(text)
    lines = wrap(_filled(text), _WIDTH, initial_indent=_filled(label), subsequent_indent=following,
                 break_long_words=False, break_on_hyphens=False)  # fmt: skip
    return [line.replace(_FILLER, "") for line in lines] or [label]


def _filled(text: str) -> str:
    """As many characters as it takes columns."""
    if text.isascii():
        return text
    return "".join(character + _FILLER * (_columns(character) - 1) for character in text)
