"""A server before a registry: it passes on what it is asked, but for what it answers by itself, or delays."""

import http.client
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.client.certificates import listening_in_tls

PATIENCE_SECONDS = 120
_NOT_PASSED_ON = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0
    """Seconds, before what it is asked goes on its way; the answer is then the registry's, if the status is 0."""


Overrule = Callable[[str, str], Answer | None]
"""A method and a path, to what is answered in place of the registry."""


def error(status: int, code: str, message: str) -> Answer:
    return as_json(status, {"errors": [{"code": code, "message": message}]})


def as_json(status: int, document: object) -> Answer:
    return Answer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})


@contextmanager
def before(upstream: str, overrule: Overrule, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Its host and port."""
    handler = type("Front", (_Front,), {"upstream": upstream, "overrule": staticmethod(overrule)})
    server = _Server(("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = listening_in_tls(context, server.socket)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Who does not believe a certificate hangs up: that is what is tested."""


class _Front(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    upstream: str
    overrule: Overrule

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        answer = self.overrule(self.command, self.path)
        if answer is not None and answer.after:
            time.sleep(answer.after)
        if answer is not None and answer.status:
            self._send(answer.status, answer.headers, answer.body)
        else:
            self._pass_on(body)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - names of the standard library

    def log_message(self, *_parts: object) -> None:
        """Nobody reads along."""

    def _pass_on(self, body: bytes) -> None:
        """Who asked may be gone when the answer comes."""
        with closing(http.client.HTTPConnection(self.upstream, timeout=PATIENCE_SECONDS)) as connection:
            connection.request(self.command, self.path, body, dict(self.headers.items()))
            response = connection.getresponse()
            content = response.read()
            size = response.headers.get("content-length") if self.command == "HEAD" else None
            self._send(response.status, dict(response.getheaders()), content, size)

    def _send(self, status: int, headers: Mapping[str, str], body: bytes, size: str | None = None) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in _NOT_PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", size or str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
