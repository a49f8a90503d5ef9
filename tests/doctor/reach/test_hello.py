import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wharf.doctor.reach.hello import Hello, Speaks, greeted


def said_to_the_greeting(answer: bytes) -> Hello:
    ours, theirs = socket.socketpair()

    def serve() -> None:
        with theirs:
            theirs.recv(4096)
            theirs.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    with ours:
        hello = greeted(ours, "registry.test", 60.0)
    thread.join()
    return hello


@pytest.mark.parametrize(
    ("answer", "speaks"),
    [
        (b"", Speaks.NOTHING),
        (b"HTTP/1.0 400 Bad Request\r\n\r\n", Speaks.HTTP),
        (b"<html>", Speaks.HTTP),
        (b"\x15\x03\x01\x00\x02\x02\x46", Speaks.TLS),
        (b"220 mail.test\r\n", Speaks.OTHER),
    ],
)
def test_what_is_said_to_the_greeting_tells_what_is_spoken(answer: bytes, speaks: Speaks) -> None:
    assert speaks is said_to_the_greeting(answer).speaks


@given(st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_is_borne(garbage: bytes) -> None:
    said_to_the_greeting(b"\x16\x03\x03" + garbage)
