from ipaddress import ip_network

import pytest

from wharf.registry.http.peer import Peers

PEERS = Peers([ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")])


@pytest.mark.parametrize(
    ("connection", "forwarded", "peer"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("127.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9"),
        ("127.0.0.1", "<script>, 10.0.0.2", "10.0.0.2"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", '::1%","status":200,"peer":"forged', "127.0.0.1"),
        ("-", "198.51.100.7", "-"),
    ],
)
def test_only_the_word_of_a_trusted_proxy_is_taken(connection: str, forwarded: str | None, peer: str) -> None:
    headers = {} if forwarded is None else {b"x-forwarded-for": forwarded.encode()}
    assert PEERS.address(connection, headers) == peer
