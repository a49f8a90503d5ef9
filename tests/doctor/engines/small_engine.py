"""As much of an engine as a probe asks: answers by path, over a socket of its own; and servers that behave badly."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.client.certificates import taking_in_tls
from wharf.doctor.engines.endpoint import Endpoint, Route

VERSION: dict[str, object] = {
    "Version": "28.2.2",
    "ApiVersion": "1.50",
    "MinAPIVersion": "1.24",
    "Os": "linux",
    "Arch": "amd64",
    "Components": [{"Name": "Engine"}],
}
Speech = Callable[[socket.socket], None]


@contextmanager
def speaking(speech: Speech, listener: socket.socket, tls: ssl.SSLContext | None = None) -> Iterator[None]:
    """Each connection is answered in a thread of its own."""

    def answered(line: socket.socket) -> None:
        with suppress(OSError), line, taking_in_tls(tls, line) if tls else line as spoken:
            speech(spoken)

    def served() -> None:
        with suppress(OSError):
            while True:
                line, _ = listener.accept()
                threading.Thread(target=answered, args=(line,), daemon=True).start()

    thread = threading.Thread(target=served, daemon=True)
    thread.start()
    try:
        yield
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


@contextmanager
def small_engine(path: Path, answers: Mapping[str, object]) -> Iterator[str]:
    """Its address as DOCKER_HOST has it."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    with speaking(lambda line: _answer(line, {"/version": VERSION, **answers}), listener):
        yield f"unix://{path}"


@contextmanager
def at_a_port(speech: Speech, tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with speaking(speech, listener, tls):
        yield Endpoint(f"tcp://127.0.0.1:{port}", Route.TCP, None, "127.0.0.1", port)


def saying(raw: bytes) -> Speech:
    """After it was asked something."""

    def say(line: socket.socket) -> None:
        line.recv(1 << 16)
        line.sendall(raw)

    return say


def in_http(value: object, status: int = 200) -> bytes:
    body = json.dumps(value).encode()
    return f"HTTP/1.0 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _answer(line: socket.socket, answers: Mapping[str, object]) -> None:
    asked = line.recv(1 << 16).split(b" ")[1].decode()
    found = asked in answers
    line.sendall(in_http(answers[asked] if found else {"message": "no such thing"}, 200 if found else 404))
