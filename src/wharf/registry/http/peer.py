"""Who is at the other end: the address of the connection, or what a proxy that we trust says it is."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


class Peers:
    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = tuple(trusted)

    def address(self, connection: str, headers: Mapping[bytes, bytes]) -> str:
        """Read from the nearest hop outwards, until somebody whose word we need not take."""
        forwarded = headers.get(b"x-forwarded-for")
        if forwarded is None:
            return connection
        hops = [hop.strip() for hop in forwarded.decode("latin-1").split(",")]
        nearest = connection
        while hops and self._is_trusted(nearest):
            hop = hops.pop()
            if _parsed(hop) is None:
                break
            nearest = hop
        return nearest

    def scheme(self, connection: str, told: str, headers: Mapping[bytes, bytes]) -> str:
        """How the client came: a proxy that we trust may have taken the TLS off."""
        forwarded = headers.get(b"x-forwarded-proto")
        if forwarded in {b"http", b"https"} and self._is_trusted(connection):
            return forwarded.decode("ascii")
        return told

    def _is_trusted(self, text: str) -> bool:
        address = _parsed(text)
        return address is not None and any(address in network for network in self._trusted)


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """None for what is no address. A zone (`fe80::1%eth0`) may be any text at all, and means nothing elsewhere."""
    if "%" in text:
        return None
    try:
        return ip_address(text)
    except ValueError:
        return None
