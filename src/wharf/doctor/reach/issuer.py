"""Whether a server keeps back the authority that stands between its certificate and the root.

From the outside that looks like an unknown root. It is told apart where the certificate names the address of its
issuer's and that one is no root, or where an authority of the same house is kept for this very host.
"""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from wharf.client.origin import Origin
from wharf.doctor.reach.asking import fetched
from wharf.doctor.reach.certificate import Certificate, read_certificate
from wharf.doctor.reach.trust import certificates_in
from wharf.doctor.scene import Scene

_MOST_FILES: Final = 50
_words = re.compile(r"[a-z]{3,}").findall
_OF_ANY_HOUSE: Final = frozenset(
    {"root", "intermediate", "issuing", "authority", "certificate", "certification", "sub", "subordinate", "server",
     "registry", "the", "and", "for", "global", "private", "internal", "local", "test", "signing", "tls", "ssl"}
)  # fmt: skip


def is_intermediate_missing(chain: tuple[Certificate, ...], origin: Origin, scene: Scene) -> bool:
    """For a chain that leads to nobody who is known. It blocks for at most a part of the scene's patience."""
    if len(chain) != 1 or chain[0].is_self_issued:
        return False
    leaf = chain[0]
    if issuer := _fetched(leaf.issuer_at, origin, scene):
        return not issuer.is_self_issued and issuer.subject.raw == leaf.issuer.raw
    return any(_is_root_of_same_house(root, leaf) for root in _kept_for(origin, scene))


def _is_root_of_same_house(root: Certificate, leaf: Certificate) -> bool:
    if not root.is_self_issued or root.path_length == 0 or root.subject.raw == leaf.issuer.raw:
        return False
    if root.subject.organisation:
        return root.subject.organisation == leaf.issuer.organisation
    return bool(_house(root.subject.common_name) & _house(leaf.issuer.common_name))


def _house(name: str) -> frozenset[str]:
    return frozenset(_words(name.lower())) - _OF_ANY_HOUSE


def _kept_for(origin: Origin, scene: Scene) -> Iterator[Certificate]:
    for path in (*scene.settings.ca_files, *_files(scene.settings.certs_folders, origin)):
        yield from certificates_in(path)


def _files(folders: Iterable[Path], origin: Origin) -> list[Path]:
    bare = origin.authority.removesuffix(f":{origin.port}")
    found: list[Path] = []
    for folder in folders:
        for name in dict.fromkeys((origin.authority, f"{bare}:{origin.port}")):
            try:
                found += sorted((folder / name).glob("*.crt"))[:_MOST_FILES]
            except OSError:
                continue
    return found


def _fetched(address: str, origin: Origin, scene: Scene) -> Certificate | None:
    """Only from where anybody may ask: an address within a network is asked on behalf of one within it alone."""
    host = urlsplit(address).hostname or ""
    if not address.startswith("http://") or (_is_within(host) and not _is_within(origin.host)):
        return None
    answer = fetched(address, scene.settings, scene.patience / 4)
    return read_certificate(answer.body) if answer and answer.status == 200 else None


def _is_within(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".localhost", ".test", ".corp"))
