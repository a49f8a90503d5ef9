"""Docker's config.json as docker reads it: what it says of a registry, and what docker stumbles over in it."""

import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Final

from wharf.credentials.config_file import ConfigFile, PlacedEntry, parse_config
from wharf.credentials.config_keychain import Setting
from wharf.credentials.credential import Password
from wharf.credentials.file_access import FileFound, look_at
from wharf.credentials.file_text import file_text
from wharf.credentials.keys import docker_key, registry_of
from wharf.credentials.located import Lines, Located, read_located
from wharf.credentials.places import CONFIG_NAME, containers_files, docker_config, own_uid, told
from wharf.doctor.scene import Scene
from wharf.errors import shown

_NAMES: Final = frozenset({CONFIG_NAME, "auth.json", ".dockercfg"})
_LONGEST_LOG: Final = 20_000
_in_text = re.compile(
    r"(?:/|[A-Za-z]:\\)[^\s:\"'()<>|*?]{0,200}[/\\](?:config\.json|auth\.json|\.dockercfg)\b"
).finditer
_SCHEMES: Final = ("https://", "http://")
_USUAL_PORTS: Final = (":443", ":80")
_MAKES_LOGINS: Final = frozenset({"ecr-login", "gcloud", "gcr", "acr-env", "ghcr-login", "gcr-env"})
"""Helpers that make a login whenever one is needed, so that nobody logs in with them."""


@dataclass(frozen=True, slots=True)
class DockerConfig:
    path: Path
    place: str
    """As a person calls it."""
    found: FileFound
    config: ConfigFile
    text: str = field(repr=False)
    root: Located = field(repr=False)

    def helper_for(self, registry: str | None, setting: Setting) -> str:
        """The name of the one that docker asks; empty where it looks into the file."""
        for key, name in self.config.cred_helpers.items():
            if registry and name and registry_of(key) == registry_of(docker_key(registry)):
                return name
        only = set(filter(None, self.config.cred_helpers.values()))
        if self.config.creds_store or (registry is None and len(only) == 1):
            return self.config.creds_store or only.pop()
        is_quiet = self.found.is_missing or (not self.config.faults and not self.config.says_who)
        return setting.default_helper() if is_quiet else ""

    def has_helper_for(self, registry: str) -> bool:
        """An entry that says nothing stands for a login that a helper keeps, as long as a helper is named."""
        of_this = (
            name
            for key, name in self.config.cred_helpers.items()
            if registry_of(key) == registry_of(docker_key(registry))
        )
        return bool(self.config.creds_store) or any(of_this)

    def entry_for(self, registry: str) -> PlacedEntry | None:
        """As docker finds it: its own key, or one that leads to the same host, letter for letter."""
        key, entries = docker_key(registry), self.config.entries
        if key in entries:
            return entries[key]
        return next((entries[each] for each in entries if _host_in(each) == _host_in(key)), None)

    def overlooked_for(self, registry: str) -> PlacedEntry | None:
        """One that is meant for this registry, under a key that docker does not take for it."""
        entries = self.config.entries
        return next((entries[key] for key in entries if _plain(key) == _plain(docker_key(registry))), None)


def config_in(folder: Path, home: PurePath) -> DockerConfig:
    return config_at(folder / CONFIG_NAME, home)


def config_at(path: Path, home: PurePath) -> DockerConfig:
    found, place = look_at(path), told(path, home)
    text = file_text(found.raw or b"").text
    return DockerConfig(path, place, found, parse_config(found.raw or b"", place), text, read_located(text).root)


def config_of_scene(scene: Scene) -> DockerConfig:
    """The one that the text names, where it lies on this machine; else the one that docker reads here."""
    usual = docker_config(scene.environ, scene.home)
    return config_at(_named(scene) or usual, scene.home)


