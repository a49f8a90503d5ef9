"""Keys are what files and helpers call a registry.

Mostly it is the host and its port. Docker Hub has an address of its first days, `https://index.docker.io/v1/`. Old
files hold whole addresses; Podman's may go on to an owner or a repository, where the most specific one wins.
"""

import re
from collections.abc import Iterable

from wharf.oci.reference import DOCKER_HUB, OTHER_NAMES_OF_DOCKER_HUB, RepositoryName

DOCKER_HUB_KEY = "https://index.docker.io/v1/"
_scheme = re.compile(r"https?://", re.IGNORECASE).match
_NAMES_OF_DOCKER_HUB = frozenset({DOCKER_HUB, *OTHER_NAMES_OF_DOCKER_HUB})


def docker_key(registry: str) -> str:
    """Under which docker keeps it, in files and with helpers."""
    return DOCKER_HUB_KEY if registry in _NAMES_OF_DOCKER_HUB else registry


def registry_of(key: str) -> str:
    """The registry that a key is about, whatever else it says."""
    host = _without_scheme(key).partition("/")[0].casefold()
    return DOCKER_HUB if host in _NAMES_OF_DOCKER_HUB else host


def is_about_all_of(key: str, registry: str) -> bool:
    """Whether the key means the whole registry, and not an owner or a repository in it."""
    return registry_of(key) == registry_of(registry) and (_has_scheme(key) or "/" not in key.rstrip("/"))


def docker_match(keys: Iterable[str], registry: str, repository: RepositoryName | None) -> str | None:
    """Docker's own key, then one for this repository, then any that leads to the same host."""
    known = list(keys)
    if (exact := docker_key(registry)) in known:
        return exact
    return _most_specific(known, registry, repository) or _first(known, registry, whole=False)


def containers_match(keys: Iterable[str], registry: str, repository: RepositoryName | None) -> str | None:
    """The most specific key, then the registry's own, then an address of it."""
    known = list(keys)
    specific = _most_specific(known, registry, repository)
    return specific or (registry if registry in known else _first(known, registry, whole=True))


def _most_specific(keys: list[str], registry: str, repository: RepositoryName | None) -> str | None:
    if repository is None:
        return None
    paths = {_path(key): key for key in reversed(keys) if not _has_scheme(key) and registry_of(key) == registry}
    parts = repository.value.split("/")
    wished = ("/".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((paths[path] for path in wished if path in paths), None)


def _first(keys: list[str], registry: str, *, whole: bool) -> str | None:
    """Those for the whole registry come before those for a part of it, where these count at all."""
    here = [key for key in keys if registry_of(key) == registry_of(registry)]
    of_all = [key for key in here if is_about_all_of(key, registry)]
    return next(iter(of_all if whole else [*of_all, *here]), None)


def _path(key: str) -> str:
    return key.partition("/")[2].strip("/")


def _has_scheme(key: str) -> bool:
    return _scheme(key) is not None


def _without_scheme(key: str) -> str:
    found = _scheme(key)
    return key[found.end() :] if found else key
