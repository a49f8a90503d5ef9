"""The database of the rpm package manager: a table of SQLite, each row a binary header of numbered fields.

header = number of entries (4 bytes), length of the data (4 bytes), entries, data      all numbers big-endian
entry  = tag (4), type (4), offset into the data (4), count (4)
"""

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final

_NAME: Final = 1000
_VERSION: Final = 1001
_RELEASE: Final = 1002
_EPOCH: Final = 1003
_ARCHITECTURE: Final = 1022
_NUMBER: Final = 4
_TEXT: Final = 6
_MOST_ENTRIES: Final = 4096
_STEPS_AT_ONCE: Final = 100_000
_MOST_TIMES: Final = 500
_NO_PACKAGE: Final = "gpg-pubkey"


@dataclass(frozen=True, slots=True)
class RpmRecord:
    name: str
    version: str
    release: str
    epoch: int
    architecture: str


def read_rpm_records(content: bytes) -> Iterator[RpmRecord]:
    """Nothing, if these bytes are no such database, or one that was made to keep its reader busy."""
    if not content:
        return
    with closing(sqlite3.connect(":memory:")) as database:
        database.set_progress_handler(_patience().__next__, _STEPS_AT_ONCE)
        try:
            database.deserialize(content)
            rows = database.execute("SELECT blob FROM Packages").fetchall()
        except sqlite3.Error:
            return
    for (blob,) in rows:
        record = _read_header(blob) if isinstance(blob, bytes) else None
        if record is not None and record.name != _NO_PACKAGE:
            yield record


def _patience() -> Iterator[int]:
    """The database goes on while it is told 0."""
    return chain(repeat(0, _MOST_TIMES), repeat(1))


def _read_header(blob: bytes) -> RpmRecord | None:
    try:
        count, length = struct.unpack_from(">II", blob)
        if count > _MOST_ENTRIES:
            return None
        data = blob[8 + 16 * count : 8 + 16 * count + length]
        entries = struct.iter_unpack(">IIII", blob[8 : 8 + 16 * count])
        values = {tag: _value(data, kind, offset) for tag, kind, offset, _ in entries if tag in _WANTED}
    except (struct.error, UnicodeDecodeError):
        return None
    name, epoch = values.get(_NAME), values.get(_EPOCH, 0)
    if not isinstance(name, str) or not isinstance(epoch, int):
        return None
    version, release, architecture = (str(values.get(tag, "")) for tag in (_VERSION, _RELEASE, _ARCHITECTURE))
    return RpmRecord(name, version, release, epoch, architecture)


_WANTED: Final = frozenset({_NAME, _VERSION, _RELEASE, _EPOCH, _ARCHITECTURE})


def _value(data: bytes, kind: int, offset: int) -> str | int:
    if kind == _NUMBER:
        number: int = struct.unpack_from(">I", data, offset)[0]
        return number
    if kind != _TEXT:
        return ""
    text, _, _ = data[offset:].partition(b"\0")
    return text.decode()
