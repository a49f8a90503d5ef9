"""A certificate as it is sent, read for what it says of itself: whose it is, for which names, from when until when.

The bytes are DER: each thing is a tag, a length and a content, and the content may be such things again. Nothing is
verified here, and nothing is believed. Of names, dates and extensions only what is asked about is read.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from wharf.errors import shown

_SEQUENCE: Final = 0x30
_UTC_TIME: Final = 0x17
_VERSION: Final = 0xA0
_EXTENSIONS: Final = 0xA3
_OBJECT: Final = 0x06
_OCTETS: Final = 0x04
_DNS_NAME: Final = 0x82
_IP_NAME: Final = 0x87
_ALTERNATIVE_NAMES: Final = bytes.fromhex("551d11")
_CONSTRAINTS: Final = bytes.fromhex("551d13")
_INFORMATION: Final = bytes.fromhex("2b06010505070101")
_ISSUER_LIES_AT: Final = bytes.fromhex("2b06010505073002")
_ADDRESS: Final = 0x86
_INTEGER: Final = 0x02
_COMMON_NAME: Final = bytes.fromhex("550403")
_ORGANISATION: Final = bytes.fromhex("55040a")
_WEAK: Final = {
    bytes.fromhex("2a864886f70d010104"): "MD5",
    bytes.fromhex("2a864886f70d010105"): "SHA-1",
    bytes.fromhex("2a8648ce3d0401"): "SHA-1",
}
_MOST_NAMES: Final = 200
_LARGEST: Final = 256 * 1024


class Named(NamedTuple):
    """Of a distinguished name, the two parts that people know it by; `raw` is all of it."""

    raw: bytes
    common_name: str
    organisation: str

    def __str__(self) -> str:
        pairs = (("CN", self.common_name), ("O", self.organisation))
        return ", ".join(f"{key}={value}" for key, value in pairs if value) or "nobody"


@dataclass(frozen=True, slots=True)
class Certificate:
    """`weak`: the name of a signature that nobody believes any more. `issuer_at`: the address of its issuer's.

    `path_length`: how many authorities may stand between this one and what is issued; None for any number.
    """

    raw: bytes
    subject: Named
    issuer: Named
    begins: datetime
    ends: datetime
    dns_names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    weak: str = ""
    issuer_at: str = ""
    path_length: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.dns_names, *self.addresses)

    @property
    def is_self_issued(self) -> bool:
        return self.subject.raw == self.issuer.raw

    def is_for(self, host: str) -> bool:
        try:
            address = str(ipaddress.ip_address(host))
        except ValueError:
            return any(_fits(name.lower(), host.lower().rstrip(".")) for name in self.dns_names)
        return address in self.addresses


def read_certificate(raw: bytes) -> Certificate | None:
    """Nothing for what is no certificate."""
    try:
        return _certificate(raw) if len(raw) <= _LARGEST else None
    except (IndexError, ValueError, OverflowError):
        return None


class _Thing(NamedTuple):
    tag: int
    content: bytes
    whole: bytes


def _certificate(raw: bytes) -> Certificate:
    body, algorithm, *_ = _things(_only(raw, _SEQUENCE))
    parts = [part for part in _things(body.content) if part.tag != _VERSION]
    _, _, issuer, validity, subject, *rest = parts
    begins, ends = (_moment(each) for each in _things(validity.content))
    extensions = dict(_extensions(rest))
    dns_names, addresses = _alternative_names(extensions.get(_ALTERNATIVE_NAMES, b""))
    return Certificate(
        raw=raw,
        subject=_named(subject),
        issuer=_named(issuer),
        begins=begins,
        ends=ends,
        dns_names=dns_names,
        addresses=addresses,
        weak=_WEAK.get(_first(algorithm.content).content, ""),
        issuer_at=_issuer_at(extensions.get(_INFORMATION, b"")),
        path_length=_path_length(extensions.get(_CONSTRAINTS, b"")),
    )


def _things(content: bytes) -> Iterator[_Thing]:
    at = 0
    while at < len(content):
        tag, start, end = content[at], *_extent(content, at + 1)
        yield _Thing(tag, content[start:end], content[at:end])
        at = end


def _extent(content: bytes, at: int) -> tuple[int, int]:
    """Where a content begins and ends whose length stands here."""
    first, start = content[at], at + 1
    if first >= 0x80:
        count = first & 0x7F
        if not 0 < count <= 4:
            raise ValueError(first)
        first, start = int.from_bytes(content[start : start + count], "big"), start + count
    if start + first > len(content):
        raise ValueError(first)
    return start, start + first


def _first(content: bytes) -> _Thing:
    first, *_ = _things(content)
    return first


def _only(raw: bytes, tag: int) -> bytes:
    thing = _first(raw)
    if thing.tag != tag:
        raise ValueError(thing.tag)
    return thing.content


def _moment(thing: _Thing) -> datetime:
    """`240229120000Z`, or with all four digits of the year. Two digits from 50 on are of the last century."""
    text = thing.content.decode("ascii").removesuffix("Z")
    if thing.tag == _UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _named(thing: _Thing) -> Named:
    found: dict[bytes, str] = {}
    for group in _things(thing.content):
        for pair in _things(group.content):
            kind, value, *_ = _things(pair.content)
            found[kind.content] = shown(value.content.decode("utf-8", "replace"))
    return Named(thing.whole, found.get(_COMMON_NAME, ""), found.get(_ORGANISATION, ""))


def _extensions(rest: list[_Thing]) -> Iterator[tuple[bytes, bytes]]:
    for part in rest:
        for extension in _things(_only(part.content, _SEQUENCE)) if part.tag == _EXTENSIONS else ():
            kind, *_, value = _things(extension.content)
            if kind.tag == _OBJECT and value.tag == _OCTETS:
                yield kind.content, value.content


def _alternative_names(content: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    things = list(_things(_only(content, _SEQUENCE)))[:_MOST_NAMES] if content else []
    dns = tuple(shown(thing.content.decode("ascii", "replace")) for thing in things if thing.tag == _DNS_NAME)
    addresses = [thing.content for thing in things if thing.tag == _IP_NAME and len(thing.content) in {4, 16}]
    return dns, tuple(str(ipaddress.ip_address(address)) for address in addresses)


def _issuer_at(content: bytes) -> str:
    for entry in _things(_only(content, _SEQUENCE)) if content else ():
        method, place = _things(entry.content)
        if method.content == _ISSUER_LIES_AT and place.tag == _ADDRESS:
            return place.content.decode("ascii", "replace")
    return ""


def _path_length(content: bytes) -> int | None:
    things = list(_things(_only(content, _SEQUENCE))) if content else []
    return next((int.from_bytes(thing.content, "big") for thing in things if thing.tag == _INTEGER), None)


def _fits(name: str, host: str) -> bool:
    """A star stands for the first label alone."""
    if name.startswith("*."):
        first, dot, rest = host.partition(".")
        return bool(first and dot) and rest == name[2:]
    return name.rstrip(".") == host
