"""Rows of values with commas between them, as the action reads its inputs: first the lines, then the fields of a line.

"quoted, with a comma"    a value may stand in quotes; two of them in it are one
# at the start            a comment, where comments are known
a # b                     a comment too, until release 6
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from wharf.formats.github.metadata.failing import refusal
from wharf.formats.text import Known, Text

_usual = re.compile(r'[^",#\r\n]+')
_QUOTE: Final = '"'
_ENDS: Final = ("\r\n", "\n", "\r")
"""The first of them that is met is the one that ends lines."""


class Comments(Enum):
    NONE = "none"
    ANYWHERE = "anywhere"
    LINES = "lines"


class Quotes(Enum):
    STRICT = "strict"
    RELAXED = "relaxed"
    """A quote that is in the wrong place is a character like any other."""


def rows(text: Text, comments: Comments = Comments.NONE, quotes: Quotes = Quotes.STRICT) -> list[list[Text]]:
    return _Reading(text, comments, quotes).rows()


@dataclass
class _Reading:
    text: Text
    comments: Comments
    quotes: Quotes
    at: int = 0
    end: str = ""
    in_quotes: bool = False
    was_quoted: bool = False
    in_comment: bool = False
    value: list[Text] = field(default_factory=list)
    row: list[Text] = field(default_factory=list)
    found: list[list[Text]] = field(default_factory=list)

    def rows(self) -> list[list[Text]]:
        flat = self.text.flat
        while self.at < len(flat):
            if self.in_quotes:
                self._quoted(flat)
            else:
                self._plain(flat)
        if self.in_quotes:
            raise refusal(self.text, "Quote Not Closed: the parsing is finished with an opening quote")
        if not self._is_empty():
            self._end_row()
        return self.found

    def _quoted(self, flat: str) -> None:
        quote = flat.find(_QUOTE, self.at)
        if quote < 0:
            quote = len(flat)
        self._take(self.at, quote)
        self.at = quote + 1
        if quote == len(flat):
            return
        if flat.startswith(_QUOTE, self.at):
            self._take(self.at, self.at + 1)
            self.at += 1
            return
        self.in_quotes, self.was_quoted = False, True
        if not self._may_follow_quote(flat):
            if self.quotes is Quotes.STRICT:
                raise refusal(self.text, f'Invalid Closing Quote: got "{flat[self.at]}" instead of delimiter')
            self.value.insert(0, Text((Known(_QUOTE),)))
            self._take(quote, quote + 1)

    def _may_follow_quote(self, flat: str) -> bool:
        following = flat[self.at : self.at + 1]
        is_comment = following == "#" and self.comments is not Comments.NONE
        return following in {"", ",", "\0"} or is_comment or bool(self._line_end(flat))

    def _plain(self, flat: str) -> None:
        character = flat[self.at]
        if (end := self._line_end(flat)) or self.in_comment:
            self._ended(end)
            self.at += len(end) or 1
            return
        if character == _QUOTE and not self.value:
            self.in_quotes = True
        elif character == _QUOTE and self.quotes is Quotes.STRICT:
            raise refusal(self.text, "Invalid Opening Quote: a quote is found on a field")
        elif character == "#" and self._may_begin_comment():
            self.in_comment = True
        elif character == ",":
            self._end_field()
        else:
            usual = _usual.match(flat, self.at + 1)
            last = usual.end() - 1 if usual else self.at
            self._take(self.at, last + 1)
            self.at = last
        self.at += 1

    def _ended(self, end: str) -> None:
        if not end:
            return
        if not self._is_empty():
            self._end_row()
        self.in_comment = False

    def _may_begin_comment(self) -> bool:
        if self.comments is Comments.LINES:
            return not self.row and not self.value
        return self.comments is Comments.ANYWHERE

    def _line_end(self, flat: str) -> str:
        if not self.end:
            self.end = next((end for end in _ENDS if flat.startswith(end, self.at)), "")
        return self.end if self.end and flat.startswith(self.end, self.at) else ""

    def _is_empty(self) -> bool:
        return not (self.was_quoted or self.row or self.value)

    def _take(self, start: int, end: int) -> None:
        if start < end:
            self.value.append(self.text[start:end])

    def _end_field(self) -> None:
        self.row.append(Text.joined(self.value))
        self.value, self.was_quoted = [], False

    def _end_row(self) -> None:
        self._end_field()
        self.found.append(self.row)
        self.row = []
