"""The frames of a zstd stream, followed by their headers alone (RFC 8878, section 3.1).

A decompressor that is given only the first half of a frame gives the first half of the text and does not complain. The
frames tell where the end must be.
"""

from collections.abc import Generator
from typing import Final

from wharf.images.compression import SKIPPABLE

_SIZES_OF_CONTENT_SIZE: Final = (0, 2, 4, 8)
_SIZES_OF_DICTIONARY: Final = (0, 1, 2, 4)
_RUN: Final = 1


class FrameFollower:
    """Is shown the compressed bytes as they pass, and knows whether they may end here."""

    def __init__(self) -> None:
        self.is_between_frames = True
        self._wanted = 0
        self._held = b""
        self._skip = 0
        self._steps = self._follow()
        self._want(next(self._steps))

    def see(self, piece: memoryview) -> None:
        while piece:
            if self._skip:
                passed = min(self._skip, len(piece))
                self._skip -= passed
            else:
                passed = min(self._wanted - len(self._held), len(piece))
                self._held += piece[:passed]
            self.is_between_frames = False
            piece = piece[passed:]
            self._go_on()

    def _go_on(self) -> None:
        """As far as what was seen leads."""
        while not self._skip and len(self._held) == self._wanted:
            held, self._held = self._held, b""
            self._want(self._steps.send(held))

    def _want(self, step: tuple[int, int]) -> None:
        self._skip, self._wanted = step

    def _follow(self) -> Generator[tuple[int, int], bytes, None]:
        """Yields how many bytes to pass over and how many to be given after them."""
        while True:
            self.is_between_frames = True
            magic = yield 0, 4
            passed = yield from (self._skippable() if magic in SKIPPABLE else self._frame())
            yield passed, 0

    def _skippable(self) -> Generator[tuple[int, int], bytes, int]:
        size = yield 0, 4
        return int.from_bytes(size, "little")

    def _frame(self) -> Generator[tuple[int, int], bytes, int]:
        described = (yield 0, 1)[0]
        is_single = bool(described & 0x20)
        size_of_size = _SIZES_OF_CONTENT_SIZE[described >> 6] or int(is_single)
        passed = (not is_single) + _SIZES_OF_DICTIONARY[described & 3] + size_of_size
        is_last = False
        while not is_last:
            header = int.from_bytes((yield passed, 3), "little")
            is_last, kind, size = bool(header & 1), (header >> 1) & 3, header >> 3
            passed = 1 if kind == _RUN else size
        return passed + 4 * bool(described & 0x04)
