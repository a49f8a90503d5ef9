"""Requests that two readers would cut at two places: refused, and nothing behind them is ever taken for a request."""

import pytest

from tests.hostile.raw import HOST, SENTINEL, Heard, request, talk
from wharf.oci.digest import Digest

pytestmark = pytest.mark.slow

START = b"/v2/team/app/blobs/uploads/"
EMPTY_BLOB = START + b"?digest=" + str(Digest.of(b"")).encode()
SMUGGLED = b"GET /v2/smuggled HTTP/1.1\r\n" + HOST + b"X-Request-Id: smuggled\r\n\r\n"


def post(*lines: bytes, body: bytes = b"", target: bytes = START, version: bytes = b"HTTP/1.1") -> bytes:
    """A POST whose framing is up to the test."""
    return request(b"POST", target, *lines, version=version) + body


def chunked(body: bytes) -> bytes:
    return post(b"Transfer-Encoding: chunked", body=body, target=EMPTY_BLOB)


def was_smuggled(heard: Heard) -> bool:
    return any(answer.headers.get("x-request-id") == "smuggled" for answer in heard.answers)


LENGTHS_THAT_ARE_NONE = [b"+5", b"-5", b"0x5", b"5 5", b"5,6", b"0, 5", b"9" * 20, b"", b"5\x0b", b"1e1", b"\xd9\xa5"]
TWO_READINGS = {
    "length and chunks": post(b"Content-Length: 6", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "chunks and length": post(b"Transfer-Encoding: chunked", b"Content-Length: 4", body=b"0\r\n\r\n" + SMUGGLED),
}
NO_FRAMING = {
    "two lengths": post(b"Content-Length: 0", b"Content-Length: 5", body=b"GET /" + SMUGGLED),
    "chunked not last": post(b"Transfer-Encoding: chunked, identity", body=b"0\r\n\r\n" + SMUGGLED),
    "identity": post(b"Transfer-Encoding: identity", body=SMUGGLED),
    "nearly chunked": post(b"Transfer-Encoding: xchunked", body=b"0\r\n\r\n" + SMUGGLED),
    "chunked with a tab inside": post(b"Transfer-Encoding: chun\tked", body=b"0\r\n\r\n" + SMUGGLED),
    "chunked in HTTP/1.0": post(b"Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED, version=b"HTTP/1.0"),
    "folded": post(b"Transfer-Encoding:\r\n chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "a space before the colon": post(b"Transfer-Encoding : chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "a space before the name": post(b" Transfer-Encoding: chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "no colon": post(b"Transfer-Encoding chunked", body=b"0\r\n\r\n" + SMUGGLED),
    "a bare CR in a value": post(b"X-A: b\rContent-Length: 5", body=b"GET /" + SMUGGLED),
    "NUL in a value": post(b"X-A: b\x00", body=SMUGGLED),
    "NUL in a name": post(b"X\x00A: b", body=SMUGGLED),
    "no name": post(b": b", body=SMUGGLED),
    "8 bit in a name": post(b"X-\xc3\xa9: b", body=SMUGGLED),
}
BAD_CHUNKS = {
    "letters": b"zz\r\n\r\n",
    "minus": b"-1\r\n\r\n",
    "0x": b"0x0\r\n\r\n",
    "more than 64 bits": b"f" * 17 + b"\r\nabc\r\n0\r\n\r\n",
    "nothing": b"\r\n\r\n",
    "more than announced": b"1\r\nabc\r\n0\r\n\r\n",
    "bare LF": b"0\n\n",
    "bare CR": b"0\r\r\n\r\n",
    "an endless extension": b"0;" + b"a" * 100_000 + b"\r\n\r\n",
    "LF in an extension": b"0;a\nb\r\n\r\n",
    "endless trailers": b"0\r\n" + b"X-T: y\r\n" * 20_000 + b"\r\n",
}
GOOD_CHUNKS = {
    "an extension": b"0;a=b\r\n\r\n",
    "a quoted extension": b'0;a="b c"\r\n\r\n',
    "many zeros": b"000\r\n\r\n",
    "trailers": b"0\r\nContent-Length: 5\r\nX-Request-Id: trailer\r\nTransfer-Encoding: chunked\r\n\r\n",
}
NO_REQUEST_LINES = {
    "two spaces": b"GET  /v2/ HTTP/1.1",
    "a tab": b"GET\t/v2/\tHTTP/1.1",
    "a fourth word": b"GET /v2/ HTTP/1.1 x",
    "no version": b"GET /v2/",
    "HTTP/1.2": b"GET /v2/ HTTP/1.2",
    "HTTP/3": b"GET /v2/ HTTP/3.0",
    "lower case": b"GET /v2/ http/1.1",
    "no target": b"GET HTTP/1.1",
    "a strange method": b"G@T /v2/ HTTP/1.1",
    "NUL in the path": b"GET /v2/a\x00b HTTP/1.1",
    "no text in the path": b"GET /v2/\x80 HTTP/1.1",
    "no text in the query": b"GET /v2/?\xff HTTP/1.1",
    "a bare CR": b"GET /v2/\r HTTP/1.1",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
    "SSH": b"SSH-2.0-OpenSSH_9.2",
    "nothing but zeros": bytes(4096),
}


@pytest.mark.parametrize("said", TWO_READINGS.values(), ids=TWO_READINGS)
def test_of_two_lengths_the_chunks_count_and_the_connection_ends(port: int, said: bytes) -> None:
    """RFC 9112, 6.1: it may be answered or refused; either way nothing more is read."""
    heard = talk(port, said, SENTINEL)
    assert heard.statuses in ([202], [400])
    assert not was_smuggled(heard)


@pytest.mark.parametrize("length", LENGTHS_THAT_ARE_NONE)
def test_a_length_that_is_none_ends_the_connection(port: int, length: bytes) -> None:
    heard = talk(port, post(b"Content-Length: " + length, body=b"GET /" + SMUGGLED), SENTINEL)
    assert heard.statuses == [400]


@pytest.mark.parametrize("said", NO_FRAMING.values(), ids=NO_FRAMING)
def test_a_request_without_a_certain_end_ends_the_connection(port: int, said: bytes) -> None:
    assert talk(port, said, SENTINEL).statuses == [400]


@pytest.mark.parametrize("body", BAD_CHUNKS.values(), ids=BAD_CHUNKS)
def test_a_broken_chunk_stores_nothing_and_ends_the_connection(port: int, body: bytes) -> None:
    heard = talk(port, chunked(body + SMUGGLED), SENTINEL)
    assert heard.statuses in ([400], [408])
    assert not was_smuggled(heard)


@pytest.mark.parametrize("body", GOOD_CHUNKS.values(), ids=GOOD_CHUNKS)
def test_what_may_stand_beside_chunks_is_passed_over(port: int, body: bytes) -> None:
    heard = talk(port, chunked(body), SENTINEL)
    assert heard.statuses == [201, 200]
    assert heard.answers[0].headers["x-request-id"] != "trailer"


def test_the_same_length_twice_is_one_length(port: int) -> None:
    assert talk(port, post(b"Content-Length: 0", b"Content-Length: 0"), SENTINEL).statuses == [202, 200]


@pytest.mark.parametrize("line", NO_REQUEST_LINES.values(), ids=NO_REQUEST_LINES)
def test_what_is_no_request_ends_the_connection(port: int, line: bytes) -> None:
    assert talk(port, line + b"\r\n" + HOST + b"\r\n", SENTINEL, hang_up=True).statuses == [400]
