"""A layer is a tar file: what was added to the file system, file by file, and what was taken away by names with `.wh.`.

It is read in one pass from the front and never unpacked anywhere, so no name in it can lead out of it. Headers that
claim to be enormous are refused before memory is found for them.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import IO, TYPE_CHECKING, Final

from wharf.errors import MalformedArchive, TooMany, shown
from wharf.images.reading import BlobReader
from wharf.images.tar_headers import header_class

if TYPE_CHECKING:
    import tarfile

    from _typeshed import WriteableBuffer

MOST_FILES: Final = 2_000_000
LONGEST_PATH: Final = 4096
DEEPEST_PATH: Final = 256
LARGEST_SPARSE: Final = 16 * 1024**3
_PIECE: Final = 256 * 1024


class Kind(Enum):
    FILE = "file"
    FOLDER = "folder"
    SYMBOLIC = "symbolic link"
    HARD = "hard link"
    DEVICE = "device"
    PIPE = "pipe"


@dataclass(frozen=True, slots=True)
class LayerFile:
    """`name` as it is written in the layer; `path` what it comes to: without a root, without dots."""

    name: str
    kind: Kind
    size: int
    mode: int
    owner: tuple[int, int]
    target: str = ""
    digest: bytes = b""
    content: bytes | None = field(default=None, repr=False)

    @property
    def path(self) -> str:
        return normal_path(self.name)


Keeps = Callable[[str, int], bool]
"""Whether the content of the file with this path and size is wanted, and not only its digest."""


def normal_path(name: str) -> str:
    """`..` leads no higher than the root."""
    parts: list[str] = []
    for part in name.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def read_layer(reader: BlobReader, keeps: Keeps) -> Iterator[LayerFile]:
    """The files of an uncompressed layer, in their order. All of the reader is read, what follows the tar file too."""
    import tarfile  # noqa: PLC0415 - start-up time

    stream = io.BufferedReader(_Stream(reader), _PIECE)
    with _own_errors(tarfile.TarError):
        with tarfile.open(fileobj=stream, mode="r|", bufsize=_PIECE, tarinfo=header_class()) as tar:
            for count, entry in enumerate(iter(tar.next, None)):
                if count >= MOST_FILES:
                    raise TooMany("files in one layer", MOST_FILES)
                _refuse_absurdity(entry)
                yield _read_file(tar, entry, keeps)
                vars(tar)["members"].clear()  # it would remember each of a million files
        while stream.read(_PIECE):
            pass


def _refuse_absurdity(entry: "tarfile.TarInfo") -> None:
    """Other files are as large as their bytes; one with holes can be larger than all disks from a few of them."""
    name = entry.name
    if entry.issparse() and entry.size > LARGEST_SPARSE:
        raise MalformedArchive(name[:80], f"a file with holes of {entry.size} bytes; at most {LARGEST_SPARSE} are read")
    if len(name) > LONGEST_PATH or name.count("/") > DEEPEST_PATH:
        raise MalformedArchive(name[:80], f"a path of {len(name)} characters, {name.count('/')} folders deep")


def nothing_is_kept(path: str, size: int) -> bool:
    return False


def _read_file(tar: "tarfile.TarFile", entry: "tarfile.TarInfo", keeps: Keeps) -> LayerFile:
    kind = _kind(entry)
    content: bytes | None = None
    digest = b""
    if kind is Kind.FILE and (opened := tar.extractfile(entry)) is not None:
        with opened:
            content, digest = _digested(opened, keeps=keeps(normal_path(entry.name), entry.size))
    owner = (entry.uid, entry.gid)
    return LayerFile(entry.name, kind, entry.size, entry.mode, owner, entry.linkname, digest, content)


def _digested(opened: IO[bytes], *, keeps: bool) -> tuple[bytes | None, bytes]:
    hasher = hashlib.sha256()
    kept = bytearray()
    while piece := opened.read(_PIECE):
        hasher.update(piece)
        if keeps:
            kept += piece
    return bytes(kept) if keeps else None, hasher.digest()


def _kind(entry: "tarfile.TarInfo") -> Kind:
    if entry.isdir():
        return Kind.FOLDER
    if entry.issym():
        return Kind.SYMBOLIC
    if entry.islnk():
        return Kind.HARD
    if entry.isfifo():
        return Kind.PIPE
    return Kind.DEVICE if entry.isdev() else Kind.FILE


class _Stream(io.RawIOBase):
    """The reader as a file that can only be read onwards."""

    def __init__(self, reader: BlobReader) -> None:
        super().__init__()
        self._reader = reader

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        return self._reader.readinto(memoryview(buffer)) or 0


@contextmanager
def _own_errors(kind: type[Exception]) -> Iterator[None]:
    try:
        yield
    except kind as error:
        raise MalformedArchive("", f"the layer is no whole tar file: {shown(str(error))}") from error
