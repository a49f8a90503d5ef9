"""Heads of responses, good and bad."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oci.hostile import cpu_seconds, steady
from wharf.client.line.head import LARGEST_HEAD, MOST_FIELDS, Head, read_head
from wharf.errors import RemoteMisbehaved


def head(raw: bytes) -> Head:
    return read_head(io.BytesIO(raw), "r")


def fields(raw: bytes) -> tuple[tuple[str, str], ...]:
    return head(b"HTTP/1.1 200 OK\r\n" + raw + b"\r\n").headers.items()


@pytest.mark.parametrize(
    ("line", "status"),
    [(b"HTTP/1.1 200 OK", 200), (b"HTTP/1.0 404 Not Found", 404), (b"HTTP/1.1 999", 999), (b"HTTP/1.1 200 ", 200)],
)
def test_a_status_is_read(line: bytes, status: int) -> None:
    assert status == head(line + b"\r\n\r\n").status


def test_fields_are_read() -> None:
    assert (("a", "b c"), ("location", "/x"), ("empty", "")) == fields(b"A:  b c \t\r\nLocation: /x\r\nEmpty:\r\n")


def test_a_field_may_go_on_in_the_next_line() -> None:
    assert (("a", "b c"),) == fields(b"A: b\r\n\t c\r\n")


def test_lines_may_end_without_carriage_return() -> None:
    assert (("a", "b"),) == head(b"HTTP/1.1 200 OK\nA: b\n\n").headers.items()


def test_what_follows_is_left_to_be_read() -> None:
    reader = io.BytesIO(b"HTTP/1.1 200 OK\r\n\r\nbody")
    read_head(reader, "r")
    assert b"body" == reader.read()


@pytest.mark.parametrize("promise", [b"100 Continue", b"103 Early Hints\r\nLink: <x>"])
def test_promises_are_skipped(promise: bytes) -> None:
    assert 201 == head(b"HTTP/1.1 " + promise + b"\r\n\r\nHTTP/1.1 201 Created\r\n\r\n").status


@pytest.mark.parametrize(
    ("version", "connection", "keeps"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: close\r\n", False),
        (b"1.1", b"Connection: upgrade, Close\r\n", False),
        (b"1.0", b"", False),
        (b"1.0", b"Connection: Keep-Alive\r\n", True),
    ],
)
def test_a_connection_lives_on_or_not(version: bytes, connection: bytes, keeps: bool) -> None:
    assert keeps is head(b"HTTP/" + version + b" 200 OK\r\n" + connection + b"\r\n").keeps_connection


@pytest.mark.parametrize(
    "raw",
    [b"\r\n\r\n", b"200 OK\r\n\r\n", b"HTTP/2 200\r\n\r\n", b"HTTP/1.1 20 OK\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n",
     b"HTTP/1.1 101 Switching Protocols\r\n\r\n", b"HTTP/1.1 012 x\r\n\r\n", b"HTTP/1.1 200 OK\r\nno field\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", b"HTTP/1.1 200 OK\r\n: b\r\n\r\n", b"HTTP/1.1 200 OK\r\n x: y\r\n\r\n",
     b"HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", b"HTTP/1.1 200 OK\r\nA: b\rC: d\r\n\r\n",
     b"HTTP/1.1 \xd9\xa3\xd9\xa3\xd9\xa3 x\r\n\r\n",
     b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * (MOST_FIELDS + 1) + b"\r\n", b"x" * (LARGEST_HEAD + 1),
     b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000],
)  # fmt: skip
def test_what_is_no_head_is_refused(raw: bytes) -> None:
    with pytest.raises(RemoteMisbehaved):
        head(raw)


@pytest.mark.parametrize(
    "raw", [b"", b"HTTP/1.1", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nA: b", b"HTTP/1.1 100 C\r\n\r\n"]
)
def test_a_head_that_breaks_off_is_no_head(raw: bytes) -> None:
    with pytest.raises(EOFError):
        head(raw)


@given(st.binary(max_size=200), st.binary(max_size=200))
@steady
def test_any_bytes_are_a_head_or_are_refused(first: bytes, rest: bytes) -> None:
    for raw in (first + rest, b"HTTP/1.1 200 OK\r\n" + first + b"\r\n" + rest + b"\r\n\r\n"):
        try:
            assert 200 <= head(raw).status <= 999
        except (RemoteMisbehaved, EOFError):
            continue


@pytest.mark.parametrize("piece", [b" ", b"a", b":", b"\t\n", b"HTTP/1.1 ", b"a:\n"])
def test_an_enormous_head_is_refused_at_once(piece: bytes) -> None:
    raw = b"HTTP/1.1 200 OK\r\nA: b\r\n" + piece * (2 * LARGEST_HEAD // len(piece))

    with pytest.raises(RemoteMisbehaved):
        head(raw)
    assert cpu_seconds(_read_latin, raw.decode()) < 2


def _read_latin(text: str) -> Head:
    return head(text.encode())
