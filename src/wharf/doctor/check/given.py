"""The credential of a check: what was given for it, else what variables say, else what this machine knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wharf.credentials.chain import DockerKeychain
from wharf.credentials.credential import Credential, IdentityToken, Password
from wharf.credentials.keychain import Lookup, Source
from wharf.credentials.known import Inventory
from wharf.credentials.secret import Secret
from wharf.doctor.check.berth import GITHUB
from wharf.oci.reference import RepositoryName

ANY_NAME: Final = "wharf"
"""GitHub's registry looks at the token alone; some name has to stand beside it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two variables: the name of an account, and its secret."""

    usernames: tuple[str, ...]
    secret: str
    username_if_none: str = ""


_OF_GITHUB: Final = Pair(("GITHUB_USERNAME", "GITHUB_ACTOR"), "GITHUB_TOKEN", ANY_NAME)
_OF_ANY: Final = Pair(("WHARF_USERNAME",), "WHARF_TOKEN")
_OF_GITLAB: Final = Pair(("CI_REGISTRY_USER",), "CI_REGISTRY_PASSWORD")


@dataclass(frozen=True, slots=True)
class FromVariables:
    credential: Credential
    place: str


def pairs_for(registry: str, environ: Mapping[str, str]) -> tuple[Pair, ...]:
    """Which variables count for a registry: a token is never sent to somebody else's."""
    of_github = (_OF_GITHUB,) if registry == GITHUB else ()
    of_gitlab = (_OF_GITLAB,) if environ.get("CI_REGISTRY", "").lower() == registry else ()
    return (_OF_ANY, *of_github, *of_gitlab)


def from_variables(registry: str, environ: Mapping[str, str]) -> FromVariables | None:
    for pair in pairs_for(registry, environ):
        secret = environ.get(pair.secret, "").strip()
        named = next((name for name in pair.usernames if environ.get(name)), "")
        username = environ.get(named, "") or pair.username_if_none
        if secret and username:
            return FromVariables(Password(username, Secret(secret)), f"{pair.secret}{f', {named}' if named else ''}")
    return None


@dataclass(frozen=True, slots=True)
class OneCredential:
    """A keychain that knows one registry. It lives in memory, and ends with the command."""

    registry: str
    credential: Credential
    place: str

    def find(self, registry: str, repository: RepositoryName | None = None) -> Lookup:
        if registry != self.registry:
            return Lookup()
        return Lookup(self.credential, Source(self.place))

    def inventory(self) -> Inventory:
        return Inventory()

    def as_keychain(self) -> DockerKeychain:
        return DockerKeychain(lambda: (self,))


def account_of(credential: Credential | None) -> str:
    match credential:
        case Password(username) | IdentityToken(username=username):
            return username
        case _:
            return ""
