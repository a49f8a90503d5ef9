"""A blob on its way from a registry: read to its end even if the connection breaks on the way.

It is asked for again from the byte where it broke off. Whether the bytes are true is judged by whoever takes them
(`images.verified`); here only their number is held against the descriptor.
"""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress

from wharf.client import rights
from wharf.client.blobs.patience import PAUSES, Patience
from wharf.client.documents import size_in
from wharf.client.exchange import Exchange
from wharf.client.message import OpenResponse, Request, Response
from wharf.client.refusals import refusal
from wharf.errors import BlobUnknown, MalformedHeader, RemoteMisbehaved, SizeMismatch, Unreachable
from wharf.images.reading import CHUNK, BlobReader
from wharf.oci.descriptor import Descriptor
from wharf.oci.reference import RepositoryName
from wharf.protocol import paths
from wharf.protocol.ranges import parse_content_range

_MOST_OF_AN_ERROR = 64 * 1024


async def open_blob(
    exchange: Exchange,
    repository: RepositoryName,
    descriptor: Descriptor,
    offset: int = 0,
    pauses: Sequence[float] = PAUSES,
) -> "ResumingReader":
    """It is asked for at once, so that what is not there is known before the first byte is read."""
    wanted = _Wanted(exchange, repository, descriptor)
    if offset >= descriptor.size > 0:
        return ResumingReader(wanted, _Nothing(), offset, Patience(()))
    response = await wanted.asked(offset)
    reader = await asyncio.to_thread(wanted.judged, response, offset)
    return ResumingReader(wanted, reader, offset, Patience(pauses))


class _Wanted:
    """One blob of one repository, which can be asked for from any of its bytes on."""

    def __init__(self, exchange: Exchange, repository: RepositoryName, descriptor: Descriptor) -> None:
        self._exchange = exchange
        self._repository = repository
        self.descriptor = descriptor
        self.registry = exchange.registry

    async def asked(self, offset: int) -> OpenResponse:
        path = paths.blob(self._repository, self.descriptor.digest)
        headers = {"Accept": "*/*"} | ({"Range": f"bytes={offset}-"} if offset else {})
        return await self._exchange.open(Request("GET", path, headers), (rights.to_pull(self._repository),))

    def judged(self, response: OpenResponse, offset: int) -> BlobReader:
        """What is to be read from the offset on. It blocks, for an error and what was not asked for have a body too."""
        try:
            self._refuse_unless_given(response)
            _skip(response.reader, self._still_before(offset, response))
        except BaseException:
            response.reader.close()
            raise
        return response.reader

    def _refuse_unless_given(self, response: OpenResponse) -> None:
        if response.status in {200, 206}:
            return
        if response.status == 404:
            raise BlobUnknown(str(self._repository), str(self.descriptor.digest))
        whole = Response(response.status, response.headers, _start_of(response.reader), response.url)
        raise refusal(self.registry, f"give the blob {self.descriptor.digest} of {self._repository}", whole)

    def _still_before(self, offset: int, response: OpenResponse) -> int:
        """How many bytes come that are not wanted: all before the offset, if the range was ignored."""
        if response.status == 200:
            self._compare(response, self.descriptor.size)
            return offset
        given = response.headers.first("content-range") or ""
        if not offset or _begin_of(given) not in {offset, None}:
            evidence = [f"asked for: bytes from {offset} on", f"Content-Range: {given}"]
            raise RemoteMisbehaved(self.registry, "it sends another part of a blob than was asked for", evidence)
        self._compare(response, self.descriptor.size - offset)
        return 0

    def _compare(self, response: OpenResponse, expected: int) -> None:
        """A length that is wrong from the start costs no download."""
        announced = size_in(response.headers)
        if announced is not None and announced != expected:
            raise SizeMismatch(self.descriptor.size, self.descriptor.size - expected + announced)


class ResumingReader:
    """Reads in a worker thread, while the event loop of its maker opens connections for it."""

    def __init__(self, wanted: _Wanted, reader: BlobReader, offset: int, patience: Patience) -> None:
        self._wanted = wanted
        self._reader = reader
        self._position = offset
        self._loop = asyncio.get_running_loop()
        self._patience = patience
        self._closed = threading.Event()
        self._asking: Future[OpenResponse] | None = None

    def readinto(self, buffer: memoryview, /) -> int:
        if len(buffer) == 0:
            return 0
        while True:
            try:
                return self._advanced(self._reader.readinto(buffer) or 0)
            except (Unreachable, OSError) as broken:
                self._take_up_again(broken)

    def close(self) -> None:
        self._closed.set()
        if self._asking is not None:
            self._asking.cancel()
        self._reader.close()

    def _advanced(self, count: int) -> int:
        size = self._wanted.descriptor.size
        if self._position + count > size:
            raise SizeMismatch(size, self._position + count)
        if count == 0 and self._position < size:
            raise ConnectionResetError(f"it ended after {self._position} of {size} bytes")
        self._position += count
        self._patience.gain(count)
        return count

    def _take_up_again(self, broken: Exception) -> None:
        """Opens the blob where it broke off; raises when that was tried in vain often enough, or nobody wants it."""
        self._reader.close()
        while True:
            pause = self._patience.pause()
            if pause is None or self._closed.wait(pause):
                raise self._given_up(broken) from broken
            try:
                self._reader = self._opened()
            except (Unreachable, OSError) as again:
                broken = again
            else:
                break
        if self._closed.is_set():
            self._reader.close()

    def _opened(self) -> BlobReader:
        if _runs_here(self._loop):
            raise RuntimeError("a blob is read in a worker thread, not in the event loop")
        self._asking = asyncio.run_coroutine_threadsafe(self._wanted.asked(self._position), self._loop)
        try:
            return self._wanted.judged(self._asking.result(), self._position)
        except CancelledError:
            raise ConnectionAbortedError("it was closed meanwhile") from None

    def _given_up(self, broken: Exception) -> Exception:
        if isinstance(broken, Unreachable):
            return broken
        evidence = [f"received: {self._position} of {self._wanted.descriptor.size} bytes"]
        return Unreachable(self._wanted.registry, f"the connection broke: {broken}", evidence=evidence)


class _Nothing:
    """What follows the last byte."""

    def readinto(self, _buffer: memoryview, /) -> int:
        return 0

    def close(self) -> None:
        pass


def _begin_of(content_range: str) -> int | None:
    try:
        return parse_content_range(content_range).start
    except MalformedHeader:
        return None


def _runs_here(loop: asyncio.AbstractEventLoop) -> bool:
    with suppress(RuntimeError):
        return asyncio.get_running_loop() is loop
    return False


def _skip(reader: BlobReader, size: int) -> None:
    scratch = memoryview(bytearray(min(size, CHUNK)))
    while size > 0:
        count = reader.readinto(scratch[:size]) or 0
        if count == 0:
            raise ConnectionResetError(f"it ended {size} bytes before the part that was asked for")
        size -= count


def _start_of(reader: BlobReader) -> bytes:
    """Enough of an error's body to tell what it says."""
    found = bytearray()
    scratch = memoryview(bytearray(_MOST_OF_AN_ERROR))
    while len(found) < _MOST_OF_AN_ERROR and (count := reader.readinto(scratch) or 0):
        found += scratch[:count]
    return bytes(found)
