"""A session with a registry: patience kept, work given up, and nothing left behind."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.client.asking import (
    BASIC,
    BRISK,
    PING,
    PULL,
    TAGS,
    TEAM,
    Sleeper,
    answer_of,
    evidence,
    told,
    twice,
)
from tests.client.guarded_server import guarded, registry
from tests.client.raw_server import RawServer, Talk, good, in_turn
from wharf.client.message import OpenResponse, Request, Response
from wharf.client.session import Session
from wharf.errors import (
    RateLimited,
    Unreachable,
)
from wharf.protocol.scope import Scope, parse_scopes


def test_what_may_pass_is_waited_for() -> None:
    sleeper = Sleeper()
    behave = in_turn(lambda talk: talk.say(503), lambda talk: talk.say(429, retry_after="7"), good)
    with RawServer(behave) as server:
        assert 200 == told(server.host, lambda s: s.ask(TAGS, PULL), sleep=sleeper).status
    assert 2 == len(sleeper.slept)
    assert 7.0 == sleeper.slept[1]


def test_at_the_end_of_patience_the_answer_stands() -> None:
    with RawServer(lambda talk: talk.say(503, b"busy")) as server:
        assert 503 == told(server.host, lambda s: s.ask(TAGS, PULL), sleep=Sleeper()).status
    assert 3 == len(server.requests)


def test_too_many_requests_are_an_error_with_the_registrys_words() -> None:
    def refuse(talk: Talk) -> None:
        body = b'{"errors": [{"code": "TOOMANYREQUESTS", "message": "You have reached your pull rate limit"}]}'
        talk.say(429, body, retry_after="21600")

    with RawServer(refuse) as server, pytest.raises(RateLimited) as caught:
        answer_of(server.host, TAGS)
    assert 1 == len(server.requests)
    assert "You have reached your pull rate limit" in evidence(caught.value)
    assert "Retry-After: 21600" in evidence(caught.value)


def test_notices_are_told_once() -> None:
    notices: list[str] = []
    settings = replace(BRISK, notice=notices.append)

    def warn(talk: Talk) -> None:
        talk.say(200, b"", warning='299 - "old"', ratelimit_limit="100;w=21600", ratelimit_remaining="9;w=21600")

    with RawServer(warn) as server:
        told(server.host, twice, settings=settings)
    assert [f"{server.host} warns: old", f"{server.host}: 9 of 100 pulls left within 6 hours"] == notices


def test_a_cancelled_question_closes_its_connection() -> None:
    async def story(session: Session) -> bool:
        asking = asyncio.create_task(session.ask(TAGS, PULL))
        while not server.requests:
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        return await asyncio.to_thread(server.waits_until_nobody_is_connected)

    with RawServer(lambda talk: None) as server:
        assert told(server.host, story)


def test_an_opening_that_is_cancelled_at_any_moment_leaves_no_body_behind() -> None:
    async def story(session: Session) -> bool:
        for pause in range(20):
            asking = [asyncio.create_task(session.open(TAGS, PULL)) for _ in range(4)]
            await asyncio.sleep(pause / 2000)
            for each in asking:
                each.cancel()
            for opened in await asyncio.gather(*asking, return_exceptions=True):
                if isinstance(opened, OpenResponse):
                    opened.reader.close()
        return await asyncio.to_thread(server.waits_until_nobody_is_connected)

    def half(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")

    with RawServer(half) as server:
        assert told(server.host, story)


def test_closing_ends_what_is_under_way() -> None:
    async def story(session: Session) -> object:
        asking = asyncio.create_task(session.ask(TAGS, PULL))
        while not server.requests:
            await asyncio.sleep(0.01)
        await session.close()
        await session.close()
        return (await asyncio.gather(asking, return_exceptions=True))[0]

    with RawServer(lambda talk: None) as server:
        assert isinstance(told(server.host, story), Unreachable)
        assert server.waits_until_nobody_is_connected()


def test_closing_closes_what_was_left_open() -> None:
    async def story(session: Session) -> None:
        await session.open(TAGS, PULL)
        await session.ask(TAGS, PULL)

    with RawServer(
        lambda talk: talk.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nha") if talk.number == 0 else good(talk)
    ) as server:
        told(server.host, story)
        assert server.waits_until_nobody_is_connected()


def test_after_the_end_nothing_is_asked() -> None:
    async def story(session: Session) -> None:
        await session.close()
        await session.ask(TAGS, PULL)

    with RawServer(good) as server, pytest.raises(Unreachable, match="given up"):
        told(server.host, story)


def test_a_body_is_read_as_it_comes() -> None:
    async def story(session: Session) -> tuple[int, bytes]:
        opened = await session.open(TAGS, PULL)
        whole = bytearray()
        buffer = memoryview(bytearray(1000))
        while count := opened.reader.readinto(buffer):
            whole += buffer[:count]
        opened.reader.close()
        return opened.status, bytes(whole)

    with registry(in_turn(guarded, guarded, lambda talk: talk.say(200, b"x" * 100_000))) as server:
        assert (200, b"x" * 100_000) == told(server.host, story, TEAM)
    with RawServer(lambda talk: talk.say(404, b"not here")) as server:
        assert (404, b"not here") == told(server.host, story)


def test_a_broken_body_is_told_to_its_reader() -> None:
    async def story(session: Session) -> None:
        opened = await session.open(TAGS, PULL)
        while opened.reader.readinto(memoryview(bytearray(10))):
            pass

    def breaks(talk: Talk) -> None:
        talk.raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
        talk.hang_up()

    with RawServer(breaks) as server, pytest.raises(Unreachable, match="it hung up while its answer was read"):
        told(server.host, story)


def test_many_things_are_asked_at_once() -> None:
    meeting = threading.Barrier(8, timeout=60)

    def meet(talk: Talk) -> None:
        meeting.wait()
        good(talk)

    async def story(session: Session) -> Sequence[Response]:
        return await asyncio.gather(*(session.ask(TAGS, ()) for _ in range(8)))

    with RawServer(meet) as server:
        assert [200] * 8 == [response.status for response in told(server.host, story)]


def test_a_request_may_be_sent_as_it_is() -> None:
    with registry() as server:
        assert 401 == told(server.host, lambda session: session.send(PING), TEAM).status
        assert [None] == server.authorizations()


def test_scopes_are_asked_for_in_one_form() -> None:
    asked: tuple[Scope, ...] = parse_scopes("repository:b:pull repository:a:push,pull")
    with registry() as server:
        answer_of(server.host, TAGS, asked, TEAM)
        assert "scope=repository%3Ab%3Apull&scope=repository%3Aa%3Apull%2Cpush" in server.requests[1].target


def test_headers_of_the_configuration_go_along_and_take_no_request_its_own() -> None:
    settings = replace(BRISK, headers={"X-Team": "harbour", "Accept": "all"})
    with RawServer(good) as server:
        answer_of(server.host, Request("GET", "/v2/", {"Accept": "one"}), settings=settings)
    assert ("harbour", "one") == tuple(server.requests[-1].headers[name] for name in ("x-team", "accept"))


def test_a_proof_that_is_sent_elsewhere_is_not_taken_there() -> None:
    with RawServer(good) as other, RawServer(lambda talk: talk.say(302, location=other.url)) as server:
        request = Request("GET", "/v2/", {"authorization": BASIC})
        assert 302 == told(server.host, lambda session: session.send(request)).status
    assert [] == other.requests
