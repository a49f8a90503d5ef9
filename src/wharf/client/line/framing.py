"""Where the body of a response ends: after a stated length, after the last chunk, or when the peer hangs up.

Read strictly: what two readers could understand in two ways is refused.
"""

import io
import re
from typing import Final, Protocol

from wharf.client.message import Headers
from wharf.errors import RemoteMisbehaved

_LONGEST_LINE: Final = 4096
_MOST_TRAILERS: Final = 64
_LARGEST_DIGITS: Final = 18
_chunk_size = re.compile(rb"([0-9a-fA-F]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n").fullmatch


class Framing(Protocol):
    @property
    def is_done(self) -> bool:
        """Whether the whole body was read."""

    def readinto(self, buffer: memoryview) -> int:
        """What is there; 0 only at the end. Raises EOFError if the peer hung up before it."""


class Length:
    """So many bytes and no more."""

    def __init__(self, reader: io.BufferedIOBase, size: int) -> None:
        self._reader = reader
        self._left = size

    @property
    def is_done(self) -> bool:
        return self._left == 0

    def readinto(self, buffer: memoryview) -> int:
        if not self._left or not buffer:
            return 0
        count = self._reader.readinto1(buffer[: self._left])
        if not count:
            raise EOFError(f"{self._left} bytes before the end")
        self._left -= count
        return count


class Chunks:
    """Pieces, each with its length before it; an empty one is the last."""

    def __init__(self, reader: io.BufferedIOBase, registry: str) -> None:
        self._reader = reader
        self._registry = registry
        self._left = 0
        self._begun = False
        self.is_done = False

    def readinto(self, buffer: memoryview) -> int:
        while buffer and not self.is_done:
            if not self._left:
                self._begin_chunk()
                continue
            count = self._reader.readinto1(buffer[: self._left])
            if not count:
                raise EOFError("in the middle of a chunk")
            self._left -= count
            return count
        return 0

    def _begin_chunk(self) -> None:
        if self._begun and self._line() not in {b"\r\n", b"\n"}:
            raise self._broken("a chunk is longer than it says")
        self._begun = True
        size = _chunk_size(self._line())
        if size is None:
            raise self._broken("the length of a chunk cannot be read")
        self._left = int(size[1], 16)
        if not self._left:
            self._skip_trailers()
            self.is_done = True

    def _skip_trailers(self) -> None:
        for _ in range(_MOST_TRAILERS):
            if self._line() in {b"\r\n", b"\n"}:
                return
        raise self._broken("trailers without an end")

    def _line(self) -> bytes:
        line = self._reader.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            if len(line) >= _LONGEST_LINE:
                raise self._broken("a line without an end")
            raise EOFError("before the last chunk")
        return line

    def _broken(self, reason: str) -> RemoteMisbehaved:
        return RemoteMisbehaved(self._registry, f"the chunks of its answer are broken: {reason}")


class UntilClosed:
    """Without a length; that all of it came cannot be told from its end."""

    def __init__(self, reader: io.BufferedIOBase) -> None:
        self._reader = reader
        self.is_done = False

    def readinto(self, buffer: memoryview) -> int:
        count = self._reader.readinto1(buffer) if buffer else 0
        self.is_done = self.is_done or (not count and bool(buffer))
        return count


def framing_of(reader: io.BufferedIOBase, registry: str, method: str, status: int, headers: Headers) -> Framing:
    if method == "HEAD" or status in {204, 304} or 100 <= status < 200:
        return Length(reader, 0)
    codings = [value.strip().lower() for value in headers.all("transfer-encoding")]
    if codings and codings != ["chunked"]:
        raise RemoteMisbehaved(registry, "its answer is in a transfer coding nobody asked for", codings)
    if codings:
        return Chunks(reader, registry)
    size = stated_length(headers, registry)
    return UntilClosed(reader) if size is None else Length(reader, size)


def stated_length(headers: Headers, registry: str) -> int | None:
    """`Content-Length`: once, or always the same."""
    stated = {part.strip() for header in headers.all("content-length") for part in header.split(",")}
    if not stated:
        return None
    size = stated.pop()
    if stated or not (size.isascii() and size.isdigit()) or len(size) > _LARGEST_DIGITS:
        raise RemoteMisbehaved(registry, "the length of its answer cannot be read", [size, *stated])
    return int(size)
