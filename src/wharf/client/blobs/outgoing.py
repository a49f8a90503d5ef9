"""Bytes on their way to a registry: counted and hashed once as they pass, however often a part of them is sent.

The last byte is handed out only when all of them together are what the descriptor says. So a registry never gets the
end of something that is not true.
"""

import threading

from wharf.errors import ClientStopped, DigestMismatch, SizeMismatch
from wharf.images.reading import BlobReader
from wharf.images.sink import Moved
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest, Hasher


class Tally:
    """What is known of one blob over all attempts to send it: its hash so far, and how much was reported as sent."""

    def __init__(self, descriptor: Descriptor, moved: Moved) -> None:
        self.descriptor = descriptor
        self._hasher = Hasher(descriptor.digest.algorithm)
        self._moved = moved
        self._reported = 0

    def passes(self, start: int, piece: memoryview) -> None:
        """Hashes, of the bytes that begin at `start`, those that were not seen before."""
        known = self._hasher.size - start
        if known < len(piece):
            self._hasher.update(piece[max(known, 0) :])
        if self._hasher.size == self.descriptor.size:
            self.judge()

    def judge(self) -> None:
        if self._hasher.size != self.descriptor.size:
            raise SizeMismatch(self.descriptor.size, self._hasher.size)
        computed = self._hasher.digest()
        if computed != self.descriptor.digest:
            raise DigestMismatch(str(self.descriptor.digest), str(computed))

    def arrived_at(self, position: int) -> None:
        """What is sent a second time is not reported a second time."""
        if position > self._reported:
            self._moved(position - self._reported)
            self._reported = position


class Outgoing:
    """The bytes from `start` up to, and without, `stop`, read by whoever sends them.

    What goes wrong in the reading is kept in `failure`, so that it can be told from a connection that breaks.
    """

    def __init__(self, reader: BlobReader, tally: Tally, start: int, stop: int) -> None:
        self.failure: Exception | None = None
        self._reader = reader
        self._tally = tally
        self._start = start
        self._position = start
        self._stop = stop
        self._sent = 0
        self._reading = threading.Lock()

    def readinto(self, buffer: memoryview, /) -> int:
        with self._reading:
            if self.failure is None:
                try:
                    return self._next(buffer[: self._stop - self._position])
                except Exception as problem:
                    self.failure = problem
                    raise
            raise self.failure

    def moved(self, count: int) -> None:
        self._sent += count
        self._tally.arrived_at(self._start + self._sent)

    def halt(self) -> None:
        """Nothing more is read, and whoever still sends stops at the next piece."""
        if self.failure is None:
            self.failure = ClientStopped(self._position, "cancelled")

    def close(self) -> None:
        """Waits for a reading that is under way."""
        self.halt()
        with self._reading:
            self._reader.close()

    @property
    def is_done(self) -> bool:
        """Whether all of it was handed out."""
        return self.failure is None and self._position == self._stop

    def put_down(self) -> BlobReader | None:
        """The reader, if it stands where the next bytes begin; otherwise it is closed.

        Waits for a reading that is under way; after it nobody reads.
        """
        with self._reading:
            was_done = self.is_done
            self.halt()
            if was_done:
                return self._reader
            self._reader.close()
            return None

    def _next(self, room: memoryview) -> int:
        if len(room) == 0:
            self._refuse_more()
            return 0
        count = self._reader.readinto(room) or 0
        self._position += count
        if count == 0:
            raise SizeMismatch(self._tally.descriptor.size, self._position)
        self._tally.passes(self._position - count, room[:count])
        self._refuse_more()
        return count

    def _refuse_more(self) -> None:
        """Asked before the last bytes are handed out: after them the registry would have the whole."""
        size = self._tally.descriptor.size
        if self._position != size:
            return
        self._tally.judge()
        surplus = self._reader.readinto(memoryview(bytearray(1))) or 0
        if surplus:
            raise SizeMismatch(size, size + surplus)


class Measured:
    """A stream of unknown length, with a piece of it that was read before; hashed as it passes."""

    def __init__(self, first: bytes, reader: BlobReader, moved: Moved) -> None:
        self.failure: Exception | None = None
        self.moved = moved
        self._first = memoryview(first)
        self._reader = reader
        self._hasher = Hasher()
        self._reading = threading.Lock()

    def readinto(self, buffer: memoryview, /) -> int:
        with self._reading:
            if self.failure is None:
                try:
                    return self._next(buffer)
                except Exception as problem:
                    self.failure = problem
                    raise
            raise self.failure

    def halt(self) -> None:
        if self.failure is None:
            self.failure = ClientStopped(self._hasher.size, "cancelled")

    def close(self) -> None:
        self.halt()
        with self._reading:
            self._reader.close()

    def measured(self) -> tuple[Digest, int]:
        return self._hasher.digest(), self._hasher.size

    def _next(self, buffer: memoryview) -> int:
        count = min(len(self._first), len(buffer))
        if count:
            buffer[:count] = self._first[:count]
            self._first = self._first[count:]
        else:
            count = self._reader.readinto(buffer) or 0
        self._hasher.update(buffer[:count])
        return count
