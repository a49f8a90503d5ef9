"""Connections to origins, kept open between requests as long as both sides like.

What is sent here goes out in large pieces straight from the buffer it was read into.
"""

import io
import socket
import ssl
import threading
import time
from collections.abc import Iterable
from typing import Final

from wharf.client.line.head import Head, read_head
from wharf.client.line.wire import Wire
from wharf.client.line.workers import shut
from wharf.client.message import Upload
from wharf.client.origin import Origin
from wharf.client.settings import Timeouts
from wharf.errors import MalformedHeader, SizeMismatch
from wharf.images.reading import CHUNK

_MOST_IDLE: Final = 16
_LONGEST_IDLE: Final = 60.0
_SURELY_FRESH: Final = 1.0
_PIECE_UNDER_TLS: Final = 128 * 1024
_ROOM_FOR_LENGTH: Final = 16
_END_OF_LINE: Final = b"\r\n"


class Connection:
    """One socket to one origin. Used by one thread at a time."""

    def __init__(self, origin: Origin, sock: socket.socket, timeouts: Timeouts) -> None:
        self.origin = origin
        self.is_used = False
        self.idle_since = 0.0
        self._socket = sock
        self._timeouts = timeouts
        self._wire = Wire(sock, timeouts.silence)
        self.reader: io.BufferedIOBase = self._wire.buffered

    @property
    def socket(self) -> socket.socket:
        return self._socket

    @property
    def is_stale(self) -> bool:
        """Hung up, or saying what nobody asked: of no more use."""
        return self._wire.has_said_something()

    def send(self, head: bytes, body: bytes | Upload) -> bool:
        """Whether all of it went out. A peer that hangs up or answers before the end may still have said why."""
        if isinstance(body, bytes):
            return self._send(memoryview(head + body))
        if not self._send(memoryview(head)):
            return False
        return self._send_chunks(body) if body.size is None else self._send_sized(body, body.size)

    def read_head(self, registry: str, *, after_upload: bool) -> Head:
        self._wire.expect_head(self._timeouts.verdict if after_upload else self._timeouts.silence)
        head = read_head(self.reader, registry)
        self._wire.expect_body()
        return head

    def close(self) -> None:
        shut(self._socket)
        self._socket.close()

    def _send(self, piece: memoryview) -> bool:
        """Each step has its own patience: a slow line is no dead line."""
        step = _PIECE_UNDER_TLS if isinstance(self._socket, ssl.SSLSocket) else len(piece)
        self._socket.settimeout(self._timeouts.silence)
        try:
            while piece:
                piece = piece[self._socket.send(piece[:step]) :]
        except OSError:
            return False
        return True

    def _send_sized(self, upload: Upload, size: int) -> bool:
        """The last piece goes out when the reader has confirmed its end: until then nothing is complete."""
        buffer = memoryview(bytearray(min(CHUNK, max(size, 1))))
        left = size
        while left:
            count = upload.reader.readinto(buffer[:left]) or 0
            left -= count
            if not count:
                raise SizeMismatch(size, size - left)
            if not left and upload.reader.readinto(memoryview(bytearray(1))):
                raise SizeMismatch(size, size + 1)
            if self._wire.has_answered() or not self._send(buffer[:count]):
                return False
            _tell(upload, count)
        return True

    def _send_chunks(self, upload: Upload) -> bool:
        whole = memoryview(bytearray(_ROOM_FOR_LENGTH + CHUNK + len(_END_OF_LINE)))
        data = whole[_ROOM_FOR_LENGTH : _ROOM_FOR_LENGTH + CHUNK]
        while count := upload.reader.readinto(data) or 0:
            if self._wire.has_answered() or not self._send(_as_chunk(whole, count)):
                return False
            _tell(upload, count)
        return self._send(memoryview(b"0\r\n\r\n"))


class Pool:
    """The connections of a session: those that are lent, and those that wait to be used again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[Origin, list[Connection]] = {}
        self._all: set[Connection] = set()
        self._closed = False

    def take(self, origin: Origin, *, surely_fresh: bool) -> Connection | None:
        """The one that was used last. `surely_fresh`: only one so young that its peer has no reason to hang up."""
        oldest = time.monotonic() - (_SURELY_FRESH if surely_fresh else _LONGEST_IDLE)
        while connection := self._pop(origin):
            if connection.idle_since >= oldest and not connection.is_stale:
                return connection
            self.drop(connection)
        return None

    def adopt(self, connection: Connection) -> None:
        with self._lock:
            self._all.add(connection)
            closed = self._closed
        if closed:
            self.drop(connection)

    def give_back(self, connection: Connection) -> None:
        connection.is_used = True
        connection.idle_since = time.monotonic()
        with self._lock:
            idle = self._idle.setdefault(connection.origin, [])
            keep = not self._closed and len(idle) < _MOST_IDLE
            if keep:
                idle.append(connection)
        if not keep:
            self.drop(connection)

    def drop(self, connection: Connection) -> None:
        with self._lock:
            self._all.discard(connection)
        connection.close()

    def close(self) -> None:
        """No more are kept. Those that are lent are shut: whoever reads there wakes up."""
        with self._lock:
            self._closed = True
            idle = [connection for waiting in self._idle.values() for connection in waiting]
            self._idle.clear()
            lent = self._all.difference(idle)
        for connection in idle:
            self.drop(connection)
        for connection in lent:
            shut(connection.socket)

    def drop_all(self) -> None:
        with self._lock:
            left = list(self._all)
        for connection in left:
            self.drop(connection)

    def _pop(self, origin: Origin) -> Connection | None:
        with self._lock:
            waiting = self._idle.get(origin)
            return waiting.pop() if waiting else None


def head_of(method: str, target: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """The head of a request. No field can smuggle in another."""
    lines = [f"{method} {target} HTTP/1.1"]
    for name, value in fields:
        if not name.isascii() or not name.isprintable() or ":" in name or not _is_speakable(value):
            raise MalformedHeader("", f"the value of {name!a} cannot stand in a header")
        lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _is_speakable(value: str) -> bool:
    return all(character == "\t" or " " <= character <= "~" or "\x80" <= character <= "\xff" for character in value)


def _as_chunk(whole: memoryview, count: int) -> memoryview:
    """The length is written right before the data and the end of line behind it: all goes out at once."""
    length = f"{count:x}\r\n".encode("ascii")
    start, end = _ROOM_FOR_LENGTH - len(length), _ROOM_FOR_LENGTH + count
    whole[start:_ROOM_FOR_LENGTH] = length
    whole[end : end + len(_END_OF_LINE)] = _END_OF_LINE
    return whole[start : end + len(_END_OF_LINE)]


def _tell(upload: Upload, count: int) -> None:
    if upload.moved is not None:
        upload.moved(count)
