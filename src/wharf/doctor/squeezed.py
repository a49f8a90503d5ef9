"""Text without what carries no meaning for recognising it: white space, quotes, backslashes, colours, frames.

A log wraps lines, colours them, puts them into JSON and quotes them in many ways; squeezed, a message looks the same
wherever it was found. Letters are compared as small ones.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

DROPPED: Final = "\x00 \t\r\n\v\f\u00a0\"'`\\‘’“”│\u200b\ufeff"
NOTHING: Final = "∅"
"""Stands for quotes with nothing between them: that a program said nothing is worth knowing."""
SPACE: Final = "\x1f"
_NOTHING_QUOTED: Final = ("``", "''", '\\"\\"', "\\'\\'", '""')
_DROPPED_BYTES: Final = bytes(ord(character) for character in DROPPED if ord(character) < 128)
_DROPPED_LONG: Final = tuple(character.encode() for character in DROPPED if ord(character) >= 128)
_SMALL: Final = bytes(range(256)).lower()
# A control sequence of a terminal, or a title or link for one; both are bounded, so that garbage costs no time.
_CONTROL: Final = r"\x1b\[[0-9;:?]{0,40}[ -/]{0,3}[@-~]|\x1b\][^\x07\x1b\r\n]{0,500}(?:\x07|\x1b\\)"
_in_a_word = re.compile(r"[A-Za-z0-9]{2}").fullmatch
# What stands before each line of a log: a time, a build's step, the host and the program of a journal, a service.
_TIME: Final = (
    r"20[0-9]{2}-[01][0-9]-[0-3][0-9][T ][0-9:.,]{8,20}(?:Z|[+-][0-9:]{4,5})?[ \t](?:[0-9]{2}[OE][+ ]?[ \t]?)?"
    r"|\#[0-9]{1,4} [0-9]{1,5}\.[0-9]{1,3}[ \t]"
    r"|[A-Z][a-z]{2} [ 0-3][0-9] [0-9:]{8} [a-zA-Z0-9._-]{1,64} [a-zA-Z0-9._-]{1,64}(?:\[[0-9]{1,8}\])?:[ \t]"
    r"|[a-zA-Z0-9._-]{1,60} {1,30}\| |(?:> ){1,3}"
)
_control = re.compile(_CONTROL)
_control_bytes = re.compile(_CONTROL.encode())
_dropped = re.compile(f"(?:{_CONTROL}|(?:\\A|\n)(?:{_TIME})|[{re.escape(DROPPED)}])+")
_time_bytes = re.compile(f"\n(?:{_TIME})".encode())
_first_time_bytes = re.compile(_TIME.encode())


def squeezed(text: str) -> str:
    """The text without all that, its letters as they are."""
    return _dropped.sub("", _with_nothing_marked(text))


def squeezed_log(text: bytes) -> bytes:
    """The same for much text at once, in small letters: fifty megabytes take a fraction of a second."""
    for pair in _NOTHING_QUOTED:
        text = text.replace(pair.encode(), NOTHING.encode())
    text = _without_times(without_colours_in(text))
    if not text.isascii():
        for code in _DROPPED_LONG:
            text = text.replace(code, b"")
    return text.translate(_SMALL, _DROPPED_BYTES)


def _without_times(text: bytes) -> bytes:
    first = _first_time_bytes.match(text)
    return _time_bytes.sub(b"\n", text[first.end() :] if first else text)


def small(text: str) -> str:
    """ASCII letters made small, as `squeezed_log` makes them."""
    return text.encode("utf-8", "replace").lower().decode("utf-8")


class Places:
    """A text squeezed, and for each character that stayed the place where it stood.

    In `spaced` a sign stands where white space within a line was, for what may not go on across it.
    """

    def __init__(self, text: str) -> None:
        text = _with_nothing_marked(text)
        self._text = text
        self._runs = [(begin, end) for begin, end in _kept_runs(text) if begin < end]
        self._starts = list(accumulate((end - begin for begin, end in self._runs), initial=0))
        self._spaces = [self._is_space_before(number) for number in range(len(self._runs))]
        signs = accumulate(self._spaces)
        self._spaced_starts = [start + before for start, before in zip(self._starts, signs, strict=False)]
        self.tight = "".join(text[begin:end] for begin, end in self._runs)
        self.spaced = "".join(
            (SPACE if space else "") + text[begin:end]
            for (begin, end), space in zip(self._runs, self._spaces, strict=True)
        )

    def of(self, start: int, end: int) -> str:
        """The text between two characters that stayed, with what was between them."""
        return self._text[self.place(start) : self.place(end - 1) + 1]

    def of_spaced(self, start: int, end: int) -> str:
        return self.of(self.from_spaced(start), self.from_spaced(end)) if start < end else ""

    def is_boundary(self, position: int) -> bool:
        """Whether no word goes on across this place: in the text, where white space still tells words apart."""
        if position <= 0 or position >= len(self.tight) or not _in_a_word(self.tight[position - 1 : position + 1]):
            return True
        run = bisect_right(self._starts, position) - 1
        return self._starts[run] == position or self._is_escape_before(position)

    def place(self, position: int) -> int:
        """In the text."""
        run = bisect_right(self._starts, position) - 1
        return self._runs[run][0] + position - self._starts[run]

    def to_spaced(self, position: int) -> int:
        """Of a character that stayed, where it is in `spaced`."""
        run = min(bisect_right(self._starts, position), len(self._runs)) - 1
        return self._spaced_starts[run] + position - self._starts[run]

    def from_spaced(self, position: int) -> int:
        """The character that stayed there, or the next one."""
        run = max(bisect_right(self._spaced_starts, position) - 1, 0)
        return min(self._starts[run] + max(position - self._spaced_starts[run], 0), self._starts[run + 1])

    def _is_space_before(self, run: int) -> bool:
        """A line that was wrapped goes on; a blank within one does not."""
        gone = self._text[self._runs[run - 1][1] : self._runs[run][0]] if run else ""
        return "\n" not in gone and any(character in " \t\u00a0" for character in gone)

    def _is_escape_before(self, position: int) -> bool:
        """The letter before is that of an escaped line end or tab, as JSON writes them."""
        place = self.place(position - 1)
        return self._text[place] in "nrt" and self._text[max(place - 1, 0)] == "\\"


def _with_nothing_marked(text: str) -> str:
    for pair in _NOTHING_QUOTED:
        text = text.replace(pair, NOTHING)
    return text


def _kept_runs(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for gone in _dropped.finditer(text):
        yield begin, gone.start()
        begin = gone.end()
    yield begin, len(text)


def without_colours(text: str) -> str:
    return _control.sub("", text)


def without_colours_in(log: bytes) -> bytes:
    return _control_bytes.sub(b"", log) if b"\x1b" in log else log
