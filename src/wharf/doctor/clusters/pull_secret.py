"""A pull secret, read as the kubelet reads it: whether it helps with an image, and if not, why.

    type: kubernetes.io/dockerconfigjson      data: {".dockerconfigjson": BASE64 of {"auths": {KEY: …}}}
    type: kubernetes.io/dockercfg             data: {".dockercfg": BASE64 of {KEY: …}}

A key is a host with its port, and may go on with the beginning of a repository's name. A scheme is taken off, and so
is `/v1/` or `/v2/` behind the host; one star stands for one part of a host's name.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from fnmatch import fnmatchcase
from typing import Final
from urllib.parse import SplitResult, urlsplit

from wharf.credentials.config_file import Form, PlacedEntry, parse_config
from wharf.credentials.credential import Credential
from wharf.credentials.keys import registry_of
from wharf.oci.reference import DOCKER_HUB, RepositoryName

TYPE: Final = "kubernetes.io/dockerconfigjson"
LEGACY_TYPE: Final = "kubernetes.io/dockercfg"
_PLACES: Final = {TYPE: (".dockerconfigjson", Form.DOCKER), LEGACY_TYPE: (".dockercfg", Form.LEGACY)}
_KEY_OF_DOCKER_HUB: Final = "index.docker.io"
_VERSIONS: Final = ("/v1/", "/v2/")


class Help(IntEnum):
    """From what helps least to what helps; of several secrets the best one counts."""

    OTHER_REGISTRY = 0
    WRONG_TYPE = 1
    MALFORMED = 2
    KEY_OF_ANOTHER_FORM = 3
    WITHOUT_CREDENTIAL = 4
    FINE = 5

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, slots=True)
class Image:
    """What is to be pulled, as far as it is known."""

    registry: str
    repository: RepositoryName | None = None

    def __str__(self) -> str:
        return f"{self.registry}/{self.repository or ''}".rstrip("/")


@dataclass(frozen=True, slots=True)
class PullSecret:
    name: str
    namespace: str
    type: str
    data: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """`key`: the one that it is about; it is no secret."""

    help: Help
    secret: PullSecret
    key: str = ""
    credential: Credential | None = field(default=None, repr=False)


def read(secret: PullSecret, image: Image | None) -> Reading:
    """Without an image it can only be told whether the secret is one at all."""
    place = _PLACES.get(secret.type)
    if place is None:
        return Reading(Help.WRONG_TYPE, secret)
    raw = _decoded(secret.data.get(place[0], ""))
    config = parse_config(raw or b"", secret.name, place[1])
    if raw is None or config.faults or not config.entries:
        return Reading(Help.MALFORMED, secret)
    return _about(secret, config.entries, image) if image else Reading(Help.OTHER_REGISTRY, secret)


def _about(secret: PullSecret, entries: Mapping[str, PlacedEntry], image: Image) -> Reading:
    if key := next((key for key in entries if takes(key, image)), ""):
        credential = entries[key].entry.credential
        return Reading(Help.FINE if credential else Help.WITHOUT_CREDENTIAL, secret, key, credential)
    near = next((key for key in entries if _host(registry_of(key.strip())) == _host(image.registry)), "")
    return Reading(Help.KEY_OF_ANOTHER_FORM if near else Help.OTHER_REGISTRY, secret, near)


def _decoded(encoded: str) -> bytes | None:
    try:
        return base64.b64decode(encoded, validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _host(registry: str) -> str:
    return registry.rpartition(":")[0] if registry.rpartition(":")[2].isdigit() else registry


# --- the kubelet's rule ----------------------------------------------------------------------------------------------


def takes(key: str, image: Image) -> bool:
    """Whether the kubelet would take what stands under this key for this image."""
    glob, target = _split(_plain(key)), _split(str(image))
    if glob is None or target is None:
        return False
    if image.registry == DOCKER_HUB and glob.netloc == _KEY_OF_DOCKER_HUB and not glob.path:
        return True
    return _is_host(glob.netloc, target.netloc) and target.path.startswith(glob.path)


def _plain(key: str) -> str:
    parts = _split(key.removeprefix("https://").removeprefix("http://"))
    if parts is None:
        return ""
    path = parts.path[3:] if parts.path.startswith(_VERSIONS) else parts.path
    return parts.netloc if path == "/" else parts.netloc + path


def _split(text: str) -> SplitResult | None:
    try:
        return urlsplit(f"//{text}") if text and not any(map(str.isspace, text)) else None
    except ValueError:
        return None


def _is_host(glob: str, host: str) -> bool:
    wished, real = _parts(glob), _parts(host)
    return len(wished) == len(real) and all(map(fnmatchcase, real, wished))


def _parts(netloc: str) -> list[str]:
    """The port is one more part, and must be the same."""
    host, colon, port = netloc.partition(":")
    return [*host.split("."), f"{colon}{port}"]
