"""How one stands with a registry: whether a credential is accepted there, and what may be done with it."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from wharf.credentials.credential import Credential, IdentityToken, Password, RegistryToken
from wharf.credentials.secret import Secret
from wharf.errors import RemoteAnswered
from wharf.oci.reference import RepositoryName

ACTIONS: Final = ("pull", "push", "delete")


class Verdict(Enum):
    ACCEPTED = "accepted"
    POWERLESS = "accepted but grants nothing"
    REFUSED = "refused"
    NOT_ASKED = "not asked for"
    """The registry lets everybody in: nothing can be said of the credential."""


class Basis(Enum):
    """How one knows of a right."""

    TOKEN = "the token says so"  # noqa: S105 - words
    SERVICE = "the token service refused it"
    TRIED = "tried"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Right:
    """`given` is None where nobody told."""

    action: str
    given: bool | None = None
    basis: Basis = Basis.UNKNOWN
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`push`: whether pushing may be tried. `offline`: whether a refresh token is wished for, to keep in its place."""

    registry: str
    credential: Credential | None
    repository: RepositoryName | None = None
    push: bool = False
    offline: bool = False
    proof_from: str = ""
    """Where the credential comes from, in words, for errors."""


@dataclass(frozen=True, slots=True)
class Standing:
    registry: str
    verdict: Verdict
    account: str = ""
    repository: RepositoryName | None = None
    rights: tuple[Right, ...] = ()
    refresh_token: Secret | None = None
    refusal: RemoteAnswered | None = None
    has_token_service: bool = False
    token: RegistryToken | None = None
    """The short-lived one that the credential was exchanged for."""

    def right(self, action: str) -> bool | None:
        return next((right.given for right in self.rights if right.action == action), None)


def to_keep(credential: Credential, standing: Standing) -> Credential:
    """A refresh token in place of the password, where the registry gives one: it can be revoked by itself."""
    if isinstance(credential, Password) and standing.refresh_token is not None:
        return IdentityToken(standing.refresh_token, credential.username)
    return credential
