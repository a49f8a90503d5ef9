"""Uploads: a chunk follows the bytes that came before it, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import steady
from wharf.errors import ChunkOutOfOrder, SizeMismatch
from wharf.protocol.ranges import ByteRange
from wharf.protocol.upload import UploadProgress

AT_100 = UploadProgress(100)


def test_a_chunk_that_follows_is_accepted_up_to_its_end() -> None:
    assert 150 == AT_100.accept(ByteRange(100, 150), 50)


def test_a_chunk_may_leave_its_length_to_its_range() -> None:
    assert 150 == AT_100.accept(ByteRange(100, 150), None)


def test_a_chunk_may_leave_its_place_away() -> None:
    assert 150 == AT_100.accept(None, 50)


def test_a_closing_request_without_a_body_adds_nothing() -> None:
    assert 100 == AT_100.accept(None, 0)


def test_a_stream_does_not_say_where_it_ends() -> None:
    assert AT_100.accept(None, None) is None


@pytest.mark.parametrize("start", [0, 99, 101])
def test_a_chunk_that_does_not_follow_is_out_of_order(start: int) -> None:
    with pytest.raises(ChunkOutOfOrder) as caught:
        AT_100.accept(ByteRange(start, start + 50), 50)
    assert (100, start) == (caught.value.expected, caught.value.given)


def test_the_order_is_looked_at_before_the_length() -> None:
    with pytest.raises(ChunkOutOfOrder):
        AT_100.accept(ByteRange(0, 50), 49)


@pytest.mark.parametrize("length", [0, 49, 51])
def test_range_and_length_of_a_chunk_must_agree(length: int) -> None:
    with pytest.raises(SizeMismatch) as caught:
        AT_100.accept(ByteRange(100, 150), length)
    assert (50, length) == (caught.value.announced, caught.value.received)


def test_an_upload_begins_with_nothing() -> None:
    assert 0 == UploadProgress().received


@given(st.lists(st.integers(1, 1000), max_size=20))
@steady
def test_chunks_one_after_the_other_are_all_accepted(lengths: list[int]) -> None:
    progress = UploadProgress()
    for length in lengths:
        end = progress.accept(ByteRange(progress.received, progress.received + length), length)
        assert end is not None
        progress = UploadProgress(end)
    assert sum(lengths) == progress.received
