"""Registries as a command meets them: whom it trusts, which credential it takes, and one session for each of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from wharf.cli.output import Output
from wharf.cli.remote_options import RemoteWishes
from wharf.cli.remote_settings import remote_settings
from wharf.cli.surroundings import Surroundings
from wharf.client.client import RegistryClient
from wharf.client.connect import open_session
from wharf.client.repository import RemoteRepository
from wharf.client.session import Session
from wharf.client.settings import ClientSettings
from wharf.oci.reference import Reference, RepositoryName

if TYPE_CHECKING:
    from wharf.client.wharf_api import WharfApi
    from wharf.credentials.keychain import Lookup


class Remotes:
    """One session for each registry that a command has to do with, opened when it is needed."""

    def __init__(self, surroundings: Surroundings, wishes: RemoteWishes) -> None:
        self._surroundings = surroundings
        self._wishes = wishes
        self._sessions: dict[str, Session] = {}
        self._clients: dict[str, RegistryClient] = {}
        self._settings: ClientSettings | None = None
        self._keychain = _KeychainOfMachine(surroundings, wishes.config)
        self._notices: dict[str, None] = {}

    def client(self, registry: str) -> RegistryClient:
        if registry not in self._clients:
            self._clients[registry] = RegistryClient(self._session(registry))
        return self._clients[registry]

    def api(self, registry: str) -> "WharfApi":
        """Of a wharf registry: accounts, tokens, packages, and what is said of them."""
        from wharf.client.wharf_api import WharfApi  # noqa: PLC0415 - start-up time: images do without

        return WharfApi(self._session(registry))

    def repository(self, reference: Reference) -> RemoteRepository:
        return RemoteRepository(self.client(reference.registry), reference.repository)

    def tell_notices(self, output: Output) -> None:
        """What registries said beside their answers, each once."""
        for notice in self._notices:
            output.warn(notice)
        self._notices.clear()

    @asynccontextmanager
    async def told_and_closed(self, output: Output | None) -> AsyncIterator[None]:
        """In the end all sessions are closed, and what registries said is told; to nobody without an output."""
        try:
            yield
        finally:
            await self.close()
            if output is not None:
                self.tell_notices(output)

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
        self._clients.clear()

    def _session(self, registry: str) -> Session:
        if registry not in self._sessions:
            self._sessions[registry] = open_session(registry, self._own_settings(), self._keychain)
        return self._sessions[registry]

    def _notice(self, text: str) -> None:
        self._notices[text] = None

    def _own_settings(self) -> ClientSettings:
        if self._settings is None:
            self._settings = remote_settings(self._surroundings, self._wishes, self._notice)
        return self._settings


class _KeychainOfMachine:
    """Brought along when it is first asked: registries that are open to all ask for no credential."""

    def __init__(self, surroundings: Surroundings, config: Path | None) -> None:
        self._surroundings = surroundings
        self._config = config

    def find(self, registry: str, repository: RepositoryName | None = None) -> "Lookup":
        from wharf.credentials.chain import keychain_of  # noqa: PLC0415 - start-up time

        here = self._surroundings
        return keychain_of(here.environ, here.home, here.platform, self._config).find(registry, repository)
