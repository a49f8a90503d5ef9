"""What every keychain must answer, and must never tell."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from wharf.credentials.credential import Credential, IdentityToken, Password
from wharf.credentials.keychain import Keychain
from wharf.credentials.secret import Secret
from wharf.oci.reference import DOCKER_HUB, RepositoryName

HERE = "registry.example"
WITH_PORT = "registry.example:5000"
ELSEWHERE = "elsewhere.example"
APP = RepositoryName("team/app")
WORD = "open-sesame-7301"
PASSWORD = Password("ada", Secret(WORD))
OTHER_PASSWORD = Password("bob", Secret("another-7301"))
TOKEN = IdentityToken(Secret(WORD))


class KeychainContract(ABC):
    @abstractmethod
    def having(self, folder: Path, credentials: Mapping[str, Credential]) -> Keychain:
        """One that has these, by their registries, and can use the folder."""

    @abstractmethod
    def broken(self, folder: Path) -> Keychain:
        """One whose source does not do its part."""

    def test_a_credential_is_found_with_its_source(self, tmp_path: Path) -> None:
        found = self.having(tmp_path, {HERE: PASSWORD}).find(HERE)
        assert found.credential == PASSWORD
        assert found.source is not None
        assert found.source.place

    def test_an_identity_token_is_found_as_one(self, tmp_path: Path) -> None:
        assert self.having(tmp_path, {HERE: TOKEN}).find(HERE).credential == TOKEN

    def test_docker_hub_is_found_by_its_name(self, tmp_path: Path) -> None:
        keychain = self.having(tmp_path, {DOCKER_HUB: PASSWORD, HERE: OTHER_PASSWORD})
        assert keychain.find(DOCKER_HUB, RepositoryName("library/busybox")).credential == PASSWORD

    def test_what_is_for_a_registry_is_for_each_of_its_repositories(self, tmp_path: Path) -> None:
        assert self.having(tmp_path, {HERE: PASSWORD}).find(HERE, APP).credential == PASSWORD

    def test_another_port_is_another_registry(self, tmp_path: Path) -> None:
        keychain = self.having(tmp_path, {WITH_PORT: PASSWORD})
        assert (keychain.find(WITH_PORT).credential, keychain.find(HERE).credential) == (PASSWORD, None)

    def test_without_a_credential_each_source_says_why(self, tmp_path: Path) -> None:
        found = self.having(tmp_path, {HERE: PASSWORD}).find(ELSEWHERE, APP)
        assert (found.credential, found.source) == (None, None)
        assert found.silent
        assert all(silent.reason and silent.source.place and not silent.failed for silent in found.silent)

    def test_a_source_that_fails_is_told_and_not_raised(self, tmp_path: Path) -> None:
        found = self.broken(tmp_path).find(HERE, APP)
        assert found.credential is None
        assert [silent.reason for silent in found.silent if silent.failed]

    def test_no_secret_is_shown(self, tmp_path: Path) -> None:
        keychain = self.having(tmp_path, {HERE: PASSWORD})
        assert WORD not in repr(keychain) + repr(keychain.find(HERE)) + repr(keychain.find(ELSEWHERE))

    def test_many_ask_at_once(self, tmp_path: Path) -> None:
        keychain = self.having(tmp_path, {HERE: PASSWORD})
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(keychain.find, [HERE, ELSEWHERE] * 4))
        assert [answer.credential for answer in answers] == [PASSWORD, None] * 4
