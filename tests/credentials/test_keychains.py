"""Each keychain keeps the contract of all."""

import json
from collections.abc import Mapping
from pathlib import Path

from tests.credentials.stage import Home, auth
from wharf.credentials.auth_entry import entry_fields
from wharf.credentials.config_file import Form
from wharf.credentials.config_keychain import ConfigKeychain, Setting
from wharf.credentials.credential import Credential
from wharf.credentials.keychain import Keychain
from wharf.credentials.keys import docker_key
from wharf.credentials.native import Helper
from wharf.credentials.variable import VARIABLE, VariableKeychain
from wharf.oci.strict_json import JsonValue
from wharf.testing.contracts.keychain import HERE, KeychainContract


def entries(credentials: Mapping[str, Credential]) -> dict[str, JsonValue]:
    return {docker_key(registry): {**entry_fields(credential)} for registry, credential in credentials.items()}


def file_keychain(home: Home, name: str, form: Form, content: Mapping[str, JsonValue] | str) -> Keychain:
    path = home.write(home.path / name, content)
    return ConfigKeychain(path, f"~/{name}", form, Setting(home.environ, "linux"))


class TestAuthsOfDocker(KeychainContract):
    def having(self, folder: Path, credentials: Mapping[str, Credential]) -> Keychain:
        return file_keychain(Home(folder), "config.json", Form.DOCKER, {"auths": entries(credentials)})

    def broken(self, folder: Path) -> Keychain:
        return file_keychain(Home(folder), "config.json", Form.DOCKER, '{"auths": {"registry.example": {"auth": "dTp')


class TestHelperOfDocker(KeychainContract):
    def having(self, folder: Path, credentials: Mapping[str, Credential]) -> Keychain:
        home = Home(folder)
        home.keeper("box")
        for registry, credential in credentials.items():
            Helper("box", home.environ, "linux").store(docker_key(registry), credential)
        return file_keychain(home, "config.json", Form.DOCKER, {"auths": {}, "credsStore": "box"})

    def broken(self, folder: Path) -> Keychain:
        return file_keychain(Home(folder), "config.json", Form.DOCKER, {"credsStore": "gone"})


class TestAuthFileOfContainers(KeychainContract):
    def having(self, folder: Path, credentials: Mapping[str, Credential]) -> Keychain:
        named: dict[str, JsonValue] = {registry: {**entry_fields(one)} for registry, one in credentials.items()}
        return file_keychain(Home(folder), "auth.json", Form.CONTAINERS, {"auths": named})

    def broken(self, folder: Path) -> Keychain:
        return file_keychain(Home(folder), "auth.json", Form.CONTAINERS, {"credHelpers": {HERE: "gone"}})


class TestOldDockercfg(KeychainContract):
    def having(self, folder: Path, credentials: Mapping[str, Credential]) -> Keychain:
        return file_keychain(Home(folder), ".dockercfg", Form.LEGACY, entries(credentials))

    def broken(self, folder: Path) -> Keychain:
        return file_keychain(Home(folder), ".dockercfg", Form.LEGACY, {HERE: {"auth": "no base64!"}})


class TestVariable(KeychainContract):
    def having(self, folder: Path, credentials: Mapping[str, Credential]) -> Keychain:
        return VariableKeychain({VARIABLE: json.dumps({"auths": entries(credentials)})})

    def broken(self, folder: Path) -> Keychain:
        return VariableKeychain({VARIABLE: "auths: {}"})


class TestWholeChain(KeychainContract):
    def having(self, folder: Path, credentials: Mapping[str, Credential]) -> Keychain:
        home = Home(folder)
        home.write(home.path / ".config" / "containers" / "auth.json", {"auths": entries(credentials)})
        return home.keychain()

    def broken(self, folder: Path) -> Keychain:
        home = Home(folder)
        home.write_config({"auths": {"other.example": {"auth": auth("a", "b")}}, "credHelpers": {HERE: "gone"}})
        return home.keychain()
