"""An upload grows at its end and nowhere else: each chunk follows the bytes that were received before it."""

from dataclasses import dataclass

from wharf.errors import ChunkOutOfOrder, SizeMismatch
from wharf.protocol.ranges import ByteRange


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """How far an upload has come."""

    received: int = 0

    def accept(self, chunk: ByteRange | None, length: int | None) -> int | None:
        """Where the upload will stand after this chunk; None for a stream that does not say how long it is.

        `chunk` is what Content-Range announces and `length` what Content-Length does.
        """
        if chunk is None:
            return None if length is None else self.received + length
        if chunk.start != self.received:
            raise ChunkOutOfOrder(self.received, chunk.start)
        if length is not None and length != chunk.length:
            raise SizeMismatch(chunk.length, length)
        return chunk.stop
