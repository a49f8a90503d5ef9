"""A proxy: it connects for those it knows, hands bytes to and fro, and forwards single requests in plain HTTP."""

import contextlib
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_PIECE = 64 * 1024


@dataclass
class ConnectingProxy:
    """`authorization`: what it wants to see. `leads_to`: where every connection goes, whatever name was asked for."""

    leads_to: int = 0
    authorization: str = ""
    refusal: bytes = b""
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(60)

    def url(self, login: str = "") -> str:
        return f"http://{login}{'@' if login else ''}127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                accepted, _ = self._listener.accept()
            except OSError:
                return
            self._run(self._serve, accepted)

    def _run(self, work: Callable[[socket.socket], None], client: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(client,))
        self._threads.append(thread)
        thread.start()

    def _serve(self, client: socket.socket) -> None:
        self._sockets.append(client)
        with client, contextlib.suppress(OSError):
            head = _head(client)
            request_line = head.split("\r\n", 1)[0]
            self.heads.append(head)
            self.asked.append(request_line)
            if self.refusal or (self.authorization and f"Proxy-Authorization: {self.authorization}" not in head):
                client.sendall(self.refusal or b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
                return
            self._pass_on(client, head, request_line)

    def _pass_on(self, client: socket.socket, head: str, request_line: str) -> None:
        method, target, _ = request_line.split(" ")
        port = int(target.rpartition(":")[2]) if method == "CONNECT" else urlsplit(target).port or 80
        with socket.create_connection(("127.0.0.1", self.leads_to or port)) as server:
            self._sockets.append(server)
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n")
            else:
                path = urlsplit(target)._replace(scheme="", netloc="").geturl()
                server.sendall(head.replace(target, path, 1).encode("latin-1"))
            back = threading.Thread(target=_pump, args=(server, client))
            back.start()
            _pump(client, server)
            back.join(60)


def _head(client: socket.socket) -> str:
    head = bytearray()
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte:
            raise ConnectionResetError
        head += byte
    return head.decode("latin-1")


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
