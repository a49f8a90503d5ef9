"""What people write as the value of a setting: durations, sizes, addresses, networks, paths, choices.

Text in, value out, nothing looked at on this machine. What cannot be read raises Malformed; its reason completes
the sentence "setting NAME: …".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final, TypeVar

from wharf.errors import Malformed, shown

Network = IPv4Network | IPv6Network
T = TypeVar("T")
E = TypeVar("E", bound=Enum)
N = TypeVar("N", int, float)

NONE: Final = "none"
NEVER: Final = "never"

_DEFAULT_HOST: Final = "127.0.0.1"
_DEFAULT_PORT: Final = 5000
_EVERY_ADDRESS: Final = "0.0.0.0"  # noqa: S104 - what ":5000" means; an open registry then refuses it
_LOOPBACK: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
_LIKE_THIS: Final = "write an IP address and a port, like 127.0.0.1:5000 or [::1]:5000"

_COUNT: Final = re.compile(r"[0-9]{1,9}")
_DURATION: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,9})?(?:e[+-]?[0-9]{1,3})?)([smhd]?)")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400}
_LONGEST: Final = 36_500 * 86_400
_SIZE: Final = re.compile(r"([0-9]{1,15}) ?(|B|KiB|MiB|GiB|kB|MB|GB)")
_BYTES: Final = {
    "": 1,
    "B": 1,
    "kB": 1000,
    "MB": 1000**2,
    "GB": 1000**3,
    "KiB": 1 << 10,
    "MiB": 1 << 20,
    "GiB": 1 << 30,
}
_TRUTH: Final = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


class LogFormat(Enum):
    """HUMAN: a line for a person. JSON: an object for a machine. AUTO: a person, if the log goes to a terminal."""

    AUTO = "auto"
    HUMAN = "human"
    JSON = "json"


class WebhookNetworks(Enum):
    """Where webhooks lead that no administrator set up. PUBLIC: into no network that is somebody's own."""

    PUBLIC = "public"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens: an IP address, without brackets, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """127.0.0.0/8 and ::1; whether a system takes ::ffff:127.0.0.1 for one of them is not worth the doubt."""
        host = ip_address(self.host)
        return any(host in network for network in _LOOPBACK)


def parse_address(text: str) -> Address:
    """An address and a port; "5000" is that port on loopback, ":5000" that port on every address."""
    if _COUNT.fullmatch(text):
        return Address(_DEFAULT_HOST, _parse_port(text, text))
    if text.startswith("["):
        return _parse_bracketed_address(text)
    host, colon, port = text.partition(":")
    if ":" in port:
        raise Malformed(text, "an IPv6 address stands in brackets", next_step="write it like [::1]:5000")
    if colon and not host:
        return Address(_EVERY_ADDRESS, _parse_port(port, text))
    return Address(_parse_host(host, text), _parse_port(port, text) if colon else _DEFAULT_PORT)


def _parse_bracketed_address(text: str) -> Address:
    host, bracket, rest = text[1:].partition("]")
    try:
        address = IPv6Address(host)
    except AddressValueError:
        raise Malformed(text, "there is no IPv6 address in the brackets", next_step=_LIKE_THIS) from None
    if address.scope_id or not bracket or (rest and not rest.startswith(":")):
        raise Malformed(text, "it is not an address and a port", next_step=_LIKE_THIS)
    return Address(str(address), _parse_port(rest[1:], text) if rest else _DEFAULT_PORT)


def _parse_host(host: str, text: str) -> str:
    if host.lower() == "localhost":  # the HTTP server wants an address, and this name needs no one to be asked
        return _DEFAULT_HOST
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        raise Malformed(text, "it is not an address and a port", next_step=_LIKE_THIS) from None


def _parse_port(port: str, text: str) -> int:
    """Port 0, one that the system picks, is refused: the workers share the port, and clients must know it."""
    number = int(port) if _COUNT.fullmatch(port) else 0
    if not 1 <= number <= 65_535:
        raise Malformed(text, "the port is not a number from 1 to 65535", next_step=_LIKE_THIS)
    return number


def parse_duration(text: str) -> float:
    """Seconds from "90s", "10m", "6h", "30d" or a bare number of seconds."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise Malformed(text, "it is not a duration", next_step="write 90s, 10m, 6h, 30d or a number of seconds")
    seconds = float(match[1]) * _SECONDS[match[2]]
    if seconds > _LONGEST:
        raise Malformed(text, "it is longer than a hundred years", next_step="write at most 36500d")
    return seconds


def parse_size(text: str) -> int:
    """Bytes from "4194304", "4MiB" or "4MB"."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise Malformed(text, "it is not a size", next_step="write a number of bytes, or one with a unit: 4MiB, 5MB")
    return int(match[1]) * _BYTES[match[2]]


def parse_count(text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise Malformed(text, "it is not a whole number", next_step="write digits only")
    return int(text)


def parse_truth(text: str) -> bool:
    value = _TRUTH.get(text.lower())
    if value is None:
        raise Malformed(text, "it is neither true nor false", next_step="write true or false")
    return value


def parse_path(text: str) -> Path:
    if not text or "\0" in text:
        raise Malformed(text, "it is not a path", next_step="write the path of a file or folder")
    if text.startswith("~"):
        raise Malformed(text, "only a shell knows what ~ means", next_step="write the path in full")
    return Path(text)


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks and single addresses between commas, or "none"."""
    return () if text in ("", NONE) else tuple(_parse_network(part.strip()) for part in text.split(","))


def _parse_network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise _no_network(text) from None


def _no_network(text: str) -> Malformed:
    try:
        around = ip_network(text, strict=False)
    except ValueError:
        step = "write networks between commas, like 10.0.0.0/8,::1/128, or none"
        return Malformed(text, f"{shown(repr(text))} is not a network", next_step=step)
    return Malformed(text, f"{text} is an address inside a network", next_step=f"write {around} or the address alone")


def one_of(kind: type[E]) -> Callable[[str], E]:
    words = {member.value: member for member in kind}

    def parse(text: str) -> E:
        if text not in words:
            raise Malformed(text, f"it is none of: {', '.join(words)}", next_step=f"write {' or '.join(words)}")
        return words[text]

    return parse


def unless(word: str, parse: Callable[[str], T]) -> Callable[[str], T | None]:
    """The same, but that one word ("never", "none") stands for nothing."""

    def parse_or_nothing(text: str) -> T | None:
        try:
            return None if text == word else parse(text)
        except Malformed as error:
            step = f"{error.diagnostics().next_step}, or {word}"
            raise Malformed(text, error.reason, next_step=step) from None

    return parse_or_nothing


def at_least(limit: N, written: str, parse: Callable[[str], N]) -> Callable[[str], N]:
    def parse_above(text: str) -> N:
        value = parse(text)
        if value < limit:
            raise Malformed(text, f"it is less than {written}", next_step=f"write {written} or more")
        return value

    return parse_above


def at_most(limit: N, written: str, parse: Callable[[str], N]) -> Callable[[str], N]:
    def parse_below(text: str) -> N:
        value = parse(text)
        if value > limit:
            raise Malformed(text, f"it is more than {written}", next_step=f"write {written} or less")
        return value

    return parse_below
