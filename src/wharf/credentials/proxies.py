"""Proxies and HTTP headers, as docker's config.json tells them to whoever runs containers or speaks to a registry.

Both may hold passwords, so their representations hide what they say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wharf.credentials.located import Located

_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class ProxySettings:
    """What a container gets in HTTP_PROXY and its kin; empty where nothing is said."""

    http: str = field(default="", repr=False)
    https: str = field(default="", repr=False)
    no_proxy: str = ""
    ftp: str = field(default="", repr=False)
    all: str = field(default="", repr=False)

    def as_variables(self) -> Mapping[str, str]:
        pairs = {
            "HTTP_PROXY": self.http,
            "HTTPS_PROXY": self.https,
            "NO_PROXY": self.no_proxy,
            "FTP_PROXY": self.ftp,
            "ALL_PROXY": self.all,
        }
        return MappingProxyType({name: value for name, value in pairs.items() if value})


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
    return MappingProxyType({name: text for name, text in _texts(headers) if name.casefold() != "user-agent"})


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
