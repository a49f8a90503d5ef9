"""The bus of a session, D-Bus: who is on it, and what an object says of itself. Nobody is started by being asked.

Only what these questions need is written and read of its protocol: texts go out; a truth value or a list of names
comes back.
"""

import os
import socket
import struct
import sys
import time
from pathlib import Path
from typing import Final, Self

from wharf.credentials.places import RUNTIME_VARIABLE
from wharf.doctor.scene import Scene

_CALL: Final = 1
_RETURN: Final = 2
_ERROR: Final = 3
_DO_NOT_START: Final = 2
_REPLY_TO: Final = 5
_LARGEST: Final = 1 << 20
_MOST_OTHERS: Final = 100
"""Messages that are for others, or tell of something, before the answer comes."""
_NOBODY: Final = "there is no bus of this session"
_NO_SENSE: Final = "what answers at the place of the bus does not speak as a bus does"
_BUS: Final = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")


def bus_places(scene: Scene) -> tuple[Path, ...]:
    """Where its socket may lie. Abstract ones have no place in a folder, and are not used for sessions any longer."""
    address, runtime = scene.environ.get("DBUS_SESSION_BUS_ADDRESS", ""), scene.environ.get(RUNTIME_VARIABLE, "")
    if address:
        ways = (way.removeprefix("unix:") for way in address.split(";") if way.startswith("unix:"))
        parts = (part for way in ways for part in way.split(","))
        return tuple(
            Path(part.removeprefix("path=")) for part in parts if part.startswith("path=") and "\0" not in part
        )
    return (Path(runtime) / "bus",) if runtime and "\0" not in runtime else ()


class SessionBus:
    """Blocking. All calls together have `patience` seconds; an OSError says that nobody answers, or not in time."""

    def __init__(self, connection: socket.socket, patience: float) -> None:
        self._connection = connection
        self._until = time.monotonic() + patience
        self._serial = 0

    @classmethod
    def reached(cls, scene: Scene) -> Self:
        for place in bus_places(scene):
            bus = cls(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM), scene.patience)
            try:
                bus._let_in(place)
            except OSError:
                bus.close()
            else:
                return bus
        raise ConnectionError(_NOBODY)

    def close(self) -> None:
        self._connection.close()

    def is_owned(self, name: str) -> bool:
        return bool(_truth(self.call(*_BUS, "NameHasOwner", name)))

    def could_start(self, name: str) -> bool:
        return name.encode() in (self.call(*_BUS, "ListActivatableNames") or b"")

    def property_is_true(self, destination: str, path: str, interface: str, name: str) -> bool | None:
        """None where there is no such object, or it does not say."""
        return _truth(self.call(destination, path, "org.freedesktop.DBus.Properties", "Get", interface, name))

    def call(self, destination: str, path: str, interface: str, member: str, *texts: str) -> bytes | None:
        """The body of the answer; None for an error in its place."""
        self._serial += 1
        body = b""
        for text in texts:
            body = _aligned(body, 4) + _text(text)
        self._send(_header(self._serial, len(body), destination, path, interface, member, len(texts)) + body)
        for _ in range(_MOST_OTHERS):
            kind, answers, answer = self._message()
            if answers == self._serial and kind == _ERROR:
                return None
            if answers == self._serial and kind == _RETURN:
                return answer
        raise ConnectionError(_NO_SENSE)

    def _let_in(self, place: Path) -> None:
        self._connection.settimeout(max(self._until - time.monotonic(), 0.01))
        self._connection.connect(str(place))
        uid = str(os.getuid()) if sys.platform != "win32" else "0"
        self._send(b"\0AUTH EXTERNAL " + uid.encode().hex().encode() + b"\r\n")
        line = b""
        while not line.endswith(b"\r\n") and len(line) < 1000:
            line += self._exactly(1)
        if not line.startswith(b"OK "):
            raise ConnectionError(_NO_SENSE)
        self._send(b"BEGIN\r\n")
        self.call(*_BUS, "Hello")

    def _message(self) -> tuple[int, int | None, bytes]:
        """Its kind, which call it answers, and its body."""
        start = self._exactly(16)
        order = "<" if start[:1] == b"l" else ">"
        length, _, fields = struct.unpack(f"{order}III", start[4:16])
        if length > _LARGEST or fields > _LARGEST:
            raise ConnectionError(_NO_SENSE)
        head = self._exactly(fields + -fields % 8)
        return start[1], _answered(head[:fields], order), self._exactly(length)

    def _send(self, data: bytes) -> None:
        self._connection.settimeout(max(self._until - time.monotonic(), 0.01))
        self._connection.sendall(data)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            self._connection.settimeout(max(self._until - time.monotonic(), 0.01))
            piece = self._connection.recv(size - len(data))
            if not piece:
                raise ConnectionError(_NO_SENSE)
            data += piece
        return data


def _header(serial: int, length: int, destination: str, path: str, interface: str, member: str, texts: int) -> bytes:
    fields = b""
    for code, kind, value in ((1, b"o", path), (2, b"s", interface), (3, b"s", member), (6, b"s", destination)):
        fields = _aligned(fields, 8) + bytes([code, 1]) + kind + b"\0" + _text(value)
    if texts:
        signature = b"s" * texts
        fields = _aligned(fields, 8) + bytes([8, 1]) + b"g\0" + bytes([texts]) + signature + b"\0"
    start = struct.pack("<cBBBIII", b"l", _CALL, _DO_NOT_START, 1, length, serial, len(fields))
    return _aligned(start + fields, 8)


def _answered(fields: bytes, order: str) -> int | None:
    """The field that tells it is the only one with a number in it: code, a signature of one letter, the number."""
    mark = bytes([_REPLY_TO, 1]) + b"u\0"
    place = fields.find(mark)
    while place > 0 and place % 8:
        place = fields.find(mark, place + 1)
    if place < 0 or len(fields) < place + 8:
        return None
    number: int = struct.unpack_from(f"{order}I", fields, place + 4)[0]
    return number


def _truth(body: bytes | None) -> bool | None:
    """A truth value stands alone, or behind its signature: in both cases in the last four bytes, in either order."""
    return None if body is None else any(body[-4:])


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<I", len(data)) + data + b"\0"


def _aligned(data: bytes, step: int) -> bytes:
    return data + b"\0" * (-len(data) % step)
