"""An engine that builds nothing: it takes what `docker build` sends, and remembers the names of the files in it."""

import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from types import TracebackType
from typing import Self


class _Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True
    received: dict[str, frozenset[str]]


class _Answers(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(b"OK")

    def do_POST(self) -> None:
        context = b"".join(iter(self._chunk, b""))
        with tarfile.open(fileobj=io.BytesIO(context)) as tar:
            names = frozenset(member.name for member in tar if not member.isdir())
        label = self.path.partition("t=")[2].partition("&")[0]
        self.server.received[label] = names
        self._answer(b'{"stream":"received"}\n')

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def _chunk(self) -> bytes:
        chunk = self.rfile.read(int(self.rfile.readline(), 16))
        self.rfile.readline()
        return chunk

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Api-Version", "1.41")
        self.send_header("Ostype", "linux")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


class ReceivingEngine:
    def __init__(self, folder: Path) -> None:
        self._server = _Server(str(folder / "engine.sock"), _Answers)
        self._server.received = {}
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.address = f"unix://{folder / 'engine.sock'}"

    def received(self, tag: str) -> frozenset[str]:
        """The files of the build that was to be called this."""
        return self._server.received[tag]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
