"""What one receiver is sent, and what becomes of it, however the receiver behaves."""

import asyncio
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.client.certificates import Authority
from tests.registry.services.receivers import BROKEN, ELSEWHERE, GONE, OK, SILENCE, Behaviour, Receiver, Stranger
from tests.registry.services.webhooks.outpost import PATIENCE
from wharf.registry.services.webhooks.posting import Call, HttpPost, Outcome
from wharf.registry.services.webhooks.reach import HERE_FOR_SOME, PRIVATE_FOR_SOME, Reach, parse_target

SOON = 0.3


def call(url: str, reach: Reach = Reach.HERE) -> Call:
    return Call(parse_target(url), {"X-Wharf-Event": "ping"}, b"{}", reach)


def sent(*answers: bytes, post: HttpPost | None = None, reach: Reach = Reach.HERE) -> tuple[Outcome, Receiver]:
    async def story() -> tuple[Outcome, Receiver]:
        async with Receiver(answers) as receiver:
            poster = post or HttpPost(seconds=PATIENCE)
            return await poster.send(call(receiver.url, reach)), receiver

    return asyncio.run(story())


def test_what_is_sent_is_one_request_with_its_query() -> None:
    outcome, receiver = sent()
    assert Outcome(200) == outcome
    assert "POST /hooks?key=k3y HTTP/1.1" == receiver.received[0].line
    assert ("ping", b"{}") == (receiver.received[0].headers["x-wharf-event"], receiver.received[0].body)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (BROKEN, "it answered 500"),
        (ELSEWHERE, "it answered 302; redirects are not followed"),
        (GONE, "it answered 410"),
        (b"220 mail.example ESMTP\r\n\r\n", "its answer is no HTTP, or ends too soon"),
        (b"HTTP/1.1 200 OK\r\n", "its answer is no HTTP, or ends too soon"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * (64 << 10) + b"\r\n\r\n", "its answer is no HTTP, or ends too soon"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 9, "its answer is no HTTP, or ends too soon"),
    ],
)
def test_what_is_no_success_is_a_problem(answer: bytes, problem: str) -> None:
    assert problem == sent(answer)[0].problem


def test_silence_is_a_problem_in_time() -> None:
    assert "no answer within 0.3 seconds" == sent(SILENCE, post=HttpPost(seconds=SOON))[0].problem


def test_an_answer_behind_an_interim_one_counts() -> None:
    assert Outcome(200) == sent(b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK)[0]


def test_a_body_without_an_end_is_not_read_to_its_end() -> None:
    assert Outcome(200) == sent(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (1 << 20))[0]


def test_a_receiver_that_promises_more_than_it_sends_has_answered_all_the_same() -> None:
    assert Outcome(200) == sent(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")[0]


def met(behaviour: Behaviour, seconds: float = PATIENCE, body: bytes = b"{}") -> Outcome:
    """What came of sending something to a receiver that behaves so."""

    async def story() -> Outcome:
        async with Stranger(behaviour) as stranger:
            sent = Call(parse_target(stranger.url), {"X-Wharf-Event": "ping"}, body, Reach.HERE)
            return await HttpPost(seconds=seconds).send(sent)

    return asyncio.run(story())


def drop_by_drop(text: bytes, pause: float, at_once: bytes = b"") -> Behaviour:
    """Reads what it is sent, and answers byte by byte, for as long as somebody listens."""

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(at_once)
        for letter in text:
            writer.write(bytes([letter]))
            await writer.drain()
            await asyncio.sleep(pause)

    return behave


def test_an_answer_that_comes_byte_by_byte_counts_if_its_head_comes_in_time() -> None:
    assert Outcome(200) == met(drop_by_drop(OK, 0))


def test_a_head_that_never_ends_is_given_up_in_time() -> None:
    endless = b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000
    assert "no answer within 0.3 seconds" == met(drop_by_drop(endless, 0.01), SOON).problem


@pytest.mark.slow
def test_a_body_that_never_ends_is_not_waited_for() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    assert Outcome(200) == met(drop_by_drop(b"x" * 100_000, 0.05, head))


def test_one_that_hangs_up_before_it_was_told_anything_took_nothing() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    problem = met(behave).problem
    assert problem.startswith(("cannot be reached: ", "its answer is no HTTP"))


def test_one_that_hangs_up_when_it_heard_all_took_nothing() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(2)
        writer.close()
        await writer.wait_closed()

    assert "its answer is no HTTP, or ends too soon" == met(behave).problem


def test_one_that_does_not_listen_is_given_up_in_time() -> None:
    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3600)

    assert "no answer within 0.3 seconds" == met(behave, SOON, b" " * (32 << 20)).problem


