"""A server of a few lines that says exactly what a test tells it to, byte for byte, and remembers what it was asked.

    with RawServer(lambda talk: talk.say(200, b"{}")) as server:
        …ask server.host…
        assert [request.target for request in server.requests] == ["/v2/"]

The first bytes of TLS are met as a plain HTTP server meets them: it hangs up.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self, TypeAlias

from tests.client.certificates import taking_in_tls

_TLS_GREETING = 0x16


@dataclass(frozen=True)
class Asked:
    """A request as it came in; names of headers in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    connection: int = 0


@dataclass
class Talk:
    """One request and the socket it came from."""

    request: Asked
    socket: socket.socket
    number: int
    """How many requests came before it."""
    reader: BinaryIO
    hangs_up: bool = False

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        fields = {
            "content-length": str(len(body)),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        self.raw("\r\n".join(lines).encode("latin-1") + (b"" if self.request.method == "HEAD" else body))

    def raw(self, data: bytes) -> None:
        self.socket.sendall(data)

    def hang_up(self) -> None:
        self.hangs_up = True

    def read_body(self) -> bytes:
        """For servers that do not read bodies by themselves."""
        return _body(self.reader, self.request.headers)

    def drip(self, data: bytes, pause: float) -> None:
        """Byte by byte, until the other side has had enough."""
        for byte in data:
            self.raw(bytes([byte]))
            time.sleep(pause)

    def flood(self, data: bytes) -> None:
        """The same without end, until the other side has had enough."""
        while True:
            self.raw(data)


Behaviour: TypeAlias = Callable[[Talk], None]


@dataclass
class RawServer:
    behave: Behaviour
    context: ssl.SSLContext | None = None
    reads_bodies: bool = True
    to_greetings: bytes = b""
    """What it says to whoever greets it as TLS does."""
    requests: list[Asked] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for each in self._sockets:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(each, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(60)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{'https' if self.context else 'http'}://{self.host}"

    def authorizations(self) -> list[str | None]:
        return [request.headers.get("authorization") for request in self.requests]

    def waits_until_nobody_is_connected(self) -> bool:
        deadline = time.monotonic() + 60
        while self._sockets and time.monotonic() < deadline:
            time.sleep(0.005)
        return not self._sockets

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(accepted,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            talking = taking_in_tls(self.context, plain) if self.context else plain
        except OSError:
            plain.close()
            return
        with self._lock:
            self._sockets.add(talking)
        try:
            self._talk(talking)
        except (OSError, ValueError):
            pass  # it was cut off, perhaps in the middle of a line
        finally:
            with self._lock:
                self._sockets.discard(talking)
            talking.close()

    def _counted(self) -> int:
        with self._lock:
            self.connections += 1
            return self.connections - 1

    def _remembered(self, request: Asked) -> int:
        """How many came before it: several may come at once, and no two have the same number."""
        with self._lock:
            self.requests.append(request)
            return len(self.requests) - 1

    def _talk(self, talking: socket.socket) -> None:
        reader = talking.makefile("rb")
        connection = None
        with reader:
            while line := reader.readline():
                if line[0] == _TLS_GREETING:
                    talking.sendall(self.to_greetings)
                    return
                if connection is None:
                    connection = self._counted()
                request = _read(line.decode("latin-1"), reader, connection, body=self.reads_bodies)
                talk = Talk(request, talking, self._remembered(request), reader)
                self.behave(talk)
                if talk.hangs_up:
                    return


def _read(line: str, reader: BinaryIO, connection: int, *, body: bool) -> Asked:
    method, target, _ = line.split(" ", 2)
    headers: dict[str, str] = {}
    while (field_ := reader.readline().decode("latin-1")) not in {"\r\n", ""}:
        name, _, value = field_.partition(":")
        headers[name.lower()] = value.strip()
    return Asked(method, target, headers, _body(reader, headers) if body else b"", connection)


def _body(reader: BinaryIO, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return reader.read(int(headers.get("content-length", "0")))
    pieces = []
    while size := int(reader.readline(), 16):
        pieces.append(reader.read(size))
        reader.readline()
    reader.readline()
    return b"".join(pieces)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """One after the other; the last one for all that follow."""
    return lambda talk: behaviours[min(talk.number, len(behaviours) - 1)](talk)


def by_path(**behaviours: Behaviour) -> Behaviour:
    """By the first part of the path: `v2`, `token`; what has none is 404."""

    def behave(talk: Talk) -> None:
        first = talk.request.target.partition("?")[0].split("/")[1]
        behaviours.get(first, unknown)(talk)

    return behave


def unknown(talk: Talk) -> None:
    talk.say(404)


def good(talk: Talk) -> None:
    talk.say(200, b"{}")
