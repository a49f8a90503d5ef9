"""How far a transfer is, for whoever looks on: a bar on a terminal, a line in a log, nobody."""

from typing import Protocol

from wharf.images.reading import BlobReader
from wharf.images.sink import Arrival, Moved
from wharf.oci.descriptor import Descriptor


class Progress(Protocol):
    """Called from any thread. A blob begins once, advances many times, and ends once."""

    def begin(self, descriptor: Descriptor) -> None: ...

    def advance(self, descriptor: Descriptor, size: int) -> None: ...

    def end(self, descriptor: Descriptor, arrival: Arrival) -> None: ...


class Unwatched:
    """Nobody looks on."""

    def begin(self, descriptor: Descriptor) -> None:
        pass

    def advance(self, descriptor: Descriptor, size: int) -> None:
        pass

    def end(self, descriptor: Descriptor, arrival: Arrival) -> None:
        pass


class Counted:
    """A reader that tells how much was read from it: bytes that change on their way are counted at the door."""

    __slots__ = ("_moved", "_reader")

    def __init__(self, reader: BlobReader, moved: Moved) -> None:
        self._reader = reader
        self._moved = moved

    def readinto(self, buffer: memoryview, /) -> int:
        count = self._reader.readinto(buffer) or 0
        self._moved(count)
        return count

    def close(self) -> None:
        self._reader.close()