def test_nobody_there_is_a_problem() -> None:
    outcome = asyncio.run(HttpPost().send(call("http://127.0.0.1:1/")))
    assert outcome.problem.startswith("cannot be reached: ")


def test_a_receiver_without_tls_is_a_problem_where_tls_was_wanted() -> None:
    async def story() -> Outcome:
        async with Receiver() as receiver:
            return await HttpPost(seconds=SOON).send(call(receiver.url.replace("http:", "https:")))

    assert asyncio.run(story()).problem.startswith(("TLS: ", "no answer"))


def sent_securely(folder: Path, *names: str, believed: bool = True) -> tuple[Outcome, int]:
    authority = Authority.create(folder)
    secured = authority.issue(*names).server_context()

    def trust() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(authority.file) if believed else None)

    async def story() -> tuple[Outcome, int]:
        async with Receiver(secured=secured) as receiver:
            return await HttpPost(seconds=PATIENCE, trust=trust).send(call(receiver.url)), len(receiver.received)

    return asyncio.run(story())


def test_a_receiver_with_a_good_certificate_is_told(tmp_path: Path) -> None:
    assert (Outcome(200), 1) == sent_securely(tmp_path, "127.0.0.1")


def test_a_receiver_with_the_certificate_of_another_is_told_nothing(tmp_path: Path) -> None:
    outcome, count = sent_securely(tmp_path, "ci.example")
    assert ("TLS: CERTIFICATE_VERIFY_FAILED", 0) == (outcome.problem, count)


def test_a_receiver_whose_authority_nobody_knows_is_told_nothing(tmp_path: Path) -> None:
    outcome, count = sent_securely(tmp_path, "127.0.0.1", believed=False)
    assert ("TLS: CERTIFICATE_VERIFY_FAILED", 0) == (outcome.problem, count)


def test_this_machine_is_not_reached_by_those_who_may_not() -> None:
    outcome, receiver = sent(reach=Reach.PRIVATE)
    assert (HERE_FOR_SOME, []) == (outcome.problem, receiver.received)


def test_a_name_is_judged_by_the_addresses_that_it_has_at_that_moment() -> None:
    async def metadata_service(host: str, port: int) -> Sequence[str]:
        return ["169.254.169.254", "::ffff:169.254.169.254", "fe80::1"]

    outcome = asyncio.run(HttpPost(metadata_service).send(call("http://harmless.example/")))
    assert "a webhook may not reach this address" == outcome.problem


def test_a_name_that_leads_into_a_private_network_is_refused_where_only_public_ones_are_wanted() -> None:
    asked: list[str] = []

    async def inside(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["10.0.0.7", "fd12::7"]

    outcome = asyncio.run(HttpPost(inside).send(call("http://harmless.example/", Reach.PUBLIC)))
    assert (PRIVATE_FOR_SOME, ["harmless.example"]) == (outcome.problem, asked)


def test_the_connection_goes_to_the_address_that_was_judged() -> None:
    """A name that changes its mind between the question and the connection gains nothing."""
    asked: list[str] = []

    async def once(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async def story() -> Outcome:
        async with Receiver() as receiver:
            return await HttpPost(once).send(call(f"http://rebinding.example:{receiver.port}/"))

    assert (Outcome(200), ["rebinding.example"]) == (asyncio.run(story()), asked)


def test_a_call_shows_neither_path_nor_body() -> None:
    assert "k3y" not in repr(call("https://ci.example/hooks?key=k3y"))
