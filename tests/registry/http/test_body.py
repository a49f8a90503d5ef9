"""Peers that trickle, fall silent or send too much. Time leaps from one event to the next: no machine is too busy."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from tests.registry.leaping import in_leaping_time
from wharf.errors import ClientStopped, TooBusy, TooLarge
from wharf.registry.http.body import Allowance, Body, Patience, ReadAhead

QUICK = Patience(silence_seconds=0.05, window_seconds=0.1, least_per_window=1000)


class Trickle:
    """Sends a piece now and then, and never says that it is the last one."""

    def __init__(self, piece: bytes, every_seconds: float, pieces: int = 1000) -> None:
        self._piece = piece
        self._every_seconds = every_seconds
        self._left = pieces

    async def __call__(self) -> MutableMapping[str, Any]:
        if not self._left:
            await asyncio.sleep(60)
        self._left -= 1
        await asyncio.sleep(self._every_seconds)
        return {"type": "http.request", "body": self._piece, "more_body": True}


async def hung_up() -> MutableMapping[str, Any]:
    return {"type": "http.disconnect"}


def read(body: Body) -> list[bytes]:
    async def story() -> list[bytes]:
        return [piece async for piece in body.pieces()]

    return in_leaping_time(story())


def test_a_peer_that_falls_silent_is_let_go() -> None:
    with pytest.raises(ClientStopped, match=r"nothing came for 0\.05 seconds") as stopped:
        read(Body(Trickle(b"x" * 5000, 0, pieces=1), QUICK, Allowance()))
    assert stopped.value.received == 5000


def test_a_peer_that_sends_a_byte_now_and_then_is_let_go() -> None:
    with pytest.raises(ClientStopped, match="bytes came in"):
        read(Body(Trickle(b"x", 0.02), QUICK, Allowance()))


def test_a_slow_and_honest_peer_is_waited_for() -> None:
    async def story() -> int:
        body = Body(Trickle(b"x" * 400, 0.02, pieces=20), Patience(1, 0.1, 1000), Allowance())
        received = 0
        async for piece in body.pieces():
            received += len(piece)
            if received == 20 * 400:
                return received
        return received

    assert in_leaping_time(story()) == 8000


def test_a_closed_connection_is_said() -> None:
    with pytest.raises(ClientStopped, match="connection was closed"):
        read(Body(hung_up, QUICK, Allowance()))


def test_a_small_body_may_not_take_for_ever() -> None:
    with pytest.raises(ClientStopped, match="too slowly"):
        in_leaping_time(Body(Trickle(b"x", 0.02), QUICK, Allowance()).whole("manifest", 10_000))


def test_more_than_the_limit_is_refused_without_reading_on() -> None:
    with pytest.raises(TooLarge, match="larger than 100 bytes"):
        in_leaping_time(Body(Trickle(b"x" * 60, 0), QUICK, Allowance()).whole("manifest", 100))


def test_what_is_discarded_is_bounded_in_bytes_and_time() -> None:
    async def story() -> float:
        started = asyncio.get_running_loop().time()
        await Body(Trickle(b"x" * 60, 0), QUICK, Allowance()).discard(10_000, 5)
        await Body(Trickle(b"x", 0.01), QUICK, Allowance()).discard(10_000, 0.1)
        await Body(hung_up, QUICK, Allowance()).discard(10_000, 5)
        return asyncio.get_running_loop().time() - started

    assert in_leaping_time(story()) == pytest.approx(0.1)


class Frames:
    """Answers each question in the order of asking, as an HTTP/2 server does, and notes how many were open at once."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = iter(pieces)
        self._open = 0
        self.most_open = 0
        self.withdrawn = 0

    async def __call__(self) -> MutableMapping[str, Any]:
        self._open += 1
        self.most_open = max(self.most_open, self._open)
        piece = next(self._pieces, None)
        try:
            await asyncio.sleep(0 if piece is not None else 60)
        except asyncio.CancelledError:
            self.withdrawn += 1
            raise
        self._open -= 1
        return {"type": "http.request", "body": piece, "more_body": piece != b"end"}


def read_ahead(frames: Frames) -> bytes:
    async def story() -> bytes:
        ahead = ReadAhead(frames)
        received = b"".join([piece async for piece in Body(ahead, Patience(), Allowance()).pieces()])
        ahead.close()
        await asyncio.sleep(0)
        return received

    return in_leaping_time(story())


def test_frames_asked_for_ahead_keep_their_order() -> None:
    pieces = [f"{number:05}".encode() for number in range(500)] + [b"end"]
    frames = Frames(pieces)
    assert read_ahead(frames) == b"".join(pieces)
    assert 2 < frames.most_open <= 32


def test_questions_that_the_end_left_open_are_withdrawn() -> None:
    frames = Frames([b"x"] * 40 + [b"end"])
    read_ahead(frames)
    assert frames.withdrawn > 0


def test_a_small_body_is_asked_for_piece_by_piece() -> None:
    frames = Frames([b"end"])
    read_ahead(frames)
    assert frames.most_open == 1


def test_large_frames_are_not_heaped_up() -> None:
    frames = Frames([b"x" * (1 << 20)] * 8 + [b"end"])
    read_ahead(frames)
    assert frames.most_open == 1


def test_large_bodies_that_are_under_way_have_one_allowance() -> None:
    allowance = Allowance(limit=1 << 20)
    body = Body(Trickle(b"x" * (1 << 20), 0), QUICK, allowance)
    with pytest.raises(ClientStopped):
        in_leaping_time(Body(Trickle(b"x" * (1 << 19), 0, pieces=2), QUICK, allowance).whole("manifest", 4 << 20))
    with pytest.raises(TooBusy):
        in_leaping_time(body.whole("manifest", 4 << 20))


def test_small_bodies_are_read_however_much_is_under_way() -> None:
    async def small() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    assert in_leaping_time(Body(small, QUICK, Allowance(limit=0)).whole("manifest", 100)) == b"{}"
