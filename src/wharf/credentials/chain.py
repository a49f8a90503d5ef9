"""The credentials of this machine, in the order in which wharf asks for them. The first answer wins.

1. `--config DIR`: its config.json, as docker writes it, and nothing else: a job of its own.

Without it:

2. DOCKER_AUTH_CONFIG, JSON in the variable;
3. docker's config.json, in DOCKER_CONFIG or ~/.docker: the helper in `credHelpers` for the host, else the one in
   `credsStore`, else (where the file says nothing of credentials) docker's default for the platform. Where the helper
   fails or has nothing, the entries in `auths` are looked at too: docker gives up there;
4. the auth.json of podman, skopeo and buildah: REGISTRY_AUTH_FILE alone, if it is set; else
   $XDG_RUNTIME_DIR/containers (or /run/containers/<uid>; on macOS and Windows ~/.config/containers), then
   $XDG_CONFIG_HOME/containers, then ~/.dockercfg. `credsStore` is not used there, as these tools do not.

A source that is broken is told of, and never hides those after it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wharf.credentials.config_file import ConfigFile, Form, parse_config
from wharf.credentials.config_keychain import ConfigKeychain, Setting
from wharf.credentials.file_access import look_at
from wharf.credentials.keychain import Lookup, Silent
from wharf.credentials.known import CountableKeychain, Inventory, KnownRegistry
from wharf.credentials.native import PATIENCE_SECONDS
from wharf.credentials.places import CONFIG_NAME, containers_files, docker_config, told
from wharf.credentials.variable import VariableKeychain, overriding_variable
from wharf.oci.reference import RepositoryName

__all__ = ["DockerKeychain", "config_of", "keychain_of", "overriding_variable"]


@dataclass(frozen=True, slots=True)
class DockerKeychain:
    """Several keychains, asked one after the other."""

    sources: tuple[CountableKeychain, ...]

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        silent: tuple[Silent, ...] = ()
        warnings: tuple[str, ...] = ()
        for keychain in self.sources:
            found = keychain.find(registry, repository)
            silent += found.silent
            warnings += found.warnings
            if found.credential is not None:
                return Lookup(found.credential, found.source, silent, warnings)
        return Lookup(silent=silent, warnings=warnings)

    def inventory(self) -> Inventory:
        """Of all sources. Helpers are asked to list what they have, which takes its time."""
        return sum((keychain.inventory() for keychain in self.sources), Inventory())

    def known_registries(self) -> tuple[KnownRegistry, ...]:
        return self.inventory().known


def keychain_of(
    environ: Mapping[str, str],
    home: Path,
    platform: str,
    config_dir: Path | None = None,
    *,
    uid: int | None = None,
    patience_seconds: float = PATIENCE_SECONDS,
) -> DockerKeychain:
    """Nothing is read before it is asked. `platform` is called as `sys.platform` calls it."""
    setting = Setting(environ, platform, patience_seconds)
    if config_dir is not None:
        path = config_dir / CONFIG_NAME
        return DockerKeychain((ConfigKeychain(path, told(path, home), Form.DOCKER, setting),))
    docker = docker_config(environ, home)
    return DockerKeychain(
        (
            VariableKeychain(environ),
            ConfigKeychain(docker, told(docker, home), Form.DOCKER, setting, detects=True),
            *(
                ConfigKeychain(path, told(path, home), _form(path, home), setting)
                for path in containers_files(environ, home, platform, _uid() if uid is None else uid)
                if path != docker
            ),
        )
    )


def config_of(environ: Mapping[str, str], home: Path, config_dir: Path | None = None) -> ConfigFile:
    """Docker's config.json with its proxies and headers; an empty one where there is none."""
    path = config_dir / CONFIG_NAME if config_dir else docker_config(environ, home)
    return parse_config(look_at(path).raw or b"", told(path, home))


def _form(path: Path, home: Path) -> Form:
    return Form.LEGACY if path == home / ".dockercfg" else Form.CONTAINERS


def _uid() -> int:
    return os.getuid() if hasattr(os, "getuid") else 0
