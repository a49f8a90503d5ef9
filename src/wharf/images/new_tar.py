"""A tar file in the making: files of unknown length are written to its end as they come, one after another."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from wharf.errors import MalformedPlace
from wharf.images.disk import NewFile, sweep, sync_folder
from wharf.images.reading import CHUNK, BlobReader

BLOCK: Final = 512
_MODE: Final = 0o644


class NewTar:
    """The same files in the same order give the same bytes: no time, no owner."""

    def __init__(self, target: Path) -> None:
        _refuse_what_is_no_file(target)
        self._target = target.resolve()
        sweep(self._target.parent)
        self._file = NewFile(self._target.parent)
        self._end = 0

    def add(self, name: str, content: bytes) -> None:
        whole = _header(name, len(content)) + content + bytes(-len(content) % BLOCK)
        self._file.write(whole)
        self._end += len(whole)

    def add_stream(self, reader: BlobReader, name: Callable[[], str | None], name_size: int) -> None:
        """Its name, of this size, is asked for at its end; without one, or with an error, it was never there."""
        start = self._end
        try:
            self._file.write(bytes(len(_header("x" * name_size, 0))))
            size = self._copy(reader)
            called = name()
            if called is not None:
                self._file.write(bytes(-size % BLOCK))
                self._end += self._put_header(start, _header(called, size)) + size + -size % BLOCK
        finally:
            self._file.cut(self._end)

    def _put_header(self, start: int, header: bytes) -> int:
        self._file.write_at(start, header)
        return len(header)

    def put(self) -> None:
        """Under its name, whole; what had that name before is gone only now."""
        self._file.write(bytes(2 * BLOCK))
        self._file.put(self._target)
        sync_folder(self._target.parent)

    def drop(self) -> None:
        self._file.drop()

    def _copy(self, reader: BlobReader) -> int:
        buffer = memoryview(bytearray(CHUNK))
        size = 0
        while count := reader.readinto(buffer) or 0:
            self._file.write(buffer[:count])
            size += count
        return size


def _refuse_what_is_no_file(target: Path) -> None:
    """A file takes the place of another. A folder, a pipe or a device is not to vanish under it."""
    if target.exists() and not target.is_file():
        step = "name a file, or one to be made"
        raise MalformedPlace(str(target), "an archive is a regular file, and this is none", next_step=step)


def _header(name: str, size: int) -> bytes:
    import tarfile  # noqa: PLC0415 - start-up time

    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, _MODE
    return entry.tobuf(tarfile.GNU_FORMAT)
