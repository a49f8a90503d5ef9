"""One request and its answer: what goes over the wire, and what a peer may do instead of answering well."""

import asyncio
import hashlib
import io
from dataclasses import replace

import pytest

from tests.client.asking import BRISK, PING, answer_of, told
from tests.client.raw_server import RawServer, Talk, good, in_turn
from wharf.client.message import Request, Upload
from wharf.client.session import Session
from wharf.client.settings import Retries, Timeouts
from wharf.errors import MalformedHeader, RemoteMisbehaved, SizeMismatch, Unreachable
from wharf.images.reading import CHUNK

HASTY = replace(BRISK, timeouts=Timeouts(connect=60.0, silence=0.15, verdict=0.3), retries=Retries(times=0))
LAYER = hashlib.sha256(b"layer").digest() * 100_000


def misbehaviour(data: bytes) -> RemoteMisbehaved:
    with RawServer(lambda talk: talk.raw(data)) as server, pytest.raises(RemoteMisbehaved) as caught:
        answer_of(server.host)
    return caught.value


def upload(server: RawServer, body: Upload, method: str = "PUT") -> int:
    async def story(session: Session) -> int:
        await session.ask(PING, ())
        return (await session.ask(Request(method, "/v2/a/blobs/uploads/1", body=body), ())).status

    return told(server.host, story)


def test_a_request_says_where_it_goes_and_who_asks() -> None:
    with RawServer(good) as server:
        answer_of(server.host, Request("GET", "/v2/a/tags/list?n=5", {"Accept": "application/json"}))
        (request,) = server.requests
    assert ("GET", "/v2/a/tags/list?n=5") == (request.method, request.target)
    assert {"host", "user-agent", "accept-encoding", "accept"} == set(request.headers)
    assert (server_host := request.headers["host"]).startswith("127.0.0.1:"), server_host


def test_a_connection_is_used_again() -> None:
    async def story(session: Session) -> None:
        for _ in range(5):
            await session.ask(PING, ())

    with RawServer(good) as server:
        told(server.host, story)
        assert (5, 1) == (len(server.requests), server.connections)


def test_a_connection_that_was_hung_up_meanwhile_is_replaced() -> None:
    def once(talk: Talk) -> None:
        good(talk)
        talk.hang_up()

    async def story(session: Session) -> None:
        for _ in range(3):
            await session.ask(PING, ())
            await asyncio.sleep(0.05)

    with RawServer(once) as server:
        told(server.host, story)
        assert 3 == server.connections


def test_a_connection_that_is_hung_up_at_the_question_is_replaced_once() -> None:
    """The server closes when it reads the second request: too late for the client to have noticed."""
    with RawServer(in_turn(good, Talk.hang_up, good)) as server:

        async def story(session: Session) -> int:
            await session.ask(PING, ())
            return (await session.ask(PING, ())).status

        assert 200 == told(server.host, story)
        assert (3, 2) == (len(server.requests), server.connections)


def test_what_must_not_happen_twice_is_not_asked_twice() -> None:
    with RawServer(in_turn(good, Talk.hang_up, good)) as server:

        async def story(session: Session) -> None:
            await session.ask(PING, ())
            await session.ask(Request("POST", "/v2/a/blobs/uploads/"), ())

        with pytest.raises(Unreachable, match="it hung up before it answered"):
            told(server.host, story)
        assert ["GET", "POST"] == [request.method for request in server.requests]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, len(LAYER)])
@pytest.mark.parametrize("sized", [True, False], ids=["sized", "chunked"])
def test_a_body_arrives_as_it_was_read(size: int, sized: bool) -> None:
    moved: list[int] = []
    with RawServer(good) as server:
        upload(server, Upload(io.BytesIO(LAYER[:size]), size if sized else None, moved.append))
        assert LAYER[:size] == server.requests[-1].body
    assert size == sum(moved)


def test_a_body_with_a_known_size_says_so() -> None:
    with RawServer(good) as server:
        upload(server, Upload(io.BytesIO(b"abc"), 3))
        assert "3" == server.requests[-1].headers["content-length"]
        assert "transfer-encoding" not in server.requests[-1].headers


@pytest.mark.parametrize("announced", [2, 4])
def test_a_body_of_another_size_is_not_completed(announced: int) -> None:
    with RawServer(good) as server, pytest.raises(SizeMismatch):
        upload(server, Upload(io.BytesIO(b"abc"), announced))


class Failing:
    """A reader that gives a little and then breaks, as a download does."""

    def __init__(self, error: Exception) -> None:
        self._error: Exception | None = error
        self._given = False

    def readinto(self, buffer: memoryview) -> int:
        if self._given and self._error:
            raise self._error
        self._given = True
        buffer[:1] = b"x"
        return 1

    def close(self) -> None:
        pass


@pytest.mark.parametrize("error", [OSError("disk"), Unreachable("elsewhere", "it hung up"), ValueError("x")])
def test_an_error_of_the_reader_comes_out_as_it_is(error: Exception) -> None:
    with RawServer(good) as server, pytest.raises(type(error)) as caught:
        upload(server, Upload(Failing(error), 100))
    assert caught.value is error


