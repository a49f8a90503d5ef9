"""A keychain knows credentials. The first source that answers wins; why the others did not answer is kept."""

from dataclasses import dataclass, field
from typing import Protocol

from wharf.credentials.credential import Credential
from wharf.oci.reference import RepositoryName

PATIENCE_SECONDS = 10.0
"""For a program that is asked."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place where credentials can be: "~/.docker/config.json, auths", "docker-credential-pass"."""

    place: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Silent:
    """A source that did not answer, and why: "no entry for ghcr.io", "exit code 1: pass not initialized"."""

    source: Source
    reason: str
    failed: bool = False
    """Whether it should have answered: a helper that failed, a file that cannot be read."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """What was found for a registry; without a credential, one is anonymous there."""

    credential: Credential | None = None
    source: Source | None = None
    silent: tuple[Silent, ...] = ()
    warnings: tuple[str, ...] = field(default=())


class Keychain(Protocol):
    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        """It reads files and may run a program: call it in a thread. It never raises for a source that fails."""


class Anonymous:
    """Nobody in particular, everywhere."""

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        return Lookup()


@dataclass(frozen=True, slots=True)
class Certain:
    """One credential that is known already, for every registry that is asked about."""

    credential: Credential
    place: str

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        return Lookup(self.credential, Source(self.place))
