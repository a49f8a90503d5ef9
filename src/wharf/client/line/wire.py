"""The receiving end of one connection: bytes as they come, and an end to one's patience.

A peer that is silent is given up after a while, and so is one that drips: of a body some bytes must come in every
stretch of waiting, and the head of a response must be complete in time.
"""

import contextlib
import io
import socket
import ssl
import time
from typing import Final

_SLOWEST_BYTES_PER_SECOND: Final = 64
_BUFFER: Final = 64 * 1024
_SHORTEST_WAIT: Final = 0.001
_PROMISE: Final = b"HTTP/1.1 1"


class Wire(io.RawIOBase):
    """Closing it leaves the socket open: that is its connection's."""

    def __init__(self, sock: socket.socket, silence: float) -> None:
        super().__init__()
        self._socket = sock
        self._silence = silence
        self._is_tls = isinstance(sock, ssl.SSLSocket)
        self._only_looks = False
        self._hung_up = False
        self._begun_by: float | None = None
        self._complete_by: float | None = None
        self._waited = 0.0
        self._received = 0
        self.buffered = io.BufferedReader(self, _BUFFER)

    def readable(self) -> bool:
        return True

    def expect_head(self, patience: float) -> None:
        """A response is to begin within so many seconds."""
        self._begun_by, self._complete_by = time.monotonic() + patience, None

    def expect_body(self) -> None:
        self._begun_by = self._complete_by = None
        self._waited, self._received = 0.0, 0

    def has_said_something(self) -> bool:
        """Whether there are bytes to be read, or the peer has hung up; it does not wait."""
        return bool(self._look()) or self._hung_up

    def has_answered(self) -> bool:
        """As above; what only promises an answer to come (a status 1xx) does not count."""
        seen = self._look()
        return self._hung_up or bool(seen and not seen.startswith(_PROMISE))

    def readinto(self, buffer: memoryview, /) -> int | None:  # type: ignore[override]
        return self._read_what_is_there(buffer) if self._only_looks else self._read_patiently(buffer)

    def _look(self) -> bytes:
        self._only_looks = True
        try:
            return self.buffered.peek(len(_PROMISE))
        finally:
            self._only_looks = False

    def _read_what_is_there(self, buffer: memoryview) -> int | None:
        self._socket.settimeout(0)
        try:
            count = self._socket.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except OSError:
            self._hung_up = True
            return None
        self._hung_up = not count
        return count

    def _read_patiently(self, buffer: memoryview) -> int:
        started = time.monotonic()
        self._socket.settimeout(max(self._allowance(started), _SHORTEST_WAIT))
        count = self._socket.recv_into(buffer)
        self._account(count, time.monotonic() - started)
        return self._with_more_records(buffer, count) if self._is_tls and count else count

    def _with_more_records(self, buffer: memoryview, count: int) -> int:
        """TLS gives at most 16 KiB at once; what else is there already is taken along. What goes wrong can wait."""
        self._socket.settimeout(0)
        with contextlib.suppress(OSError):
            while count < len(buffer) and (more := self._socket.recv_into(buffer[count:])):
                count += more
                self._received += more
        return count

    def _allowance(self, now: float) -> float:
        end = self._begun_by or self._complete_by
        if end is not None and now >= end:
            raise TimeoutError
        return self._silence if end is None else end - now

    def _account(self, count: int, waited: float) -> None:
        if self._begun_by is not None:
            self._begun_by, self._complete_by = None, time.monotonic() + self._silence
        elif self._complete_by is None:
            self._waited += waited
            self._received += count
            if self._waited >= self._silence:
                self._refuse_a_trickle()

    def _refuse_a_trickle(self) -> None:
        if self._received < self._waited * _SLOWEST_BYTES_PER_SECOND:
            raise TimeoutError
        self._waited, self._received = 0.0, 0
