"""The files of podman, skopeo and buildah: who is logged in there, which registries they know, what they accept."""

import asyncio
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from wharf.credentials.config_file import Form, parse_config
from wharf.credentials.file_access import look_at
from wharf.credentials.keys import containers_match, registry_of
from wharf.credentials.places import containers_files, docker_config
from wharf.doctor.ground.account import own_uid
from wharf.doctor.ground.docker_config import config_of_scene, entry_word
from wharf.doctor.ground.small_file import beginning_of, of_system
from wharf.doctor.scene import Scene
from wharf.doctor.seen import Seen, Sighting
from wharf.oci.reference import DOCKER_HUB

_POLICIES: Final = ("/etc/containers/policy.json",)
_REGISTRIES: Final = "/etc/containers/registries.conf"
_DROP_INS: Final = "/etc/containers/registries.conf.d"
_MOST_DROP_INS: Final = 100
_REQUIREMENTS: Final = {
    "insecureAcceptAnything": "accepts",
    "reject": "rejects",
    "signedBy": "wants-signature",
    "sigstoreSigned": "wants-signature",
}


async def look(scene: Scene) -> Seen:
    return await asyncio.to_thread(_looked, scene)


def _looked(scene: Scene) -> Seen:
    sighting = Sighting("containers-config")
    if scene.aim.registry:
        _see_logins(scene, scene.aim.registry, sighting)
        sighting.saw("policy", policy_for(scene, _scope(scene)))
    _see_registries(scene, sighting)
    return sighting.done()


def _see_logins(scene: Scene, registry: str, sighting: Sighting) -> None:
    """A mark that a store has the login is a login for docker, and none for these."""
    has_docker = entry_word(config_of_scene(scene), registry) in {"marker", "password", "identity-token"}
    place = next((path for path in _auth_files(scene) if _answers(scene, path, registry)), None)
    sighting.saw(
        "entry",
        place is not None,
        f"{place} has a login for {registry}." if place else f"No file of podman's has a login for {registry}.",
        f"{place}에 {registry} 로그인이 있습니다." if place else f"podman이 읽는 파일에 {registry} 로그인이 없습니다.",
    )
    sighting.saw(
        "docker_has_entry",
        has_docker,
        f"docker has a login for {registry}." if has_docker else "",
        f"docker에는 {registry} 로그인이 있습니다." if has_docker else "",
    )


def _auth_files(scene: Scene) -> Iterator[Path]:
    for path in containers_files(scene.environ, scene.home, scene.platform, own_uid() or 0):
        yield of_system(scene, str(path)) if path.is_relative_to("/run") else path


def _answers(scene: Scene, path: Path, registry: str) -> bool:
    form = Form.DOCKER if path == docker_config(scene.environ, scene.home) else Form.CONTAINERS
    config = parse_config(look_at(path).raw or b"", str(path), form)
    if any(name and registry_of(key) == registry_of(registry) for key, name in config.cred_helpers.items()):
        return True
    key = containers_match(config.entries, registry, scene.aim.repository)
    return key is not None and config.entries[key].entry.credential is not None


# --- what they accept ----------------------------------------------------------------------------------------------


def _scope(scene: Scene) -> str:
    registry = scene.aim.registry or ""
    return f"{registry}/{scene.aim.repository}" if scene.aim.repository else registry


def policy_for(scene: Scene, scope: str) -> str:
    """The person's own file takes the place of the system's. The most specific scope counts, then the default."""
    places = (scene.home / ".config/containers/policy.json", *(of_system(scene, path) for path in _POLICIES))
    text = next((text for place in places if (text := beginning_of(place)) is not None), None)
    if text is None:
        return "absent"
    try:
        policy = json.loads(text)
        return _required(_requirements(policy, scope))
    except (ValueError, RecursionError, AttributeError, TypeError, LookupError):
        return "malformed"


def _requirements(policy: Mapping[str, Mapping[str, Mapping[str, object]]], scope: str) -> object:
    scopes = policy.get("transports", {}).get("docker", {})
    parts = scope.split("/")
    for length in range(len(parts), 0, -1):
        if (name := "/".join(parts[:length])) in scopes:
            return scopes[name]
    wild = next((scopes[name] for name in scopes if name.startswith("*.") and parts[0].endswith(name[1:])), None)
    return wild or scopes.get("") or policy["default"]


def _required(requirements: object) -> str:
    """All of them have to be met: the strictest one tells."""
    if not isinstance(requirements, list) or not requirements:
        return "malformed"
    words = {_REQUIREMENTS[requirement["type"]] for requirement in requirements}
    return next(word for word in ("rejects", "wants-signature", "accepts") if word in words)


# --- which registries they know ------------------------------------------------------------------------------------


def _see_registries(scene: Scene, sighting: Sighting) -> None:
    """What stands in a file of registries.conf.d comes later, and counts more."""
    files = [text for path in _registry_files(scene) if (text := beginning_of(path)) is not None]
    try:
        tables = [tomllib.loads(text) for text in files]
    except (tomllib.TOMLDecodeError, RecursionError):
        sighting.saw("form", "not-toml", "registries.conf is not TOML.", "registries.conf가 TOML 형식이 아닙니다.")
        return
    sighting.saw("form", "whole" if files else "absent")
    sighting.saw("search", any(table.get("unqualified-search-registries") for table in tables))
    if scene.aim.registry:
        rows = [row for table in tables for row in _rows(table) if _is_about(row, _scope(scene))]
        sighting.saw("blocked", any(row.get("blocked") is True for row in rows))
        sighting.saw("insecure_here", any(row.get("insecure") is True for row in rows))


def _registry_files(scene: Scene) -> Iterator[Path]:
    """The person's own file takes the place of the system's."""
    own = scene.home / ".config/containers/registries.conf"
    yield own if beginning_of(own) is not None else of_system(scene, _REGISTRIES)
    for folder in (of_system(scene, _DROP_INS), scene.home / ".config/containers/registries.conf.d"):
        if folder.is_dir():
            yield from sorted(folder.glob("*.conf"))[:_MOST_DROP_INS]


def _rows(table: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    rows = table.get("registry")
    yield from (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def _is_about(row: Mapping[str, object], scope: str) -> bool:
    prefix = row.get("prefix") or row.get("location")
    if not isinstance(prefix, str) or not prefix:
        return False
    prefix = prefix.replace("registry-1.docker.io", DOCKER_HUB)
    if prefix.startswith("*."):
        return scope.partition("/")[0].endswith(prefix[1:])
    return scope == prefix or scope.startswith(f"{prefix}/")
