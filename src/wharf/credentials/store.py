"""Keeping a credential: in docker's config.json, or with a helper that the file names.

Docker, podman and skopeo find it again, since it is written as docker writes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from wharf.credentials.config_changes import (
    TextChange,
    forgotten,
    kept_by_helper,
    kept_in_file,
    on_bytes,
    refuse_broken,
)
from wharf.credentials.config_file import ConfigFile, parse_config
from wharf.credentials.config_keychain import Setting, told_by
from wharf.credentials.credential import Credential, Password, RegistryToken, secret_of
from wharf.credentials.file_access import look_at
from wharf.credentials.file_change import change_file
from wharf.credentials.keychain import PATIENCE_SECONDS
from wharf.credentials.keys import docker_key, is_about_all_of
from wharf.credentials.native import Helper
from wharf.credentials.places import CONFIG_NAME, docker_config, told
from wharf.errors import CredentialFileRefused, HelperFailed, LoginImpossible

FILE = "file"
HELPER = "helper"
NOT_ENCRYPTED = (
    "the credential is stored in {} in base64, which is not encryption: whoever reads the file has it"
    " (use a token with few rights and an end, or a helper: --store helper)"
)
_NOT_GIVEN_BACK = "{} took the credential and does not give it back: {} (keep it in the file: --store file)"
_PODMAN_STUMBLES = (
    "{} names a credsStore, so credHelpers has an empty name for {}: docker then reads the file;"
    " podman and skopeo fail at it (log in there with podman login)"
)


@dataclass(frozen=True, slots=True)
class Stored:
    """Where it lies now, and what a person should know of it."""

    place: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """From which places a credential was taken; from none, if there was none."""

    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    credentials: tuple[Credential, ...] = ()


class CredentialStore(Protocol):
    @property
    def place(self) -> str:
        """What a person calls it."""

    def store(self, registry: str, credential: Credential) -> Stored: ...

    def erase(self, registry: str) -> tuple[Credential, ...]:
        """What was there."""


@dataclass(frozen=True, slots=True)
class ConfigPlace:
    """Docker's config.json, and what it is called."""

    path: Path
    place: str

    def read(self) -> ConfigFile:
        """To be changed: so one that cannot be read is an error here."""
        found = look_at(self.path)
        if found.raw is None and not found.is_missing:
            raise CredentialFileRefused(self.place, found.problem)
        config = parse_config(found.raw or b"", self.place)
        refuse_broken(config, self.place)
        return config

    def change(self, change: TextChange) -> bool:
        return change_file(self.path, self.place, on_bytes(self.place, change))


@dataclass(frozen=True, slots=True)
class FileStore:
    config: ConfigPlace

    @property
    def place(self) -> str:
        return self.config.place

    def store(self, registry: str, credential: Credential) -> Stored:
        _refuse_what_a_file_cannot_hold(credential)
        before = self.config.read()
        self.config.change(kept_in_file(registry, credential))
        notes = [NOT_ENCRYPTED.format(self.place)]
        notes += [_PODMAN_STUMBLES.format(self.place, docker_key(registry))] if before.creds_store else []
        return Stored(self.place, (*notes, *before.warnings))

    def erase(self, registry: str) -> tuple[Credential, ...]:
        config = self.config.read()
        mine = [config.entries[key].entry for key in config.entries if is_about_all_of(key, registry)]
        if mine:
            self.config.change(forgotten(registry))
        return tuple(entry.credential for entry in mine if entry.credential is not None)


