"""Proxies and HTTP headers, as docker's config.json tells them to whoever runs containers or speaks to a registry.

Both may hold passwords, so their representations hide what they say.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.credentials.located import Located, Member

_DEFAULT = "default"
_DOCKERS_OWN = "user-agent"
_OF_EACH_REQUEST = frozenset(
    f"{_DOCKERS_OWN} host authorization proxy-authorization cookie connection keep-alive te trailer transfer-encoding"
    " upgrade expect accept-encoding content-length content-range content-type range".split()
)
"""What a request says of itself, and what proves who asks: docker sends the latter to its engine, and no registry."""
_is_field_name = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+").fullmatch
_is_field_value = re.compile(r"[\t -~\x80-\xff]*").fullmatch


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """What a container gets in HTTP_PROXY and its kin; empty where nothing is said."""

    http: str = field(default="", repr=False)
    https: str = field(default="", repr=False)
    no_proxy: str = ""
    ftp: str = field(default="", repr=False)
    all: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ProxyTable:
    """Settings for each Docker Engine by its address, and for the others."""

    by_engine: Mapping[str, ProxySettings] = field(default_factory=dict)

    def of(self, engine: str = "") -> ProxySettings:
        return self.by_engine.get(engine) or self.by_engine.get(_DEFAULT) or ProxySettings()


def read_proxies(proxies: Located) -> ProxyTable:
    return ProxyTable(MappingProxyType({member.name: _settings(member.value) for member in proxies.members}))


def read_headers(headers: Located) -> Mapping[str, str]:
    """Docker sets its own User-Agent and takes none from the file."""
    return MappingProxyType({name: text for name, text in _texts(headers) if not _why_not(name, text)})


def unsent_headers(headers: Located) -> Iterator[tuple[Member, str]]:
    """Those that are not sent, and why: except for the one of which everybody knows."""
    for member in headers.members:
        reason = _why_not(member.name, member.value.text)
        if reason and member.name.casefold() != _DOCKERS_OWN:
            yield member, reason


def _why_not(name: str, text: str | None) -> str:
    if text is None or not _is_field_name(name) or not _is_field_value(text):
        return "is no header that can be sent"
    return "is not for this file to say, and is not sent" if name.casefold() in _OF_EACH_REQUEST else ""


def _settings(value: Located) -> ProxySettings:
    texts = {name.casefold(): text for name, text in _texts(value)}
    return ProxySettings(
        http=texts.get("httpproxy", ""),
        https=texts.get("httpsproxy", ""),
        no_proxy=texts.get("noproxy", ""),
        ftp=texts.get("ftpproxy", ""),
        all=texts.get("allproxy", ""),
    )


def _texts(value: Located) -> Iterator[tuple[str, str]]:
    for member in value.members:
        if member.value.text is not None:
            yield member.name, member.value.text
