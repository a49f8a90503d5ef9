"""The body of a request, as it trickles in: bounded in time, and never believed to be complete before it is.

A peer that falls silent, or sends so slowly that it only means to hold us up, is let go. What it had sent of a blob is
kept, so an honest client behind a bad line goes on where it was.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from wharf.errors import ClientStopped, TooBusy, TooLarge

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for the next bytes, and how many of them a minute must bring."""

    silence_seconds: float = 60.0
    window_seconds: float = 60.0
    least_per_window: int = 60 * 1024


class Allowance:
    """How much of the bodies that are read whole one worker holds in memory at once. Small ones are free."""

    FREE = 64 << 10

    def __init__(self, limit: int = 64 << 20) -> None:
        self._limit = limit
        self._held = 0

    def take(self, size: int) -> None:
        if self._held + size > self._limit:
            raise TooBusy("large manifests under way")
        self._held += size

    def give_back(self, size: int) -> None:
        self._held -= size


class ReadAhead:
    """Asks for the next messages before this one is used.

    HTTP/2 brings a body in frames of 16 KiB, and each answer to `receive` costs two changes of thread. Asked for one
    by one they come at 70 MB/s; with a few under way at 500. A server that runs on one thread answers in the order in
    which it was asked (ADR 0007); if it did not, the digest would not agree and the push would fail loudly. How many
    are under way grows with the body and is bounded in number and in bytes, so small bodies are asked one by one.
    """

    _MOST_MESSAGES = 32
    _MOST_BYTES = 1 << 20

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._asked: deque[asyncio.Future[MutableMapping[str, Any]]] = deque()
        self._depth = 1

    async def __call__(self) -> MutableMapping[str, Any]:
        while len(self._asked) < self._depth:
            self._asked.append(asyncio.ensure_future(self._receive()))
        message = await self._asked.popleft()
        size = max(1, len(message.get("body", b"")))
        self._depth = max(1, min(2 * self._depth, self._MOST_MESSAGES, self._MOST_BYTES // size))
        return message

    def close(self) -> None:
        """Withdraw the questions that the end of the body left open."""
        for question in self._asked:
            question.cancel()
        self._asked.clear()


class Body:
    def __init__(self, receive: Receive, patience: Patience, allowance: Allowance) -> None:
        self._receive = receive
        self._patience = patience
        self._allowance = allowance
        self.ended = False
        self._silent = False
        self._received = 0

    @property
    def received(self) -> int:
        """Bytes, until now."""
        return self._received

    async def pieces(self) -> AsyncIterator[bytes]:
        pace = _Pace(self._patience)
        while not self.ended:
            piece = await self._next(self._patience.silence_seconds)
            if not self.ended:
                pace.check(len(piece), self._received)
            if piece:
                yield piece

    async def whole(self, what: str, limit: int) -> bytes:
        """All of a small body, within one window of time; more than the limit is refused, not read."""
        held = 0
        pieces = []
        try:
            async with asyncio.timeout(self._patience.window_seconds):
                while not self.ended:
                    pieces.append(await self._next(self._patience.silence_seconds))
                    if self._received > limit:
                        raise TooLarge(what, limit)
                    wanted = max(0, self._received - Allowance.FREE) - held
                    self._allowance.take(wanted)
                    held += wanted
        except TimeoutError:
            raise ClientStopped(self._received, "it came too slowly") from None
        finally:
            self._allowance.give_back(held)
        return b"".join(pieces)

    async def discard(self, limit: int, seconds: float) -> None:
        """Read on to the end, within bounds: a client that is still sending does not hear an answer."""
        start = self._received
        try:
            async with asyncio.timeout(seconds):
                while not self.ended and not self._silent and self._received - start < limit:
                    await self._next(seconds / 2)  # whoever pauses for so long is not sending
        except (TimeoutError, ClientStopped):
            return

    async def _next(self, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                message = await self._receive()
        except TimeoutError:
            self._silent = True
            raise ClientStopped(self._received, f"nothing came for {seconds:g} seconds") from None
        if message["type"] == "http.disconnect":
            self.ended = True
            raise ClientStopped(self._received, "the connection was closed")
        piece: bytes = message.get("body", b"")
        self._received += len(piece)
        self.ended = not message.get("more_body", False)
        return piece


class _Pace:
    """Counts what each window of time brought."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._clock = asyncio.get_running_loop().time
        self._since = self._clock()
        self._bytes = 0

    def check(self, size: int, received: int) -> None:
        self._bytes += size
        now = self._clock()
        if now - self._since < self._patience.window_seconds:
            return
        if self._bytes < self._patience.least_per_window:
            raise ClientStopped(received, f"only {self._bytes} bytes came in {now - self._since:.0f} seconds")
        self._since, self._bytes = now, 0
