"""A value laid beside the characters it was read from, so that each of its characters gets its place again.

Reading YAML takes away indentation, line ends and escapes. Line by line, and where that fails word by word, what is
left is found again; what an escape has made has the place of the whole.
"""

import re
from collections.abc import Iterator

from wharf.formats.hole import Hole
from wharf.formats.text import HOLE, Known, Piece, Text

_words = re.compile(r"\s+|\S+")


def aligned(value: str, source: Text) -> Text:
    """`value` with the places that its characters have in `source`, and the holes that are in it."""
    if value == source.flat:
        return source
    return Text(tuple(_Aligning(source).pieces(value)))


class _Aligning:
    def __init__(self, source: Text) -> None:
        self._source = source
        self._holes = iter(source.holes)
        self._cursor = 0

    def pieces(self, value: str) -> Iterator[Piece]:
        for line in value.splitlines(keepends=True):
            if found := self._found(line):
                yield from found
                continue
            for word in _words.findall(line):
                yield from self._found(word) or self._somewhere(word)

    def _found(self, chunk: str) -> tuple[Piece, ...]:
        """Only blank space may stand between it and what was found before."""
        at = self._source.flat.find(chunk, self._cursor)
        if at < 0 or self._source.flat[self._cursor : at].strip(" \t\r\n\\"):
            return ()
        self._cursor = at + len(chunk)
        found = self._source[at : self._cursor].pieces
        for piece in found:
            if isinstance(piece, Hole):
                next(self._holes, None)
        return found

    def _somewhere(self, chunk: str) -> Iterator[Piece]:
        for at, part in enumerate(chunk.split(HOLE)):
            if at:
                yield from [hole] if (hole := next(self._holes, None)) else []
            if part:
                yield Known(part, self._source.span)
