"""Names and connections: what the system says of a name, and how an address takes somebody who calls."""

import contextlib
import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


class Call(Enum):
    """How a call ended."""

    OPEN = "open"
    REFUSED = "refused"
    HUNG = "hung"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    NO_NAME = "no name"


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """`known` None: nobody who knows names answered."""

    known: bool | None
    addresses: tuple[str, ...] = ()


def is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def looked_up(host: str) -> NameAnswer:
    """It blocks for as long as the system likes."""
    try:
        found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    except socket.gaierror as problem:
        return NameAnswer(known=False if problem.errno in _NO_SUCH_NAME else None)
    return NameAnswer(known=True, addresses=tuple(dict.fromkeys(str(address[0]) for *_, address in found)))


def called(host: str, port: int, seconds: float) -> Call:
    """A connection is made and ended, and nothing is said on it."""
    try:
        with connected(host, port, seconds):
            return Call.OPEN
    except OSError as problem:
        return how_it_ended(problem)


@contextlib.contextmanager
def connected(host: str, port: int, seconds: float) -> Iterator[socket.socket]:
    with socket.create_connection((host, port), seconds) as connection:
        connection.settimeout(seconds)
        yield connection


def how_it_ended(problem: OSError) -> Call:
    match problem:
        case socket.gaierror():
            return Call.NO_NAME
        case ConnectionRefusedError():
            return Call.REFUSED
        case ConnectionError():
            return Call.RESET
        case TimeoutError():
            return Call.HUNG
    return Call.UNREACHABLE