@pytest.mark.parametrize("sized", [True, False], ids=["sized", "chunked"])
def test_an_answer_that_comes_early_is_read(sized: bool) -> None:
    def refuse(talk: Talk) -> None:
        talk.say(413, b'{"errors": []}')
        talk.hang_up()

    big = 200 * CHUNK
    with RawServer(in_turn(good, refuse), reads_bodies=False) as server:
        reader = io.BytesIO(bytes(big))
        assert 413 == upload(server, Upload(reader, big if sized else None))
        assert reader.tell() < big


def test_a_promise_of_an_answer_does_not_stop_a_body() -> None:
    """Some servers say 100 Continue without having been asked."""
    received: list[bytes] = []

    def promise(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 100 Continue\r\n\r\n")
        received.append(talk.read_body())
        good(talk)

    with RawServer(in_turn(good, promise), reads_bodies=False) as server:
        assert 200 == upload(server, Upload(io.BytesIO(LAYER), len(LAYER)))
    assert [LAYER] == received


def test_promises_before_an_answer_are_skipped() -> None:
    with RawServer(
        lambda talk: talk.raw(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
    ) as server:
        assert b"ok" == answer_of(server.host).body


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\ncontent-length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n1\r\no\r\n1;a=b\r\nk\r\n0\r\nx: y\r\n\r\n", b"ok"),
        (b"HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok", b"ok"),
        (b"HTTP/1.1 204 No\r\ncontent-length: 5\r\n\r\n", b""),
    ],
)
def test_bodies_end_where_they_say(raw: bytes, body: bytes) -> None:
    with RawServer(lambda talk: talk.raw(raw)) as server:
        assert body == answer_of(server.host).body


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    def until_closed(talk: Talk) -> None:
        talk.raw(b"HTTP/1.0 200 OK\r\n\r\nok")
        talk.hang_up()

    with RawServer(until_closed) as server:
        assert b"ok" == answer_of(server.host).body


def test_a_head_has_no_body() -> None:
    async def story(session: Session) -> list[int]:
        return [(await session.ask(Request(method, "/v2/"), ())).status for method in ("HEAD", "GET")]

    with RawServer(lambda talk: talk.say(200, b"body")) as server:
        assert [200, 200] == told(server.host, story)
        assert 1 == server.connections


@pytest.mark.parametrize(
    "raw",
    [
        b"hello\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/3.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nokk",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 0x2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999999\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n-2\r\nok\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x2\r\nok\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nok\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"1" * 5000,
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n" + b"a: b\r\n" * 1000,
        b"HTTP/1.1 200 " + b"x" * 200_000,
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"h%d: x\r\n" % number for number in range(500)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\n" + (b"a: " + b"x" * 60_000 + b"\r\n") * 3 + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
    ],
)  # fmt: skip
def test_what_breaks_the_protocol_is_not_believed(raw: bytes) -> None:
    assert "does not keep to the protocol" in str(misbehaviour(raw))


def test_headers_without_end_are_not_read_to_their_end() -> None:
    def endless(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 200 OK\r\n")
        talk.flood(b"a: " + b"x" * 5000 + b"\r\n")

    with RawServer(endless) as server, pytest.raises(RemoteMisbehaved):
        answer_of(server.host)


@pytest.mark.parametrize("framing", [b"", b"transfer-encoding: chunked\r\n", b"content-length: 999999999\r\n"])
def test_a_body_without_end_is_not_read_to_its_end(framing: bytes) -> None:
    def endless(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n")
        talk.flood(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")

    with RawServer(endless) as server, pytest.raises(RemoteMisbehaved, match="larger than 4096 bytes"):
        answer_of(server.host)


def test_a_body_of_just_the_limit_is_read() -> None:
    with RawServer(lambda talk: talk.say(200, bytes(4096))) as server:
        assert 4096 == len(answer_of(server.host).body)


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc"])
def test_a_silent_peer_is_given_up(sent: bytes) -> None:
    def silent(talk: Talk) -> None:
        talk.raw(sent)
        talk.socket.recv(1)

    with RawServer(silent) as server, pytest.raises(Unreachable, match="no answer in time"):
        answer_of(server.host, settings=HASTY)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"])
def test_a_dripping_peer_is_given_up(head: bytes) -> None:
    def drips(talk: Talk) -> None:
        talk.raw(head)
        talk.drip(b"HTTP/1.1 200 OK\r\n" + b"x" * 1000, 0.05)

    with RawServer(drips) as server, pytest.raises(Unreachable, match="no answer in time"):
        answer_of(server.host, settings=HASTY)


def test_a_body_that_breaks_off_is_asked_for_again() -> None:
    def breaks(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc")
        talk.hang_up()

    with RawServer(in_turn(breaks, lambda talk: talk.say(200, b"abcde"))) as server:
        assert b"abcde" == answer_of(server.host).body


def test_no_header_smuggles_in_another() -> None:
    with RawServer(good) as server, pytest.raises(MalformedHeader) as caught:
        answer_of(server.host, Request("GET", "/v2/", {"Accept": "a\r\nAuthorization: hunter2"}))
    assert [] == server.requests
    assert "hunter2" not in f"{caught.value}{caught.value.diagnostics()}"


def test_nobody_there_is_told_at_once() -> None:
    with RawServer(good) as server:
        host = server.host
    with pytest.raises(Unreachable, match="nobody listens there"):
        answer_of(host)


def test_a_name_that_is_not_known_is_told_at_once() -> None:
    with pytest.raises(Unreachable, match="its name"):
        answer_of("no-such-host.invalid", settings=BRISK)
