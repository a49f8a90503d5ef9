"""Ranges: what clients ask for, what an upload announces, and the arithmetic of both ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import ENORMOUS_TEXTS, cpu_seconds, read_or_refused, steady
from wharf.errors import MalformedHeader, RangeNotSatisfiable, WharfError
from wharf.protocol.ranges import ByteRange, parse_content_range, parse_range, unsatisfied

SIZE = 3000
NINES = "9" * 10_000


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=500-1499", ByteRange(500, 1500)),
        ("bytes=0-0", ByteRange(0, 1)),
        ("bytes=500-", ByteRange(500, 3000)),
        ("bytes=2999-", ByteRange(2999, 3000)),
        ("bytes=-500", ByteRange(2500, 3000)),
        ("bytes=-5000", ByteRange(0, 3000)),
        ("bytes=2000-5000", ByteRange(2000, 3000)),
        ("bytes=0-2999", ByteRange(0, 3000)),
        ("BYTES=1-2", ByteRange(1, 3)),
        ("bytes= 1-2 ", ByteRange(1, 3)),
        ("bytes=0001-0002", ByteRange(1, 3)),
        (f"bytes={'0' * 3000}1-2", ByteRange(1, 3)),
        (f"bytes=1-{NINES[:3000]}", ByteRange(1, 3000)),
        (f"bytes=-{NINES[:3000]}", ByteRange(0, 3000)),
    ],
)
def test_a_range_is_cut_to_the_content(header: str, wanted: ByteRange) -> None:
    assert wanted == parse_range(header, SIZE)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=1",
        "bytes=1-2,4-5",
        "bytes=-1,",
        "bytes 1-2",
        "items=1-2",
        "bytes=1 - 2",
        "bytes=+1-2",
        "bytes=\u0661-\u0662",
        "bytes=1-2\n",
        f"bytes=1-{NINES}",
    ],
)
def test_what_is_not_understood_asks_for_the_whole(header: str | None) -> None:
    assert parse_range(header, SIZE) is None


@pytest.mark.parametrize(
    "header", ["bytes=500-0", "bytes=3000-", "bytes=5000-10000", "bytes=-0", f"bytes={NINES[:3000]}-", "bytes=9-8"]
)
def test_a_range_outside_the_content_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable) as caught:
        parse_range(header, SIZE)
    assert SIZE == caught.value.size


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-0"])
def test_empty_content_has_no_first_byte(header: str) -> None:
    with pytest.raises(RangeNotSatisfiable):
        parse_range(header, 0)


def test_the_last_bytes_of_empty_content_are_the_whole() -> None:
    assert parse_range("bytes=-5", 0) is None


def test_the_answer_names_both_ends_and_the_size() -> None:
    assert "bytes 500-1499/3000" == ByteRange(500, 1500).content_range(SIZE)


def test_the_refusal_names_the_size() -> None:
    assert "bytes */3000" == unsatisfied(SIZE)


def test_a_length_is_the_number_of_bytes() -> None:
    assert 1000 == ByteRange(500, 1500).length


@given(st.integers(0, 2**63), st.integers(0, 2**63), st.integers(1, 2**62))
@steady
def test_a_range_that_is_given_lies_within_the_content(first: int, last: int, size: int) -> None:
    outcome = read_or_refused(lambda header: parse_range(header, size), f"bytes={first}-{last}")
    if first < size and first <= last:
        assert ByteRange(first, min(last + 1, size)) == outcome
    else:
        assert isinstance(outcome, RangeNotSatisfiable)


@given(st.text(st.sampled_from("bytes=-,0123456789 "), max_size=20) | st.text(), st.integers(0, 100))
@steady
def test_any_header_asks_for_a_part_or_for_the_whole_or_is_refused(header: str, size: int) -> None:
    outcome = read_or_refused(lambda text: parse_range(text, size), header)
    assert outcome is None or isinstance(outcome, RangeNotSatisfiable) or _lies_within(outcome, size)


def _lies_within(outcome: ByteRange | WharfError, size: int) -> bool:
    return isinstance(outcome, ByteRange) and 0 <= outcome.start < outcome.stop <= size


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_an_enormous_range_is_settled_at_once(kind: str) -> None:
    assert cpu_seconds(lambda text: parse_range(text, SIZE), ENORMOUS_TEXTS[kind]) < 0.005


# --- what an upload announces ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "chunk"),
    [
        ("0-99", ByteRange(0, 100)),
        ("100-100", ByteRange(100, 101)),
        (" 0-99 ", ByteRange(0, 100)),
        ("bytes 0-99/1000", ByteRange(0, 100)),
        ("bytes 0-99/100", ByteRange(0, 100)),
        ("bytes 0-99/*", ByteRange(0, 100)),
        ("bytes 0-99", ByteRange(0, 100)),
        ("Bytes=0-99", ByteRange(0, 100)),
        ("0-99/1000", ByteRange(0, 100)),
        ("0-" + str(2**63 - 2), ByteRange(0, 2**63 - 1)),
    ],
)
def test_the_place_of_a_chunk_is_read(header: str, chunk: ByteRange) -> None:
    assert chunk == parse_content_range(header)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "a chunk's range has the form start-end"),
        ("-99", "a chunk's range has the form start-end"),
        ("0-", "a chunk's range has the form start-end"),
        ("0--1", "a chunk's range has the form start-end"),
        ("bytes */1000", "a chunk's range has the form start-end"),
        ("items 0-99", "a chunk's range has the form start-end"),
        ("0-99,100-199", "a chunk's range has the form start-end"),
        ("\u0660-\u0669", "a chunk's range has the form start-end"),
        (f"0-{NINES}", "a chunk's range has the form start-end"),
        ("5-4", "a chunk cannot end before it begins"),
        (f"0-{NINES[:40]}", "no content is that long"),
        (f"{NINES[:40]}-{NINES[:40]}", "no content is that long"),
        ("bytes 0-99/99", "a chunk cannot end after the whole"),
    ],
)
def test_a_chunk_without_a_place_is_refused(header: str, reason: str) -> None:
    with pytest.raises(MalformedHeader) as caught:
        parse_content_range(header)
    assert reason == caught.value.reason


@given(st.integers(0, 2**62), st.integers(1, 2**62 - 1))
@steady
def test_the_place_of_a_chunk_survives_being_written_and_read(start: int, length: int) -> None:
    chunk = ByteRange(start, start + length)
    assert chunk == parse_content_range(chunk.content_range(start + length))


@given(st.text(st.sampled_from("bytes 0123456789-/*"), max_size=20) | st.text())
@steady
def test_any_header_is_a_place_or_refused(header: str) -> None:
    outcome = read_or_refused(parse_content_range, header)
    assert isinstance(outcome, WharfError) or 0 <= outcome.start < outcome.stop


@pytest.mark.parametrize("kind", ENORMOUS_TEXTS)
def test_an_enormous_place_is_refused_at_once(kind: str) -> None:
    assert cpu_seconds(parse_content_range, ENORMOUS_TEXTS[kind]) < 0.005
