"""The sources of credentials as they lie on this machine, put into their order (see wharf.credentials.chain)."""

from collections.abc import Mapping
from pathlib import Path

from wharf.credentials.config_file import ConfigFile, Form, parse_config
from wharf.credentials.config_keychain import ConfigKeychain, Setting
from wharf.credentials.file_access import look_at
from wharf.credentials.known import CountableKeychain
from wharf.credentials.places import CONFIG_NAME, containers_files, docker_config, own_uid, told
from wharf.credentials.variable import VariableKeychain


def sources_of(
    environ: Mapping[str, str],
    home: Path,
    platform: str,
    config_dir: Path | None,
    *,
    uid: int | None,
    patience_seconds: float,
) -> tuple[CountableKeychain, ...]:
    setting = Setting(environ, platform, patience_seconds)
    if config_dir is not None:
        path = config_dir / CONFIG_NAME
        return (ConfigKeychain(path, told(path, home), Form.DOCKER, setting),)
    docker = docker_config(environ, home)
    return (
        VariableKeychain(environ),
        ConfigKeychain(docker, told(docker, home), Form.DOCKER, setting, detects=True),
        *(
            ConfigKeychain(path, told(path, home), _form(path, home), setting)
            for path in containers_files(environ, home, platform, own_uid() if uid is None else uid)
            if path != docker
        ),
    )


def config_of(environ: Mapping[str, str], home: Path, config_dir: Path | None = None) -> ConfigFile:
    """Docker's config.json with its proxies and headers; an empty one where there is none."""
    path = config_dir / CONFIG_NAME if config_dir else docker_config(environ, home)
    return parse_config(look_at(path).raw or b"", told(path, home))


def _form(path: Path, home: Path) -> Form:
    return Form.LEGACY if path == home / ".dockercfg" else Form.CONTAINERS
