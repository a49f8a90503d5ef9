"""A text that knows where each of its characters was written, and that may have holes.

A tag that a workflow pushes may come from four places: an expression, a variable, a default, a file beside it. Every
piece keeps its own place through all of that. Parsers look at `flat`, where a hole is one strange character, and cut
what they found out of the text by its offsets: `text[start:end]`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final, NamedTuple

from wharf.formats.hole import Hole, Reason, Unknown
from wharf.formats.once import Once
from wharf.formats.span import Span

HOLE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands in `flat` for a hole. No file has it: it is replaced where files are read."""
_INSTEAD: Final = "\N{REPLACEMENT CHARACTER}"


class Known(NamedTuple):
    """Characters that are known. They stand at `span` as they are, or the span is where they were made."""

    text: str
    span: Span | None = None

    def part(self, start: int, end: int) -> "Known":
        text, span = self
        if start == 0 and end >= len(text):
            return self
        if span is not None and span.width == len(text):
            span = span.part(start, end)
        return Known(text[start:end], span)


Piece = Known | Hole


@dataclass(frozen=True)
class Text:
    """Pieces in a row. Two texts are equal when they say the same, wherever they stand."""

    pieces: tuple[Piece, ...] = ()

    @classmethod
    def known(cls, text: str, span: Span | None = None) -> "Text":
        return cls((Known(text, span),)) if text or span else cls()

    @classmethod
    def unknown(cls, kind: Unknown, subject: str, span: Span | None = None) -> "Text":
        return cls((Hole(Reason(kind, subject), span),))

    @classmethod
    def of_file(cls, file: str, content: str) -> "Text":
        """Each line is a piece of its own."""
        lines = content.replace(HOLE, _INSTEAD).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").split("\n")
        ends = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
        return cls(tuple(Known(line, Span(file, at, 1, at, 1 + len(line))) for at, line in enumerate(ends, 1)))

    @classmethod
    def joined(cls, texts: Iterable["Text"], between: str = "") -> "Text":
        pieces: list[Piece] = []
        for at, text in enumerate(texts):
            if at and between:
                pieces.append(Known(between))
            pieces += text.pieces
        return cls(tuple(pieces))

    @Once
    def flat(self) -> str:
        if len(self.pieces) == 1 and isinstance(only := self.pieces[0], Known):
            return only.text
        return "".join([piece.text if isinstance(piece, Known) else HOLE for piece in self.pieces])

    @property
    def value(self) -> str | None:
        """What it says, if all of it is known."""
        return None if self.holes else self.flat

    @Once
    def holes(self) -> tuple[Hole, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Hole))

    @property
    def span(self) -> Span | None:
        """From its first piece that stands somewhere, to its last one in the same file."""
        spans = [piece.span for piece in self.pieces if piece.span is not None]
        return spans[0].to(spans[-1]) if spans else None

    @property
    def shown(self) -> str:
        """For people: a hole is shown by what it is about."""
        return "".join(piece.text if isinstance(piece, Known) else f"‹{piece.reason.subject}›" for piece in self.pieces)

    def mapped(self, change: Callable[[str], str]) -> "Text":
        """Each known piece changed by itself."""
        return Text(
            tuple(Known(change(piece.text), piece.span) if isinstance(piece, Known) else piece for piece in self.pieces)
        )

    def split(self, separator: str) -> list["Text"]:
        """At every separator that is known to be there, as `str.split` does."""
        found, start = [], 0
        while (at := self.flat.find(separator, start)) >= 0:
            found.append(self[start:at])
            start = at + len(separator)
        return [*found, self[start:]]

    def lines(self) -> list["Text"]:
        """Without their ends, as `str.split("\\n")`, but without an empty last one."""
        lines = self.split("\n")
        return lines if lines[-1] else lines[:-1]

    def stripped(self, characters: str | None = None) -> "Text":
        start = len(self.flat) - len(self.flat.lstrip(characters))
        return self[start : max(start, len(self.flat.rstrip(characters)))]

    def at(self, offset: int) -> Span | None:
        """Where the character at this offset stands; for the end, where the last one stands."""
        return self._place(offset) or (self._place(offset - 1) if offset else self.span)

    def __add__(self, other: "Text") -> "Text":
        return Text(self.pieces + other.pieces)

    def __len__(self) -> int:
        return len(self.flat)

    def __bool__(self) -> bool:
        return bool(self.flat)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Text) or self.flat != other.flat:
            return False
        return [hole.reason for hole in self.holes] == [hole.reason for hole in other.holes]

    def __hash__(self) -> int:
        return hash(self.flat)

    def __getitem__(self, part: slice) -> "Text":
        length = len(self.flat)
        start, end, _ = part.indices(length)
        if start >= end:
            return _NOTHING
        if end - start == length:
            return self
        first = bisect_right(self._starts, start) - 1 if len(self.pieces) > 1 else 0
        if end <= self._starts[first + 1]:
            piece, begins = self.pieces[first], self._starts[first]
            return Text((piece.part(start - begins, end - begins) if isinstance(piece, Known) else piece,))
        return Text(tuple(self._cut(first, start, end)))

    def _place(self, offset: int) -> Span | None:
        """None for what was made, and behind the end."""
        at = bisect_right(self._starts, offset) - 1
        if not 0 <= at < len(self.pieces):
            return None
        piece, within = self.pieces[at], offset - self._starts[at]
        if piece.span is None or isinstance(piece, Hole) or piece.span.width != len(piece.text):
            return piece.span
        return piece.span.part(within, within + 1)

    @Once
    def _starts(self) -> list[int]:
        lengths = (len(piece.text) if isinstance(piece, Known) else 1 for piece in self.pieces)
        return list(accumulate(lengths, initial=0))

    def _cut(self, first: int, start: int, end: int) -> Iterator[Piece]:
        """`first`: the piece that the beginning is in."""
        starts = self._starts
        for at in range(first, len(self.pieces)):
            begins = starts[at]
            if begins >= end:
                return
            piece = self.pieces[at]
            if isinstance(piece, Hole):
                yield piece
            elif (part := piece.part(max(start - begins, 0), min(end - begins, len(piece.text)))).text:
                yield part


_NOTHING: Final = Text()
