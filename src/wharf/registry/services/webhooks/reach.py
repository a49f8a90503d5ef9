"""Where a webhook may reach: what its address may be, and which machines are none of its business.

Whoever sets up a webhook has the registry speak to an address of their choice, from where the registry stands. The
services that clouds keep at link-local addresses give out credentials to whoever asks from there, so those are refused,
by whatever name or spelling. This very machine is for administrators alone, and private networks are too unless the
settings say otherwise.
"""

from dataclasses import dataclass, field
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, Self
from urllib.parse import urlsplit

from wharf.errors import MalformedField
from wharf.registry.settings.values import WebhookNetworks

_LONGEST: Final = 2000
_CLOUDS: Final = frozenset(
    ip_address(text) for text in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254")
)
_NAT64: Final = ip_network("64:ff9b::/96")
_LOCAL_NAT64: Final = ip_network("64:ff9b:1::/48")
_THIS_NETWORK: Final = ip_network("0.0.0.0/8")
_V4_BITS: Final = 32

Address = IPv4Address | IPv6Address


class Reach(Enum):
    """How far webhooks may reach: to public addresses, to private networks too, or to this very machine as well."""

    PUBLIC = "public"
    PRIVATE = "private"
    HERE = "here"

    @classmethod
    def of_owners(cls, networks: WebhookNetworks) -> Self:
        """Of webhooks that no administrator set up."""
        return cls(cls.PUBLIC if networks is WebhookNetworks.PUBLIC else cls.PRIVATE)


@dataclass(frozen=True, slots=True)
class Target:
    """A web address as it is connected to. What stands behind the host may be a secret, and is not shown."""

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)

    @property
    def authority(self) -> str:
        """As it stands in `Host`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS: Final = {"http": 80, "https": 443}


def parse_target(url: str) -> Target:
    """Raises MalformedField, which repeats nothing of what may be secret."""
    if not url.isascii() or not url.isprintable() or " " in url or len(url) > _LONGEST:
        raise MalformedField("url", "it is not an address: ASCII letters without spaces, 2,000 at most")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise MalformedField("url", "the host or the port cannot be read") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise MalformedField("url", "it is no web address", next_step="write it like https://ci.example/hooks")
    if "@" in parts.netloc or parts.fragment or port == 0:
        raise MalformedField("url", "it holds a user, a fragment or no port", next_step="leave that out")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path)


OUT_OF_REACH: Final = "a webhook may not reach this address"
HERE_FOR_SOME: Final = "only webhooks of administrators reach this very machine"
PRIVATE_FOR_SOME: Final = "only webhooks of administrators reach private networks (setting webhook-networks)"

_HOW_ELSE: Final = {
    OUT_OF_REACH: "name another host",
    HERE_FOR_SOME: "name another host, or have an administrator set it up",
    PRIVATE_FOR_SOME: "name a public host, have an administrator set it up, "
    'or have webhook-networks = "all" set for the registry',
}


def require_reachable(target: Target, reach: Reach) -> None:
    """For a host that is written as a number; one that is a name is looked at whenever it is connected to."""
    try:
        address = ip_address(target.host)
    except ValueError:
        return
    if (why := why_not(address, reach)) is not None:
        raise MalformedField("url", why, next_step=_HOW_ELSE[why])


def why_not(address: Address, reach: Reach) -> str | None:
    """Why such a webhook does not reach it; None where it does."""
    address = _plain(address)
    if address in _CLOUDS or address in _THIS_NETWORK:
        return OUT_OF_REACH
    if address.is_loopback:
        return None if reach is Reach.HERE else HERE_FOR_SOME
    if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
        return OUT_OF_REACH
    return None if reach is not Reach.PUBLIC or _is_public(address) else PRIVATE_FOR_SOME


def _is_public(address: Address) -> bool:
    """Neither somebody's own network nor one that is shared behind a provider."""
    is_old_private = isinstance(address, IPv6Address) and (address.is_site_local or address in _LOCAL_NAT64)
    return address.is_global and not is_old_private


def _plain(address: Address) -> Address:
    """The address of the old kind that one of the new kind stands for."""
    if isinstance(address, IPv4Address):
        return address
    if (old := address.ipv4_mapped or address.sixtofour) is not None:
        return old
    if address in _NAT64 or 1 < int(address) < 1 << _V4_BITS:
        return IPv4Address(int(address) & ((1 << _V4_BITS) - 1))
    return address