def containers_configs(scene: Scene) -> Iterator[DockerConfig]:
    """The files of podman, skopeo and buildah, as far as they are there and are not docker's own."""
    for path in containers_files(scene.environ, scene.home, scene.platform, own_uid() or 0):
        config = config_at(path, scene.home)
        if not config.found.is_missing and path.name != ".dockercfg":
            yield config


def setting_of(scene: Scene) -> Setting:
    return Setting(scene.environ, scene.platform, scene.patience)


def entry_word(config: DockerConfig, registry: str) -> str:
    """What stands there for the registry, as the fact `config.entry` says it; empty if it is broken."""
    placed = config.entry_for(registry)
    if placed is None:
        return _without_entry(config, registry)
    match placed.entry.credential:
        case None if placed.entry.flaw:
            return ""
        case None:
            return "marker" if config.has_helper_for(registry) else "empty"
        case Password() as password:
            return "password" if password.password else "empty"
        case _:
            return "identity-token"


def makes_logins(helper: str) -> bool:
    return helper in _MAKES_LOGINS


def host_shown(key: str) -> str:
    """Keys are written by hand at times, with an account in them."""
    return shown(registry_of(key).rpartition("@")[2])


def bad_auths(root: Located, text: str) -> Iterator[tuple[str, int, str]]:
    """Entries that docker cannot read: the host, the line, and the flaw as the fact `config.bad_entry` says it."""
    auths = root.named("auths")
    lines = Lines(text)
    for member in auths.value.members if auths else ():
        auth = member.value.named("auth")
        if auth is not None and auth.value.text and (flaw := flaw_of(auth.value.text)):
            yield host_shown(member.name), lines.of(auth.start), flaw


def flaw_of(auth: str) -> str:
    """Docker asks for base64 of the standard form, in which it passes over line ends, of NAME:PASSWORD."""
    content = _decoded(auth.replace("\r", "").replace("\n", ""))
    if content is not None:
        name, colon, _ = content.partition(b":")
        return "" if colon and name else "no-colon"
    bare = "".join(auth.replace("\\n", "").split())
    if _decoded(bare) is not None:
        return "line-end"
    urls = bare.replace("-", "+").replace("_", "/").rstrip("=")
    return "url-safe" if _decoded(urls + "=" * (-len(urls) % 4)) is not None else "base64"


def form_of(text: str, config: ConfigFile) -> str:
    """As the fact `config.form` says it."""
    if not text.strip():
        return "empty"
    try:
        json.loads(text)
    except json.JSONDecodeError as problem:
        ends_early = problem.pos >= len(text.rstrip()) or problem.msg.startswith("Unterminated")
        return "truncated" if ends_early else "not-json"
    except (ValueError, RecursionError):
        return "not-json"
    return "wrong-type" if config.faults else "whole"


def _named(scene: Scene) -> Path | None:
    """What was captured comes before what only stands around it. Of two, the first that lies on this machine."""
    told = [scene.aim.path or "", *(found[0] for found in _in_text(scene.aim.log[:_LONGEST_LOG]))]
    for named in map(PurePath, told):
        if named.is_absolute() and "\0" not in str(named):
            path = Path(named if named.name in _NAMES else named / CONFIG_NAME)
            if not look_at(path).is_missing:
                return path
    return None


def _without_entry(config: DockerConfig, registry: str) -> str:
    key = docker_key(registry)
    helper = next((name for each, name in config.config.cred_helpers.items() if each in {key, registry}), "")
    if helper or makes_logins(config.config.creds_store):
        return "marker"
    return "other-form" if config.overlooked_for(registry) else "absent"


def _decoded(text: str) -> bytes | None:
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError):
        return None


def _host_in(key: str) -> str:
    for scheme in _SCHEMES:
        key = key.removeprefix(scheme)
    return key.partition("/")[0]


def _plain(key: str) -> str:
    host = registry_of(key)
    for port in _USUAL_PORTS:
        host = host.removesuffix(port)
    return registry_of(host)
