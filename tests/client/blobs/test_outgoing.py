"""Bytes on their way out: hashed once, judged before the last of them is handed out."""

import io
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client.cargo import described
from tests.oci.hostile import steady
from wharf.client.blobs.outgoing import Measured, Outgoing, Tally
from wharf.errors import ClientStopped, DigestMismatch, SizeMismatch, WharfError
from wharf.oci.descriptor import Descriptor
from wharf.oci.digest import Digest

CONTENT = secrets.token_bytes(10_000)


def tally_of(descriptor: Descriptor, moved: list[int] | None = None) -> Tally:
    steps = [] if moved is None else moved
    return Tally(descriptor, steps.append)


def opened(content: bytes, tally: Tally, start: int, stop: int) -> Outgoing:
    reader = io.BytesIO(content)
    reader.seek(start)
    return Outgoing(reader, tally, start, stop)


def taken(outgoing: Outgoing, piece: int = 1000) -> bytes:
    found, buffer = bytearray(), memoryview(bytearray(piece))
    while count := outgoing.readinto(buffer):
        found += buffer[:count]
    return bytes(found)


@given(st.lists(st.tuples(st.integers(0, len(CONTENT)), st.integers(1, 4000)), max_size=5))
@steady
def test_a_blob_that_is_sent_in_many_attempts_is_judged_as_one(attempts: list[tuple[int, int]]) -> None:
    """Each attempt begins at or before what was read so far, as a registry may have received less."""
    tally, known = tally_of(described(CONTENT)), 0
    for wish, length in attempts:
        start = min(wish, known)
        stop = min(start + length, len(CONTENT))
        assert CONTENT[start:stop] == taken(opened(CONTENT, tally, start, stop), 700)
        known = max(known, stop)
    assert CONTENT[known:] == taken(opened(CONTENT, tally, known, len(CONTENT)))


@pytest.mark.parametrize("piece", [1, 999, 1000, 20_000])
def test_of_other_content_the_last_piece_is_kept_back(piece: int) -> None:
    outgoing = opened(CONTENT, tally_of(Descriptor("x/y", Digest.of(b"other"), len(CONTENT))), 0, len(CONTENT))
    handed: list[int] = []

    def hand_out() -> None:
        buffer = memoryview(bytearray(piece))
        while count := outgoing.readinto(buffer):
            handed.append(count)

    with pytest.raises(DigestMismatch):
        hand_out()
    assert sum(handed) < len(CONTENT)


@pytest.mark.parametrize("size", [len(CONTENT) - 1, len(CONTENT) + 1])
def test_another_length_is_refused(size: int) -> None:
    pretended = Descriptor("x/y", Digest.of(CONTENT[:size]), size)
    with pytest.raises(SizeMismatch):
        taken(opened(CONTENT, tally_of(pretended), 0, size))


def test_what_is_said_to_be_nothing_and_is_something_is_refused() -> None:
    with pytest.raises(SizeMismatch):
        taken(opened(b"x", tally_of(described(b"")), 0, 0))


def test_what_is_sent_twice_is_reported_once() -> None:
    moved: list[int] = []
    tally = tally_of(described(CONTENT), moved)
    for start, counts in ((0, (4000, 4000)), (2000, (4000, 4000)), (8000, (2000,))):
        outgoing = opened(CONTENT, tally, start, len(CONTENT))
        for count in counts:
            outgoing.moved(count)
    assert len(CONTENT) == sum(moved)


def test_what_failed_once_fails_again_in_the_same_way() -> None:
    class Failing(io.BytesIO):
        def readinto(self, _buffer: object, /) -> int:
            raise OSError("the disk is gone")

    outgoing = Outgoing(Failing(), tally_of(described(CONTENT)), 0, len(CONTENT))
    for _ in range(2):
        with pytest.raises(OSError, match="the disk is gone"):
            taken(outgoing)
    assert isinstance(outgoing.failure, OSError)


def test_after_a_halt_nothing_more_is_read() -> None:
    outgoing = opened(CONTENT, tally_of(described(CONTENT)), 0, len(CONTENT))
    outgoing.close()
    with pytest.raises(ClientStopped):
        taken(outgoing)


@pytest.mark.parametrize("first", [0, 1, 500, 10_000])
def test_a_stream_is_measured_with_its_beginning(first: int) -> None:
    outgoing = Measured(CONTENT[:first], io.BytesIO(CONTENT[first:]), lambda _: None)
    found, buffer = bytearray(), memoryview(bytearray(300))
    while count := outgoing.readinto(buffer):
        found += buffer[:count]
    assert (CONTENT, (Digest.of(CONTENT), len(CONTENT))) == (bytes(found), outgoing.measured())
    outgoing.close()
    with pytest.raises(WharfError):
        outgoing.readinto(buffer)