@dataclass(frozen=True, slots=True)
class HelperStore:
    helper: Helper
    config: ConfigPlace
    as_store: bool = False
    """Whether the file is to name it for all registries, as docker does with the helper it finds by itself."""

    @property
    def place(self) -> str:
        return self.helper.program

    def store(self, registry: str, credential: Credential) -> Stored:
        """With the helper first: while it refuses, the file stays as it is."""
        if isinstance(credential, RegistryToken):
            raise LoginImpossible("a helper keeps no registry tokens", "keep it in the file: --store file")
        before = self.config.read()
        self.helper.store(docker_key(registry), credential)
        notes = (*before.warnings, *self._what_it_does_not_give_back(docker_key(registry), credential))
        try:
            self.config.change(kept_by_helper(registry, self.helper.name, as_store=self.as_store))
        except CredentialFileRefused as problem:
            if _configured(before, registry) != self.helper.name:
                raise
            return Stored(self.place, (*notes, f"{problem}; the helper is asked without its mark there, too"))
        return Stored(self.place, notes)

    def _what_it_does_not_give_back(self, key: str, credential: Credential) -> tuple[str, ...]:
        """Some can put in and not take out: pass needs no passphrase to write, and gpg's agent may be locked."""
        try:
            given = self.helper.get(key)
        except HelperFailed as problem:
            return (_NOT_GIVEN_BACK.format(self.place, told_by(problem)),)
        if given is not None and secret_of(given) == secret_of(credential):
            return ()
        return (_NOT_GIVEN_BACK.format(self.place, "it has no such entry" if given is None else "it has another one"),)

    def erase(self, registry: str) -> tuple[Credential, ...]:
        """Its mark in the file goes with it."""
        key = docker_key(registry)
        kept = self.helper.get(key)
        self.helper.erase(key)
        return (*(() if kept is None else (kept,)), *FileStore(self.config).erase(registry))


def choose_store(
    registry: str,
    wish: str,
    environ: Mapping[str, str],
    home: Path,
    platform: str,
    config_dir: Path | None = None,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> CredentialStore:
    """`wish`: "file"; "helper", the one that is configured or usual here; the name of one; or nothing.

    Nothing means docker's choice: the helper in the file, or the usual one of the platform while the file says
    nothing of credentials at all, or the file. In the folder of one job no helper is looked for.
    """
    setting = Setting(environ, platform, patience_seconds)
    config = _config_place(environ, home, config_dir)
    if wish == FILE:
        return FileStore(config)
    if wish not in {"", HELPER}:
        return HelperStore(setting.helper(wish), config)
    present = config.read()
    if name := _configured(present, registry):
        return HelperStore(setting.helper(name), config)
    if wish == HELPER:
        return HelperStore(setting.helper(_usual_helper(setting)), config, as_store=not present.says_who)
    found = "" if config_dir or present.says_who else setting.default_helper()
    return HelperStore(setting.helper(found), config, as_store=True) if found else FileStore(config)


def logout(
    registry: str,
    environ: Mapping[str, str],
    home: Path,
    platform: str,
    config_dir: Path | None = None,
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Erased:
    """From the helper that docker would ask, and from the file, even where the helper refuses."""
    store = choose_store(registry, "", environ, home, platform, config_dir, patience_seconds=patience_seconds)
    file = FileStore(_config_place(environ, home, config_dir))
    erased = _erased(file, registry)
    if not isinstance(store, HelperStore):
        return erased
    try:
        more = _erased(store, registry)
    except HelperFailed as problem:
        more = Erased(notes=(f"{problem}: its entry, if it has one, is still there",))
    return Erased(erased.places + more.places, more.notes, erased.credentials + more.credentials)


def _erased(store: CredentialStore, registry: str) -> Erased:
    found = store.erase(registry)
    return Erased((store.place,) if found else (), credentials=found)


def _refuse_what_a_file_cannot_hold(credential: Credential) -> None:
    """Docker reads nothing at all of a file in which one entry has no user name."""
    if isinstance(credential, Password) and not credential.username:
        raise LoginImpossible("a password is kept with a user name", "give one: --username NAME")
    if not isinstance(credential, RegistryToken) and ":" in credential.username:
        raise LoginImpossible("a user name that is kept in a file has no colon", "use a helper: --store helper")


def _config_place(environ: Mapping[str, str], home: Path, config_dir: Path | None) -> ConfigPlace:
    path = config_dir / CONFIG_NAME if config_dir else docker_config(environ, home)
    return ConfigPlace(path, told(path, home))


def _configured(config: ConfigFile, registry: str) -> str:
    return config.cred_helpers.get(docker_key(registry), config.creds_store)


def _usual_helper(setting: Setting) -> str:
    if name := setting.default_helper():
        return name
    raise LoginImpossible(
        "no credential helper is configured, and the usual one of this machine is not installed",
        "name one: --store NAME, or keep the credential in the file: --store file",
    )
