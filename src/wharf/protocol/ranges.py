"""A range is a run of bytes: asked for in `Range`, answered in `Content-Range`, announced by an upload's chunk.

HTTP counts both ends in; here `stop` is the first byte that does not belong, so that lengths and slices come easily.
"""

import re
from dataclasses import dataclass

from wharf.errors import MalformedHeader, RangeNotSatisfiable

BEYOND_ANY_SIZE = 2**63
_LONGEST_HEADER = 4096
_EXCERPT = 200
_MOST_DIGITS = 19

_is_asked = re.compile(r"[Bb][Yy][Tt][Ee][Ss]=[ \t]*([0-9]*)-([0-9]*)[ \t]*").fullmatch
_is_chunk = re.compile(r"(?:[Bb][Yy][Tt][Ee][Ss][ =])?([0-9]+)-([0-9]+)(?:/([0-9]+|\*))?").fullmatch


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The bytes from `start` up to, and without, `stop`."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        return self.stop - self.start

    def content_range(self, size: int) -> str:
        """For the `Content-Range` header of an answer."""
        return f"bytes {self.start}-{self.stop - 1}/{size}"


def unsatisfied(size: int) -> str:
    """The `Content-Range` header of a 416: how long the content is."""
    return f"bytes */{size}"


def parse_range(header: str | None, size: int) -> ByteRange | None:
    """The part of some content that a `Range` header asks for; None stands for the whole.

    RFC 9110 lets a server ignore what it does not understand, and several ranges at once are not worth their
    answer's form. A range that ends before it begins is answered as unsatisfiable, as the conformance suite wants.
    """
    asked = _is_asked(header) if header and len(header) <= _LONGEST_HEADER else None
    if header is None or asked is None:
        return None
    first, last = asked.groups()
    if first:
        return _from_first(header, size, _number(first), _number(last) if last else size - 1)
    return _suffix(header, size, _number(last)) if last else None


def _from_first(header: str, size: int, start: int, end: int) -> ByteRange:
    if start >= size or end < start:
        raise RangeNotSatisfiable(header, size)
    return ByteRange(start, min(end + 1, size))


def _suffix(header: str, size: int, length: int) -> ByteRange | None:
    """The last bytes. Of empty content they are the whole: there is no way to write a range of nothing."""
    if length == 0:
        raise RangeNotSatisfiable(header, size)
    return ByteRange(max(0, size - length), size) if size else None


def parse_content_range(header: str) -> ByteRange:
    """Where a chunk belongs: `0-99`, as the distribution specification writes it, or as HTTP does, `bytes 0-99/*`."""
    found = _is_chunk(header.strip(" \t")) if len(header) <= _LONGEST_HEADER else None
    if found is None:
        raise _malformed(header, "a chunk's range has the form start-end")
    start, end = _number(found[1]), _number(found[2])
    if end < start:
        raise _malformed(header, "a chunk cannot end before it begins")
    if end >= BEYOND_ANY_SIZE - 1:
        raise _malformed(header, "no content is that long")
    if found[3] not in {None, "*"} and _number(found[3]) <= end:
        raise _malformed(header, "a chunk cannot end after the whole")
    return ByteRange(start, end + 1)


def _number(digits: str) -> int:
    """Digits as a number, without converting thousands of them: what is too long lies beyond any size."""
    significant = digits.lstrip("0")
    return min(int(significant or "0"), BEYOND_ANY_SIZE) if len(significant) <= _MOST_DIGITS else BEYOND_ANY_SIZE


def _malformed(header: str, reason: str) -> MalformedHeader:
    return MalformedHeader(
        header[:_EXCERPT], reason, where="Content-Range", next_step="send it as, for example, Content-Range: 0-99"
    )
