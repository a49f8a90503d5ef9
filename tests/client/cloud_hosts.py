"""Hosts of clouds on this machine: a proxy that leads every name to one server, with a certificate for that name.

Whoever trusts the CA and goes through the proxy believes to speak with the cloud itself.
"""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, TCPServer, ThreadingTCPServer
from typing import Final, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.client.certificates import listening_in_tls


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: str


Answer: TypeAlias = tuple[int, Mapping[str, str], str]
Answering: TypeAlias = Callable[[Asked], Answer]


@dataclass(frozen=True, slots=True)
class Cloud:
    proxy: str
    ca_file: Path


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    answering: Answering

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, fields, text = type(self).answering(Asked(self.command, self.path, headers, body))
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the class above
        """Nobody reads along."""


class _Tunnel(StreamRequestHandler):
    target: int

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with socket.create_connection(("127.0.0.1", self.target)) as other:
            back = threading.Thread(target=_pump, args=(other, self.connection))
            back.start()
            _pump(self.connection, other)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


_METHODS: Final = ("GET", "HEAD", "POST", "DELETE")


@contextmanager
def plain_server(answering: Answering) -> Iterator[int]:
    """Its port."""
    methods = {f"do_{method}": _Handler.answer for method in _METHODS}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (_Handler,), {"answering": answering, **methods}))
    with _running(server):
        yield server.server_address[1]


@contextmanager
def cloud(folder: Path, host: str, answering: Answering) -> Iterator[Cloud]:
    certificate = _certificate(folder, host)
    with ExitStack() as stack:
        methods = {f"do_{method}": _Handler.answer for method in _METHODS}
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("H", (_Handler,), {"answering": answering, **methods}))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, folder / "host.key")
        server.socket = listening_in_tls(context, server.socket)
        stack.enter_context(_running(server))
        tunnel = type("T", (_Tunnel,), {"target": server.server_address[1]})
        proxy = ThreadingTCPServer(("127.0.0.1", 0), tunnel)
        stack.enter_context(_running(proxy))
        yield Cloud(f"http://127.0.0.1:{proxy.server_address[1]}", certificate)


@contextmanager
def _running(server: TCPServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path, host: str) -> Path:
    """One that vouches for itself: CA and server in one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a cloud of one test")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.crt").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "host.key").write_bytes(key.private_bytes(*form))
    return folder / "ca.crt"
