"""A bad line between a client and a registry: it carries everything, and breaks once where a test says."""

import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from types import TracebackType
from typing import Self

PIECE = 64 * 1024
PATIENCE = 240.0
# Close without a goodbye, as a line does that breaks: not one byte more, and no end of what was said.
RESET = struct.pack("ii", 1, 0)


class Direction(Enum):
    TO_REGISTRY = "to the registry"
    TO_CLIENT = "to the client"


class CuttingProxy:
    """A TCP proxy on a loopback port of its own in front of one registry."""

    def __init__(self, upstream: str, bytes_per_second: float | None = None) -> None:
        """`bytes_per_second`: how fast each connection carries to the registry, where it is a slow line too."""
        self._bytes_per_second = bytes_per_second
        host, _, port = upstream.rpartition(":")
        self.upstream = (host, int(port))
        self.cuts = 0
        self._server = _server_for(self._carry_both_ways)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.carried = dict.fromkeys(Direction, 0)
        self._lock = threading.Lock()
        self._armed: tuple[Direction, int] | None = None

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def cut_once(self, direction: Direction, after: int) -> None:
        """Break the first connection that carries more than so many bytes this way."""
        self._armed = (direction, after)

    def wait_until_carried(self, direction: Direction, size: int) -> None:
        """Wait until so many bytes have gone this way, over all connections."""
        deadline = time.monotonic() + PATIENCE
        while self.carried[direction] < size:
            assert time.monotonic() < deadline, f"only {self.carried[direction]} bytes went {direction.value}"
            time.sleep(0.01)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _carry_both_ways(self, client: socket.socket) -> None:
        is_broken = threading.Event()
        with socket.create_connection(self.upstream) as registry:
            way_back = (registry, client, Direction.TO_CLIENT, is_broken)
            back = threading.Thread(target=self._carry, args=way_back, daemon=True)
            back.start()
            self._carry(client, registry, Direction.TO_REGISTRY, is_broken)
            back.join()
            if is_broken.is_set():
                break_off(client, registry)

    def _carry(
        self, source: socket.socket, target: socket.socket, direction: Direction, is_broken: threading.Event
    ) -> None:
        here = 0
        try:
            while piece := source.recv(PIECE):
                self._linger(direction, len(piece))
                target.sendall(piece)
                here += len(piece)
                if self._breaks_now(direction, len(piece), here):
                    is_broken.set()
                    break
            if not is_broken.is_set():
                target.shutdown(socket.SHUT_WR)
        except OSError:
            is_broken.set()
        if is_broken.is_set():
            stop_listening(source, target)

    def _linger(self, direction: Direction, size: int) -> None:
        if self._bytes_per_second is not None and direction is Direction.TO_REGISTRY:
            time.sleep(size / self._bytes_per_second)

    def _breaks_now(self, direction: Direction, more: int, here: int) -> bool:
        with self._lock:
            self.carried[direction] += more
            if self._armed is None or self._armed[0] is not direction or here <= self._armed[1]:
                return False
            self._armed = None
            self.cuts += 1
            return True


def stop_listening(*ends: socket.socket) -> None:
    """Whoever waits here for more waits no longer; nothing of it is told to the other sides."""
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RD)


def break_off(*ends: socket.socket) -> None:
    """A client that hears a goodbye first believes that it was told all there is, and some do not ask again then."""
    for end in ends:
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.close()


def _server_for(carry: Callable[[socket.socket], None]) -> socketserver.ThreadingTCPServer:
    class Line(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            carry(self.request)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    return Server(("127.0.0.1", 0), Line)
