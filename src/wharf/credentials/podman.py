"""What podman, skopeo and buildah make of a login in docker's config.json: they read it, but not first, and not all."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from wharf.credentials.config_file import ConfigFile, Form, parse_config
from wharf.credentials.credential import Credential
from wharf.credentials.file_access import look_at
from wharf.credentials.keys import containers_match, registry_of
from wharf.credentials.places import EXCLUSIVE_VARIABLE, containers_files, docker_config, own_uid, told

_THEY = "podman, skopeo and buildah"


def unseen_login(registry: str, credential: Credential, environ: Mapping[str, str], home: Path, platform: str) -> str:
    """Why they do not use this credential, which was just kept; empty where they do."""
    docker, files = docker_config(environ, home), containers_files(environ, home, platform, own_uid())
    if docker not in files:
        return f"{_THEY} read {told(files[0], home)} alone, as {EXCLUSIVE_VARIABLE} says: they do not see this login"
    for path in files[: files.index(docker)]:
        if any(other != credential for other in _answers(_read(path, Form.CONTAINERS), registry)):
            return f"{_THEY} use what {told(path, home)} has for {registry}: podman logout {registry}"
    if _read(docker, Form.DOCKER).creds_store and not any(_answers(_read(docker, Form.DOCKER), registry)):
        return f"{_THEY} do not look into the credsStore of {told(docker, home)}: log in there with podman login"
    return ""


def _answers(config: ConfigFile, registry: str) -> Iterator[Credential | str]:
    """What is there for the registry as a whole: the name of a helper, or a credential."""
    yield from (name for key, name in config.cred_helpers.items() if name and registry_of(key) == registry_of(registry))
    key = containers_match(config.entries, registry, None)
    if key is not None and (credential := config.entries[key].entry.credential):
        yield credential


def _read(path: Path, form: Form) -> ConfigFile:
    return parse_config(look_at(path).raw or b"", str(path), form)
