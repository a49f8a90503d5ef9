"""The builder that buildx would use now, as its own files keep it.

    ~/.docker/buildx/current          {"Key": ENDPOINT, "Name": BUILDER}
    ~/.docker/buildx/instances/NAME   {"Driver": …, "Nodes": [{"Platforms": […], "Files": {"buildkitd.toml": BASE64}}]}

Where nothing is chosen, it is the docker engine's own BuildKit, whose driver is called `docker`.
"""

import base64
import binascii
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from wharf.doctor.engines.endpoint import docker_folder
from wharf.doctor.engines.reading import list_of, object_in, objects_of, read_small, word, words_of
from wharf.doctor.scene import Scene

DOCKER: Final = "docker"
_SETTINGS: Final = ("buildkitd.toml", "config.toml")
_NAMES_OF_THE_ENGINE: Final = frozenset({"", "default"})


@dataclass(frozen=True, slots=True)
class Builder:
    """`settings`: buildkitd.toml, by its tables; empty where the builder was made without one."""

    name: str
    driver: str
    platforms: tuple[str, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict, repr=False)

    @property
    def is_the_engines(self) -> bool:
        return self.driver == DOCKER

    def about(self, registry: str) -> Mapping[str, object]:
        """What its settings say of a registry."""
        return objects_of(objects_of(self.settings.get("registry")).get(registry))


def builder_of(scene: Scene) -> Builder | None:
    """None where one is chosen that is not kept here."""
    folder = _folder(scene)
    name = scene.environ.get("BUILDX_BUILDER") or _current(folder)
    if name in _NAMES_OF_THE_ENGINE:
        return Builder("default", DOCKER)
    kept = object_in(read_small(folder / "instances" / name)) if _is_plain(name) else {}
    if not kept:
        context = docker_folder(scene) / "contexts"
        return Builder(name, DOCKER) if name in _contexts(context) else None
    nodes = tuple(map(objects_of, list_of(kept.get("Nodes"))))
    platforms = tuple(_platforms(nodes))
    return Builder(name, word(kept.get("Driver")) or DOCKER, platforms, _settings(nodes))


def _folder(scene: Scene) -> Path:
    named = scene.environ.get("BUILDX_CONFIG")
    return Path(named) if named else docker_folder(scene) / "buildx"


def _current(folder: Path) -> str:
    return word(object_in(read_small(folder / "current")).get("Name"))


def _is_plain(name: str) -> bool:
    return "/" not in name and "\\" not in name and not name.startswith(".")


def _contexts(folder: Path) -> frozenset[str]:
    """Each context of docker is a builder too, with the driver of its engine."""
    try:
        kept = list((folder / "meta").glob("*/meta.json"))[:200]
    except OSError:
        return frozenset()
    return frozenset(word(object_in(read_small(file)).get("Name")) for file in kept) - {""}


def _platforms(nodes: tuple[Mapping[str, object], ...]) -> Iterator[str]:
    for node in nodes:
        for platform in list_of(node.get("Platforms")):
            parts = objects_of(platform)
            yield "/".join(filter(None, map(word, (parts.get("os"), parts.get("architecture"), parts.get("variant")))))


def _settings(nodes: tuple[Mapping[str, object], ...]) -> Mapping[str, object]:
    for node in nodes:
        files = objects_of(node.get("Files"))
        encoded = next((word(files[name]) for name in _SETTINGS if name in files), "")
        if encoded:
            return _decoded(encoded)
    return {}


def _decoded(encoded: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(base64.b64decode(encoded).decode())
    except (binascii.Error, ValueError):
        return {}


def trusts(about: Mapping[str, object]) -> bool:
    """Whether an authority of its own is set for a registry, or none is asked for."""
    return bool(words_of(about.get("ca"))) or about.get("insecure") is True
