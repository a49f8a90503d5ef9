"""A short conversation with an engine: one request on a connection of its own, over in time whatever happens.

What stands in the way is told as one of a few words: nobody listens, the name is unknown, TLS is expected, and so on.
Requests are of HTTP 1.0, so that an answer is all that comes until the end.
"""

import contextlib
import errno
import json
import re
import socket
import ssl
import stat
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from wharf.client.line.over_tls import over_tls
from wharf.doctor.engines.endpoint import Endpoint, Route
from wharf.doctor.engines.reading import MOST_BYTES, object_in

_PIECE: Final = 1 << 16
_TLS_ALERT: Final = b"\x15\x03"
_status_in = re.compile(rb"HTTP/1\.[01] ([0-9]{3})\b").match
_asks_for_tls = re.compile(rb"HTTP request (?:to an HTTPS server|was sent to HTTPS port)").search
_NO_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"})


class Trouble(Exception):
    """Why there is no answer, in one word."""

    def __init__(self, word: str, detail: str = "", *, is_ours: bool = False) -> None:
        """`is_ours`: it was not the engine that refused, but the client."""
        super().__init__(word)
        self.word = word
        self.detail = detail
        self.is_ours = is_ours


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes = field(repr=False)

    @property
    def said(self) -> dict[str, object]:
        return object_in(self.body)

    @property
    def listed(self) -> tuple[object, ...]:
        try:
            value: object = json.loads(self.body)
        except (ValueError, RecursionError):
            return ()
        return tuple(value) if isinstance(value, list) else ()


def ask(endpoint: Endpoint, path: str, seconds: float) -> Answer:
    """What the engine answers to GET `path`; or Trouble."""
    deadline = time.monotonic() + seconds
    try:
        with contextlib.closing(_connected(endpoint, deadline)) as line:
            raw = _exchanged(line, path, deadline)
    except Trouble as trouble:
        raise _missed(trouble, endpoint) from trouble
    found = _status_in(raw)
    if found is None or (found[1] == b"400" and _asks_for_tls(raw)):
        raise Trouble(_strange(endpoint, raw, seconds))
    return Answer(int(found[1]), raw.partition(b"\r\n\r\n")[2])


def _missed(trouble: Trouble, endpoint: Endpoint) -> Trouble:
    """An engine that refuses a client without a certificate misses one."""
    certificates = endpoint.certificates
    asked_for = trouble.word == "bad-certificate" and not trouble.is_ours
    if asked_for and certificates is not None and not certificates.has_pair:
        return Trouble("certificates-missing", trouble.detail)
    return trouble


def pipe_trouble(path: Path) -> str:
    """Why a pipe of Windows cannot be opened, in one word; nothing if it can, or is busy."""
    try:
        path.open("r+b", buffering=0).close()
    except FileNotFoundError:
        return "no-socket"
    except PermissionError:
        return "permission-denied"
    except OSError:
        return ""
    return ""


def spoken_at(host: str, port: int, seconds: float) -> str:
    """What is spoken on a port: `plain`, `tls`, or `nothing` where nobody answers at all."""
    endpoint = Endpoint("", Route.TCP, None, host, port)
    try:
        ask(endpoint, "/_ping", seconds)
    except Trouble as trouble:
        return {"tls-expected": "tls", "not-an-engine": "plain"}.get(trouble.word, "nothing")
    return "plain"


def addresses_of(host: str, seconds: float) -> tuple[str, ...] | None:
    """None: no answer in time. A name is looked for aside, because the system cannot be told to stop looking."""
    found: list[tuple[str, ...]] = []
    looking = threading.Thread(target=lambda: found.append(_looked_up(host)), daemon=True)
    looking.start()
    looking.join(max(0.0, seconds))
    return found[0] if found else None


def _looked_up(host: str) -> tuple[str, ...]:
    try:
        return tuple(str(each[4][0]) for each in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM))
    except (OSError, UnicodeError):
        return ()


# --- a connection ----------------------------------------------------------------------------------------------------


def _connected(endpoint: Endpoint, deadline: float) -> socket.socket:
    """The docker command reads its certificates before it knocks anywhere."""
    context = _context(endpoint) if endpoint.certificates is not None else None
    try:
        if endpoint.route is Route.SOCKET and endpoint.path is not None:
            return _over_socket(endpoint.path, deadline)
        line = _over_tcp(endpoint.host, endpoint.port, deadline)
    except OSError as problem:
        raise Trouble(_word_of(problem, endpoint.path), str(problem.strerror or "")) from problem
    return line if context is None else _over_tls(line, context, endpoint.host, deadline)


