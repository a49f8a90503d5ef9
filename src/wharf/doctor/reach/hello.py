"""The greeting of TLS, up to where it becomes secret: what a server says to it, and which certificates it sends.

In TLS 1.2 a server sends its certificates in the open, before anybody has to believe them. So a whole chain can be
read, also one that is refused, and it shows whether a certificate of the caller's is asked for.
"""

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from wharf.doctor.reach.certificate import Certificate, read_certificate
from wharf.doctor.reach.trust import Line

_ALERT: Final = 0x15
_HANDSHAKE: Final = 0x16
_SERVER_HELLO: Final = 2
_CERTIFICATES: Final = 11
_ASKS_FOR_CERTIFICATE: Final = 13
_DONE: Final = 14
_TLS_1_2: Final = 0x0303
_LARGEST_FLIGHT: Final = 512 * 1024
_MOST_CERTIFICATES: Final = 20
_PIECE: Final = 16 * 1024


class Speaks(Enum):
    TLS = "tls"
    HTTP = "http"
    NOTHING = "nothing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Hello:
    """What was said to the greeting. `version`: that of TLS, as it stands in the protocol; 0 for none.

    `broke_off`: the connection was reset, or ended without a word.
    """

    speaks: Speaks
    version: int = 0
    chain: tuple[Certificate, ...] = ()
    asks_for_certificate: bool = False
    broke_off: bool = False

    @property
    def is_old(self) -> bool:
        return 0 < self.version < _TLS_1_2


def greeted(connection: socket.socket, host: str, seconds: float) -> Hello:
    """Over a connection that is open, and is of no use afterwards. Never raises for what the other side does."""
    deadline = time.monotonic() + seconds
    try:
        connection.sendall(_greeting(host))
        flight = _flight(connection, deadline)
    except TimeoutError:
        return Hello(Speaks.NOTHING)
    except OSError:
        return Hello(Speaks.NOTHING, broke_off=True)
    return _understood(flight)


def _greeting(host: str) -> bytes:
    """Of a client that is content with the oldest server, since it is there to look at it only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with contextlib.suppress(ssl.SSLError, ValueError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    context.set_alpn_protocols(["http/1.1"])
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    talk = context.wrap_bio(incoming, outgoing, server_hostname=host.encode("ascii"))
    with contextlib.suppress(ssl.SSLWantReadError):
        talk.do_handshake()
    return outgoing.read()


def _flight(connection: socket.socket, deadline: float) -> bytes:
    """All that comes until the server waits for us, or stops."""
    flight = bytearray()
    while len(flight) < _LARGEST_FLIGHT:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        connection.settimeout(left)
        try:
            piece = connection.recv(_PIECE)
        except (TimeoutError, ConnectionError):
            if not flight:
                raise
            break
        flight += piece
        if not piece or not _may_go_on(flight):
            break
    return bytes(flight)


def _may_go_on(flight: bytearray) -> bool:
    return flight[0] == _HANDSHAKE and all(kind != _DONE for kind, _ in _messages(bytes(flight)))


def _understood(flight: bytes) -> Hello:
    if not flight:
        return Hello(Speaks.NOTHING, broke_off=True)
    if flight[0] == _ALERT and len(flight) >= 2 and flight[1] == 3:
        return Hello(Speaks.TLS)
    if flight[0] != _HANDSHAKE:
        return Hello(Speaks.HTTP if looks_like_http(flight) else Speaks.OTHER)
    messages = list(_messages(flight))
    hello = next((body for kind, body in messages if kind == _SERVER_HELLO), b"")
    return Hello(
        Speaks.TLS,
        version=int.from_bytes(hello[:2], "big"),
        chain=tuple(_chain(next((body for kind, body in messages if kind == _CERTIFICATES), b""))),
        asks_for_certificate=any(kind == _ASKS_FOR_CERTIFICATE for kind, _ in messages),
    )


def looks_like_http(said: bytes) -> bool:
    return said.startswith(b"HTTP/") or said[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _messages(flight: bytes) -> Iterator[tuple[int, bytes]]:
    """Those of the handshake that are whole, whatever records they were cut into."""
    stream = b"".join(_records(flight))
    at = 0
    while at + 4 <= len(stream):
        end = at + 4 + int.from_bytes(stream[at + 1 : at + 4], "big")
        if end > len(stream):
            return
        yield stream[at], stream[at + 4 : end]
        at = end


def _records(flight: bytes) -> Iterator[bytes]:
    at = 0
    while at + 5 <= len(flight) and flight[at] == _HANDSHAKE:
        end = at + 5 + int.from_bytes(flight[at + 3 : at + 5], "big")
        yield flight[at + 5 : end]
        at = end


def _chain(body: bytes) -> Iterator[Certificate]:
    at = 3
    for _ in range(_MOST_CERTIFICATES):
        end = at + 3 + int.from_bytes(body[at : at + 3], "big")
        if at + 3 > len(body) or end > len(body):
            return
        certificate = read_certificate(body[at + 3 : end])
        if certificate is not None:
            yield certificate
        at = end


def first_words(line: Line, host: str, seconds: float) -> Hello:
    """Greeted as TLS does, and where that leads to nothing asked in plain HTTP. Raises OSError if nobody is there."""
    with line() as connection:
        hello = greeted(connection, host, seconds)
    if hello.speaks is not Speaks.NOTHING:
        return hello
    with line() as connection:
        said, broke_off = _asked_plainly(connection, host, seconds)
    if said:
        return Hello(Speaks.HTTP if looks_like_http(said) else Speaks.OTHER)
    return Hello(Speaks.NOTHING, broke_off=hello.broke_off and broke_off)


def _asked_plainly(connection: socket.socket, host: str, seconds: float) -> tuple[bytes, bool]:
    """What came, and whether the connection was ended instead."""
    connection.settimeout(seconds)
    try:
        connection.sendall(f"GET /v2/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode("ascii"))
        said = connection.recv(_PIECE)
    except TimeoutError:
        return b"", False
    except OSError:
        return b"", True
    return said, not said
