"""A line that is taken over into TLS, and what becomes of it where the other side has gone."""

import os
import socket
import ssl
import time

import pytest

from tests.doctor.worlds.lines import hanging_up
from wharf.client.line.over_tls import over_tls


def test_a_line_whose_other_end_has_hung_up_is_closed_and_the_error_says_so() -> None:
    with hanging_up() as host:
        plain = left_alone(host)
        descriptor = plain.fileno()

        with pytest.raises(ConnectionResetError, match="reset by peer"):
            over_tls(plain, ssl.create_default_context(), "registry.test")

    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_a_name_that_no_host_can_have_leaves_the_line_with_its_owner() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with pytest.raises(UnicodeError):
            over_tls(ours, ssl.create_default_context(), "a..b")

        ours.sendall(b"still open")
        assert b"still open" == theirs.recv(64)


def left_alone(host: str) -> socket.socket:
    """A connection to somebody who has already hung up."""
    name, _, port = host.rpartition(":")
    plain = socket.create_connection((name, int(port)))
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            plain.getpeername()
        except OSError:
            break
        time.sleep(0.001)
    return plain
