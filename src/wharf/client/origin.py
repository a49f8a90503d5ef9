"""An origin is who answers at an address: scheme, host and port together. Credentials belong to one of them."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import SplitResult, urlsplit

from wharf.errors import MalformedReference, RemoteMisbehaved
from wharf.oci.reference import DOCKER_HUB
from wharf.protocol.shown_address import shown_address

_HOST_OF_DOCKER_HUB: Final = "registry-1.docker.io"
_PORTS: Final = {"http": 80, "https": 443}
_LONGEST_PART: Final = 63
_is_host_and_port = re.compile(r"[^\s/?#@]+").fullmatch
_is_plain_ascii = re.compile(r"[!-~]+").fullmatch


@dataclass(frozen=True, slots=True)
class Origin:
    """`host` is lower case, an IPv6 address in it stands without brackets."""

    scheme: str
    host: str
    port: int

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """As it stands in an address, and as the folder in certs.d is called."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes: an origin, and the path and query that are asked of it."""

    origin: Origin
    target: str

    @classmethod
    def parse(cls, url: str, registry: str) -> Self:
        """Refuses what no request can be sent to; `registry` is whose word the address is."""
        try:
            parts = urlsplit(url)
            origin = _origin_of(parts)
        except ValueError as problem:
            raise _unusable(registry, url) from problem
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        if not _is_plain_ascii(path) or not _is_plain_ascii(origin.host):
            raise _unusable(registry, url)
        return cls(origin, path)

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def without_query(self) -> str:
        """For messages: a query may hold a signature."""
        return shown_address(str(self))


def host_of_registry(registry: str) -> str:
    """The host, with a port where one was given, that answers for a registry of this name."""
    return _HOST_OF_DOCKER_HUB if registry == DOCKER_HUB else registry


def origin_of_registry(scheme: str, registry: str) -> Origin:
    """Names come from people and from files: that one cannot be asked is no fault of a registry."""
    try:
        if _is_host_and_port(registry):
            return Address.parse(f"{scheme}://{host_of_registry(registry)}/", registry).origin
    except RemoteMisbehaved:
        pass
    raise MalformedReference(registry, "no registry can have this name", next_step="look at its host and port")


def is_loopback(host: str) -> bool:
    """Whether this is this machine, as Docker sees it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_named_insecure(origin: Origin, insecure: frozenset[str]) -> bool:
    """A name without a port stands for all ports of its host."""
    bare = f"[{origin.host}]" if ":" in origin.host else origin.host
    return not insecure.isdisjoint({bare, f"{bare}:{origin.port}"})


def _origin_of(parts: SplitResult) -> Origin:
    if parts.scheme not in _PORTS or not parts.hostname or parts.username is not None or parts.password is not None:
        raise ValueError(parts.scheme)
    if parts.port == 0 or not _can_be_looked_up(parts.hostname):
        raise ValueError(parts.netloc)
    return Origin(parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme])


def _can_be_looked_up(host: str) -> bool:
    """Names have parts of limited length; Python raises an error that is none of the network for others."""
    return ":" in host or all(0 < len(part) <= _LONGEST_PART for part in host.removesuffix(".").split("."))


def _unusable(registry: str, url: str) -> RemoteMisbehaved:
    return RemoteMisbehaved(registry, "an address that no request can be sent to", [shown_address(url)])
