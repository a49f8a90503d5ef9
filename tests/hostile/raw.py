"""Bytes on a socket, as no library would send them, and the answers to them read by the letter."""

import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from wharf.testing.registry import Answer

DEADLINE = 120.0
HOST = b"Host: registry.example\r\n"
SENTINEL_ID = "sentinel"
SENTINEL = b"GET /v2/ HTTP/1.1\r\n" + HOST + b"X-Request-Id: sentinel\r\nConnection: close\r\n\r\n"

_status_line = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2}) [ -~]*").fullmatch
_header_line = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): *([\t -~\x80-\xff]*)").fullmatch


class Hung(AssertionError):
    """The server neither answered nor closed in time."""


@dataclass(slots=True)
class Heard:
    """Everything that came back on one connection until the server closed it."""

    answers: list[Answer] = field(default_factory=list)
    rest: bytes = b""

    @property
    def statuses(self) -> list[int]:
        return [answer.status for answer in self.answers]

    @property
    def was_sentinel_heard(self) -> bool:
        return any(answer.headers.get("x-request-id") == SENTINEL_ID for answer in self.answers)


def request(
    method: bytes, target: bytes, *lines: bytes, body: bytes | None = None, version: bytes = b"HTTP/1.1"
) -> bytes:
    """A request in good form, but for what is put into it."""
    length = () if body is None else (b"Content-Length: %d" % len(body),)
    head = b"".join(line + b"\r\n" for line in (b"%b %b %b" % (method, target, version), *lines, *length))
    return head + HOST + b"\r\n" + (body or b"")


def talk(port: int, *said: bytes, methods: Sequence[str] = (), hang_up: bool = False) -> Heard:
    """Say it all at once, then listen until the server closes. `methods`: where one of them is HEAD."""
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
        with suppress(OSError):  # it may have had enough before all was said
            for piece in said:
                connection.sendall(piece)
            if hang_up:
                connection.shutdown(socket.SHUT_WR)
        return _heard(_until_closed(connection), methods)


def _until_closed(connection: socket.socket) -> bytes:
    received = b""
    try:
        while piece := connection.recv(1 << 16):
            received += piece
    except TimeoutError:
        raise Hung(f"neither answered nor closed; so far: {received[:500]!r}") from None
    except ConnectionError:
        pass  # it did not read all that was sent, and closed
    return received


def _heard(received: bytes, methods: Sequence[str]) -> Heard:
    heard = Heard(rest=received)
    while heard.rest:
        answer, heard.rest = _first_answer(heard.rest, is_head="HEAD" in methods[len(heard.answers) :][:1])
        heard.answers.append(answer)
    return heard


def _first_answer(received: bytes, *, is_head: bool) -> tuple[Answer, bytes]:
    head, blank, rest = received.partition(b"\r\n\r\n")
    status_line, *lines = head.split(b"\r\n")
    status = _status_line(status_line)
    assert status, f"no status line: {status_line[:200]!r}"
    assert blank, f"no end of the headers: {received[:500]!r}"
    headers = dict(_header(line) for line in lines)
    code = int(status[1])
    length = 0 if is_head or code < 200 or code in {204, 304} else int(headers["content-length"])
    assert len(rest) >= length, f"{length} bytes were promised: {received[:500]!r}"
    return Answer(code, headers, rest[:length]), rest[length:]


def _header(line: bytes) -> tuple[str, str]:
    found = _header_line(line)
    assert found, f"no header: {line!r}"
    return found[1].decode("ascii").lower(), found[2].decode("latin-1")
