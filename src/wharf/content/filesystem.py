"""Blobs in a folder: written to a file of their own, hashed on the way, forced to disk, then put in place by rename.

The bytes of a push pass through memory once: while one batch is written and hashed by two threads, the next one is
received. Disk work never runs on the event loop.
"""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

from wharf.content.disk import disk_errors, require_ours, room_errors, sync_folder
from wharf.content.filesystem_upload import Disk, FilesystemUpload, HasherShelf
from wharf.content.keys import Tree
from wharf.content.store import Durability, Location, OpenUpload, StoredCopy, UploadId
from wharf.content.threads import DiskThreads
from wharf.errors import StoreBusy, UploadUnknown
from wharf.oci.digest import Algorithm
from wharf.oci.reference import RepositoryName
from wharf.protocol.ranges import ByteRange

# A slow reader is ten pieces ahead of what it has read: the server keeps as many for it.
READ_SIZE = 1 << 18
_THREADS = 16


class FilesystemContent:
    """Serves ContentStore and BlobKeeper from one folder; several processes may share the folder."""

    def __init__(self, data: Path, durability: Durability = Durability.FULL) -> None:
        self._tree = Tree(data)
        with room_errors(data):
            _lay_out(self._tree, durability)
        self._threads = DiskThreads(_THREADS)
        self._disk = Disk(self._tree, self._threads, HasherShelf(), durability)

    async def begin(self, name: RepositoryName, algorithm: Algorithm) -> UploadId:
        upload = UploadId.fresh(algorithm)
        await self._threads.do(self._create, self._tree.upload(upload, name))
        return upload

    async def open(self, upload: UploadId, name: RepositoryName) -> FilesystemUpload:
        path = self._tree.upload(upload, name)
        fd, received = await self._threads.do(_take, path, upload)
        return FilesystemUpload(upload, path, fd, received, self._disk)

    async def received(self, upload: UploadId, name: RepositoryName) -> int:
        try:
            status = await self._threads.do(os.stat, self._tree.upload(upload, name))
        except FileNotFoundError:
            raise UploadUnknown(str(upload)) from None
        return status.st_size

    def size(self, location: Location) -> int | None:
        try:
            return self._tree.blob(location).stat().st_size
        except FileNotFoundError:
            return None

    def file(self, location: Location) -> Path | None:
        return self._tree.blob(location)

    async def read(self, location: Location, window: ByteRange) -> AsyncIterator[bytes]:
        fd = await self._threads.do(os.open, self._tree.blob(location), os.O_RDONLY)
        try:
            offset = window.start
            while offset < window.stop:
                piece = await self._threads.do(os.pread, fd, min(READ_SIZE, window.stop - offset), offset)
                if not piece:
                    return
                offset += len(piece)
                yield piece
        finally:
            os.close(fd)

    def copies(self) -> Iterator[StoredCopy]:
        for algorithm in Algorithm:
            for shard in _entries(self._tree.blobs / algorithm):
                for entry in _entries(Path(shard.path)):
                    with suppress(FileNotFoundError):
                        status = entry.stat()
                        location = Location(f"{algorithm}/{shard.name}/{entry.name}")
                        yield StoredCopy(location, status.st_size, status.st_mtime)

    def uploads(self) -> Iterator[OpenUpload]:
        for entry in _entries(self._tree.uploads):
            with suppress(FileNotFoundError):
                status = entry.stat()
                yield OpenUpload(entry.name, status.st_size, status.st_mtime)

    def remove(self, location: Location) -> None:
        self._tree.blob(location).unlink(missing_ok=True)

    def claim(self, location: Location) -> "FileClaim | None":
        return _claimed(self._tree.blob(location))

    def abandon(self, upload: OpenUpload) -> bool:
        claim = _claimed(self._tree.uploads / upload.name)
        if claim is None:
            return False
        untouched = claim.is_as_found(upload)
        if untouched:
            claim.remove()
        claim.release()
        return untouched

    def close(self) -> None:
        self._threads.close()

    def _create(self, path: Path) -> None:
        with disk_errors(path):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640))


def _lay_out(tree: Tree, durability: Durability) -> None:
    """Every folder is made here, at the first start, so that a push has only its own name to force to disk.

    A folder made on the way would be a trap: the push that makes it forces out its name, but another one puts its blob
    there in between, is acknowledged first, and loses it with the folder when the power fails just then.
    """
    folders = (tree.uploads, *tree.shards())
    missing = [folder for folder in folders if not folder.is_dir()]
    for folder in missing:
        folder.mkdir(parents=True, exist_ok=True)
    for folder in folders:
        require_ours(folder)
    if missing and durability is Durability.FULL:
        for folder in (*(tree.blobs / algorithm for algorithm in Algorithm), tree.blobs, tree.data):
            sync_folder(folder)
        with suppress(PermissionError):  # where we may not list it, it is not ours to answer for
            sync_folder(tree.data.absolute().parent)


class FileClaim:
    """A file that is locked: a request holds what it writes in the same way, so the two exclude each other."""

    def __init__(self, path: Path, fd: int) -> None:
        self._path = path
        self._fd = fd

    def is_as_found(self, upload: OpenUpload) -> bool:
        """Whether nobody went on with it since the store was walked."""
        status = os.fstat(self._fd)
        return (status.st_size, status.st_mtime) == (upload.size, upload.touched_at)

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)

    def release(self) -> None:
        os.close(self._fd)


def _claimed(path: Path) -> FileClaim | None:
    try:
        fd = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return FileClaim(path, fd)


def _take(path: Path, upload: UploadId) -> tuple[int, int]:
    """Open an upload for this request alone; the kernel gives it back if we die."""
    try:
        with disk_errors(path):
            fd = os.open(path, os.O_RDWR | os.O_APPEND)
    except FileNotFoundError:
        raise UploadUnknown(str(upload)) from None
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        status = os.fstat(fd)
        if status.st_nlink == 0 or not path.exists():  # finished or cancelled while we waited
            raise UploadUnknown(str(upload))
    except BlockingIOError:
        os.close(fd)
        raise StoreBusy(f"upload {upload}") from None
    except UploadUnknown:
        os.close(fd)
        raise
    return fd, status.st_size


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            yield from found
    except FileNotFoundError:
        return
