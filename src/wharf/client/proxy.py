"""The way through a proxy: which requests take it, by the rules that Docker and all programs in Go apply.

HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read in capitals first, then in small letters. This machine itself is never
reached through a proxy. NO_PROXY is a list with commas between:

    *                   no proxy at all
    10.0.0.0/8          addresses of this network
    10.1.2.3, ::1       one address, with or without a port
    example.com         this host and all below it, with or without a port
    .example.com        all hosts below it, and not itself; *.example.com is the same
"""

import base64
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self, TypeAlias
from urllib.parse import unquote, urlsplit

from wharf.client.origin import Origin, is_loopback
from wharf.errors import SettingRefused

_IpNetwork: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
_has_scheme = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://").match
_ends_with_port = re.compile(r"(.*):([0-9]{1,5})").fullmatch


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy, spoken to in plain HTTP. `authorization` is a whole header value, or nothing."""

    host: str
    port: int
    authorization: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Proxies:
    """What the environment says of proxies. The addresses are kept as they were written: they may hold passwords."""

    http: str = field(default="", repr=False)
    https: str = field(default="", repr=False)
    no_proxy: str = ""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        def either(name: str) -> str:
            return environ.get(name.upper()) or environ.get(name) or ""

        # A web server hands the header `Proxy:` of its visitors to its programs as HTTP_PROXY.
        http = environ.get("http_proxy", "") if "REQUEST_METHOD" in environ else either("http_proxy")
        return cls(http, either("https_proxy"), either("no_proxy"))

    def proxy_for(self, origin: Origin) -> Proxy | None:
        """None: the straight way."""
        name, given = ("HTTPS_PROXY", self.https) if origin.is_secure else ("HTTP_PROXY", self.http)
        if not given or is_loopback(origin.host) or _is_exempt(origin, self.no_proxy):
            return None
        return _parse_proxy(name, given)


def _is_exempt(origin: Origin, no_proxy: str) -> bool:
    return any(_matches(origin, rule) for rule in (part.strip().lower() for part in no_proxy.split(",")) if rule)


def _matches(origin: Origin, rule: str) -> bool:
    if rule == "*":
        return True
    if "/" in rule and (network := _network(rule)):
        address = _ip(origin.host)
        return address is not None and address in network
    host, port = _split_port(rule)
    if port is not None and port != origin.port:
        return False
    if address := _ip(host):
        return address == _ip(origin.host)
    return _is_below(origin.host, host.removeprefix("*"))


def _is_below(host: str, domain: str) -> bool:
    if not domain.strip("."):
        return False
    return host.endswith(domain) if domain.startswith(".") else host == domain or host.endswith(f".{domain}")


def _split_port(rule: str) -> tuple[str, int | None]:
    if _ip(rule):
        return rule, None
    found = _ends_with_port(rule)
    return (found[1].strip("[]"), int(found[2])) if found else (rule.strip("[]"), None)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _network(text: str) -> _IpNetwork | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _parse_proxy(name: str, given: str) -> Proxy:
    try:
        parts = urlsplit(given if _has_scheme(given) else f"http://{given}")
        host, port = parts.hostname, parts.port or 80
    except ValueError as problem:
        raise _refused(name, "this is not the address of a proxy") from problem
    if parts.scheme != "http":
        raise _refused(name, f"a proxy is spoken to in plain HTTP, not by {parts.scheme}://")
    if not host or not host.isascii():
        raise _refused(name, "the address of the proxy names no host")
    return Proxy(host, port, _basic(unquote(parts.username), unquote(parts.password or "")) if parts.username else "")


def _basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


def _refused(name: str, reason: str) -> SettingRefused:
    return SettingRefused(name, "…", "the environment", reason, f"write it as {name}=http://HOST:PORT")
