"""Ports in their short form."""

import pytest

from wharf.formats.compose.port import Port, read_port
from wharf.formats.span import Span
from wharf.formats.text import Text

SPAN = Span.at("compose.yml")


def port(written: str) -> Port:
    found = read_port(Text.known(written), SPAN)
    assert found
    return found


@pytest.mark.parametrize(
    ("written", "address", "published", "target", "protocol"),
    [
        ("80", "", "", "80", "tcp"),
        ("8080:80", "", "8080", "80", "tcp"),
        ("127.0.0.1:8080:80", "127.0.0.1", "8080", "80", "tcp"),
        ("127.0.0.1::80", "127.0.0.1", "", "80", "tcp"),
        ("[::1]:53:53/udp", "[::1]", "53", "53", "udp"),
        ("3000-3005:3000-3005", "", "3000-3005", "3000-3005", "tcp"),
    ],
)
def test_a_port_is_read(written: str, address: str, published: str, target: str, protocol: str) -> None:
    assert Port(target, published, SPAN, address, protocol) == port(written)


@pytest.mark.parametrize("written", ["", "http", "80:http", "a:b:c"])
def test_what_is_no_port_is_none(written: str) -> None:
    assert read_port(Text.known(written), SPAN) is None


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("80:80", "80:8080", True),
        ("127.0.0.1:80:80", "80:80", True),
        ("127.0.0.1:80:80", "127.0.0.2:80:80", False),
        ("53:53/udp", "53:53", False),
        ("80", "80", False),
    ],
)
def test_two_ports_of_one_host_clash(one: str, other: str, clash: bool) -> None:
    assert clash is port(one).clashes_with(port(other))