def _over_socket(path: Path, deadline: float) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(_left(deadline))
    try:
        line.connect(str(path))
    except BaseException:
        line.close()
        raise
    return line


def _over_tcp(host: str, port: int, deadline: float) -> socket.socket:
    addresses = addresses_of(host, _left(deadline))
    if addresses is None:
        raise Trouble("hung")
    problem: OSError = OSError(errno.ENOENT, "no address")
    for address in addresses:
        try:
            return socket.create_connection((address, port), _left(deadline))
        except OSError as met:
            problem = met
    if not addresses:
        raise Trouble("name-unknown")
    raise problem


def _word_of(problem: OSError, path: Path | None) -> str:
    if path is not None and _is_something_else(path):
        return "not-a-socket"
    match problem:
        case TimeoutError() | BlockingIOError():
            return "hung"
        case ConnectionRefusedError():
            return "nobody-listens"
        case PermissionError():
            return "permission-denied"
        case _:
            return "no-socket" if path is not None else "unreachable"


def _is_something_else(path: Path) -> bool:
    try:
        return not stat.S_ISSOCK(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _left(deadline: float) -> float:
    return max(0.05, deadline - time.monotonic())


def _exchanged(line: socket.socket, path: str, deadline: float) -> bytes:
    """All that comes, up to a limit; an engine that says nothing in time is hung."""
    taken = bytearray()
    try:
        line.settimeout(_left(deadline))
        line.sendall(f"GET {path} HTTP/1.0\r\nHost: docker\r\nConnection: close\r\n\r\n".encode())
        while len(taken) < MOST_BYTES and (piece := line.recv(_PIECE)):
            taken += piece
            if time.monotonic() > deadline:
                raise Trouble("hung")
            line.settimeout(_left(deadline))
    except TimeoutError as problem:
        raise Trouble("hung") from problem
    except ssl.SSLError as problem:
        raise Trouble("bad-certificate", str(problem.reason or "")) from problem
    except OSError:
        # Cut off: what has come until then is what there is.
        return bytes(taken)
    return bytes(taken)


# --- TLS -------------------------------------------------------------------------------------------------------------


def _over_tls(line: socket.socket, context: ssl.SSLContext, host: str, deadline: float) -> socket.socket:
    line.settimeout(_left(deadline))
    try:
        return over_tls(line, context, host)
    except TimeoutError as problem:
        raise Trouble("hung") from problem
    except ssl.SSLError as problem:
        plain = problem.reason in _NO_TLS
        if isinstance(problem, ssl.SSLEOFError | ssl.SSLSyscallError | ssl.SSLZeroReturnError):
            raise Trouble("not-an-engine") from problem
        ours = isinstance(problem, ssl.SSLCertVerificationError)
        raise Trouble("plain-expected" if plain else "bad-certificate", _reason(problem), is_ours=ours) from problem
    except OSError as problem:
        raise Trouble("not-an-engine", str(problem.strerror or "")) from problem
    finally:
        line.close()


def _reason(problem: ssl.SSLError) -> str:
    if isinstance(problem, ssl.SSLCertVerificationError):
        return str(problem.verify_message)
    return str(problem.reason or "").lower().replace("_", " ")


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    certificates = endpoint.certificates
    if certificates is None or not certificates.verifies:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificates is None:
        return context
    try:
        if certificates.verifies:
            context.load_verify_locations(certificates.authority)
        if certificates.has_pair:
            context.load_cert_chain(*certificates.pair, password=lambda: b"")
    except FileNotFoundError as problem:
        raise Trouble("certificates-missing") from problem
    except (OSError, ssl.SSLError) as problem:
        raise Trouble("bad-certificate", "a file of certificates cannot be read", is_ours=True) from problem
    return context


def _strange(endpoint: Endpoint, raw: bytes, seconds: float) -> str:
    """What answers, but not as HTTP does: whether TLS is what it wants."""
    if endpoint.certificates is not None or endpoint.route is not Route.TCP:
        return "not-an-engine"
    if raw.startswith(_TLS_ALERT) or _asks_for_tls(raw):
        return "tls-expected"
    return "tls-expected" if _takes_tls(endpoint, seconds) else "not-an-engine"


def _takes_tls(endpoint: Endpoint, seconds: float) -> bool:
    deadline = time.monotonic() + seconds / 2
    try:
        line = _over_tcp(endpoint.host, endpoint.port, deadline)
        _over_tls(line, _context(endpoint), endpoint.host, deadline).close()
    except Trouble as trouble:
        return trouble.word == "bad-certificate"
    except OSError:
        return False
    return True


def members(answer: Answer) -> Mapping[str, object]:
    """What an answer says, nothing where it was refused."""
    return answer.said if answer.status == 200 else {}
