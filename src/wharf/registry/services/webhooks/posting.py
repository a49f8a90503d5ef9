"""Sending one thing to one receiver, who may be slow, lie, or be somebody else than its name says.

The name is looked up once, each address is judged, and the connection goes to the very address that was judged. Of the
answer only the status counts. Redirects are not followed: they would lead where nobody looked.
"""

import asyncio
import contextlib
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final, Protocol

from wharf import __version__
from wharf.registry.services.webhooks.reach import OUT_OF_REACH, Reach, Target, why_not

_MOST_SECONDS: Final = 10.0
_MOST_OF_A_HEAD: Final = 16 << 10
_MOST_OF_A_BODY: Final = 64 << 10
_LAST_WORDS_SECONDS: Final = 1.0
_MOST_INTERIM: Final = 5
_LOOKUPS_AT_ONCE: Final = 4
_GOOD: Final = range(200, 300)
_MOVED: Final = range(300, 400)
_status_of: Final = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r\n").match
_length_of: Final = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,18})[ \t]*\r\n", re.IGNORECASE).search

LookUp = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, as numbers."""


@dataclass(frozen=True, slots=True)
class Call:
    target: Target
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    reach: Reach


@dataclass(frozen=True, slots=True)
class Outcome:
    """`problem` is empty where all went well; it repeats nothing of what the receiver said but its status."""

    status: int | None
    problem: str = ""


class Post(Protocol):
    async def send(self, call: Call) -> Outcome:
        """Never raises for what a receiver does."""


class HttpPost:
    """Serves Post. `seconds`: for all of it, from the name to the status; `trust`: whose certificates are believed."""

    def __init__(
        self,
        look_up: LookUp | None = None,
        seconds: float = _MOST_SECONDS,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        self._look_up = look_up or SystemNames().addresses
        self._seconds = seconds
        self._trust = trust
        self._context: ssl.SSLContext | None = None

    async def send(self, call: Call) -> Outcome:
        try:
            async with asyncio.timeout(self._seconds):
                return await self._sent(call)
        except TimeoutError:
            return Outcome(None, f"no answer within {self._seconds:g} seconds")
        except ssl.SSLError as problem:
            return Outcome(None, f"TLS: {problem.reason or 'the handshake failed'}")
        except UnicodeError:
            return Outcome(None, "the name of the host cannot be looked up")
        except OSError as problem:
            return Outcome(None, f"cannot be reached: {problem.strerror or 'no connection'}")
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return Outcome(None, "its answer is no HTTP, or ends too soon")

    async def _sent(self, call: Call) -> Outcome:
        addresses = await self._look_up(call.target.host, call.target.port)
        barriers = {each: why_not(ip_address(each), call.reach) for each in addresses}
        allowed = [each for each, barrier in barriers.items() if barrier is None]
        if not allowed:
            return Outcome(None, next(iter(barriers.values()), None) or OUT_OF_REACH)
        reader, writer = await self._connected(allowed, call.target)
        try:
            writer.write(_request(call))
            await writer.drain()
            head = await _final_head(reader)
            await _hear_out(reader, head)
        finally:
            writer.transport.abort()
        return _outcome(head)

    async def _connected(
        self, addresses: Sequence[str], target: Target
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """To the first that takes us."""
        secured = await self._tls() if target.scheme == "https" else None
        name = target.host if secured else None
        last: OSError = OSError("the name has no address")
        for address in addresses:
            try:
                return await asyncio.open_connection(
                    address, target.port, ssl=secured, server_hostname=name, limit=_MOST_OF_A_HEAD
                )
            except OSError as problem:
                last = problem
        raise last

    async def _tls(self) -> ssl.SSLContext:
        """Made when it is first needed, beside the requests: to read the authorities of the system takes a while."""
        if self._context is None:
            self._context = await asyncio.to_thread(self._trust)
        return self._context


class SystemNames:
    """Names as the system knows them. A name server that is silent holds up nobody but webhooks."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, thread_name_prefix="names")

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        found = await asyncio.get_running_loop().run_in_executor(self._threads, _system_addresses, host, port)
        return list(dict.fromkeys(found))


def _system_addresses(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]).partition("%")[0] for *_, address in rows]


def _request(call: Call) -> bytes:
    fields = {
        "Host": call.target.authority,
        "User-Agent": f"wharf/{__version__}",
        "Accept": "*/*",
        "Connection": "close",
        "Content-Length": str(len(call.body)),
        **call.headers,
    }
    lines = [f"POST {call.target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + call.body


async def _final_head(reader: asyncio.StreamReader) -> bytes:
    """Behind those that only say that there will be one."""
    for _ in range(_MOST_INTERIM):
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith((b"HTTP/1.1 1", b"HTTP/1.0 1")):
            return head
    return b""


async def _hear_out(reader: asyncio.StreamReader, head: bytes) -> None:
    """A receiver that is cut off while it answers may take the whole for a failure; one that never ends is."""
    told = _length_of(head)
    left = min(int(told[1]) if told else _MOST_OF_A_BODY, _MOST_OF_A_BODY)
    with contextlib.suppress(TimeoutError, OSError):
        async with asyncio.timeout(_LAST_WORDS_SECONDS):
            while left > 0 and (piece := await reader.read(left)):
                left -= len(piece)


def _outcome(head: bytes) -> Outcome:
    told = _status_of(head)
    if told is None:
        return Outcome(None, "its answer is no HTTP, or ends too soon")
    status = int(told[1])
    if status in _GOOD:
        return Outcome(status)
    moved = "; redirects are not followed" if status in _MOVED else ""
    return Outcome(status, f"it answered {status}{moved}")
