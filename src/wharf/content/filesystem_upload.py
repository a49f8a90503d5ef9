"""One upload into a folder: bytes appended to a file while their digest is counted.

The digest in the making lives in memory only; it is a short cut, never a truth. When a later request finds that the
file holds bytes that were not counted here (another process took them, or wharf was restarted), it reads those from
the file before it goes on.
"""

import asyncio
import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from wharf.content.direct import DirectFile
from wharf.content.disk import disk_errors, sync_folder
from wharf.content.keys import Tree, fresh_location
from wharf.content.store import Durability, Location, UploadId
from wharf.content.threads import DiskThreads
from wharf.errors import DigestMismatch, StoreProblem
from wharf.oci.digest import Digest, Hasher

BATCH: Final = 1 << 20
_SHELF: Final = 512


class HasherShelf:
    """Digests in the making of paused uploads; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._hashers: OrderedDict[UploadId, Hasher] = OrderedDict()

    def put(self, upload: UploadId, hasher: Hasher) -> None:
        self._hashers[upload] = hasher
        if len(self._hashers) > _SHELF:
            self._hashers.popitem(last=False)

    def take(self, upload: UploadId, stored: int) -> Hasher:
        hasher = self._hashers.pop(upload, None)
        return hasher if hasher is not None and hasher.size <= stored else Hasher(upload.algorithm)


@dataclass(frozen=True, slots=True)
class Disk:
    """What all uploads of one store share."""

    tree: Tree
    threads: DiskThreads
    shelf: HasherShelf
    durability: Durability


@dataclass(slots=True)
class _Batch:
    """Pieces received and not yet handed to the disk."""

    pieces: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, piece: bytes) -> None:
        self.pieces.append(piece)
        self.size += len(piece)


class FilesystemUpload:
    def __init__(self, upload: UploadId, path: Path, fd: int, stored: int, disk: Disk) -> None:
        self._upload = upload
        self._path = path
        self._fd = fd
        self._stored = stored
        self._disk = disk
        self._hasher = disk.shelf.take(upload, stored)
        self._batch = _Batch()
        self._under_way: asyncio.Future[list[None]] | None = None
        self._direct: DirectFile | None = None
        self._broken = False
        self._committed = False

    @property
    def received(self) -> int:
        return self._stored + self._batch.size

    async def write(self, chunk: bytes) -> None:
        self._batch.add(chunk)
        if self._batch.size >= BATCH:
            await self._hand_over()

    async def commit(self, digest: Digest) -> Location:
        try:
            await self._settle()
            location = await self._disk.threads.do(self._finish, digest)
        except BaseException:
            await self.cancel()
            raise
        self._committed = True  # the lock is kept until the upload is left
        return location

    async def pause(self) -> None:
        """An upload of which a write failed is over: what its file holds and what was counted may differ."""
        if self._is_over():
            return
        try:
            await self._settle()
            if not self._broken and (self._batch.size or self._direct):
                await self._disk.threads.do(self._store_rest)
        finally:
            if self._broken:
                with suppress(OSError):  # the disk's complaint is being raised already
                    self._path.unlink(missing_ok=True)
            else:
                self._disk.shelf.put(self._upload, self._hasher)
            self._close()

    async def cancel(self) -> None:
        if self._is_over():
            return
        with suppress(StoreProblem, OSError):  # the disk's complaint was raised where it mattered
            await self._settle()
        self._path.unlink(missing_ok=True)
        self._close()

    def _is_over(self) -> bool:
        if self._committed and self._fd >= 0:
            self._close()
        return self._fd < 0

    def _close(self) -> None:
        if self._direct is not None:
            self._direct.close()
        fd, self._fd = self._fd, -1
        os.close(fd)

    async def _hand_over(self) -> None:
        """Give the batch to two threads, one that writes and one that hashes, and go on receiving."""
        await self._settle()
        batch, self._batch = self._batch, _Batch()
        jobs = [self._disk.threads.do(self._append, batch)]
        if self._hasher.size == self._stored:
            jobs.append(self._disk.threads.do(self._count, batch))
        self._stored += batch.size
        self._under_way = asyncio.gather(*jobs)

    async def _settle(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            await under_way

    # --- below here: on a disk thread ---------------------------------------------------------------------------------

    def _append(self, batch: _Batch) -> None:
        with self._writing():
            if self._direct is None and batch.size >= BATCH and self._disk.durability is Durability.FULL:
                self._direct = DirectFile(self._path, self._fd)
            if self._direct is not None:
                self._direct.append(batch.pieces)
            else:
                _write_all(self._fd, batch)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            with disk_errors(self._path):
                yield
        except BaseException:
            self._broken = True
            raise

    def _count(self, batch: _Batch) -> None:
        for piece in batch.pieces:
            self._hasher.update(piece)

    def _store_rest(self) -> None:
        batch, self._batch = self._batch, _Batch()
        self._append(batch)
        self._flush_direct()
        if self._hasher.size == self._stored:
            self._count(batch)
        self._stored += batch.size

    def _flush_direct(self) -> None:
        if self._direct is not None:
            with self._writing():
                self._direct.flush()

    def _finish(self, digest: Digest) -> Location:
        self._store_rest()
        computed = self._computed(digest)
        if computed != digest:
            raise DigestMismatch(str(digest), str(computed))
        location = fresh_location(digest)
        with disk_errors(self._path):
            os.utime(self._fd)  # a stray copy is judged by its age: it begins now
            self._put_in_place(self._disk.tree.blob(location))
        return location

    def _computed(self, digest: Digest) -> Digest:
        hasher = self._hasher if self._upload.algorithm is digest.algorithm else Hasher(digest.algorithm)
        while hasher.size < self._stored:
            piece = os.pread(self._fd, BATCH, hasher.size)
            if not piece:
                raise StoreProblem("an upload's file is shorter than what was written to it")
            hasher.update(piece)
        return hasher.digest()

    def _put_in_place(self, target: Path) -> None:
        """Nobody knows the new place before this is over, so one forcing after the rename settles bytes and name."""
        try:
            self._path.rename(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            if self._disk.durability is Durability.FULL:
                sync_folder(target.parent.parent)
            self._path.rename(target)
        if self._disk.durability is Durability.FULL:
            self._force_out(target)

    def _force_out(self, target: Path) -> None:
        try:
            os.fsync(self._fd)
            sync_folder(target.parent)
        except OSError:
            target.unlink(missing_ok=True)
            raise


def _write_all(fd: int, batch: _Batch) -> None:
    rest = batch.pieces[0] if len(batch.pieces) == 1 else b"".join(batch.pieces)
    while rest:
        rest = rest[os.write(fd, rest) :]
