"""The files within a tar file, each found by its name and read where it lies: nothing is unpacked.

A tar file that is compressed, or comes through a pipe, is first written out as it is inside, into a file without a
name, which goes with whoever has it open, even if they are shot. Links lead to other files of the same archive or
nowhere.
"""

import os
import posixpath
import stat
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from wharf.errors import ImageNotThere, MalformedArchive, shown
from wharf.images.compression import Compression, sniffed
from wharf.images.decompress import decompressed
from wharf.images.disk import FileReader, in_words, open_regular, write_all, writing_to
from wharf.images.reading import CHUNK, BlobReader
from wharf.images.tar_headers import header_class

if TYPE_CHECKING:
    import tarfile

_MOST_ENTRIES: Final = 20_000
_LONGEST_NAME: Final = 4096
_MOST_LINKS: Final = 16
_THAT_SAY_WHAT_THERE_IS: Final = frozenset({"manifest.json", "index.json", "oci-layout"})


@dataclass(frozen=True, slots=True)
class _File:
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class _Link:
    target: str


class TarFiles:
    """`place` is its name for people; the file is looked at when something of it is asked for.

    `spool`: where the tar file is, plain and open, if not at the path; it is closed with this.
    """

    def __init__(self, path: Path, place: str, spool: IO[bytes] | None = None) -> None:
        self.path = path
        self.place = place
        self._looking = threading.Lock()
        self._spool: IO[bytes] | None = None
        self._forget: weakref.finalize[[], TarFiles] | None = None
        if spool is not None:
            self._keep(spool)
        self._entries: dict[str, _File | _Link | None] | None = None

    def open(self, name: str) -> FileReader | None:
        file = self._followed(name)
        return None if file is None else self._open_plain().window(file.start, file.size)

    def size(self, name: str) -> int | None:
        file = self._followed(name)
        return None if file is None else file.size

    def close(self) -> None:
        """Twice does no harm; what is asked for afterwards is looked up anew."""
        self._entries = None
        if self._forget is not None:
            self._forget()
            self._spool = self._forget = None

    def _followed(self, name: str) -> _File | None:
        entries = self._looked_up()
        here = _normal(name)
        for _ in range(_MOST_LINKS):
            if not here:
                raise MalformedArchive(name, "a name that leads out of the archive", where=self.place)
            if here not in entries:
                return None
            found = entries[here]
            if isinstance(found, _File):
                return found
            if found is None:
                raise MalformedArchive(name, "this is no regular file", where=self.place)
            here = found.target
        raise MalformedArchive(name, "links that lead in a circle", where=self.place)

    def _looked_up(self) -> dict[str, _File | _Link | None]:
        with self._looking:
            if self._entries is None:
                try:
                    self._settle()
                    self._entries = self._by_name()
                except MalformedArchive as problem:
                    problem.seen_at(f"while reading {self.place}")
                    raise
            return self._entries

    def _by_name(self) -> dict[str, _File | _Link | None]:
        """Of several files of one name the last counts, but not for those that say what there is."""
        entries: dict[str, _File | _Link | None] = {}
        for name, entry in self._scan():
            if name in entries and name in _THAT_SAY_WHAT_THERE_IS:
                raise MalformedArchive(name, "it stands twice in the archive")
            entries[name] = entry
        return entries

    def _settle(self) -> None:
        """Make sure that there is a plain tar file that can be read anywhere."""
        if self._spool is not None:
            return
        with closing(_opened(self.path, self.place)) as reader:
            if not (isinstance(reader, FileReader) and _begins_plain(reader)):
                self._keep(_written_out(decompressed(reader)))

    def _keep(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._forget = weakref.finalize(self, spool.close)

    def _open_plain(self) -> FileReader:
        if self._spool is not None:
            return FileReader(os.dup(self._spool.fileno()), 0, os.fstat(self._spool.fileno()).st_size)
        reader = open_regular(self.path.resolve())
        if reader is None:
            raise ImageNotThere(self.place, "any image")
        return reader

    def _scan(self) -> Iterator[tuple[str, _File | _Link | None]]:
        import tarfile  # noqa: PLC0415 - start-up time

        with closing(self._open_plain()) as reader:
            size = reader.size
        if self._spool is not None:
            self._spool.seek(0)
        try:
            with tarfile.open(self.path.resolve(), "r:", self._spool, tarinfo=header_class()) as tar:
                for count, entry in enumerate(iter(tar.next, None)):
                    if count >= _MOST_ENTRIES or len(entry.name) > _LONGEST_NAME:
                        raise MalformedArchive(shown(entry.name), "too many files, or too long a name for an image")
                    name = _normal(entry.name)
                    if name and not entry.isdir():
                        yield name, _what(entry, size)
        except tarfile.TarError as problem:
            raise MalformedArchive("", f"this is no tar file: {problem}") from problem


def _opened(path: Path, place: str) -> BlobReader:
    """A file is opened as one; a pipe can be read once, from its beginning."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISFIFO(mode):
            return path.open("rb", buffering=0)
    except FileNotFoundError as problem:
        raise ImageNotThere(place, "any image") from problem
    except OSError as problem:
        raise in_words(path, problem) from problem
    reader = open_regular(path.resolve())
    if reader is None:
        raise ImageNotThere(place, "any image")
    return reader


def _begins_plain(reader: FileReader) -> bool:
    head = memoryview(bytearray(4))
    count = reader.readinto(head)
    reader.seek(0)
    return sniffed(bytes(head[:count])) is Compression.NONE


def _written_out(reader: BlobReader) -> IO[bytes]:
    """A file with all that the reader gives."""
    buffer = memoryview(bytearray(CHUNK))
    with writing_to(Path(tempfile.gettempdir())), ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile(buffering=0))
        while count := reader.readinto(buffer) or 0:
            write_all(file.fileno(), buffer[:count])
        stack.pop_all()
    return file


def _what(entry: "tarfile.TarInfo", end: int) -> _File | _Link | None:
    if entry.issym():
        is_inside = not entry.linkname.startswith("/")
        return _Link(_normal(f"{posixpath.dirname(entry.name)}/{entry.linkname}") if is_inside else "")
    if entry.islnk():
        return _Link(_normal(entry.linkname))
    if not entry.isreg() or entry.issparse():
        return None
    if entry.offset_data + entry.size > end:
        raise MalformedArchive(entry.name, "the tar file ends in the middle of this file")
    return _File(entry.offset_data, entry.size)


def _normal(name: str) -> str:
    """Without dots; empty, which is no file's name, for what leads out of the archive."""
    parts: list[str] = []
    for part in name.split("/"):
        if part == ".." and not parts:
            return ""
        if part == "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)
